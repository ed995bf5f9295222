//! The interface for programs against the real server: what it answers is what the command says, what it refuses is told with the
//! parameter and the nearest right word, and no list is too long for it.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
};

use serde_json::{Value, json};
use tongguan::http::api::openapi;

use crate::{
    june,
    messages::{event, raw},
    served::Served,
    service::{pause, post_body},
    town::Town,
};

struct Answered {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answered {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}\n{}", self.head, self.text()))
    }
}

/// HTTP/1.0, so that the end of a list is the end of the connection.
fn ask(served: &Served, method: &str, address: &str, headers: &[(&str, &str)]) -> Answered {
    let mut stream = TcpStream::connect(&served.address).unwrap();
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    write!(stream, "{method} {address} HTTP/1.0\r\nHost: {}\r\n{headers}\r\n", served.address).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answered { status, head, body: bytes[end + 4..].to_vec() }
}

fn get(served: &Served, address: &str) -> Answered {
    ask(served, "GET", address, &[])
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

const JUNE: &str = "month=2021-06&as-of=2021-07-10";
const HOSTILE: &str = "=HYPERLINK(\"x\")";

/// Some cases of June, of which two are late, one of a hostile unit, and a message that nobody understands.
pub fn town() -> Town {
    let town = Town::new();
    let day = |day: u8| format!("2021-06-{day:02}T09:00:00+08:00");
    let mut messages = Vec::new();
    for number in 1..=7_u8 {
        let case = format!("2106A{number:07}");
        let unit = if number == 3 { HOSTILE } else { "MH-02" };
        messages.push(event(&case, "accepted", &day(number), json!({ "due_at": day(10), "town": "310113112" })));
        messages.push(event(&case, "dispatched", &day(number), json!({ "unit": unit })));
        if number > 2 {
            messages.push(event(&case, "submitted", &day(number + 1), json!({ "unit": unit })));
            messages.push(event(&case, "closed", &day(number + 1), json!({})));
        }
    }
    messages.push(raw("broken", b"{\"no\": "));
    town.send("grid", &messages);
    town.run_until_caught_up();
    town
}

fn command(town: &Town, words: &[&str]) -> Value {
    let ended = town.tongguan(words, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn every_operation_of_the_description_answers_its_example_in_every_form_and_as_its_schema_says() {
    let town = town();
    june::publish(&town);
    let served = Served::of(&town);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts/openapi.json");
    let committed: Value = serde_json::from_slice(&std::fs::read(committed).unwrap()).unwrap();
    let document = get(&served, "/api/v1/openapi.json").json();
    assert_eq!(document, committed, "the one that is served is the committed one");
    assert_eq!(document, openapi::document());
    let mut tried = 0;
    for of_path in document["paths"].as_object().unwrap().values() {
        let operation = &of_path["get"];
        let example = operation["x-example"].as_str().unwrap();
        for (media, content) in operation["responses"]["200"]["content"].as_object().unwrap() {
            let answer = ask(&served, "GET", example, &[("Accept", media)]);
            assert_eq!(answer.status, 200, "{example} {media}: {}", String::from_utf8_lossy(&answer.body));
            assert!(answer.header("content-type").unwrap().starts_with(media.as_str()), "{example}: {}", answer.head);
            if media == "application/json" {
                let mut schema = content["schema"].clone();
                schema["components"] = document["components"].clone();
                let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
                let body = answer.json();
                let wrong: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
                assert!(wrong.is_empty(), "{example}: {wrong:?}");
                // A case has answers of its own: the citizen's.
                let rows = if body["question"].is_object() { body["answers"].as_array().unwrap().len() } else { 1 };
                assert!(rows > 0, "{example} shows nothing");
            }
            if media == "application/vnd.apache.arrow.stream" {
                assert_eq!(answer.body[..4], [0xff; 4], "{example} is a stream of Arrow");
            }
            tried += 1;
        }
        let head = ask(&served, "HEAD", example, &[]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{example}");
        let options = ask(&served, "OPTIONS", example, &[]);
        assert_eq!((options.status, options.header("allow")), (204, Some("GET, HEAD, OPTIONS")), "{example}");
        let post = ask(&served, "POST", example, &[("Content-Length", "0")]);
        assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD, OPTIONS")), "{example}");
        assert_eq!(post.json()["type"], "urn:tongguan:problem:method", "{example}");
        assert_eq!(post.header("access-control-allow-origin"), None);
    }
    assert!(tried > 20, "{tried}");
}

#[test]
fn what_is_answered_is_what_the_command_says() {
    let town = town();
    let served = Served::of(&town);
    let asked = ["--month", "2021-06", "--as-of", "2021-07-10", "--json"];
    let answers = get(&served, &format!("/api/v1/figures/closure?{JUNE}&group-by=unit")).json();
    let said = command(&town, &[&["kpi", "closure", "--group-by", "unit"][..], &asked].concat());
    assert_eq!(answers["answers"], said);
    assert_eq!(answers["question"]["as_of"], "2021-07-10T00:00:00+08:00");
    let explained = get(&served, &format!("/api/v1/figures/K05a/explain?{JUNE}")).json();
    assert_eq!(explained["answers"], command(&town, &[&["kpi", "explain", "K05a"][..], &asked].concat()));
    let cases = get(&served, &format!("/api/v1/figures/K05a/cases?{JUNE}&sort=due&desc")).json();
    let said = command(&town, &[&["kpi", "K05a", "--cases", "--sort", "due", "--desc"][..], &asked].concat());
    assert_eq!((&cases["answers"], &cases["next"]), (&said, &Value::Null));
    assert_eq!(said.as_array().unwrap().len(), 7);
    let case = get(&served, "/api/v1/cases/grid/2106A0000003?as-of=2021-07-10").json();
    let said = command(&town, &["case", "explain", "2106A0000003", "--as-of", "2021-07-10", "--json"]);
    assert_eq!(case["verdict"], said["verdict"]);
    assert!(said["facts"].as_array().unwrap().len() > 1 && case["facts"] == said["facts"], "{case}");
    let quarantine = get(&served, "/api/v1/quarantine").json();
    assert_eq!(quarantine["answers"], command(&town, &["quarantine", "list", "--json"]));
    assert_eq!(quarantine["answers"].as_array().unwrap().len(), 1);
    let status = get(&served, "/api/v1/status").json();
    let up_to = &status["answers"][0]["data_up_to"];
    assert!(up_to.as_str().unwrap().contains("+08:00"), "{status}");
    let streams = status["answers"][0]["streams"].as_array().unwrap();
    assert!(streams.iter().any(|stream| stream["data_up_to"] == *up_to), "the newest of any stream: {status}");
}

#[test]
fn what_is_refused_names_the_parameter_and_the_nearest_right_word() {
    let town = town();
    let served = Served::of(&town);
    let after = get(&served, &format!("/api/v1/figures/K05a/cases?{JUNE}&sort=due&limit=2")).json();
    let after = after["next"].as_str().unwrap().split("after=").nth(1).unwrap().to_owned();
    let damaged = after.replace("next-1.W", "next-1.V");
    for (address, status, parameter, nearest) in [
        ("figures/K05a?mnth=2021-06", 400, "mnth", "month"),
        ("figures/K05a?month=2021-06&sort=due", 400, "sort", ""),
        ("figures/closur?month=2021-06", 404, "figure", "closure"),
        ("figures/closure?month=2021-06&convention=shanghia", 400, "convention", "shanghai"),
        ("figures/K05a?month=2021-6", 400, "month", ""),
        ("figures/K05a?year=21", 400, "year", ""),
        ("figures/K05a?from=yesterday&to=2021-07-01", 400, "from", ""),
        ("figures/K05a?month=2021-06&as-of=soon", 400, "as-of", ""),
        ("figures/K05a?month=2021-06&due-by=soon", 400, "due-by", ""),
        ("figures/K05a?month=2021-06&timezone=Asia/Shangai", 400, "timezone", "Asia/Shanghai"),
        ("figures/K05a?month=2021-06&group-by=twon", 400, "group-by", "town"),
        ("figures/K05a?month=2021-06&compare=yoi", 400, "compare", "yoy"),
        ("figures/K05a?month=2021-06&stream=gird", 400, "stream", "grid"),
        ("figures/K05a?month=2021-06&only=unti%3Dx", 400, "only", "unit"),
        ("figures/K05a?month=2021-06&only=unit%3DMH-03", 400, "only", "MH-02"),
        ("figures/K05a?month=2021-06&assessed=maybe", 400, "assessed", ""),
        ("figures/K05a?month=2021-06&known-by=2021-07-01", 400, "known-by", ""),
        ("figures/K05a?month=2021-06&format=cvs", 400, "format", "csv"),
        ("figures/K05a?month=2021-06&month=2021-07", 400, "month", ""),
        ("figures/K05a/cases?month=2021-06&limit=1&limit=2", 400, "limit", ""),
        ("figures/K05a", 400, "", ""),
        ("figures/K05a/cases?month=2021-06&part=not-mett", 400, "part", "not-met"),
        ("figures/K05a/cases?month=2021-06&sort=deu", 400, "sort", "due"),
        ("figures/K05a/cases?month=2021-06&columns=case,unti", 400, "columns", "unit"),
        ("figures/K05a/cases?month=2021-06&limit=0", 400, "limit", ""),
        ("figures/K05a/cases?month=2021-06&limit=10001", 400, "limit", ""),
        ("figures/closure/cases?month=2021-06", 400, "convention", ""),
        (&format!("figures/K05a/cases?{JUNE}&after={after}"), 400, "after", ""),
        (&format!("figures/K05b/cases?{JUNE}&sort=due&after={after}"), 400, "after", ""),
        (&format!("figures/K05a/cases?month=2021-06&as-of=2021-07-11&sort=due&after={after}"), 400, "after", ""),
        (&format!("figures/K05a/cases?{JUNE}&sort=due&after={damaged}"), 400, "after", ""),
        ("cases/gird/2106A0000001", 404, "stream", "grid"),
        ("cases/grid/nothing", 404, "case_id", ""),
        ("cases/grid/2106A0000001?as-of=2020-01-01", 400, "as-of", ""),
        ("quarantine?limit=many", 400, "limit", ""),
        ("quarantine?after=x", 400, "after", ""),
        ("quarantine?reason=not_jsn", 400, "reason", "not_json"),
        (&format!("figures/K05a/cases?{JUNE}&after=2106A0000001"), 400, "after", ""),
        ("editions/7", 404, "serial", ""),
        ("editions/%FF", 400, "", ""),
        ("nothing", 404, "", ""),
    ] {
        let answer = get(&served, &format!("/api/v1/{address}"));
        assert_eq!(answer.status, status, "{address}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{address}");
        let problem = answer.json();
        let word = |name: &str| problem[name].as_str().unwrap_or_default();
        assert_eq!((word("parameter"), word("nearest")), (parameter, nearest), "{address}: {problem}");
        assert!(problem["status"] == status && !word("detail").is_empty() && !word("title").is_empty(), "{problem}");
        assert!(word("type").starts_with("urn:tongguan:problem:"), "{problem}");
    }
    let picture = ask(&served, "GET", "/api/v1/figures", &[("Accept", "image/png")]);
    assert_eq!((picture.status, picture.json()["status"].as_u64()), (406, Some(406)));
}

#[test]
fn who_has_the_newest_answer_is_told_so_and_a_new_message_makes_another() {
    let town = town();
    let served = Served::of(&town);
    let address = format!("/api/v1/figures/K05a?{JUNE}");
    let first = get(&served, &address);
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("private, no-cache"));
    let again = ask(&served, "GET", &address, &[("If-None-Match", &tag)]);
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, Some(tag.as_str())));
    let weak = ask(&served, "GET", &address, &[("If-None-Match", &format!("\"x\", W/{tag}"))]);
    assert_eq!(weak.status, 304);
    let csv = get(&served, &format!("{address}&format=csv"));
    assert_ne!(csv.header("etag"), Some(tag.as_str()), "another form is another answer");
    assert_eq!(
        get(&served, "/api/v1/figures/K05a?month=2021-06").header("etag"),
        None,
        "now is another time each time"
    );
    let rows = get(&served, &format!("/api/v1/figures/K05a/cases?{JUNE}"));
    assert_eq!((rows.header("etag"), rows.header("cache-control")), (None, Some("no-store")));

    town.send("grid", &[event("2106A0000009", "accepted", "2021-06-09T09:00:00+08:00", json!({}))]);
    town.run_until_caught_up();
    let later = ask(&served, "GET", &address, &[("If-None-Match", &tag)]);
    assert_eq!((later.status, &later.json()["answers"][0]["denominator"]), (200, &json!(8)));
    assert_ne!(later.header("etag"), Some(tag.as_str()));
}

#[test]
fn pages_follow_each_other_by_their_links_and_the_whole_list_is_the_same() {
    let town = town();
    let served = Served::of(&town);
    let list = format!("/api/v1/figures/K05a/cases?{JUNE}&sort=received&desc=1");
    let (mut address, mut found) = (format!("{list}&limit=3"), Vec::new());
    loop {
        let answer = get(&served, &address);
        let page = answer.json();
        found.extend(page["answers"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        assert_eq!(answer.header("link"), Some(format!("<{next}>; rel=\"next\"").as_str()));
        address = next.to_owned();
    }
    assert_eq!(Value::from(found.clone()), get(&served, &list).json()["answers"]);
    let lines = get(&served, &format!("{list}&format=jsonl"));
    let lines: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, found);
    let csv = get(&served, &format!("{list}&format=csv&columns=case,unit"));
    let rows: Vec<&str> = csv.text().lines().collect();
    assert_eq!((rows.len(), rows[0]), (8, "case_id,unit,unit_name"));
    assert!(csv.text().contains("2106A0000003,\"'=HYPERLINK"), "no cell is a formula: {}", csv.text());
    // What Arrow says is what JSON says.
    town.query("CREATE TABLE {db}.arrow (case_id String, numerator Bool, received_at DateTime64(3, 'UTC'), d Int64) ENGINE = Memory");
    let arrow = get(&served, &format!("{list}&format=arrow&columns=case,received,d,met&limit=100"));
    let insert = format!("INSERT INTO {}.arrow FORMAT ArrowStream", town.database);
    let settings = "input_format_skip_unknown_fields=1";
    let (status, told) = post_body(&town.url, &format!("/?{settings}&query={}", encoded(&insert)), &arrow.body);
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&told));
    let read = town.rows("SELECT case_id, numerator, d, formatDateTime(received_at, '%F %T', 'Asia/Shanghai') AS received_at FROM {db}.arrow ORDER BY received_at DESC");
    for (row, case) in read.iter().zip(&found) {
        assert_eq!((&row["case_id"], &row["numerator"], &row["d"]), (&case["case_id"], &case["numerator"], &case["d"]));
        let received = case["received_at"].as_str().unwrap().replace('T', " ");
        assert_eq!(row["received_at"], received[..19]);
    }
    assert_eq!(read.len(), 7);
}

