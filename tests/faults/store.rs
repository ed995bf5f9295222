//! ClickHouse as the test asks it: straight, not through a gate.

#[derive(Clone)]
pub struct Tables {
    client: clickhouse::Client,
    pub database: String,
}

impl Tables {
    pub fn new(url: &str, database: &str) -> Self {
        let client = clickhouse::Client::default().with_url(url).with_user("default");
        Self { client, database: database.to_owned() }
    }

    /// `{db}` stands for the database.
    pub async fn try_lines(&self, sql: &str) -> clickhouse::error::Result<Vec<String>> {
        let sql = sql.replace("{db}", &self.database);
        let answer = self.client.query_raw(&sql).fetch_bytes("TSVRaw")?.collect().await?;
        Ok(String::from_utf8_lossy(&answer).lines().map(str::to_owned).collect())
    }

    pub async fn lines(&self, sql: &str) -> Vec<String> {
        self.try_lines(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub async fn execute(&self, sql: &str) {
        let done = self.client.query_raw(&sql.replace("{db}", &self.database)).execute().await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
