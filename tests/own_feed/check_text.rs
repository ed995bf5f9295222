//! `tongguan feed check` as people read it, line by line as the document shows it.

use crate::{
    events::SOURCE,
    inlet::Feeders,
    keyed::output,
    records::{put, told},
    sample::{Sample, own},
};

/// Each line, however it is filled with spaces.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_lines_are_those_of_the_document() {
    let (feeders, sample) = (Feeders::new(), Sample::new());
    put(&feeders.0, "hotline", &sample.records);
    let (code, stdout, stderr) = output(&feeders.0, &["feed", "check", "--stream", "hotline", "--source", SOURCE]);
    assert_eq!(code, Some(5), "{stdout}{stderr}");
    let lines = lines(&stdout);
    let head = format!("{SOURCE} to hotline (");
    assert!(lines[0].starts_with(&head) && lines[0].contains(", from 2"), "{stdout}");
    assert!(lines[0].contains("case-events.hotline)") && lines[0].ends_with(": 16 messages"), "{stdout}");
    let wanted = [
        "taken 13 1 of them known already, 1 with another content than before",
        "refused 3",
        "2 missing_field at /data/unit: required, and not there or empty",
        "unknown 1 /data/levl (level?)",
        "gaps 1 case A lacks 3",
    ];
    for wanted in wanted {
        assert!(lines.iter().any(|line| line == wanted), "{wanted}\nis not in\n{stdout}");
    }
    for wanted in
        ["1 unknown_type", "ahead 1 their time is after their arrival: local time written as Z?", "late 1", "split 1"]
    {
        assert!(lines.iter().any(|line| line.starts_with(wanted)), "{wanted}\nis not in\n{stdout}");
    }
    let place = |id: &str| {
        let (partition, offset, stamp) = sample.place(id);
        (format!("partition {partition} offset {offset}"), told(stamp))
    };
    for id in ["B-1", "B-2", "B-3"] {
        let (place, time) = place(id);
        let wanted = format!("{place}, {time}, id {id}, case B");
        assert!(lines.contains(&wanted), "{wanted}\nis not in\n{stdout}");
    }
    let (place, time) = place("F-1");
    let last = format!("last arrived {time}, {place}, id F-1, case F, of {}", told(sample.base - 500_000));
    assert!(lines.contains(&last), "{last}\nis not in\n{stdout}");
    assert!(!stdout.contains("G-1") && !stdout.contains("G-2"), "nobody else's: {stdout}");
}

#[test]
fn thousands_are_written_so_that_they_can_be_read() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("Z", 1..=1_204));
    let (code, stdout, _) = output(&feeders.0, &["feed", "check", "--stream", "hotline", "--source", SOURCE]);
    let lines = lines(&stdout);
    assert!(code == Some(0) && lines[0].ends_with(": 1,204 messages"), "{stdout}");
    assert!(lines.iter().any(|line| line.starts_with("taken 1,204")), "{stdout}");
    assert!(lines.iter().any(|line| line.starts_with("refused 0")), "{stdout}");
}
