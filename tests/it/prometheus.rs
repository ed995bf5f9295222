//! A real Prometheus scrapes a running service: it takes the rules, and every query of the board and every series that an alert
//! looks at is there. Where `prometheus` is not installed, that is said and nothing is tried.
#![allow(clippy::disallowed_methods, reason = "tests wait for other processes, in real time")]

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use regex::Regex;
use serde_json::{Value, json};

use crate::{
    messages::{at, event, raw},
    service::{Service, http, pause, wait_for},
    town::Town,
};

/// Metrics that a quiet run has no series of: the fault, the file or the other program has not come yet. All others must be there.
const RARE: &[&str] = &[
    "tongguan_clickhouse_errors_total",
    "tongguan_unreadable_total",
    "tongguan_gap_messages_total",
    "tongguan_certificate_end_timestamp_seconds",
    // Nobody has verified a town that is a minute old.
    "tongguan_last_verify_timestamp_seconds",
    // The built-in policy has no end.
    "tongguan_policy_end_timestamp_seconds",
];

/// Of other programs: the inlet, alerts, pulls.
const ELSEWHERE: &[&str] = &["tongguan_inlet_", "tongguan_alert", "tongguan_pull_"];

struct Prometheus {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Prometheus {
    /// The rules as they are shipped; only the pace is another.
    fn start(target: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules = root().join("deploy/prometheus/rules/*.yml");
        let config = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: ['{}']\nscrape_configs:\n  \
             - job_name: tongguan\n    static_configs: [{{ targets: ['{target}'] }}]\n",
            rules.display()
        );
        let file = folder.path().join("prometheus.yml");
        fs::write(&file, config).unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut prometheus = Self { child, address, folder };
        wait_for("prometheus", Duration::from_secs(60), || {
            assert!(prometheus.child.try_wait().unwrap().is_none(), "prometheus ended\n{}", prometheus.log());
            std::net::TcpStream::connect(&prometheus.address).is_ok() && prometheus.get("/-/ready").0 == 200
        });
        prometheus
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        http(&self.address, "GET", path, b"")
    }

    fn api(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        let text = String::from_utf8_lossy(&body);
        assert_eq!(status, 200, "{path}\n{text}");
        serde_json::from_slice::<Value>(&body).unwrap_or_else(|error| panic!("{error}: {text}"))["data"].clone()
    }

    /// How many series answer.
    fn series(&self, query: &str) -> usize {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        self.api(&format!("/api/v1/query?query={encoded}"))["result"].as_array().unwrap().len()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn board() -> Vec<String> {
    let text = fs::read_to_string(root().join("deploy/grafana/dashboards/tongguan.json")).unwrap();
    let board: Value = serde_json::from_str(&text).unwrap();
    let panels = board["panels"].as_array().unwrap().iter();
    let targets = panels.flat_map(|panel| panel["targets"].as_array().into_iter().flatten());
    targets
        .map(|target| target["expr"].as_str().unwrap().replace("$job", "tongguan").replace("$__rate_interval", "1m"))
        .collect()
}

/// A town that has seen everything that happens on a good day: two streams, a message set aside, one twice, one contradicted.
fn a_lively_town() -> Town {
    let town = Town::new();
    town.send("grid", [&raw("M", b"no")]);
    town.run_until_caught_up();
    let said = |what: &str| event("M", "accepted", &at(1), json!({ "unknown": 1, "description": what }));
    let (one, other) = (said("电话13812345678"), said("路灯不亮"));
    town.send("grid", [&one, &one, &other]);
    town.send("hotline", [&event("H", "accepted", &at(2), json!({}))]);
    town
}

#[test]
fn prometheus_takes_the_rules_and_everything_they_and_the_board_ask_for_is_there() {
    if Command::new("prometheus").arg("--version").output().is_err() {
        let word = "prometheus is not here, so rules and board were NOT tried (Debian: apt-get install prometheus)";
        writeln!(std::io::stderr(), "\n{word}\n").unwrap();
        return;
    }
    let town = a_lively_town();
    let service = Service::start(&town, &[("SWEEP__INTERVAL_S", "1")]);
    service.wait_until_ready();
    town.until("SELECT count() FROM {db}.cases FINAL", 2);
    let prometheus = Prometheus::start(&service.address());
    wait_for("three scrapes", Duration::from_secs(60), || {
        prometheus.series(r#"count_over_time(up{job="tongguan"}[1m]) > 2"#) == 1
    });
    // A rate needs something that happens while it is looked at.
    for n in 0..3 {
        town.send("grid", [&event(&format!("G{n}"), "accepted", &at(3), json!({}))]);
        pause(1500);
    }

    let groups = prometheus.api("/api/v1/rules")["groups"].clone();
    let rules: Vec<&Value> =
        groups.as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap()).collect();
    for rule in &rules {
        assert_eq!(rule["health"], json!("ok"), "{rule}");
    }
    assert!(rules.len() >= 40, "{} rules", rules.len());

    let name = Regex::new(r"\b(?:tongguan|process)_[a-z0-9_]+").unwrap();
    let selector = Regex::new(r"\b(?:tongguan|process)[_:][a-z0-9_:]+(?:\{[^}]*\})?").unwrap();
    let looked_at = rules.iter().flat_map(|rule| {
        let expr = rule["query"].as_str().unwrap();
        selector.find_iter(expr).map(|found| found.as_str().to_owned()).collect::<BTreeSet<String>>()
    });
    let is_elsewhere = |name: &str| ELSEWHERE.iter().any(|begin| name.starts_with(begin));
    let is_rare =
        |query: &str| name.find_iter(query).any(|found| RARE.contains(&found.as_str()) || is_elsewhere(found.as_str()));
    let asked: BTreeSet<String> = board().into_iter().chain(looked_at).collect();
    let (rare, usual): (Vec<&String>, Vec<&String>) = asked.iter().partition(|query| is_rare(query));
    let empty = || usual.iter().filter(|query| prometheus.series(query) == 0).collect::<Vec<_>>();
    let since = Instant::now();
    while !empty().is_empty() && since.elapsed() < Duration::from_secs(60) {
        pause(1000);
    }
    assert!(empty().is_empty(), "no series answer {:#?}", empty());
    let word = format!(
        "prometheus: {} rules ok, {} queries answered, {} rare ones not asked",
        rules.len(),
        usual.len(),
        rare.len()
    );
    writeln!(std::io::stderr(), "{word}").unwrap();
}

/// What the runbook tells somebody to type at night has to work.
#[test]
fn the_statements_of_the_runbook_run() {
    let town = Town::new();
    let text = fs::read_to_string(root().join("docs/runbook.md")).unwrap();
    let statements: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("SELECT ")).collect();
    assert!(statements.len() >= 5, "{statements:?}");
    let mut tables = town.query("SELECT name FROM system.tables WHERE database = '{db}'");
    tables += "\n";
    for statement in statements {
        // A table of a migration that is still to come is not asked for.
        let table = statement.split("tongguan.").nth(1).and_then(|rest| rest.split_whitespace().next());
        if table.is_none_or(|table| tables.contains(&format!("{table}\n"))) {
            town.query(&statement.replace("tongguan.", "{db}."));
        }
    }
}
