//! The lives that once failed: how they are to be read, and that both read them so at every instant.

use super::{
    compare::{Court, Question},
    instant::{DAY, month_of, read},
    message::Life,
};

/// Life, as of, and what has to be among the opinion's lines. All figures are of March.
const READ: [(&str, &str, &[(&str, &str)]); 26] = [
    (
        "L06",
        "04-01",
        &[("bucket", "closed_late"), ("due", "2021-03-11T00:00:00 (24:00)"), ("K08", "0/1"), ("K06c", "0/1")],
    ),
    ("F01", "03-12", &[("bucket", "answered"), ("K06c", "1/1"), ("K07", "0/0"), ("K06a", "0/1")]),
    ("F01", "03-16", &[("bucket", "closed_in_time"), ("K06c", "1/1"), ("K06a", "1/1")]),
    ("F02", "04-01", &[("bucket", "answered"), ("K06c", "1/1"), ("K07", "0/0"), ("K05b", "0/0")]),
    ("F07", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-11T00:00:00 (24:00)"), ("K06c", "0/1")]),
    ("B04", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-10T18:00:00")]),
    (
        "C05",
        "04-01",
        &[("bucket", "closed_in_time"), ("due", "2021-03-10T18:00:00"), ("extensions", "0"), ("late_extensions", "1")],
    ),
    ("M04", "04-01", &[("due", "2021-03-10T18:00:00"), ("K11a", "0/1"), ("late_extensions", "1")]),
    (
        "C07",
        "04-01",
        &[("bucket", "closed_late"), ("due", "2021-03-20T18:00:00"), ("extensions", "1"), ("late_extensions", "1")],
    ),
    ("M01", "04-01", &[("bucket", "closed_in_time"), ("due", "2021-03-10T18:00:00"), ("K08", "1/1")]),
    ("N01", "04-01", &[("bucket", "suspended"), ("K08", "0/0"), ("K06c", "0/0"), ("K07", "0/0")]),
    ("N02", "04-01", &[("bucket", "closed_in_time"), ("due", "2021-03-23T00:00:00 (24:00)"), ("K08", "1/1")]),
    ("K01", "04-01", &[("bucket", "closed_in_time"), ("K08", "0/0")]),
    ("K03", "03-05", &[("K08", "0/0")]),
    ("K03", "04-01", &[("bucket", "closed_late"), ("K08", "0/2")]),
    ("P02", "04-01", &[("bucket", "closed_in_time"), ("K08", "0/1")]),
    ("S01", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-12T00:00:00 (24:00)")]),
    ("H12", "04-01", &[("bucket", "overdue"), ("is_in_base", "true"), ("K07", "1/1")]),
    ("P01", "04-01", &[("bucket", "closed_in_time"), ("is_in_base", "true"), ("K05a", "1/1"), ("K11g", "0/1")]),
    ("O01", "04-01", &[("marks", "is_exempt"), ("K08", "0/1"), ("K06c", "1/1")]),
    ("B06", "04-01", &[("bucket", "suspended"), ("suspensions", "1")]),
    ("X01", "04-01", &[("bucket", "overdue"), ("due", "2021-03-11T00:00:00 (24:00)")]),
    ("X02", "04-01", &[("bucket", "closed_in_time"), ("due", "2021-03-11T05:00:00")]),
    ("X03", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-11T00:00:00 (24:00)")]),
    ("X04", "04-01", &[("bucket", "closed_in_time"), ("due", "2021-03-11T13:00:00")]),
    ("X05", "04-01", &[("bucket", "closed_without_due"), ("K16a", "0/0"), ("K05a", "1/1")]),
];

fn known() -> impl Iterator<Item = Life> {
    include_str!("known.jsonl").lines().map(Life::parse)
}

#[test]
fn the_oracle_reads_the_known_lives_as_they_are_to_be_read() {
    let court = Court::new();
    for (name, as_of, wanted) in READ {
        let life = known().find(|life| life.name == name).unwrap();
        let as_of = read(&format!("2021-{as_of}T00:00:00+08:00"));
        let month = month_of(read("2021-03-01T00:00:00+08:00"));
        let lines = court.oracle(&life, Question { as_of, month }).lines();
        for (what, value) in wanted {
            let (_, said) = lines.iter().find(|(line, _)| line == what).unwrap();
            assert_eq!(said, value, "{name}: {what}");
        }
    }
}

#[test]
fn both_say_the_same_of_every_known_life_at_every_third_hour() {
    let mut court = Court::new();
    let mut report = String::new();
    for life in known() {
        let last = life.messages.iter().map(|message| message.at).max().unwrap();
        let first = life.messages.iter().map(|message| message.at).min().unwrap();
        let questions = (first..last + 40 * DAY).step_by(DAY as usize / 8);
        let questions: Vec<Question> = questions.map(|as_of| Question { as_of, month: month_of(first) }).collect();
        if let Some((question, differences)) = court.differences(&life, &questions) {
            let names: Vec<String> = differences.iter().map(|difference| difference.name.clone()).collect();
            report.push_str(&format!("\n\n{}", court.told(life, question, &names)));
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
#[ignore]
fn tmp_open() {
    let mut court = Court::new();
    for life in include_str!("open.jsonl").lines().map(Life::parse) {
        let last = life.messages.iter().map(|message| message.at).max().unwrap();
        let first = life.messages.iter().map(|message| message.at).min().unwrap();
        let mut questions = Vec::new();
        for as_of in (first..last + 40 * DAY).step_by(DAY as usize / 4) {
            for month in [first, last] {
                questions.push(Question { as_of, month: month_of(month) });
            }
        }
        let found = court.differences(&life, &questions);
        match found {
            Some((q, d)) => println!(
                "{} differs as of {} month {}: {}",
                life.name,
                super::instant::written(q.as_of),
                super::instant::written(q.month.0),
                d.iter()
                    .map(|d| format!("{} [oracle {} | program {}]", d.name, d.oracle, d.program))
                    .collect::<Vec<_>>()
                    .join("; ")
            ),
            None => println!("{} agrees", life.name),
        }
    }
}
