//! docs/mistakes.md: each of its ten mistakes is made at each door against real servers, and answered as its tables say. What stands in
//! `code` in a cell has to be said; a dash, that the mistake cannot be made there.

use std::{collections::BTreeMap, fs, thread};

use serde_json::json;

use crate::{
    doors::{BOUND, Brought, CHANGES, Door, Doors, Row, STREAM, Told, mapping, row, with},
    events::{SOURCE, accepted, changed, dispatched, event, told as event_of, without},
    stood::stood,
};

const PAGE: &str = include_str!("../../docs/mistakes.md");
const COUNT: usize = 10;

/// Where what became of it is looked for, once the service has read everything.
enum Kept {
    /// Beside the file, or at the inlet.
    Here(String),
    /// In the quarantine, of the message with this key.
    Quarantined(String),
    /// At the case.
    Case(String),
    /// In `feed check` of the events' source.
    Checked,
}

/// What is said at once, and what afterwards.
type Answered = (String, Kept);

/// A cell of the page: what has to be said, or nothing that can be; and whether it says that nothing was sent.
#[derive(Debug, PartialEq)]
struct Cell {
    is_dash: bool,
    is_unsent: bool,
    said: Vec<String>,
}

fn cell(text: &str) -> Cell {
    let said = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    Cell { is_dash: text.starts_with('—'), is_unsent: text == "nothing was sent", said }
}

/// By the mistake and the door: what is told at once, and what is seen afterwards.
fn page() -> BTreeMap<(usize, Door), [Cell; 2]> {
    let mut all = BTreeMap::new();
    for (number, section) in (1..).zip(PAGE.split("\n## ").skip(1).take(COUNT)) {
        assert!(section.starts_with(&format!("{number}. ")), "mistake {number}: {section}");
        let rows = section.lines().filter(|line| line.starts_with("| ")).skip(1);
        for line in rows.filter(|line| !line.starts_with("|--")) {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [doors, told, seen] = cells.as_slice() else { panic!("three cells: {line}") };
            for name in doors.split(", ") {
                let door = Door::ALL.iter().find(|(_, known)| *known == name).unwrap_or_else(|| panic!("{name}?"));
                assert!(all.insert((number, door.0), [cell(told), cell(seen)]).is_none(), "{number} {name} twice");
            }
        }
    }
    assert_eq!(all.len(), COUNT * Door::ALL.len(), "every mistake at every door");
    all
}

const TABLE_TIME: &str = "%Y-%m-%d %H:%M:%S";

/// In three days, which no clock is wrong by.
fn ahead(format: &str) -> String {
    let at = tongguan::pipeline::clock::now().0 + 3 * 86_400_000;
    jiff::Timestamp::from_millisecond(at).unwrap().strftime(format).to_string()
}

/// The events of a mistake, of a case of its own.
fn events(number: usize, case: &str) -> Brought {
    let one = event(case, 1);
    let set = |name: &str, value: &str| changed(one.clone(), |event| event[name] = json!(value));
    let in_data = |event, data| changed(event, |event: &mut serde_json::Value| event["data"] = data);
    let events = match number {
        1 => vec![set("time", "2026-11-02 09:41:00")],
        2 => vec![in_data(one, json!({ "by": "督察" }))],
        3 => vec![set("type", "case.close.v1")],
        4 => vec![without(&one, "subject")],
        5 => vec![in_data(dispatched(case, 1), json!({ "uint": "MH-SR" }))],
        6 => vec![in_data(accepted(case, 1), json!({ "chanel": "12345" }))],
        7 => vec![event_of(case, 1, "revisited", json!({ "reached": true, "satisfaction": "satisfyed" }))],
        8 => vec![set("time", &ahead("%Y-%m-%dT%H:%M:%SZ"))],
        9 => vec![one.clone(), in_data(one, json!({ "level": "city" }))],
        10 => vec![set("source", "grid.example")],
        _ => panic!("{number}"),
    };
    Brought { in_gbk: number == 2, ..Brought::new(events) }
}

