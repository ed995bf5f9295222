//! The same life of a case through every door: the same case out of it. And the same row through several doors: one case.

use serde_json::{Value, json};

use crate::doors::{Brought, Door, Doors, Row, STREAM, TABLE_SOURCE, mapping, row, with};

/// What is not the same, and why.
const DIFFER: [(&str, &str); 3] = [
    ("case_id", "each door brings a case of its own"),
    ("last_ingested_at", "it is when the service read the last message"),
    ("last_recorded_at", "no event says when it was recorded, so it is when it was taken in"),
];

/// What the row says, in the words of the contract, under the ids that an import gives (docs/import.md).
fn life(number: &str) -> Vec<Value> {
    let case = format!("MH-{number}");
    let event = |kind: &str, id: &str, time: &str, data: Value| {
        json!({
            "specversion": "1.0", "id": format!("{case}:{kind}:{id}"), "source": TABLE_SOURCE, "type": format!("case.{kind}.v1"),
            "subject": case, "time": time, "datacontenttype": "application/json", "data": data,
        })
    };
    let accepted = json!({
        "kind": "投诉", "channel": "HOTLINE", "place": { "community": "310113112204" }, "due_at": "2021-03-09T00:00:00+08:00",
    });
    vec![
        event("accepted", "20210301T003000Z", "2021-03-01T08:30:00+08:00", accepted),
        event("dispatched", "20210301T010500Z", "2021-03-01T09:05:00+08:00", json!({ "unit": "市容所" })),
        event("closed", "20210305T082000Z", "2021-03-05T16:20:00+08:00", json!({ "how": "normal" })),
    ]
}

/// The row as it stood after each step.
fn states(number: &str) -> [Row; 3] {
    let open = |row: Row| with(with(row, "办结时间", ""), "状态", "办理中");
    let accepted = with(with(open(row(number)), "派单时间", ""), "承办单位", "");
    [
        with(accepted, "更新时间", "2021-03-01 08:30:00"),
        with(open(row(number)), "更新时间", "2021-03-01 09:05:00"),
        row(number),
    ]
}

/// By one door, which says that it took it.
fn brought(doors: &Doors, door: Door, number: &str) {
    let life = Brought::new(life(number));
    let wanted = match door {
        Door::Kafka => return doors.produce(STREAM, &format!("MH-{number}"), &life),
        Door::Debezium => return doors.change(&format!("MH-{number}"), &states(number), false),
        Door::Structured | Door::Binary | Door::Bare => {
            assert_eq!(doors.bring(door, &life).said, "202\n202\n202", "{door:?}");
            return;
        }
        Door::Batch => "207 taken 3 refused 0",
        Door::Send => "exit 0 3 taken, 0 known already, 0 refused",
        Door::Csv | Door::Xlsx | Door::Watch | Door::Pull => "exit 0",
        Door::Upload => "303",
    };
    let told = match door {
        Door::Batch | Door::Send => doors.bring(door, &life),
        _ => doors.lay(door, &mapping(), &[row(number)], None),
    };
    assert!(told.said.starts_with(wanted) && told.kept.is_empty(), "{door:?}: {told:?}");
}

#[test]
fn the_same_life_through_every_door_is_the_same_case() {
    let doors = Doors::new();
    for (door, _) in Door::ALL {
        brought(&doors, door, &format!("{door:?}"));
    }
    doors.run();
    let town = &doors.town;
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine"), 0);
    let case = |door: Door| {
        let case = town.case(STREAM, &format!("MH-{door:?}"));
        let Value::Object(columns) = case else { panic!("{case}") };
        columns
    };
    let plain = case(Door::Kafka);
    for (column, wanted) in [
        ("standing", json!("closed")),
        ("kind", json!("投诉")),
        ("channel", json!("HOTLINE")),
        ("unit", json!("市容所")),
        ("due_at", json!("2021-03-09 00:00:00.000")),
        ("closed_at", json!("2021-03-05 16:20:00.000")),
        ("events", json!(3)),
    ] {
        assert_eq!(plain[column], wanted, "{column}");
    }
    let mut wrong = Vec::new();
    for (door, name) in Door::ALL {
        let found = case(door);
        assert_eq!(found.len(), plain.len());
        for (column, value) in &plain {
            if DIFFER.iter().all(|(known, _)| known != column) && found[column] != *value {
                wrong.push(format!("{name}: {column} is {} and not {value}", found[column]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_row_through_several_doors_is_one_case_and_counted_once() {
    const DOORS: [Door; 7] =
        [Door::Csv, Door::Watch, Door::Upload, Door::Pull, Door::Xlsx, Door::Send, Door::Structured];
    let doors = Doors::new();
    for door in DOORS {
        brought(&doors, door, "1");
    }
    doors.run();
    let town = &doors.town;
    let case = town.case(STREAM, "MH-1");
    let numbers = ["rows", "events", "duplicates", "conflicts"].map(|name| case[name].as_u64().unwrap());
    assert_eq!(numbers, [21, 3, 18, 0], "{case:#}");
    assert_eq!(town.number("SELECT uniqExact(source, event_id) FROM {db}.events"), 3);
    let ended = town.tongguan(&["kpi", "K01", "--stream", STREAM, "--month", "2021-03", "--json"], &[]);
    let said: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    assert_eq!(said[0]["numerator"], 1, "{said:#}");
}
