//! What if, on the page: the same answer as the command's, and nothing is changed by asking.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    march::life,
    policies::{policy, under},
    served::{Served, is_english, state},
    service::{Service, wait_for},
    town::Town,
};

const MARCH: &str = "from=2021-03-01&to=2021-04-01&as-of=2021-03-06";
const MARCH_WORDS: [&str; 6] = ["--from", "2021-03-01", "--to", "2021-04-01", "--as-of", "2021-03-06"];

/// Judged by ten days: one done in a day, two in three, one never. And the file that gives one day.
fn filled() -> (Town, String, String) {
    let town = Town::new();
    let (ten_days, one_day) = (policy(&town, "1", 10), policy(&town, "2", 1));
    town.send("grid", &[life("G1", Some(1)), life("G<2>", Some(3)), life("G3", None)].concat());
    town.send("hotline", &life("H1", Some(3)));
    town.run_until_caught_up_with(&under(&ten_days));
    (town, ten_days, one_day)
}

/// With what the form brings along.
fn posted(address: &str, body: &str) -> (String, String) {
    let form = String::from_utf8(crate::service::http(address, "GET", "/what-if", b"").1).unwrap();
    let token = form.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let body = format!("csrf={token}&{body}");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /what-if HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // Who is refused for the length of it may be answered before the end of it is sent.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    (head.to_owned(), body.to_owned())
}

fn form(pairs: &[(&str, &str)]) -> String {
    let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{MARCH}&{pairs}")
}

/// Begun, and where it is told.
fn begun(served: &Served, pairs: &[(&str, &str)]) -> String {
    let (head, body) = posted(&served.address, &form(pairs));
    assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
    let place = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    assert!(place.starts_with("/what-if/"), "{head}");
    place.trim().to_owned()
}

fn done(served: &Served, place: &str) -> Value {
    let told = || serde_json::from_str::<Value>(&served.get(&format!("{place}.json")).1).unwrap();
    wait_for("the trial", Duration::from_secs(60), || told()["state"] != "running");
    told()
}