/// So many cases as one of them, numbered.
fn many(town: &Town, cases: u32) {
    town.query(&format!(
        "INSERT INTO {{db}}.cases \
         SELECT * EXCEPT (number) REPLACE (concat('M', leftPad(toString(number), 7, '0')) AS case_id) \
         FROM (SELECT * FROM {{db}}.cases FINAL WHERE case_id = '2106A0000003') AS one CROSS JOIN numbers({cases}) AS numbers"
    ));
}

fn peak_mb(served: &Served) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn a_hundred_thousand_cases_go_out_in_little_memory_and_a_list_that_is_cut_says_where_it_goes_on() {
    let town = town();
    many(&town, 100_000);
    let served = Served::of(&town);
    get(&served, &format!("/api/v1/figures/K05a?{JUNE}"));
    let before = peak_mb(&served);
    let list = format!("/api/v1/figures/K05a/cases?{JUNE}");
    let csv = get(&served, &format!("{list}&format=csv"));
    assert_eq!(csv.text().lines().count(), 100_008);
    let lines = get(&served, &format!("{list}&format=jsonl&sort=due"));
    assert_eq!(lines.text().lines().count(), 100_007);
    let workbook = get(&served, &format!("/figures/K05a/cases.xlsx?{JUNE}"));
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(workbook.body)).unwrap();
    let mut sheet = String::new();
    book.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    assert_eq!(sheet.matches("<row ").count(), 100_008);
    let grown = peak_mb(&served) - before;
    assert!(grown < 100, "{grown} MB more than before");
    drop(served);

    let served = Served::with(&town, &[("PAGE__EXPORT_ROWS_MAX", "60000")]);
    let cut = get(&served, &format!("{list}&format=csv"));
    let (rows, last) = cut.text().trim_end().rsplit_once('\n').unwrap();
    assert!(last.starts_with("# ") && last.contains("page.export_rows_max = 60,000"), "{last}");
    let after = last.rsplit_once("after=").unwrap().1;
    let rest = get(&served, &format!("{list}&format=csv&after={after}"));
    let rest = rest.text().split_once('\n').unwrap().1;
    assert_eq!(format!("{rows}\n{rest}"), csv.text());
    let cut = get(&served, &format!("{list}&format=jsonl"));
    let last: Value = serde_json::from_str(cut.text().lines().last().unwrap()).unwrap();
    assert!(last["error"].as_str().unwrap().contains("60,000") && last["after"].is_string(), "{last}");
    let exact = get(&served, &format!("{list}&format=jsonl&only=unit%3DMH-02"));
    assert_eq!(exact.text().lines().count(), 6, "a list that fits has no last line");
}

