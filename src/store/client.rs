//! The connection to ClickHouse: where it is, how long to wait, and the few calls that everything else is made of.

use std::time::Duration;

use clickhouse::{Client, Compression, Row, RowOwned, RowRead, query::Query};
use hyper_util::{client::legacy, rt::TokioExecutor};

use super::{connector::connector, error::StoreError, native::Body};
use crate::tls::Files;

/// A connection that nobody uses is given up before ClickHouse does it (3 s in its own configuration).
const KEPT_IDLE: Duration = Duration::from_secs(2);

/// Where the store is. Made from the configuration by the caller.
#[derive(Clone)]
pub struct Address {
    pub url: String,
    /// For https.
    pub tls: Files,
    pub database: String,
    pub user: String,
    pub password: String,
    pub insert_timeout: Duration,
    pub query_timeout: Duration,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address").field("url", &self.url).field("database", &self.database).finish_non_exhaustive()
    }
}

#[derive(Clone)]
pub struct Store {
    client: Client,
    address: Address,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.address).finish()
    }
}

impl Store {
    pub fn new(address: Address) -> Result<Self, StoreError> {
        check_name(&address.database)?;
        let http =
            legacy::Client::builder(TokioExecutor::new()).pool_idle_timeout(KEPT_IDLE).build(connector(&address)?);
        let client = Client::with_http_client(http)
            .with_url(&address.url)
            .with_user(&address.user)
            .with_password(&address.password)
            .with_compression(compression(&address.url))
            .with_setting("max_execution_time", address.query_timeout.as_secs().to_string())
            // An answer that breaks off in the middle must be an error, not a short answer.
            .with_setting("http_write_exception_in_output_format", "0");
        Ok(Self { client, address })
    }

    /// Another database of the same server.
    pub fn beside(&self, database: &str) -> Result<Self, StoreError> {
        Self::new(Address { database: database.to_owned(), ..self.address.clone() })
    }

    pub fn database(&self) -> &str {
        &self.address.database
    }

    /// The text with `{{database}}` filled in. The name was checked, so that nothing can be injected.
    pub fn sql(&self, text: &str) -> String {
        text.replace("{{database}}", &self.address.database)
    }

    /// A query from a template; comments stay in, ClickHouse ignores them.
    pub fn query(&self, template: &str) -> Query {
        // `?` is the client's own placeholder; our queries use ClickHouse's named parameters.
        self.client.query_raw(&self.sql(template))
    }

    pub async fn execute(&self, template: &str) -> Result<(), StoreError> {
        self.query(template).execute().await.map_err(|error| self.error(&error))
    }

    pub async fn fetch_all<T>(&self, query: Query) -> Result<Vec<T>, StoreError>
    where
        T: RowOwned + RowRead,
    {
        query.fetch_all().await.map_err(|error| self.error(&error))
    }

    pub async fn fetch_one<T>(&self, query: Query) -> Result<T, StoreError>
    where
        T: RowOwned + RowRead,
    {
        query.fetch_one().await.map_err(|error| self.error(&error))
    }

    /// Is anybody there?
    pub async fn ping(&self) -> Result<(), StoreError> {
        #[derive(Row, serde::Deserialize)]
        struct One {
            #[allow(dead_code, reason = "only its arrival matters")]
            one: u8,
        }
        self.fetch_one::<One>(self.query("SELECT toUInt8(1) AS one")).await.map(|_| ())
    }

    /// Sends a ready Native body. The same bytes may be sent again after any error.
    pub async fn insert_native(&self, table: &str, body: &Body) -> Result<(), StoreError> {
        if body.is_empty() {
            return Ok(());
        }
        let timeout = self.address.insert_timeout;
        let mut insert = self
            .client
            .insert_formatted_with(format!("INSERT INTO {}.{table} FORMAT Native", self.address.database))
            .with_timeouts(Some(timeout), Some(timeout))
            .with_setting("async_insert", "0")
            // Replacing rows within one insert would sort and compare what merges do anyway.
            .with_setting("optimize_on_insert", "0");
        for piece in body.pieces() {
            insert.send(piece.clone()).await.map_err(|error| self.error(&error))?;
        }
        insert.end().await.map_err(|error| self.error(&error))
    }

    pub fn error(&self, error: &clickhouse::error::Error) -> StoreError {
        StoreError::new(&self.address.url, error)
    }
}

/// On the machine itself there is nothing to save: compressing costs more than carrying.
fn compression(url: &str) -> Compression {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let is_near = ["127.", "localhost", "[::1]"].iter().any(|near| host.starts_with(near));
    if is_near { Compression::None } else { Compression::Lz4 }
}

fn check_name(database: &str) -> Result<(), StoreError> {
    let plain = database.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && database.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && database.len() <= 64 {
        return Ok(());
    }
    Err(StoreError::Migration(format!(
        "clickhouse.database is `{database}`: use letters, digits and underscores, beginning with a letter"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_machine_is_compressed() {
        for near in ["http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123"] {
            assert!(matches!(compression(near), Compression::None), "{near}");
        }
        for far in ["http://clickhouse:8123", "https://10.127.0.1:8443"] {
            assert!(matches!(compression(far), Compression::Lz4), "{far}");
        }
    }
}
