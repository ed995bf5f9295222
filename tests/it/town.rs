//! A town: a database, topics, a consumer group and a key of its own, and everything removed at the end.

use std::{future::Future, process::Command, time::Duration};

use tempfile::TempDir;
use tongguan::{
    feed::{
        cluster::Cluster,
        producer::{Producer, Wrapping},
        topics,
    },
    store::{Store, client::Address, migrate::migrate},
    tls::Files,
};

use crate::{
    messages::Message,
    service::{Ended, Service, post, try_http, wait_for},
    tested::tested,
};

pub struct Town {
    pub brokers: String,
    pub url: String,
    pub database: String,
    /// Group and topics; a sibling has the same topics and another group.
    group: String,
    prefix: String,
    owns_topics: bool,
    pub folder: TempDir,
    runtime: tokio::runtime::Runtime,
}

const STREAMS: [&str; 2] = ["hotline", "grid"];

impl Town {
    /// With its schema and topics of four partitions.
    pub fn new() -> Self {
        let mut town = Self::without_topics();
        STREAMS.iter().for_each(|stream| town.make_topic(stream, 4, -1));
        town.owns_topics = true;
        town
    }

    /// On servers of the test's own; without topics. None: the usual ClickHouse.
    pub fn on(brokers: String, url: Option<String>) -> Self {
        let mut town = Self::without_schema();
        town.brokers = brokers;
        if let Some(url) = url {
            town.url = url;
        }
        town.wait(async { migrate(&town.store()).await.expect("migrate") });
        town
    }

    /// -1: as many copies as is usual there.
    pub fn make_topic(&self, stream: &str, partitions: i32, copies: i32) {
        let topic = self.topic(stream);
        self.wait(topics::ensure(&self.cluster(), &[&topic], partitions, copies)).expect("a topic");
    }

    /// For what has nothing to do with Kafka.
    pub fn without_topics() -> Self {
        let town = Self::without_schema();
        town.wait(async { migrate(&town.store()).await.expect("migrate") });
        town
    }

    pub fn without_schema() -> Self {
        let name = format!("it_{}_{:08x}", std::process::id(), rand::random::<u32>());
        Self::named(name.clone(), format!("{name}."))
    }

    /// Reads the same topics into another database, as another group.
    pub fn sibling(&self) -> Self {
        let town = Self::named(format!("{}_{:04x}", self.database, rand::random::<u16>()), self.prefix.clone());
        std::fs::copy(self.key_file(), town.key_file()).unwrap();
        town.wait(async { migrate(&town.store()).await.expect("migrate") });
        town
    }

