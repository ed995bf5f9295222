//! The page in a real Chromium, as people use it: `tests/browser` looks, this makes the town, says what must be seen, and does what
//! cannot be done from a browser.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{
    accounts::{Office, PASSWORD},
    june,
    local::{self, Ports, Server, folder, root},
    messages::{Message, event, raw},
    served::Served,
    service::Service,
    town::Town,
};

const ASKED: &str = "month=2021-06&as-of=2021-07-05";
const OF_UNITS: [&str; 8] = ["kpi", "K01", "--month", "2021-06", "--as-of", "2021-07-05", "--group-by", "unit"];
/// One of the generated town's.
const UNIT: &str = "MH-02";
const TILES: [&str; 5] = ["K05b", "K06b", "K01", "K07", "K15"];
/// Runs where it is not shown as text; right to left, and out of the usual planes.
const HOSTILE: &str =
    "<script>window.hostile=1</script><img src=x onerror=\"window.hostile=2\">'\"&lt;\u{202e}案\u{1f6b2}";
/// A number of a case may hold no character that nobody sees.
const CASE: &str = "<script>window.hostile=1</script><img src=x onerror=\"window.hostile=2\">'\"&lt;/案?#";
/// How a page shows the beginning of it.
const MARK: &str = "<script>window.hostile=1</script>";

fn day(day: u8) -> String {
    format!("2021-06-{day:02}T09:30:00+08:00")
}

/// Late, paused, extended and contested, with such a text wherever a text may be.
fn hostile() -> Vec<Message> {
    let long = format!("{HOSTILE}{}", "很长很长没有空格".repeat(200));
    let accepted = json!({
        "title": format!("{HOSTILE}标题"), "description": long, "due_at": day(10), "kind": HOSTILE, "channel": HOSTILE,
        "urgency": HOSTILE, "external_no": HOSTILE, "category": { "standard": HOSTILE, "code": HOSTILE, "name": HOSTILE },
        "place": { "address": HOSTILE, "duty_grid": HOSTILE, "town": "310113112" },
        "reporter": { "name": HOSTILE, "phone": HOSTILE },
    });
    let reason = json!({ "reason": HOSTILE, "reason_code": HOSTILE });
    let extension = json!({ "approved": true, "due_at": day(14), "reason": HOSTILE });
    let facts = [
        ("accepted", 1, accepted),
        ("dispatched", 2, json!({ "unit": HOSTILE, "unit_name": HOSTILE })),
        ("suspended", 3, reason.clone()),
        ("resumed", 4, reason.clone()),
        ("extension_requested", 7, reason),
        ("extension_decided", 8, extension),
        ("submitted", 20, json!({ "unit": HOSTILE, "note": HOSTILE, "result": HOSTILE })),
        ("closed", 21, json!({ "how": HOSTILE, "result": HOSTILE })),
    ];
    facts.into_iter().map(|(kind, at, data)| event(CASE, kind, &day(at), data)).collect()
}

fn refused() -> Message {
    raw(HOSTILE, json!({ "type": HOSTILE, "source": HOSTILE, "case_id": HOSTILE }).to_string().as_bytes())
}

/// Some hundred cases of two years, the hostile one, messages that are none, and an edition of June.
fn filled() -> Town {
    let town = Town::new();
    let generated = town.tongguan(&["generate", "--profile", "town-2021", "--cases", "0.01", "--malformed", "12"], &[]);
    assert_eq!(generated.code, Some(0), "{}", generated.stderr);
    town.send("hotline", &hostile());
    town.send("hotline", &[refused()]);
    town.run_until_caught_up();
    assert_eq!(
        town.case("hotline", &CASE.replace('\'', "\\'"))["standing"],
        json!("closed"),
        "the hostile case is taken"
    );
    june::publish(&town);
    town
}

fn told(town: &Town, words: &[&str]) -> Value {
    let ended = town.tongguan(words, &[]);
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    })
}

