//! The lives that once failed: how they are to be read, and that both read them so at every instant.

use super::{
    compare::{Court, Question},
    instant::{DAY, month_of, read},
    message::Life,
};

type Lines = &'static [(&'static str, &'static str)];

/// Life, as of, and what has to be among the opinion's lines. Figures are of the month of its first message.
const READ: [(&str, &str, Lines); 81] = [
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
    (
        "Q01",
        "07-11",
        &[("bucket", "closed_without_due"), ("assignment 1", "u1 06-01T04:00: due 2021-06-01T12:00:00 late")],
    ),
    (
        "Q02",
        "06-22",
        &[("bucket", "closed_without_due"), ("assignment 1", "u1 05-07T09:00: due 2021-05-15T18:00:00 late")],
    ),
    ("Q09", "06-17", &[("due", "2021-05-13T16:00:00")]),
    ("Q10", "05-05", &[("due", "2021-03-15T18:00:00")]),
    ("Q11", "04-15", &[("bucket", "overdue"), ("due", "2021-03-03T14:30:00")]),
    ("Q12", "04-16", &[("due", "2021-02-16T17:30:00")]),
    ("Q13", "04-14", &[("bucket", "void")]),
    ("Q14", "05-12", &[("K15", "0/0"), ("K18c", "0/0")]),
    ("Q15", "12-05", &[("bucket", "excluded"), ("K02", "1/1"), ("K03", "0/1")]),
    ("Q16", "11-17", &[("K02", "1/1"), ("K03", "0/1")]),
    ("Q17", "05-05", &[("bucket", "closed_in_time"), ("K12b", "0/0")]),
    ("Q18", "06-23", &[("bucket", "answered")]),
    ("Q19", "05-24", &[("is_in_base", "true"), ("K11g", "0/1")]),
    ("Q20", "06-15", &[("late_extensions", "1")]),
    ("Q21", "09-13", &[("assignment 3", "u3 07-29T00:00: "), ("K08", "0/2")]),
    ("Q22", "12-02", &[("assignment 2", "u3 10-17T10:00: "), ("K08", "0/1")]),
    ("Q23", "05-20", &[("bucket", "closed_in_time"), ("K08", "0/0")]),
    ("Q24", "03-31", &[("bucket", "overdue"), ("K08", "0/1")]),
    ("Q25", "05-10", &[("outcome 2", "kept"), ("K08", "0/2")]),
    ("Q26", "08-07", &[("K08", "0/2")]),
    ("Q27", "04-03", &[("outcome 1", "returned"), ("outcome 2", "returned"), ("K11i", "2/2")]),
    ("Q28", "11-11", &[("outcome 1", "returned"), ("outcome 2", "kept")]),
    ("Q29", "07-12", &[("reworks", "1")]),
    ("Q30", "12-12", &[("bucket", "overdue"), ("K07", "1/1")]),
    ("Q31", "03-08", &[("bucket", "closed_in_time"), ("due", "2021-02-01T06:30:00"), ("paused_ms", "187200000")]),
    ("Q32", "06-24", &[("bucket", "pending"), ("due", "2021-05-24T16:00:00")]),
    ("Q33", "10-01", &[("due", "2021-08-24T09:00:00"), ("extensions", "1")]),
    ("Q34", "08-07", &[("assignment 1", "u1 06-28T10:00: due 2021-06-30T00:00:00 (24:00) late"), ("K11i", "0/1")]),
    ("Q35", "05-27", &[("assignment 1", "u1 04-11T10:00: due 2021-04-18T18:00:00 late"), ("outcome 2", "withdrawn")]),
    ("Q36", "09-07", &[("assignment 3", "u2 07-28T00:00: due 2021-08-03T00:00:00 (24:00) late"), ("reworks", "1")]),
    ("Q37", "09-08", &[("K09b", "0/2")]),
    ("Q38", "08-03", &[("outcome 1", "returned"), ("K08", "0/0")]),
    ("Q39", "03-20", &[("K08", "0/2")]),
    ("Q40", "04-21", &[("bucket", "overdue"), ("assignment 1", "u1 03-11T10:00: "), ("K08", "0/0")]),
    ("Q41", "12-27", &[("bucket", "closed_in_time")]),
    ("Q42", "06-08", &[("bucket", "closed_in_time"), ("due", "2021-04-09T00:00:00 (24:00)"), ("K08", "0/0")]),
    ("Q43", "06-29", &[("outcome 1", "returned"), ("reworks", "1")]),
    ("Q44", "09-21", &[("bucket", "suspended"), ("K06c", "0/0")]),
    ("Q45", "08-05", &[("extensions", "1"), ("late_extensions", "1"), ("due", "2021-07-02T18:00:00")]),
    ("Q46", "08-13", &[("bucket", "overdue"), ("extensions", "1"), ("K11a", "1/1")]),
    ("Q47", "12-25", &[("assignment 1", "u2 10-11T10:00: due 2021-10-13T00:00:00 (24:00) late"), ("K08", "0/1")]),
    (
        "Q48",
        "07-11",
        &[(
            "assignment 1",
            "u3 04-29T10:00: due 2021-05-01T00:00:00 (24:00) late, due 2021-05-13T00:00:00 (24:00) late",
        )],
    ),
    ("Q49", "07-10", &[("bucket", "closed_late"), ("due", "2021-03-11T00:00:00 (24:00)"), ("K06c", "0/1")]),
    (
        "Q50",
        "04-01",
        &[("received_at", "2021-03-02T16:00:00+08:00"), ("due", "2021-03-03T10:00:00"), ("bucket", "closed_in_time")],
    ),
    (
        "Q51",
        "04-01",
        &[("received_at", "2021-03-03T10:00:00+08:00"), ("due", "2021-03-03T08:00:00"), ("bucket", "closed_in_time")],
    ),
    ("Q52", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-03T16:00:00"), ("K08", "0/1")]),
    ("Q53", "04-01", &[("bucket", "closed_in_time"), ("closed_at", "2021-03-03T12:00:00+08:00"), ("reopens", "0")]),
    ("Q54", "04-01", &[("bucket", "closed_late"), ("closed_at", "2021-03-12T10:00:00+08:00"), ("corrections", "1")]),
    ("Q55", "04-01", &[("outcome 1", "kept"), ("outcome 2", "returned"), ("returns", "1")]),
    ("Q56", "04-01", &[("outcome 1", "returned"), ("assignment 1", "u1 03-03T10:00: "), ("K08", "0/1")]),
    ("Q57", "04-01", &[("outcome 1", "kept"), ("bucket", "overdue"), ("returns", "2"), ("K08", "0/1")]),
    ("Q58", "04-01", &[("bucket", "closed_in_time"), ("due", "2021-03-08T16:00:00")]),
    ("Q59", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-10T00:00:00 (24:00)"), ("late_extensions", "0")]),
    ("Q60", "04-01", &[("bucket", "closed_late"), ("due", "2021-03-05T00:00:00 (24:00)"), ("K06c", "0/1")]),
    ("Q61", "04-01", &[("is_in_base", "true"), ("closed_at", "2021-03-03T09:30:00+08:00")]),
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
        let month = month_of(life.messages.iter().map(|message| message.at).min().unwrap());
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
        let months = [first, last].map(month_of);
        let of_month = |as_of: i64| months.map(|month| Question { as_of, month });
        let questions: Vec<Question> = questions.flat_map(of_month).collect();
        if let Some((question, differences)) = court.differences(&life, &questions) {
            let names: Vec<String> = differences.iter().map(|difference| difference.name.clone()).collect();
            report.push_str(&format!("\n\n{}", court.told(life, question, &names)));
        }
    }
    assert!(report.is_empty(), "{report}");
}
