//! Where the servers are, what is asked for, and the few calls that every part makes.

use std::{
    env,
    process::{Command, Stdio},
    time::{Duration, SystemTime},
};

use clickhouse::Row;
use serde::Deserialize;
use tongguan::{
    domain::{
        kpi::{CATALOGUE, Figure, Period},
        time::Millis,
    },
    store::{Store, client::Address, query::Query},
    tls::Files,
};

pub const ZONE: &str = "Asia/Shanghai";

/// A month of the synthetic year, and that year.
pub const MONTH: (&str, &str) = ("2021-06-01T00:00:00+08:00", "2021-07-01T00:00:00+08:00");
pub const YEAR: (&str, &str) = ("2021-01-01T00:00:00+08:00", "2022-01-01T00:00:00+08:00");
/// One month after the month began; of the year, its middle.
const PAST: &str = MONTH.1;

pub struct Bench {
    pub store: Store,
    pub brokers: String,
    pub url: String,
    pub database: String,
    /// Before the topics of the service under load, and its group: another in each run, because a ledger refuses a topic that was
    /// made anew.
    pub prefix: String,
    pub rounds: usize,
    pub figures: Vec<&'static Figure>,
    pub load: Duration,
    parts: String,
    now: Millis,
}

#[derive(Row, Deserialize)]
struct Number {
    number: u64,
}

/// One line of an answer.
#[derive(Row, Deserialize)]
pub struct Line {
    pub line: String,
}

impl Bench {
    pub fn new() -> Self {
        let or = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
        let url = or("TONGGUAN__CLICKHOUSE__URL", "http://127.0.0.1:18123");
        let database = or("BENCH_DATABASE", "bench_read");
        let chosen = or("BENCH_FIGURES", "");
        let is_meant = |figure: &&'static Figure| match chosen.as_str() {
            "" => ["closure", "timeliness"].contains(&figure.name.as_str()),
            chosen => chosen.split(',').any(|id| id == figure.id),
        };
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Self {
            store: store(&url, &database),
            brokers: or("TONGGUAN__KAFKA__BROKERS", "127.0.0.1:19092"),
            rounds: or("BENCH_ROUNDS", "5").parse().expect("BENCH_ROUNDS is a number"),
            figures: CATALOGUE.iter().filter(is_meant).collect(),
            load: Duration::from_secs(or("BENCH_LOAD_S", "30").parse().expect("BENCH_LOAD_S is a number")),
            prefix: format!("{database}_{}", std::process::id()),
            parts: or("BENCH_PARTS", "merged,rebuilt,figures,report,cases,command,load"),
            now: Millis(i64::try_from(since.as_millis()).unwrap()),
            url,
            database,
        }
    }

    pub fn measures(&self, part: &str) -> bool {
        self.parts.split(',').any(|one| one == part)
    }

    /// As of now, or of the past instant.
    pub fn period(&self, (from, to): (&str, &str), is_past: bool) -> Period {
        let at = |text: &str| Millis::parse(text).unwrap();
        Period { from: at(from), to: at(to), as_of: if is_past { at(PAST) } else { self.now } }
    }

    pub fn another_store(&self) -> Store {
        store(&self.url, &self.database)
    }

    pub async fn execute(&self, sql: &str) {
        self.store.execute(sql).await.unwrap_or_else(|error| panic!("{sql}\n{error}"));
    }

    pub async fn number(&self, sql: &str) -> u64 {
        self.store
            .fetch_one::<Number>(self.store.query(sql))
            .await
            .unwrap_or_else(|error| panic!("{sql}\n{error}"))
            .number
    }

    pub async fn lines(&self, query: Query) -> Vec<String> {
        self.store.fetch_all::<Line>(query).await.unwrap().into_iter().map(|row| row.line).collect()
    }

    /// The program, told of the bench's database and topics.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tongguan"));
        command.args(words).stdin(Stdio::null()).stdout(Stdio::null());
        for (key, value) in [
            ("KAFKA__BROKERS", self.brokers.as_str()),
            ("KAFKA__TOPIC_PREFIX", &format!("{}.", self.prefix)),
            ("KAFKA__GROUP", &self.prefix),
            ("CLICKHOUSE__URL", &self.url),
            ("CLICKHOUSE__DATABASE", &self.database),
            ("HTTP__LISTEN", "127.0.0.1:0"),
            ("LOG__LEVEL", "warn"),
        ] {
            command.env(format!("TONGGUAN__{key}"), value);
        }
        command
    }

    pub fn run(&self, words: &[&str]) {
        assert!(self.command(words).status().unwrap().success(), "tongguan {}", words.join(" "));
    }
}

fn store(url: &str, database: &str) -> Store {
    Store::new(Address {
        url: url.to_owned(),
        tls: Files::default(),
        database: database.to_owned(),
        user: "default".to_owned(),
        password: String::new(),
        insert_timeout: Duration::from_secs(600),
        query_timeout: Duration::from_secs(600),
        lookup_timeout: Duration::from_secs(60),
    })
    .unwrap()
}
