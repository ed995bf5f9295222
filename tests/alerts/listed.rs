//! The list is the topic, in each of its forms.

use serde_json::{Value, json};

use crate::sender::{Alerted, accepted, long, said, to};

fn listed(alerted: &Alerted, args: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = ["list", "--format", "json"].iter().chain(args).copied().collect();
    let ended = alerted.command(&args, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    serde_json::from_str::<Value>(&ended.stdout).unwrap()["alerts"].as_array().unwrap().clone()
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

    // What the table lost comes back from the topic, and nothing is sent again.
    alerted.town.query("TRUNCATE TABLE {db}.alerts");
    alerted.at("05 19:11", &[]);
    assert_eq!(ids(&alerted.events()), topic);
    assert_eq!(ids(&listed(&alerted, &[])), topic);
}