fn by_event(doors: &Doors, door: Door, number: usize) -> Option<Answered> {
    let case = format!("{door:?}{number}");
    let brought = events(number, &case);
    let kept = |Told { said, kept }: Told| match number {
        6 => (said, Kept::Checked),
        _ => (said, Kept::Here(kept)),
    };
    match door {
        Door::Kafka => {
            doors.produce(if number == 10 { BOUND } else { STREAM }, &case, &brought);
            let kept = match number {
                6 => Kept::Checked,
                9 => Kept::Case(case),
                _ => Kept::Quarantined(case),
            };
            Some((String::new(), kept))
        }
        // Whoever may run it stands for the centre.
        Door::Send if number == 10 => None,
        _ => Some(kept(doors.bring(door, &brought))),
    }
}

/// What a mapping says wrong, or else the row.
fn by_row(doors: &Doors, door: Door, number: usize) -> Option<Answered> {
    let case = format!("{door:?}{number}");
    let (good, bad) = (row(&format!("{case}-good")), row(&case));
    let told = |mapping: &str, rows: &[Row], bytes: Option<&[u8]>| doors.lay(door, mapping, rows, bytes);
    let of_row = |bad: Row| told(&mapping(), &[good.clone(), bad], None);
    let Told { said, kept } = match number {
        1 => of_row(with(bad, "受理时间", "2021/13/45")),
        // Cells of a workbook and of a database are text already.
        2 if [Door::Xlsx, Door::Pull].contains(&door) => return None,
        2 => told(&mapping(), &[], Some(&half_in_gbk(&good, &bad))),
        3 => told(&mapping().replace("case.closed.v1", "case.close.v1"), &[good, bad], None),
        4 => of_row(with(bad, "工单编号", "")),
        5 => of_row(with(bad, "承办单位", "")),
        6 => told(&mapping().replace("\nchannel = ", "\nchanel = "), &[good, bad], None),
        7 => of_row(with(bad, "诉求来源", "传真")),
        8 => of_row(with(bad, "办结时间", &ahead(TABLE_TIME))),
        9 => told(&mapping(), &[bad.clone(), with(bad, "承办单位", "房管所")], None),
        10 => return None,
        _ => panic!("{number}"),
    };
    let kept = if number == 9 { Kept::Case(format!("MH-{case}")) } else { Kept::Here(kept) };
    Some((said, kept))
}

/// Put together from two exports, of which the first is the longer one.
fn half_in_gbk(good: &Row, bad: &Row) -> Vec<u8> {
    let line = |row: &Row| format!("{}\n", row.join(","));
    let mut bytes = format!("{}\n{}", crate::doors::HEADER.join(","), line(good).repeat(30)).into_bytes();
    bytes.extend_from_slice(&encoding_rs::GBK.encode(&line(bad)).0);
    bytes
}

fn by_change(doors: &Doors, number: usize) -> Option<Answered> {
    let case = format!("Debezium{number}");
    let bad = row(&case);
    let rows = match number {
        1 => vec![with(bad, "受理时间", "2021/13/45")],
        2 => vec![bad],
        3 => return Some((begun_with(doors, "case.snapshot.v1", "case.snapshots.v1"), Kept::Here(String::new()))),
        4 => vec![with(bad, "工单编号", "")],
        5 => vec![with(bad, "状态", "")],
        6 => return Some((begun_with(doors, "\nchannel = ", "\nchanel = "), Kept::Here(String::new()))),
        7 => vec![with(bad, "诉求来源", "传真")],
        8 => vec![with(bad, "更新时间", &ahead(TABLE_TIME))],
        9 => vec![bad.clone(), with(bad, "承办单位", "房管所")],
        10 => return None,
        _ => panic!("{number}"),
    };
    doors.change(&case, &rows, number == 2);
    let kept = if number == 9 { Kept::Case(format!("MH-{case}")) } else { Kept::Quarantined(case) };
    Some((String::new(), kept))
}

/// What the service says that was given this mapping.
fn begun_with(doors: &Doors, from: &str, to: &str) -> String {
    let folder = doors.town.folder.path().join(format!("{:08x}", rand::random::<u32>()));
    fs::create_dir(&folder).unwrap();
    for name in ["hotline.toml", "grid.toml"] {
        fs::copy(format!("{}/{name}", doors.streams), folder.join(name)).unwrap();
    }
    fs::write(folder.join("changes.mapping"), CHANGES.replace(from, to)).unwrap();
    let ended = doors.town.tongguan(&["run", "--until-caught-up"], &[("STREAMS__DIR", folder.to_str().unwrap())]);
    format!("exit {} {}", ended.code.unwrap(), ended.stderr)
}

