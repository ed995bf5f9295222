//! docs/kpi.md on as-of and known-by is true: its example is read from the page, sent, and asked.

use serde_json::{Value, json};

use crate::{
    messages::{Message, event},
    policies::{policy, under},
    town::Town,
};

/// The cells of the rows under this head.
fn table(head: &str) -> Vec<Vec<String>> {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/kpi.md")).unwrap();
    let lines =
        page.lines().skip_while(|line| !line.starts_with(head)).take_while(|line| line.starts_with('|')).skip(2);
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`').to_owned()).collect();
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    assert!(!rows.is_empty(), "no table that begins with {head}");
    rows
}

/// `03-04 10:00` of 2021 in Shanghai.
fn time(text: &str) -> String {
    format!("2021-{}:00+08:00", text.replace(' ', "T"))
}

/// `accepted (due 03-05 18:00)`, when it happened, and when it was recorded.
fn message(case: &str, what: &str, happened: &str, recorded: &str) -> Message {
    let (kind, due) = what.split_once(" (due ").unwrap_or((what, ""));
    let data = match due.strip_suffix(')') {
        Some(due) => json!({ "due_at": time(due) }),
        None => json!({}),
    };
    let mut message = event(case, kind, &time(happened), data);
    let mut body: Value = serde_json::from_slice(&message.payload).unwrap();
    body["recordedtime"] = json!(time(recorded));
    message.payload = body.to_string().into_bytes();
    message
}

fn filled() -> Town {
    let town = Town::new();
    let lives = table("| message | happened | recorded |");
    let messages: Vec<Message> = lives.iter().map(|row| message("X", &row[0], &row[1], &row[2])).collect();
    town.send("hotline", &messages);
    // Another, closed and recorded at once: it is known whenever it is asked for, and copied.
    town.send(
        "hotline",
        &[
            message("Y", "accepted (due 03-03 18:00)", "03-02 09:00", "03-02 09:00"),
            message("Y", "closed", "03-03 09:00", "03-03 09:00"),
        ],
    );
    town.run_until_caught_up();
    town
}

fn asked(town: &Town, figure: &str, words: &str) -> String {
    let line = format!("kpi {figure} --from 2021-03-01 --to 2021-04-01 {words} --json");
    let ended = town.tongguan(&line.split_whitespace().collect::<Vec<_>>(), &[]);
    assert_eq!(ended.code, Some(0), "{line}: {}", ended.stderr);
    let answers: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(answers[0].get("known_by").is_some(), words.contains("--known-by"), "{words}");
    format!("{}/{}", answers[0]["numerator"], answers[0]["denominator"])
}

fn scratches(town: &Town) -> u64 {
    town.number("SELECT count() FROM system.databases WHERE startsWith(name, '{db}_scratch_')")
}

#[test]
fn the_example_of_as_of_and_known_by_is_what_the_command_says() {
    let town = filled();
    let before = town.query("SELECT count(), sum(cityHash64(*)) FROM {db}.cases");
    let rows = table("| asked | K05a | K06c |");
    assert_eq!(rows.len(), 4);
    let mut found = Vec::new();
    for row in &rows {
        let shown = ["K05a", "K06c"].map(|figure| asked(&town, figure, &row[0]));
        assert_eq!(shown, [row[1].clone(), row[2].clone()], "{}", row[0]);
        found.push(shown);
    }
    found.dedup();
    assert!(found.len() > 2, "an example that shows a difference");
    assert_eq!(town.query("SELECT count(), sum(cityHash64(*)) FROM {db}.cases"), before);
    assert_eq!(scratches(&town), 0);
}

#[test]
fn before_a_case_was_known_it_is_in_no_figure_and_the_text_says_what_was_known() {
    let town = filled();
    assert_eq!(asked(&town, "K05a", "--as-of 2021-04-01 --known-by 2021-03-01"), "0/0");
    assert_eq!(asked(&town, "K05a", "--as-of 2021-04-01 --known-by 2021-03-02"), "0/1");
    assert_eq!(
        asked(&town, "K05a", "--as-of 2021-04-01 --known-by 2021-04-01"),
        asked(&town, "K05a", "--as-of 2021-04-01")
    );
    let words = ["kpi", "closure", "--from", "2021-03-01", "--to", "2021-04-01", "--known-by", "2021-03-08"];
    let text = town.tongguan(&words, &[]);
    assert!(text.stdout.starts_with("所知截至 known by 2021-03-08T00:00:00+08:00\n"), "{}", text.stdout);
    let csv = town.tongguan(&[&words[..], &["--csv"]].concat(), &[]);
    let lines: Vec<&str> = csv.stdout.lines().collect();
    assert!(lines[0].starts_with("kpi,") && lines[0].ends_with(",known_by"), "{}", csv.stdout);
    assert!(lines[1..].iter().all(|line| line.ends_with(",2021-03-08T00:00:00+08:00")), "{}", csv.stdout);
    let other = policy(&town, "9", 3);
    let refused = town.tongguan(&words, &under(&other));
    assert_eq!(refused.code, Some(6), "{}", refused.stderr);
    assert_eq!(scratches(&town), 0);
}