    fn named(database: String, prefix: String) -> Self {
        let or = |name, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("privacy.key"), format!("{:064x}\n", rand::random::<u128>())).unwrap();
        Self {
            brokers: or("TONGGUAN__KAFKA__BROKERS", "127.0.0.1:19092"),
            url: or("TONGGUAN__CLICKHOUSE__URL", "http://127.0.0.1:18123"),
            group: database.clone(),
            database,
            prefix,
            owns_topics: false,
            folder,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        }
    }

    pub fn cluster(&self) -> Cluster {
        Cluster::plain(&self.brokers)
    }

    pub fn key_file(&self) -> std::path::PathBuf {
        self.folder.path().join("privacy.key")
    }

    /// From here on everything is read again, as after a lost position.
    pub fn forget_positions(&mut self) {
        self.group = format!("{}_again", self.group);
    }

    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub fn topic(&self, stream: &str) -> String {
        format!("{}case-events.{stream}", self.prefix)
    }

    pub fn store(&self) -> Store {
        let seconds = Duration::from_secs(60);
        let (url, database) = (self.url.clone(), self.database.clone());
        let (user, password) = ("default".to_owned(), String::new());
        Store::new(Address {
            url,
            tls: Files::default(),
            database,
            user,
            password,
            insert_timeout: seconds,
            query_timeout: seconds,
            lookup_timeout: seconds,
        })
        .unwrap()
    }

    /// The program, set up for this town. Small waits, so that tests do not wait; the sweep is off unless asked for.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(tested());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TONGGUAN__") || name == "RUST_LOG") {
            command.env_remove(name);
        }
        command.args(args).current_dir(self.folder.path());
        for (section, key, value) in self.settings() {
            command.env(format!("TONGGUAN__{section}__{key}"), value);
        }
        command
    }

    fn settings(&self) -> [(&'static str, &'static str, String); 12] {
        let text = str::to_owned;
        [
            ("KAFKA", "BROKERS", self.brokers.clone()),
            ("KAFKA", "GROUP", self.group.clone()),
            ("KAFKA", "TOPIC_PREFIX", self.prefix.clone()),
            ("KAFKA", "SESSION_TIMEOUT_MS", text("6000")),
            ("CLICKHOUSE", "URL", self.url.clone()),
            ("CLICKHOUSE", "DATABASE", self.database.clone()),
            ("BATCH", "WAIT_MAX_MS", text("50")),
            ("RETRY", "BACKOFF_MIN_MS", text("20")),
            ("RETRY", "BACKOFF_MAX_MS", text("200")),
            ("PRIVACY", "KEY_FILE", self.key_file().to_str().unwrap().to_owned()),
            ("HTTP", "LISTEN", String::new()),
            ("PAGE", "UPLOAD_DIR", self.folder.path().join("uploads").display().to_string()),
        ]
    }

    /// The same as a file.
    pub fn configuration(&self) -> String {
        let line = |(section, key, value): (&str, &str, String)| {
            let value = if value.parse::<u64>().is_ok() { value } else { format!("{value:?}") };
            format!("{}.{} = {value}\n", section.to_lowercase(), key.to_lowercase())
        };
        self.settings().map(line).concat()
    }

    /// Runs a command to its end; `settings` as `("INGEST__FUTURE_MAX_S", "3600")`.
    pub fn tongguan(&self, args: &[&str], settings: &[(&str, &str)]) -> Ended {
        let mut service = Service::spawn(self, args, settings);
        service.ended(Duration::from_secs(300))
    }

    pub fn run_until_caught_up(&self) -> Ended {
        self.run_until_caught_up_with(&[])
    }

    pub fn run_until_caught_up_with(&self, settings: &[(&str, &str)]) -> Ended {
        let ended = self.tongguan(&["run", "--until-caught-up"], settings);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        ended
    }

    /// Puts messages on the stream's topic, in order, and waits until Kafka has them.
    pub fn send<'a>(&self, stream: &str, messages: impl IntoIterator<Item = &'a Message>) -> u64 {
        let producer = Producer::new(&self.cluster()).expect("a producer");
        let topic = self.topic(stream);
        for message in messages {
            let headers: Vec<(&str, &str)> =
                message.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let wrapping = match message.is_structured {
                true => Wrapping::Structured,
                false if headers.is_empty() => Wrapping::Bare,
                false => Wrapping::Binary(&headers),
            };
            producer.send(&topic, &message.key, &message.payload, wrapping).expect("send");
        }
        producer.finish(Duration::from_secs(30)).expect("Kafka takes the messages")
    }

    /// Of topics that are not every town's.
    pub fn delete_topics(&self, streams: &[&str]) {
        let topics: Vec<String> = streams.iter().map(|stream| self.topic(stream)).collect();
        let names: Vec<&str> = topics.iter().map(String::as_str).collect();
        self.wait(topics::delete(&self.cluster(), &names)).expect("topics are deleted");
    }

    /// `{db}` stands for the database.
    pub fn query(&self, sql: &str) -> String {
        let (status, body) = post(&self.url, &sql.replace("{db}", &self.database));
        assert_eq!(status, 200, "{sql}\n{}", String::from_utf8_lossy(&body));
        String::from_utf8_lossy(&body).trim_end().to_owned()
    }

    pub fn number(&self, sql: &str) -> u64 {
        self.query(sql).parse().unwrap_or_else(|_| panic!("no number from {sql}"))
    }

    pub fn rows(&self, sql: &str) -> Vec<serde_json::Value> {
        let text =
            self.query(&format!("{sql} FORMAT JSONEachRow SETTINGS output_format_json_quote_64bit_integers = 0"));
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Waits until the query gives the number.
    pub fn until(&self, sql: &str, wanted: u64) {
        wait_for(&format!("{sql} = {wanted}"), Duration::from_secs(30), || self.number(sql) == wanted);
    }

    /// Distinct places in the ledger.
    pub fn ledger_places(&self) -> u64 {
        self.number("SELECT uniqExact(topic, partition, offset) FROM {db}.events")
    }

    /// Every case in full, except for what depends on when a message was read.
    pub fn cases(&self) -> Vec<String> {
        let sql = "SELECT * EXCEPT (last_ingested_at, last_recorded_at) FROM {db}.cases FINAL ORDER BY stream, case_id FORMAT JSONEachRow";
        self.query(sql).lines().map(str::to_owned).collect()
    }

    pub fn case(&self, stream: &str, case_id: &str) -> serde_json::Value {
        let sql = format!("SELECT * FROM {{db}}.cases FINAL WHERE stream = '{stream}' AND case_id = '{case_id}'");
        let mut rows = self.rows(&sql);
        assert_eq!(rows.len(), 1, "{stream} {case_id}: {rows:?}");
        rows.remove(0)
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        let server = self.url.trim_start_matches("http://").trim_end_matches('/');
        for database in [self.database.clone(), format!("{}_mart", self.database)] {
            let drop = format!("DROP DATABASE IF EXISTS {database} SYNC");
            // Servers of the test's own are gone by now, or on their way.
            if try_http(server, "POST", "/", drop.as_bytes()).is_err() {
                return;
            }
        }
        if self.owns_topics {
            let topics = STREAMS.map(|stream| self.topic(stream));
            let names: Vec<&str> = topics.iter().map(String::as_str).collect();
            let _ = self.wait(topics::delete(&self.cluster(), &names));
        }
    }
}
