//! Changes as Debezium puts them on Kafka, with and without a schema: the same events and cases as the same rows imported.

use std::fs;

use serde_json::{Value, json};

use crate::{
    imported::{imported, read},
    messages::{Message, raw},
    town::Town,
};

/// A clock's time as milliseconds, as if it were universal time.
fn millis(text: &str) -> i64 {
    let at: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    jiff::tz::Offset::UTC.to_timestamp(at).unwrap().as_millisecond()
}

fn is_time(name: &str) -> bool {
    name.ends_with("TIME") || name == "S_DEADLINE"
}

/// Each line of the export as a change of its row; every other one with its schema.
fn changes(csv: &str) -> Vec<Message> {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |name: &str| header.iter().position(|known| *known == name).unwrap();
    let mut messages = Vec::new();
    for (number, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        if ["10", "68"].contains(&cells[place("INFOSOURCEID")]) {
            continue;
        }
        let value = |(name, cell): (&&str, &&str)| match *cell {
            "" => Value::Null,
            cell if is_time(name) => json!(millis(cell)),
            cell => json!(cell),
        };
        let cells_of = header.iter().zip(&cells).map(|cell| (cell.0.to_lowercase(), value(cell)));
        let after: serde_json::Map<String, Value> = cells_of.collect();
        let source =
            json!({ "connector": "postgresql", "name": "city", "ts_ms": 1_700_000_000_000_i64, "table": "t_taskinfo" });
        let op = if number % 3 == 0 { "r" } else { "u" };
        let payload =
            json!({ "before": null, "after": after, "source": source, "op": op, "ts_ms": 1_700_000_000_001_i64 });
        let field = |name: &&str| {
            let kind = if is_time(name) { "io.debezium.time.Timestamp" } else { "" };
            json!({ "type": "string", "optional": true, "name": kind, "version": 1, "field": name.to_lowercase() })
        };
        let fields: Vec<Value> = header.iter().map(field).collect();
        let message = match number % 2 {
            0 => payload,
            _ => {
                json!({ "schema": { "type": "struct", "fields": [{ "type": "struct", "fields": fields, "field": "after" }] }, "payload": payload })
            }
        };
        messages.push(raw(cells[place("TASKID")], message.to_string().as_bytes()));
    }
    messages
}

#[test]
fn changes_of_the_task_table_are_the_same_cases_as_its_rows_imported() {
    let town = Town::new();
    let folder = town.folder.path().join("streams");
    fs::create_dir(&folder).unwrap();
    let mapping = read("config/sources/citygrid.toml")
        .replace("[[filter]]\ncolumn = \"INFOSOURCEID\"\nnot_in = [\"10\", \"68\"]\n", "");
    fs::write(folder.join("changes.mapping"), mapping).unwrap();
    let csv = read("tests/fixtures/import/citygrid/tasks.csv");
    let columns: Vec<String> = csv
        .lines()
        .next()
        .unwrap()
        .split(',')
        .filter(|name| is_time(name))
        .map(|name| format!("{name} = \"io.debezium.time.Timestamp\""))
        .collect();
    let stream = |mapping: &str| {
        format!(
            "{}\n[debezium]\nmapping = \"{mapping}\"\ncolumns = {{ {} }}\n",
            read("config/streams/grid.toml"),
            columns.join(", ")
        )
    };
    fs::write(folder.join("grid.toml"), stream("none.mapping")).unwrap();
    let dir = folder.to_str().unwrap().to_owned();
    let settings = [("STREAMS__DIR", dir.as_str())];
    let ended = town.tongguan(&["run", "--until-caught-up"], &settings);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("debezium.mapping") && ended.stderr.contains("none.mapping"), "{}", ended.stderr);
    fs::write(folder.join("grid.toml"), stream("changes.mapping")).unwrap();

    let mut messages = changes(&csv);
    assert!(messages.len() > 8);
    let deleted = json!({ "before": { "taskid": "2103A0000001" }, "after": null, "op": "d", "ts_ms": 1, "source": { "ts_ms": 1 } });
    messages.push(raw("2103A0000001", deleted.to_string().as_bytes()));
    town.send("grid", &messages);
    town.run_until_caught_up_with(&settings);

    let imported = imported();
    let ledger =
        |town: &Town| town.query("SELECT event_id, case_id, type, occurred_at, data FROM {db}.events ORDER BY ALL");
    assert_eq!(ledger(&town), ledger(&imported), "the same events under the same ids");
    assert_eq!(town.cases(), imported.cases(), "the same cases");
    // The row whose status is not listed, and the deletion, each with its place and what to do.
    let quarantined = town.query("SELECT reason, field, detail FROM {db}.quarantine ORDER BY field FORMAT TSV");
    let lines: Vec<&str> = quarantined.lines().collect();
    assert_eq!(lines.len(), 2, "{quarantined}");
    assert!(lines[0].contains("/after/STATUS") && lines[0].contains("not listed in values.status"), "{quarantined}");
    assert!(lines[1].contains("/op") && lines[1].contains("skipped.operations = d,t"), "{quarantined}");
    let ended = town.tongguan(&["verify"], &settings);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
}