fn command(town: &Town, now: &str, words: &[&str]) -> Value {
    let ended = town.tongguan(&[&["whatif", "--json"], words, &MARCH_WORDS].concat(), &under(now));
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

fn live(town: &Town) -> String {
    town.query("SELECT count(), sum(cityHash64(*)) FROM {db}.cases")
}

fn scratches(town: &Town) -> String {
    town.query("SELECT name FROM system.databases WHERE startsWith(name, '{db}_scratch_') ORDER BY name")
}

#[test]
fn a_file_and_a_changed_limit_are_answered_as_the_command_answers_and_nothing_is_written() {
    let (town, now, other) = filled();
    let served = Served::with(&town, &under(&now));
    let before = live(&town);
    let file = std::fs::read_to_string(&other).unwrap();
    let place = begun(&served, &[("policy", &file)]);
    let told = done(&served, &place);
    assert_eq!(told["figures"], command(&town, &now, &["--policy", &other])["figures"]);
    assert_eq!(told["cases"], command(&town, &now, &["--policy", &other, "--cases", "--dues"])["cases"]);
    // G1 stays on time, and is due earlier: the command lists it with --dues only.
    let numbers = |told: &Value| {
        told["cases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["case_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(&told), ["G1", "G3", "G<2>", "H1"]);
    assert_eq!(numbers(&command(&town, &now, &["--policy", &other, "--cases"])), ["G3", "G<2>", "H1"]);
    assert_eq!((&told["policy"], &told["has_more_cases"]), (&json!("own@2"), &json!(false)));

    let page = served.page(&place);
    for words in ["3/4", "75.00 %", "1/4", "▼ −50.00 pp", "4 件，其中结论不同的 3 件", "▲ 超期未结", "G&#60;2&#62;"]
    {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(page.contains("/cases/grid/G%3C2%3E?as-of=2021-03-06") && !page.contains("data-again"), "{page}");
    let case =
        page.split("href=\"").find(|rest| rest.starts_with("/cases/grid/G1")).unwrap().split('"').next().unwrap();
    assert!(served.page(&case.replace("&amp;", "&").replace("&#38;", "&")).contains("2021-03-11 24:00"));
    let (head, csv) = served.get(&format!("{place}.csv"));
    assert!(
        head.contains("text/csv") && csv.starts_with("case_id,stream,standing,verdict_before,verdict_after,"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 5);
    assert!(
        csv.contains(
            "G3,grid,open,not_due,overdue,2021-03-12T00:00:00+08:00,2021-03-03T00:00:00+08:00,grid-10d,grid-1d"
        ),
        "{csv}"
    );

    // One limit of the policy in force, for one stream.
    let place = begun(
        &served,
        &[("rule", "grid-10d/DISPOSE"), ("n", "1"), ("unit", "NATURAL_DAY"), ("day", "END_OF_DAY"), ("stream", "grid")],
    );
    let told = done(&served, &place);
    let grid = command(&town, &now, &["--policy", &other, "--stream", "grid"]);
    let counts = |told: &Value| {
        told["figures"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["kpi"].clone(), one["after"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(&told), counts(&grid));
    assert_eq!(told["tried"], "grid-10d/DISPOSE: 10 自然日 NATURAL_DAY → 1 自然日 NATURAL_DAY");
    let page = served.page(&format!("{place}?lang=en"));
    assert!(page.contains("What the figures would be") && page.contains("closed late"), "{page}");
    assert!(served.page("/what-if").contains(&place), "what was tried is found again");
    assert_eq!((live(&town), scratches(&town)), (before, String::new()));
}

#[test]
fn a_rule_file_that_cannot_be_used_is_told_as_policy_check_tells_it() {
    let (town, now, other) = filled();
    let served = Served::with(&town, &under(&now));
    let file = std::fs::read_to_string(&other).unwrap();
    let broken = file.replace("NATURAL_DAY", "NATURAL_DAYS").replace("grid-1d", "<script>alert(1)</script> x");
    let path = town.folder.path().join("broken.toml");
    std::fs::write(&path, &broken).unwrap();
    let checked = town.tongguan(&["policy", "check", path.to_str().unwrap(), "--json"], &[]);
    let checked: Value = serde_json::from_str(&checked.stdout).unwrap();
    let problems = checked["problems"].as_array().unwrap();
    assert!(!problems.is_empty());
    let (head, page) = posted(&served.address, &form(&[("policy", &broken)]));
    assert!(head.starts_with("HTTP/1.1 400") && page.contains("规则文件不能使用"), "{head}\n{page}");
    let plain = page
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&#39;", "'");
    for problem in problems {
        let line = problem["place"].as_str().unwrap().split_once(", ").unwrap().1;
        for words in [line, problem["what"].as_str().unwrap(), problem["remedy"].as_str().unwrap()] {
            assert!(plain.contains(words), "{words}\n{page}");
        }
    }
    assert!(
        !page.contains("<script>alert") && page.contains("NATURAL_DAYS"),
        "the file stands in the form again, as text"
    );
    let (head, page) = posted(&served.address, &form(&[("policy", "id = [")]));
    assert!(head.starts_with("HTTP/1.1 400") && page.contains("line 1"), "{head}\n{page}");
}

#[test]
fn what_cannot_be_tried_is_refused_in_words_and_only_one_is_tried_at_a_time() {
    let (town, now, other) = filled();
    let served = Served::with(&town, &under(&now));
    let limit = [("rule", "grid-10d/DISPOSE"), ("n", "1"), ("unit", "NATURAL_DAY")];
    let with = |name: &'static str, value: &'static str| {
        limit.map(|(known, old)| (known, if known == name { value } else { old }))
    };
    for (pairs, words) in [
        (vec![], "要试什么".to_owned()),
        ([&limit[..], &[("policy", "x")]].concat(), "不能都给".to_owned()),
        (with("rule", "grid-10d/DISPOS").into(), "是 grid-10d/DISPOSE 吗".to_owned()),
        (with("n", "many").into(), "n 要写整数，不能是“many”".to_owned()),
        (with("n", "4000000").into(), "比任何时限都长".to_owned()),
        (with("unit", "NATURAL_DAYS").into(), "是 NATURAL_DAY 吗".to_owned()),
        ([&limit[..], &[("stream", "gird")]].concat(), "是 grid 吗".to_owned()),
        ([&limit[..], &[("strem", "grid")]].concat(), "是 stream 吗".to_owned()),
        ([&limit[..], &[("month", "2021-03")]].concat(), "统计时段给了两次".to_owned()),
    ] {
        let (head, page) = posted(&served.address, &form(&pairs));
        assert!(head.starts_with("HTTP/1.1 400") && page.contains(&words), "{pairs:?}: {words}\n{head}\n{page}");
        assert!(!is_english(&state(&page)), "{pairs:?}: {}", state(&page));
    }
    for size in [300 * 1024, 2 * 1024 * 1024] {
        let (head, page) = posted(&served.address, &form(&[("policy", &"x".repeat(size))]));
        assert!(head.starts_with("HTTP/1.1 400") && page.contains("256 KiB"), "{size}: {head}");
    }
    for address in ["/what-if/0123", "/what-if/0123.json"] {
        assert!(served.get(address).0.starts_with("HTTP/1.1 404"), "{address}");
    }
    assert!(served.get("/what-if?mnth=2021-03").0.starts_with("HTTP/1.1 400"));

    let file = std::fs::read_to_string(&other).unwrap();
    let place = begun(&served, &[("policy", &file)]);
    let running = served.page(&place);
    assert!(running.contains("data-again=\"2\"") && running.contains("正在试算"), "{running}");
    let (head, page) = posted(&served.address, &form(&[("policy", &file)]));
    assert!(head.starts_with("HTTP/1.1 409") && page.contains(&place), "{head}\n{page}");
    assert_eq!(done(&served, &place)["state"], "done");

    let few = Served::with(&town, &[under(&now)[0], ("PAGE__WHATIF_CASES_MAX", "3")]);
    let (head, page) = posted(&few.address, &form(&[("policy", &file)]));
    assert!(head.starts_with("HTTP/1.1 400") && page.contains("4 件案件，网页最多 3 件"), "{head}\n{page}");
    let away = Served::with(&town, &[under(&now)[0], ("CLICKHOUSE__URL", "http://127.0.0.1:9")]);
    let (head, page) = posted(&away.address, &form(&[("policy", &file)]));
    assert!(head.starts_with("HTTP/1.1 503") && page.contains("没有开始试算"), "{head}\n{page}");
}

#[test]
fn a_server_that_is_stopped_during_a_trial_leaves_no_database_behind() {
    let (town, now, other) = filled();
    let mut serving = Service::spawn(&town, &["serve"], &[under(&now)[0], ("PAGE__LISTEN", "127.0.0.1:0")]);
    wait_for("the address", Duration::from_secs(20), || serving.stdout().contains('\n'));
    let address = serving.stdout().trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let file = std::fs::read_to_string(&other).unwrap();
    let (head, body) = posted(&address, &form(&[("policy", &file)]));
    assert!(head.starts_with("HTTP/1.1 303"), "{head}\n{body}");
    town.until("SELECT count() > 0 FROM system.databases WHERE startsWith(name, '{db}_scratch_')", 1);
    serving.signal("-TERM");
    assert_eq!(serving.ended(Duration::from_secs(30)).code, Some(0));
    assert_eq!(scratches(&town), "");
}
