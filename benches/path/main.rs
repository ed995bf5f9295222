//! The whole path of `tongguan run` beside ClickHouse's own Kafka engine, on the same topics, in one run, in turn.
//! `make bench`. Quote the ratio: the machine is noisy. `BENCH_CASES` is the factor on the synthetic year (4.2: two
//! million events), `BENCH_ROUNDS` how often each takes its turn, `BENCH_OLD_ROWS` the size of the ledger in which, at last,
//! the same messages find every case as an old one that must be looked up (0 leaves that out).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints, watches the clock, and stops where it cannot go on"
)]

use std::{
    env, fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Seconds of processor time and what was done in them.
struct Round {
    seconds: f64,
    messages: f64,
    service: f64,
    clickhouse: f64,
    kafka: f64,
    peak_mb: f64,
}

struct Bench {
    brokers: String,
    address: String,
    prefix: String,
    pids: [Option<u32>; 2],
}

/// The ledger of the last round, left for the second figure.
struct Fresh(String);

const PATIENCE: Duration = Duration::from_secs(600);

fn main() {
    let or = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let url = or("TONGGUAN__CLICKHOUSE__URL", "http://127.0.0.1:18123");
    let local = or("TONGGUAN_LOCAL_DIR", ".local");
    let pid = |name: &str| {
        let text = fs::read_to_string(format!("{local}/{name}/pid")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    let bench = Bench {
        brokers: or("TONGGUAN__KAFKA__BROKERS", "127.0.0.1:19092"),
        address: url.trim_start_matches("http://").trim_end_matches('/').to_owned(),
        prefix: format!("bench{}.", std::process::id()),
        pids: [pid("clickhouse"), pid("kafka")],
    };
    let messages = bench.generate(&or("BENCH_CASES", "4.2"));
    let rounds: usize = or("BENCH_ROUNDS", "3").parse().expect("BENCH_ROUNDS is a number");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let fresh = bench.fresh(round);
        ours.push(bench.tongguan("tongguan run", &fresh, messages));
        bench.drop_ledger(fresh);
        theirs.push(bench.engine(round, messages));
    }
    println!("ratio, tongguan run over kafka engine: {:.2}\n", rate(&ours) / rate(&theirs));
    let old_rows: u64 = or("BENCH_OLD_ROWS", "10000000").parse().expect("BENCH_OLD_ROWS is a number");
    if old_rows > 0 {
        let old = bench.old_cases(messages, old_rows);
        println!("ratio, tongguan run with old cases over kafka engine: {:.2}", old / rate(&theirs));
    }
    bench.delete_topics();
}

/// The median, in messages a second.
fn rate(rounds: &[Round]) -> f64 {
    let mut rates: Vec<f64> = rounds.iter().map(|round| round.messages / round.seconds).collect();
    rates.sort_by(f64::total_cmp);
    let middle = rates.len() / 2;
    if rates.len() % 2 == 1 { rates[middle] } else { f64::midpoint(rates[middle - 1], rates[middle]) }
}

fn show(name: &str, round: &Round) {
    let per_million = |seconds: f64| seconds / round.messages * 1e6;
    println!(
        "{name}: {:>7.0} events/s  {:>6.1} s  CPU s per million: service {:.1}, clickhouse {:.1}, kafka {:.1}  peak {:.0} MB  rows {:.0}",
        round.messages / round.seconds,
        round.seconds,
        per_million(round.service),
        per_million(round.clickhouse),
        per_million(round.kafka),
        round.peak_mb,
        round.messages
    );
}

impl Bench {
    fn command(&self, database: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tongguan"));
        command.args(words).stdin(Stdio::null()).stdout(Stdio::null());
        for (key, value) in [
            ("KAFKA__BROKERS", self.brokers.as_str()),
            ("KAFKA__TOPIC_PREFIX", &self.prefix),
            ("KAFKA__GROUP", database),
            ("CLICKHOUSE__URL", &format!("http://{}", self.address)),
            ("CLICKHOUSE__DATABASE", database),
            ("HTTP__LISTEN", "127.0.0.1:0"),
            ("LOG__LEVEL", "warn"),
        ] {
            command.env(format!("TONGGUAN__{key}"), value);
        }
        command
    }

    fn generate(&self, factor: &str) -> u64 {
        let file = env::temp_dir().join("tongguan-bench.json");
        let expected = file.to_string_lossy().into_owned();
        let words = [
            "generate",
            "--cases",
            factor,
            "--duplicates",
            "0.01",
            "--disorder",
            "0.01",
            "--malformed",
            "50",
            "--expected",
            &expected,
        ];
        assert!(
            self.command("bench", &words).status().unwrap().success(),
            "generate failed: do the servers run? `make up`"
        );
        let expected: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let messages = expected["messages"].as_u64().unwrap();
        // What Kafka still has to write to disk would slow down whoever comes first.
        assert!(Command::new("sync").status().unwrap().success());
        println!("{messages} messages on two topics of 4 partitions each");
        messages
    }

    /// An empty ledger.
    fn fresh(&self, round: usize) -> Fresh {
        let database = format!("bench_ours_{}_{round}", std::process::id());
        assert!(self.command(&database, &["migrate"]).status().unwrap().success());
        Fresh(database)
    }

    fn drop_ledger(&self, Fresh(database): Fresh) {
        self.drop_database(&format!("{database}_mart"));
        self.drop_database(&database);
    }

    /// The same messages once more, but every case has a past in a large ledger.
    fn old_cases(&self, messages: u64, rows: u64) -> f64 {
        let (fresh, old) = (self.fresh(1000), self.fresh(1001));
        self.tongguan("a new ledger", &fresh, messages);
        let copies = rows.div_ceil(messages).to_string();
        let sql = include_str!("old_cases.sql").replace("{{fresh}}", &fresh.0).replace("{{old}}", &old.0);
        for statement in sql.replace("{{copies}}", &copies).split(";\n").filter(|one| one.contains("INSERT")) {
            self.ask(statement);
        }
        self.drop_ledger(fresh);
        let merging = format!("SELECT count() FROM system.merges WHERE database = '{}'", old.0);
        while self.number(&merging) > 0 {
            sleep(Duration::from_secs(1));
        }
        println!("a ledger of {} rows", self.number(&format!("SELECT count() FROM {}.events", old.0)));
        let round = self.tongguan("old cases", &old, messages);
        self.drop_ledger(old);
        round.messages / round.seconds
    }

    fn tongguan(&self, name: &str, Fresh(database): &Fresh, messages: u64) -> Round {
        let before = self.cpu();
        let started = Instant::now();
        let mut child = self.command(database, &["run", "--until-caught-up"]).spawn().unwrap();
        let (mut peak_mb, mut service) = (0.0, 0.0);
        while child.try_wait().unwrap().is_none() {
            peak_mb = f64::max(peak_mb, peak(child.id()).unwrap_or(0.0));
            service = f64::max(service, cpu_of(Some(child.id())));
            sleep(Duration::from_millis(20));
        }
        let seconds = started.elapsed().as_secs_f64();
        let after = self.cpu();
        let ledger = self.number(&format!(
            "SELECT uniqExact(topic, partition, offset) FROM {database}.events WHERE topic NOT LIKE '%.before'"
        ));
        let aside = self.number(&format!("SELECT count() FROM {database}.quarantine FINAL"));
        assert_eq!(ledger + aside, messages, "rows are missing");
        let round = Round {
            seconds,
            messages: messages as f64,
            service,
            clickhouse: after.0 - before.0,
            kafka: after.1 - before.1,
            peak_mb,
        };
        show(name, &round);
        round
    }

    fn engine(&self, round: usize, messages: u64) -> Round {
        let database = format!("bench_engine_{}_{round}", std::process::id());
        self.ask(&format!("CREATE DATABASE {database}"));
        let topics = format!("{0}case-events.hotline,{0}case-events.grid", self.prefix);
        let sql = include_str!("engine.sql").replace("{{database}}", &database);
        let sql = sql.replace("{{brokers}}", &self.brokers).replace("{{topics}}", &topics);
        let statements: Vec<&str> = sql.split(";\n").filter(|statement| statement.contains("CREATE")).collect();
        let (view, tables) = statements.split_last().unwrap();
        tables.iter().for_each(|statement| drop(self.ask(statement)));
        let before = self.cpu();
        let started = Instant::now();
        self.ask(view);
        let count = format!("SELECT count() FROM {database}.typed");
        // An empty message gives no row there.
        let empty_at_most = 50;
        while self.number(&count) + empty_at_most < messages {
            assert!(started.elapsed() < PATIENCE, "the engine took longer than {PATIENCE:?}");
            sleep(Duration::from_millis(50));
        }
        let seconds = started.elapsed().as_secs_f64();
        let after = self.cpu();
        let rows = self.number(&count) as f64;
        self.drop_database(&database);
        let round = Round {
            seconds,
            messages: rows,
            service: 0.0,
            clickhouse: after.0 - before.0,
            kafka: after.1 - before.1,
            peak_mb: 0.0,
        };
        show("kafka engine", &round);
        round
    }

    fn delete_topics(&self) {
        let topics = ["hotline", "grid"].map(|stream| format!("{}case-events.{stream}", self.prefix));
        let names: Vec<&str> = topics.iter().map(String::as_str).collect();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let cluster = tongguan::feed::cluster::Cluster::plain(&self.brokers);
        runtime.block_on(tongguan::feed::topics::delete(&cluster, &names)).unwrap();
    }

    /// Processor seconds of ClickHouse and Kafka so far.
    fn cpu(&self) -> (f64, f64) {
        (cpu_of(self.pids[0]), cpu_of(self.pids[1]))
    }

    fn drop_database(&self, name: &str) {
        self.ask(&format!("DROP DATABASE IF EXISTS {name} SYNC"));
        // For five seconds ext4 makes every new file look past those just deleted, which would slow down whoever comes next.
        sleep(Duration::from_secs(6));
    }

    fn number(&self, sql: &str) -> u64 {
        self.ask(sql).trim().parse().unwrap()
    }

    fn ask(&self, sql: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("ClickHouse does not answer: `make up`");
        write!(stream, "POST / HTTP/1.0\r\nContent-Length: {}\r\n\r\n{sql}", sql.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{sql}\n{body}");
        body.to_owned()
    }
}

/// User and system seconds of a process; the kernel counts in hundredths.
fn cpu_of(pid: Option<u32>) -> f64 {
    let stat = pid.and_then(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok()).unwrap_or_default();
    let fields: Vec<f64> =
        stat.rsplit(") ").next().unwrap_or("").split(' ').map(|field| field.parse().unwrap_or(0.0)).collect();
    (fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0
}

/// Peak resident memory in MB.
fn peak(pid: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}