fn made(doors: &Doors, door: Door, number: usize) -> Option<Answered> {
    match door {
        Door::Csv | Door::Xlsx | Door::Watch | Door::Upload | Door::Pull => by_row(doors, door, number),
        Door::Debezium => by_change(doors, number),
        _ => by_event(doors, door, number),
    }
}

/// What is in the quarantine, by the key of its message.
fn quarantined(doors: &Doors) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for stream in [STREAM, BOUND] {
        let topic = doors.town.topic(stream);
        for message in stood(&doors.town, stream) {
            let (partition, offset) = (message.partition, message.offset);
            let found = doors.town.query(&format!(
                "SELECT reason, field, detail FROM {{db}}.quarantine WHERE topic = '{topic}' AND partition = {partition} AND offset = {offset} FORMAT TSVRaw"
            ));
            if !found.is_empty() {
                all.insert(message.key, found.replace('\t', " "));
            }
        }
    }
    all
}

/// Those of a group wait for each other: one key sees one report at a time, and a task has one state.
const GROUPS: [&[Door]; 5] = [
    &[Door::Kafka, Door::Debezium, Door::Send],
    &[Door::Structured, Door::Binary, Door::Batch, Door::Bare],
    &[Door::Csv, Door::Xlsx, Door::Watch],
    &[Door::Upload],
    &[Door::Pull],
];

#[test]
fn ten_mistakes_at_every_door_are_answered_as_the_page_says() {
    let page = page();
    let doors = Doors::new();
    let answered: BTreeMap<(usize, Door), Option<Answered>> = thread::scope(|scope| {
        let group = |group: &'static [Door]| {
            let doors = &doors;
            let each = move |number| group.iter().map(move |door| ((number, *door), made(doors, *door, number)));
            scope.spawn(move || (1..=COUNT).flat_map(each).collect::<Vec<_>>())
        };
        let all = GROUPS.map(group);
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(answered.len(), page.len());
    doors.run();
    let quarantine = quarantined(&doors);
    let checked = doors.town.tongguan(&["feed", "check", "--stream", STREAM, "--source", SOURCE], &[]).stdout;
    let mut wrong = Vec::new();
    for ((number, door), [told, seen]) in &page {
        let name = door.name();
        let Some((said, kept)) = &answered[&(*number, *door)] else {
            if !told.is_dash {
                wrong.push(format!("{number} {name}: the page says that it can be made there"));
            }
            continue;
        };
        let kept = match kept {
            Kept::Here(text) => text.clone(),
            Kept::Quarantined(key) => quarantine.get(key).cloned().unwrap_or_default(),
            Kept::Case(case) => format!("conflicts {}", doors.town.case(STREAM, case)["conflicts"]),
            Kept::Checked => checked.clone(),
        };
        if told.is_dash {
            wrong.push(format!("{number} {name}: the page says that it cannot be made there"));
        }
        for (wanted, said) in [(told, said), (seen, &kept)] {
            let missing: Vec<&String> = wanted.said.iter().filter(|piece| !said.contains(*piece)).collect();
            if !missing.is_empty() {
                wrong.push(format!("{number} {name}: {missing:?} is not in\n    {}", said.replace('\n', "\n    ")));
            }
        }
        let case = format!("MH-{door:?}{number}");
        if seen.is_unsent
            && doors.town.number(&format!("SELECT count() FROM {{db}}.events WHERE case_id = '{case}'")) > 0
        {
            wrong.push(format!("{number} {name}: something was sent"));
        }
        // What is told nothing is told nothing.
        if told.said.is_empty() && !said.is_empty() {
            wrong.push(format!("{number} {name}: the page does not say what is told:\n    {said}"));
        }
    }
    // Each of the six doors that take events, and nobody twice.
    let said = doors.town.tongguan(&["feed", "check", "--stream", STREAM, "--source", SOURCE, "--json"], &[]).stdout;
    let reports: serde_json::Value = serde_json::from_str(&said).unwrap();
    let fields = &reports[0]["unknown_fields"];
    assert_eq!(fields[0], json!({ "field": "/data/chanel (channel?)", "count": 6 }), "{fields:#}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
