//! A round: a database, topics and a group of their own, instances that are struck by one fault after the other while messages
//! come, and at its end the judge.

use std::{collections::HashSet, fs, path::PathBuf, time::Duration};

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::{Instant, sleep, timeout},
};
use tongguan::{
    cli::setup::Setup,
    feed::{cluster::Cluster, privacy::Key, topics},
};

use super::{
    instance::{Instance, Settings},
    known,
    local::local,
    oracle::{Oracle, Place, Verdict},
    proxy::{Act, Gate, Line},
    sender::{Sender, Sent},
    servers::Servers,
    store::Tables,
    stream::{self, Lives},
    tally::Tally,
};

/// What a round begins with.
pub struct Plan {
    pub theme: &'static str,
    pub instances: usize,
    /// Messages a second.
    pub rate: u64,
    pub batch_rows: u64,
}

impl Plan {
    pub fn new(theme: &'static str, instances: usize) -> Self {
        Self { theme, instances, rate: 150, batch_rows: 1_000 }
    }
}

pub struct Round<'a> {
    pub servers: &'a Servers,
    pub tally: &'a mut Tally,
    pub name: String,
    pub random: ChaCha8Rng,
    pub sender: Sender,
    pub tables: Tables,
    pub topics: Vec<String>,
    pub gone: HashSet<Place>,
    instances: Vec<Option<Instance>>,
    /// Restarted under a fixed name the group takes an instance back at once; without, the session has to run out.
    named: bool,
    batch_rows: u64,
    setup: Setup,
    key_file: PathBuf,
    marks: u64,
}

/// How long after the last fault everything must move again.
const MOVING_WITHIN: Duration = Duration::from_secs(60);
/// How long a trap waits for its request.
pub const COMES_WITHIN: Duration = Duration::from_secs(8);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum To {
    ClickHouse,
    Kafka,
}

