//! `tongguan` as a process that can be killed, and what the tables of a database hold.

use std::{
    env,
    fs::{self, OpenOptions},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::timeout,
};

use super::pair::Pair;

/// One database, filled by one consumer group.
pub struct Installation<'a> {
    pub pair: &'a Pair,
    pub name: &'static str,
    pub settings: &'static [(&'static str, &'static str)],
    store: clickhouse::Client,
}

pub const PREFIX: &str = "chaos.";

impl<'a> Installation<'a> {
    /// With its schema.
    pub async fn new(
        pair: &'a Pair,
        name: &'static str,
        settings: &'static [(&'static str, &'static str)],
    ) -> Installation<'a> {
        let store = clickhouse::Client::default().with_url(&pair.url).with_user("default");
        let new = Self { pair, name, settings, store };
        let mut migrating = new.spawn("migrate", &["migrate"], &[]);
        assert!(migrating.ended(60).await.success(), "migrate: {}", migrating.log());
        new
    }

    /// Goes on until it is killed.
    pub fn run(&self, log: &str, more: &[(&str, &str)]) -> Instance {
        self.spawn(log, &["run"], more)
    }

    pub fn until_caught_up(&self, log: &str, more: &[(&str, &str)]) -> Instance {
        self.spawn(log, &["run", "--until-caught-up"], more)
    }

    fn spawn(&self, log: &str, arguments: &[&str], more: &[(&str, &str)]) -> Instance {
        let log = self.pair.folder.join(format!("{}-{log}.log", self.name));
        let file = OpenOptions::new().create(true).append(true).open(&log).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tongguan"));
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("TONGGUAN__") || name == "RUST_LOG") {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .env("TONGGUAN__KAFKA__BROKERS", &self.pair.brokers)
            .env("TONGGUAN__KAFKA__GROUP", format!("chaos-{}", self.name))
            .env("TONGGUAN__KAFKA__TOPIC_PREFIX", PREFIX)
            .env("TONGGUAN__CLICKHOUSE__URL", &self.pair.url)
            .env("TONGGUAN__CLICKHOUSE__DATABASE", self.name)
            .env("TONGGUAN__HTTP__LISTEN", "")
            // One privacy key for all: the same pseudonyms, the same sealed bytes.
            .env("XDG_STATE_HOME", self.pair.folder.join("state"))
            .envs(self.settings.iter().copied())
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            .kill_on_drop(true);
        Instance { child: command.spawn().unwrap(), log }
    }

    /// Lines of an answer, as bytes: sealed columns are no text.
    pub async fn lines(&self, sql: &str) -> Vec<Vec<u8>> {
        self.try_lines(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    async fn try_lines(&self, sql: &str) -> clickhouse::error::Result<Vec<Vec<u8>>> {
        let sql = sql.replace("{db}", self.name);
        let answer = self.store.query_raw(&sql).fetch_bytes("TSV")?.collect().await?;
        Ok(answer.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect())
    }

    /// Different messages written so far; none while ClickHouse does not answer.
    pub async fn written(&self) -> Option<u64> {
        let lines =
            self.try_lines(&format!("SELECT uniqExact(topic, partition, offset) FROM ({PLACES})")).await.ok()?;
        std::str::from_utf8(lines.first()?).ok()?.parse().ok()
    }
}

pub const PLACES: &str = "SELECT topic, partition, offset FROM {db}.events FINAL \
     UNION ALL SELECT topic, partition, offset FROM {db}.quarantine FINAL";

pub struct Instance {
    child: Child,
    log: PathBuf,
}

impl Instance {
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().expect("it runs").to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &pid]).status().await.unwrap();
        assert!(sent.success());
    }

    pub async fn ended(&mut self, within_s: u64) -> ExitStatus {
        match timeout(Duration::from_secs(within_s), self.child.wait()).await {
            Ok(status) => status.unwrap(),
            Err(_) => panic!("still running after {within_s} s; the end of its log:\n{}", self.log()),
        }
    }

    /// The end of what it said.
    pub fn log(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}