#[test]
fn a_list_that_breaks_off_says_so_in_its_last_line() {
    let town = town();
    many(&town, 50_000);
    let served = Served::of(&town);
    let mut stream = TcpStream::connect(&served.address).unwrap();
    write!(stream, "GET /api/v1/figures/K05a/cases?{JUNE}&format=csv HTTP/1.0\r\n\r\n").unwrap();
    let mut some = vec![0; 4096];
    let read = stream.read(&mut some).unwrap();
    // Nobody reads on, so that the next page is not asked for before the table is gone.
    pause(1500);
    town.query("DROP TABLE {db}.cases SYNC");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    let whole = format!("{}{rest}", String::from_utf8_lossy(&some[..read]));
    let last = whole.trim_end().rsplit_once('\n').unwrap().1;
    assert!(last.starts_with("# 已中断 broken off: ") && last.contains("; after=next-1."), "{last}");
}

#[test]
fn more_than_may_wait_are_sent_away_and_told_when_to_come_again() {
    let town = town();
    many(&town, 100_000);
    let served = Served::with(&town, &[("PAGE__QUESTIONS_MAX", "1"), ("PAGE__WAITING_MAX", "2")]);
    let address = format!("/api/v1/figures/K05a/explain?{JUNE}");
    let answers: Vec<Answered> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..20).map(|_| scope.spawn(|| get(&served, &address))).collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let of = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert!(of(200) >= 2 && of(503) >= 1 && of(200) + of(503) == 20, "{} answered, {} sent away", of(200), of(503));
    let away = answers.iter().find(|answer| answer.status == 503).unwrap();
    assert_eq!((away.header("retry-after"), &away.json()["type"]), (Some("2"), &json!("urn:tongguan:problem:busy")));
    assert_eq!(get(&served, &address).status, 200, "afterwards all is as before");
}

#[test]
fn without_clickhouse_it_is_said_and_what_needs_none_is_answered() {
    let town = Town::without_schema();
    let served = Served::with(&town, &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    for address in
        ["figures/K05a?month=2021-06", "figures/K05a/cases?month=2021-06", "quarantine", "editions", "status"]
    {
        let answer = get(&served, &format!("/api/v1/{address}"));
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{address}: {}", answer.text());
        assert_eq!(answer.json()["type"], "urn:tongguan:problem:away", "{address}");
    }
    for address in ["figures", "streams", "openapi.json"] {
        assert_eq!(get(&served, &format!("/api/v1/{address}")).status, 200, "{address}");
    }
}
