//! The list is the topic, in each of its forms.

use serde_json::{Value, json};

use crate::sender::{Alerted, accepted, long, said, to};

fn listed(alerted: &Alerted, args: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = ["list", "--format", "json"].iter().chain(args).copied().collect();
    let ended = alerted.command(&args, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str::<Value>(&ended.stdout).unwrap()["alerts"].as_array().unwrap().clone()
}

/// Name by name what the list says, but for one that analysts read as all others of its kind; in its words both languages.
fn the_mart_says_the_same(alerted: &Alerted) {
    let town = &alerted.town;
    let instants = ["sent_at", "arose_at", "due_at"];
    let rows = town.query("SELECT * FROM {db}_mart.alerts ORDER BY sent_at, partition, offset FORMAT JSONEachRow SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 0");
    let shown: Vec<Value> = rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let list = listed(alerted, &[]);
    assert_eq!(shown.len(), list.len());
    for (shown, told) in shown.iter().zip(&list) {
        for (name, wanted) in told.as_object().unwrap() {
            let found = &shown[if name == "late" { "is_late" } else { name }];
            if instants.contains(&name.as_str()) && !wanted.is_null() {
                let at = |one: &Value| one.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
                assert_eq!(at(found), at(wanted), "{name}: {shown}");
            } else {
                assert_eq!(found, wanted, "{name}: {shown}");
            }
        }
        assert_eq!(shown.as_object().unwrap().len(), told.as_object().unwrap().len(), "no column more");
    }
    // How many red lights a unit got in March, and how long from the light to the close.
    let sql = cookbook("红灯")
        .replace("tongguan_mart", "{db}_mart")
        .replace("MH-02", "u1")
        .replace("2021-07-01", "2021-04-01")
        .replace("2021-06-01", "2021-03-01");
    assert_eq!(
        town.query(&format!("{sql} FORMAT CSV")),
        "\"2021-03-01\",1,1,\\N,1",
        "one, of a case that is open still"
    );
    let sql = sql.replace("'RED'", "'YELLOW'").replace("u1", "u2");
    assert_eq!(
        town.query(&format!("{sql} FORMAT CSV")),
        "\"2021-03-01\",1,1,1,0",
        "yellow at 17:00, closed at 18:00: one hour"
    );
    let comments =
        town.query("SELECT comment FROM system.columns WHERE database = '{db}_mart' AND table = 'alerts' FORMAT TSV");
    assert_eq!(comments.lines().filter(|comment| comment.contains(" | ")).count(), 18, "{comments}");
}

/// The SQL of the section of the cookbook whose heading has this in it.
fn cookbook(heading: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sql-cookbook.md");
    let text = std::fs::read_to_string(path).unwrap();
    let section = text.split("\n## ").find(|section| section.lines().next().unwrap().contains(heading)).unwrap();
    section.split("```sql\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

fn ids(all: &[Value]) -> Vec<String> {
    all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_list_is_the_topic_also_after_the_table_was_lost() {
    let alerted = Alerted::new();
    alerted.at("05 09:00", &[]);
    alerted.tell(&[
        accepted("A", "05 09:00", "05 19:00"),
        to("A", "05 09:10", "u1"),
        accepted("B", "05 09:00", "05 19:00"),
        to("B", "05 09:10", "u2"),
    ]);
    alerted.at("05 17:10", &[]);
    alerted.tell(&[said("B", "closed", "05 18:00", json!({}))]);
    alerted.at("05 19:10", &[]);
    let topic = ids(&alerted.events());
    assert_eq!(topic.len(), 4);
    assert_eq!(ids(&listed(&alerted, &[])), topic);
    for (args, wanted) in [
        (&["--case", "A"][..], 2),
        (&["--kind", "closed"], 1),
        (&["--unit", "u2"], 2),
        (&["--stream", "grid"], 0),
        (&["--since", "2021-03-05T18:00"], 2),
        (&["--until", "2021-03-05T18:00", "--unit", "u1"], 1),
        (&["--limit", "3"], 3),
    ] {
        assert_eq!(listed(&alerted, args).len(), wanted, "{args:?}");
    }
    let row = &listed(&alerted, &["--case", "A", "--kind", "overdue"])[0];
    for (name, wanted) in [("due_at", json!(long("05 19:00"))), ("light", json!("RED")), ("unit", json!("u1"))] {
        assert_eq!(row[name], wanted, "{name}: {row}");
    }
    let csv = alerted.command(&["list", "--format", "csv"], &[]).stdout;
    assert!(csv.starts_with("sent_at,arose_at,kind,"), "{csv}");
    assert_eq!(csv.lines().count(), 5);
    let text = alerted.command(&["--kind", "closed"], &[]).stdout;
    assert!(text.contains("closed") && text.contains('B') && !text.contains("due_soon"), "{text}");
    let refused = alerted.command(&["list", "--kind", "overdu"], &[]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("overdue"), "{}", refused.stderr);

    the_mart_says_the_same(&alerted);

    // What the table lost comes back from the topic, and nothing is sent again.
    alerted.town.query("TRUNCATE TABLE {db}.alerts");
    alerted.at("05 19:11", &[]);
    assert_eq!(ids(&alerted.events()), topic);
    assert_eq!(ids(&listed(&alerted, &[])), topic);
}
