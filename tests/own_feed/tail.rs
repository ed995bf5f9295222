//! `tongguan feed tail`: a line a message, while it happens.

use std::time::Duration;

use crate::{
    events::{SOURCE, without_unit},
    inlet::{Feeders, LONG},
    keyed::ALONE,
    records::{Record, group_is_there, put, told},
    sample::{LONGER, Sample, good, own},
    service::{Service, pause, wait_for},
};

fn tail(feeders: &Feeders, more: &[&str]) -> Service {
    let args = [&["feed", "tail", "--stream", "hotline", "--source", SOURCE], more].concat();
    Service::spawn(&feeders.0, &args, &[ALONE])
}

fn lines(tail: &Service) -> Vec<String> {
    tail.stdout().lines().map(str::to_owned).collect()
}

#[test]
fn from_now_on_each_message_is_a_line_and_none_is_left_out_or_told_twice() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("before", 1..=3));
    let mut tail = tail(&feeders, &[]);
    let mut sent = 0;
    // It says nothing until something comes.
    wait_for("the first line", LONG, || {
        sent += 1;
        put(&feeders.0, "hotline", &own("S", sent..=sent));
        pause(200);
        tail.stdout().contains('\n')
    });
    let bad = Record::structured(&without_unit("S", sent + 2));
    let rest = [own("S", sent + 1..=sent + 1), vec![bad], good(LONGER, "O", 1..=5), own("S", sent + 3..=sent + 152)];
    put(&feeders.0, "hotline", &rest.concat());
    let last = format!("S-{} taken", sent + 152);
    wait_for("the last line", LONG, || tail.stdout().contains(&last));
    let lines = lines(&tail);
    let told: Vec<usize> = lines
        .iter()
        .map(|line| {
            let word = line.split(' ').nth(3).unwrap_or_else(|| panic!("{line}"));
            word.strip_prefix("S-")
                .unwrap_or_else(|| panic!("not what was before, nor another's: {line}"))
                .parse()
                .unwrap()
        })
        .collect();
    let wanted: Vec<usize> = (told[0]..=sent + 152).collect();
    assert_eq!(told, wanted, "in order, each once");
    let refused = lines.iter().find(|line| line.contains("refused")).unwrap();
    let wanted =
        format!("{SOURCE} S-{} refused: missing_field at /data/unit: required, and not there or empty", sent + 2);
    assert!(refused.ends_with(&wanted), "{refused}");
    assert!(tail.is_running(), "until it is stopped: {}", tail.stderr());
    tail.signal("-INT");
    tail.ended(Duration::from_secs(20));
    assert!(!group_is_there(&feeders.0));
}

#[test]
fn a_line_has_the_time_the_place_the_source_the_id_and_what_became_of_it() {
    let (feeders, sample) = (Feeders::new(), Sample::new());
    put(&feeders.0, "hotline", &sample.records);
    let tail = tail(&feeders, &["--last", "100"]);
    wait_for("all of it", LONG, || tail.stdout().lines().count() >= 16);
    pause(500);
    let lines = lines(&tail);
    assert_eq!(lines.len(), 16, "{lines:#?}");
    for (id, end) in
        [("A-1", "taken"), ("B-1", "refused: missing_field at /data/unit: required, and not there or empty")]
    {
        let (partition, offset, stamp) = sample.place(id);
        let wanted = format!("{} {partition}@{offset} {SOURCE} {id} {end}", told(stamp));
        assert!(lines.contains(&wanted), "{wanted}\nis not in\n{lines:#?}");
    }
}

#[test]
fn the_newest_of_each_partition_come_first_where_they_are_asked_for() {
    let feeders = Feeders::new();
    let other: Vec<Record> = own("P", 6..=8).into_iter().map(|record| record.on(1)).collect();
    put(&feeders.0, "hotline", &[own("P", 1..=5), other].concat());
    let tail = tail(&feeders, &["--last", "2"]);
    wait_for("four lines", LONG, || tail.stdout().lines().count() >= 4);
    put(&feeders.0, "hotline", &own("P", 9..=9));
    wait_for("what comes then", LONG, || tail.stdout().contains("P-9 taken"));
    let lines = lines(&tail);
    let mut ids: Vec<&str> = lines.iter().map(|line| line.split(' ').nth(3).unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["P-4", "P-5", "P-7", "P-8", "P-9"], "{lines:#?}");
}