/// Where everything is, and what the commands say of it.
fn expected(town: &Town, [page, guarded, behind]: [&Served; 3]) -> Value {
    let ask = |id: &str| told(town, &["kpi", id, "--month", "2021-06", "--as-of", "2021-07-05", "--json"])[0].clone();
    let kpi: BTreeMap<&str, Value> = TILES.iter().map(|id| (*id, ask(id))).collect();
    let lates = kpi["K06b"]["denominator"].as_i64().unwrap() - kpi["K06b"]["numerator"].as_i64().unwrap();
    let listed = told(town, &["quarantine", "list", "--json"]);
    let entry = listed.as_array().unwrap().iter().find(|one| one["reason"] == "unknown_type").unwrap();
    let place = format!("{}/{}/{}", entry["topic"].as_str().unwrap(), entry["partition"], entry["offset"]);
    json!({
        "page": format!("http://{}", page.address),
        "behind": format!("http://{}", behind.address),
        "guarded": format!("http://{}", guarded.address),
        "asked": ASKED, "month": "2021-06", "kpi": kpi, "lates": lates, "mark": MARK,
        "hostile": format!("/cases/hotline/{}?as-of=2021-07-05", escaped(CASE)),
        "quarantined": format!("/running/quarantine/{place}"),
        "edition": "/reports/month/2021-06/1",
        "account": "li", "password": PASSWORD, "roles": roles(town),
    })
}

/// With an account of each, and what the case worker may see.
fn roles(town: &Town) -> Value {
    let told = told(town, &[&OF_UNITS[..], &["--json"]].concat());
    let of_units = || told.as_array().unwrap().iter().filter(|one| one["unit"].is_string());
    let count = |one: &Value| one["numerator"].as_u64().unwrap();
    let own: u64 = of_units().filter(|one| one["unit"] == UNIT).map(count).sum();
    let all: u64 = of_units().map(count).sum();
    json!({
        "viewer": { "account": "viewer" },
        "case-worker": { "account": "worker", "unit": UNIT, "own": own, "all": all },
        "analyst": { "account": "li" },
        "feeder": { "account": "feeder" },
        "operator": { "account": "operator" },
    })
}

/// node with the browser and its modules, which are found or fetched here, or named where they cannot be.
fn node(script: &str, file: &Path) -> Child {
    let root = env!("CARGO_MANIFEST_DIR");
    let line = format!(
        "set -e; found=$('{root}/deploy/local/browser'); eval \"$found\"; exec node '{root}/tests/browser/{script}' \"$1\""
    );
    let mut command = Command::new("bash");
    command.args(["-c", &line, "bash"]).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn people_see_in_a_browser_what_the_commands_say_and_nothing_hinders_them() {
    let office = Office::new(filled());
    let town = &office.town;
    office.say(&["account", "add", "li", "--role", "analyst", "--ask"]);
    office.say(&["account", "add", "viewer", "--role", "viewer", "--ask"]);
    office.say(&["account", "add", "worker", "--role", "case-worker", "--unit", UNIT, "--ask"]);
    office.say(&["account", "add", "feeder", "--role", "feeder", "--ask"]);
    office.say(&["account", "add", "operator", "--role", "operator", "--ask"]);
    let service = Service::start(town, &[]);
    service.wait_until_ready();
    let at = format!("http://{}", service.address());
    let map = root().join("tests/fixtures/page/town.geojson").display().to_string();
    let mut page = Served::with(town, &[("PAGE__SERVICE", &at), ("PAGE__MAP_FILE", &map)]);
    let guarded = office.served();
    let away = Away::new(town);
    let behind = Served::with(&away.town, &[]);
    let file = town.folder.path().join("expected.json");
    std::fs::write(&file, expected(town, [&page, &guarded, &behind]).to_string()).unwrap();

    let mut node = node("run.mjs", &file);
    let mut answers = node.stdin.take().unwrap();
    let mut wrong = 0_u64;
    for line in BufReader::new(node.stdout.take().unwrap()).lines().map(Result::unwrap) {
        match line.as_str() {
            "> send" => {
                town.send("hotline", &[raw("k", b"<xml>"), raw("k", b"")]);
            }
            "> away" => away.server.kill(),
            "> back" => away.server.up(),
            "> stop" => {
                page.program().kill().unwrap();
                page.program().wait().unwrap();
            }
            _ => {
                eprintln!("{line}");
                wrong += u64::from(line.starts_with("WRONG"));
                continue;
            }
        }
        writeln!(answers, "done").unwrap();
    }
    assert!(node.wait().unwrap().success(), "{wrong} things are WRONG; they are told above");
}

/// A ClickHouse that is killed while people look, with a case in it.
struct Away {
    town: Town,
    server: Server,
}

impl Away {
    fn new(beside: &Town) -> Self {
        let server = Server::clickhouse(folder("page").join("browser"), Ports::default().next());
        server.up();
        let town = Town::on(beside.brokers.clone(), Some(format!("http://{}", local::local(server.port))));
        town.make_topic("hotline", 1, -1);
        town.send("hotline", &hostile());
        let ended = town.run_until_caught_up();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        Self { town, server }
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        self.town.delete_topics(&["hotline"]);
    }
}