impl<'a> Round<'a> {
    pub async fn begin(servers: &'a Servers, tally: &'a mut Tally, seed: u64, plan: Plan) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let name = format!("{}_{seed}", plan.theme);
        tally.say(&format!("round {name}: {} instances", plan.instances));
        let prefix = format!("{name}.");
        let topics: Vec<String> =
            ["hotline", "grid"].iter().map(|stream| format!("{prefix}case-events.{stream}")).collect();
        let names: Vec<&str> = topics.iter().map(String::as_str).collect();
        topics::ensure(&Cluster::plain(&servers.direct_brokers()), &names, 4, -1).await.expect("topics");
        fs::create_dir_all(servers.folder.join("logs")).unwrap();
        let key_file = servers.folder.join("privacy.key");
        Key::read_or_create(&key_file).unwrap();
        let file = servers.folder.join(format!("{name}.toml"));
        let text = format!("[kafka]\ntopic_prefix = \"{prefix}\"\n[ingest]\nfuture_max_s = 86400\n");
        fs::write(&file, text).unwrap();
        let setup = Setup::load(Some(&file)).unwrap();
        let (named, brokers) = (random.random_bool(0.5), servers.direct_brokers());
        let sender = Sender::start(&brokers, topics.clone(), Lives::new(seed), plan.rate);
        let tables = Tables::new(&servers.direct_url(), &name);
        let instances = servers.slots.iter().map(|_| None).collect();
        let (gone, batch_rows) = (HashSet::new(), plan.batch_rows);
        let mut round = Self {
            servers,
            tally,
            name,
            random,
            sender,
            tables,
            topics,
            gone,
            instances,
            named,
            batch_rows,
            setup,
            key_file,
            marks: 0,
        };
        assert!(round.command(0, &["migrate"], 60).await, "migrate");
        for slot in 0..plan.instances {
            round.run(slot);
        }
        round
    }

    fn settings(&self, slot: usize) -> Settings {
        let at = &self.servers.slots[slot];
        let mut all: Settings = [
            ("KAFKA__BROKERS", at.brokers.as_str()),
            ("KAFKA__GROUP", &self.name),
            ("KAFKA__TOPIC_PREFIX", &format!("{}.", self.name)),
            ("KAFKA__SESSION_TIMEOUT_MS", "6000"),
            ("CLICKHOUSE__URL", &at.url),
            ("CLICKHOUSE__DATABASE", &self.name),
            ("CLICKHOUSE__INSERT_TIMEOUT_S", "3"),
            ("CLICKHOUSE__QUERY_TIMEOUT_S", "5"),
            ("CLICKHOUSE__LOOKUP_TIMEOUT_S", "5"),
            // Many steps, and cases that have to be looked up.
            ("BATCH__WAIT_MAX_MS", "100"),
            ("BATCH__ROWS_MAX", &self.batch_rows.to_string()),
            ("MEMORY__CACHED_MAX_KB", "500"),
            ("SWEEP__INTERVAL_S", "1"),
            ("SWEEP__GRACE_S", "1"),
            ("RETRY__BACKOFF_MIN_MS", "20"),
            ("RETRY__BACKOFF_MAX_MS", "400"),
            ("SHUTDOWN__DRAIN_TIMEOUT_S", "10"),
            ("INGEST__FUTURE_MAX_S", "3600"),
            ("PRIVACY__KEY_FILE", self.key_file.to_str().unwrap()),
            ("HTTP__LISTEN", &local(at.http).to_string()),
            ("LOG__FORMAT", "json"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
        if self.named {
            all.push(("KAFKA__INSTANCE_ID", format!("slot-{slot}")));
        }
        all
    }

    /// Starts an instance, in place of whatever was there.
    pub fn run(&mut self, slot: usize) {
        self.run_with(slot, &[]);
    }

    pub fn run_with(&mut self, slot: usize, more: &[(&'static str, String)]) {
        let mut settings = self.settings(slot);
        settings.extend(more.iter().cloned());
        let log = self.servers.folder.join("logs").join(format!("{}-{slot}.log", self.name));
        let instance = Instance::spawn(&["run"], &settings, &log);
        for gate in [&self.servers.slots[slot].clickhouse, &self.servers.slots[slot].kafka] {
            gate.set_pid(Some(instance.pid()));
        }
        self.instances[slot] = Some(instance);
    }

    /// Runs a command to its end, through this slot's gates; true when it ended well.
    pub async fn command(&mut self, slot: usize, arguments: &[&str], within_s: u64) -> bool {
        let mut command = self.spawn(slot, arguments);
        let ended = command.end(Duration::from_secs(within_s)).await;
        if !ended.is_some_and(|status| status.success()) {
            self.tally.say(&format!("{arguments:?} ended with {ended:?}:\n{}", command.last_words(5)));
        }
        ended.is_some_and(|status| status.success())
    }

    pub fn spawn(&mut self, slot: usize, arguments: &[&str]) -> Instance {
        let log = self.servers.folder.join("logs").join(format!("{}-{}.log", self.name, arguments[0]));
        let mut settings = self.settings(slot);
        settings.retain(|(name, _)| *name != "KAFKA__INSTANCE_ID");
        // A replay takes what the instances find too early.
        settings.push(("INGEST__FUTURE_MAX_S", "86400".to_owned()));
        settings.push(("CLICKHOUSE__QUERY_TIMEOUT_S", "120".to_owned()));
        Instance::spawn(arguments, &settings, &log)
    }

    pub fn live(&self) -> Vec<usize> {
        (0..self.instances.len()).filter(|slot| self.instances[*slot].is_some()).collect()
    }

    pub fn any_live(&mut self) -> usize {
        let live = self.live();
        live[self.random.random_range(0..live.len())]
    }

    pub fn instance(&mut self, slot: usize) -> &mut Instance {
        self.instances[slot].as_mut().expect("it was started")
    }

    /// An instance that is taken away for good.
    pub async fn end(&mut self, slot: usize, in_order: bool) {
        let Some(mut instance) = self.instances[slot].take() else { return };
        if !in_order {
            return instance.kill().await;
        }
        instance.signal("TERM").await;
        match instance.end(Duration::from_secs(30)).await {
            // 4: it could not write everything in time, and said so.
            Some(status) if matches!(status.code(), Some(0 | 4)) => {}
            other => self
                .tally
                .stuck(&format!("instance {slot} does not stop in order: {other:?}"), &instance.last_words(15)),
        }
    }

    pub async fn restart(&mut self, slot: usize) {
        if let Some(mut instance) = self.instances[slot].take() {
            instance.kill().await;
        }
        self.run(slot);
    }

    pub fn gate(&self, slot: usize, to: To) -> std::sync::Arc<Gate> {
        let at = &self.servers.slots[slot];
        std::sync::Arc::clone(if to == To::ClickHouse { &at.clickhouse } else { &at.kafka })
    }

    /// Makes the next request of this kind go wrong, and says what came of it. True when it came.
    pub async fn strike(&mut self, slot: usize, to: To, kind: &'static str, what: &str, act: Act) -> bool {
        let name = format!("{} {kind}: {what}", if to == To::ClickHouse { "clickhouse" } else { "kafka" });
        if let Some(why) = known::reason(&name) {
            self.tally.leave_out(&name, why);
            return false;
        }
        let (gate, since) = (self.gate(slot, to), Instant::now());
        let came = gate.has_caught(COMES_WITHIN, async { gate.set_trap(kind, act) }).await;
        let outcome = format!("after {} ms", since.elapsed().as_millis());
        let name = format!("instance {slot} {name}");
        if came {
            self.tally.fault(&name, &outcome);
        } else {
            self.tally.say(&format!("            {name}: no such request came"));
        }
        self.notice_ends();
        came
    }

    /// A line is otherwise for a while.
    pub async fn line(&mut self, slot: usize, to: To, line: Line, ms: u64) {
        let gate = self.gate(slot, to);
        gate.set_line(line);
        sleep(Duration::from_millis(ms)).await;
        gate.set_line(Line::Open);
        self.tally.fault(&format!("instance {slot} to {to:?}: {line:?}"), &format!("for {ms} ms"));
        self.notice_ends();
    }

    /// No fault may end an instance: one that has ended is stuck, even if it is started again here as a supervisor would.
    pub fn notice_ends(&mut self) {
        for slot in self.live() {
            let instance = self.instance(slot);
            if let Some(status) = instance.ended()
                && std::os::unix::process::ExitStatusExt::signal(&status) != Some(9)
            {
                let words = instance.last_words(15);
                self.tally.stuck(&format!("instance {slot} ended by itself: {status}"), &words);
                self.run(slot);
            }
        }
    }

    /// After the last fault: does everything move again, by itself and in time?
    pub async fn settle(&mut self) {
        let since = Instant::now();
        for slot in &self.servers.slots {
            slot.clickhouse.clear();
            slot.kafka.clear();
        }
        self.notice_ends();
        self.marks += 1;
        let number = self.marks;
        let marks = self.sender.mark(|stream, partition| stream::mark(stream, partition, number)).await;
        let mut missing = self.missing(&marks, number).await;
        while !missing.is_empty() && since.elapsed() < MOVING_WITHIN {
            sleep(Duration::from_millis(50)).await;
            self.notice_ends();
            missing = self.missing(&marks, number).await;
        }
        let mut idle = Vec::new();
        for slot in self.live() {
            while !self.is_ready(slot).await {
                if since.elapsed() > MOVING_WITHIN {
                    idle.push(slot);
                    break;
                }
                sleep(Duration::from_millis(50)).await;
            }
        }
        if missing.is_empty() && idle.is_empty() {
            return self.tally.say(&format!("moving again after {} ms", since.elapsed().as_millis()));
        }
        let words: Vec<String> = self
            .live()
            .into_iter()
            .map(|slot| format!("-- instance {slot}\n{}", self.instance(slot).last_words(12)))
            .collect();
        let what = format!("nothing moves on {missing:?}, not ready: instances {idle:?}");
        self.tally.stuck(&what, &words.join("\n"));
        // Said once; what comes after it starts from instances that move.
        for slot in self.live() {
            self.restart(slot).await;
        }
    }

    /// Partitions whose mark has not come.
    async fn missing(&self, marks: &[Sent], number: u64) -> Vec<String> {
        let sql =
            format!("SELECT DISTINCT topic, partition FROM {{db}}.events WHERE startsWith(case_id, 'mark-{number}-')");
        let there = self.tables.try_lines(&sql).await.unwrap_or_default();
        let wanted = marks.iter().map(|one| format!("{}\t{}", one.topic, one.partition));
        wanted.filter(|one| !there.contains(one)).collect()
    }

    async fn is_ready(&self, slot: usize) -> bool {
        self.get(slot, "/readyz").await.is_some_and(|answer| answer.split(' ').nth(1) == Some("200"))
    }

    /// How often partitions came and went.
    pub async fn rebalances(&self, slot: usize) -> Vec<String> {
        let metrics = self.get(slot, "/metrics").await.unwrap_or_default();
        let of_rebalances = |line: &&str| line.starts_with("tongguan_rebalances_total");
        let mut lines: Vec<String> = metrics.lines().filter(of_rebalances).map(str::to_owned).collect();
        lines.sort();
        lines
    }

    async fn get(&self, slot: usize, path: &str) -> Option<String> {
        let ask = async {
            let mut stream = tokio::net::TcpStream::connect(local(self.servers.slots[slot].http)).await.ok()?;
            stream.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).await.ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.ok()?;
            Some(answer)
        };
        timeout(Duration::from_secs(2), ask).await.ok().flatten()
    }

    /// What the judge says now.
    pub async fn verdict(&self, patience: Duration) -> Verdict {
        let (key, url) = (Key::read(&self.key_file).unwrap(), self.servers.direct_url());
        let oracle = Oracle { url: &url, database: &self.name, setup: &self.setup, key, gone: &self.gone };
        oracle.judge(&self.sender.places(&self.servers.direct_brokers()).await, patience).await
    }

    /// The end: everything moves, everything is where it belongs, everybody stops in order.
    pub async fn close(mut self) {
        self.sender.stop();
        self.settle().await;
        assert!(self.command(0, &["quarantine", "list", "--limit", "1"], 60).await, "what was replayed is marked");
        let verdict = self.verdict(MOVING_WITHIN).await;
        self.tally.judged(self.sender.sent().len() as u64, &verdict);
        if !verdict.is_clean() {
            for slot in self.live() {
                println!("-- instance {slot}, its last words:\n{}", self.instance(slot).last_words(12));
            }
        }
        for slot in self.live() {
            self.end(slot, true).await;
        }
        // What is damaged stays to be looked at.
        if verdict.is_clean() {
            self.remove().await;
        }
    }

    pub async fn remove(&self) {
        for database in [self.name.clone(), format!("{}_mart", self.name)] {
            self.tables.execute(&format!("DROP DATABASE IF EXISTS {database} SYNC")).await;
        }
        let names: Vec<&str> = self.topics.iter().map(String::as_str).collect();
        let _ = topics::delete(&Cluster::plain(&self.servers.direct_brokers()), &names).await;
    }
}
