//! `tongguan feed check --json`: what is told, row by row of the document's table.

use serde_json::{Value, json};

use crate::{
    events::{SOURCE, changed, event},
    inlet::Feeders,
    keyed::{checked, output},
    records::{Record, got, group_is_there, instant, now, put, told},
    report::{counts, has, how_many, oddities, one_with, report, reports, shown},
    sample::{COUNTS, DEFAULT, LONGER, SHORTER, Sample, good, own},
};

const OWN: [&str; 2] = ["--source", SOURCE];

fn sampled() -> (Feeders, Sample) {
    let (feeders, sample) = (Feeders::new(), Sample::new());
    put(&feeders.0, "hotline", &sample.records);
    (feeders, sample)
}

/// With the texts of a time, however finely it is written.
fn has_time(part: &Value, ms: i64) -> bool {
    match part {
        Value::Array(all) => all.iter().any(|one| has_time(one, ms)),
        Value::Object(all) => all.values().any(|one| has_time(one, ms)),
        Value::String(text) => text.parse::<jiff::Timestamp>().is_ok_and(|time| time.as_millisecond() == ms),
        _ => false,
    }
}

#[test]
fn a_report_counts_what_was_taken_known_conflicting_and_refused_and_ends_with_5() {
    let (feeders, sample) = sampled();
    let (code, said) = checked(&feeders.0, &OWN);
    let report = report(&said);
    assert_eq!((code, counts(report)), (Some(5), COUNTS), "{said:#}");
    assert_eq!(report["complete"], true, "{said:#}");
    let last = &report["last"];
    let (partition, offset, stamp) = sample.place("F-1");
    assert!(has(last, "F-1") && has(last, partition) && has(last, offset), "{last:#}");
    assert!(has_time(last, stamp) && has_time(last, sample.base - 500_000), "{last:#}");
}

#[test]
fn reasons_say_how_many_and_where_with_place_time_and_detail_the_most_frequent_first() {
    let (feeders, sample) = sampled();
    let said = checked(&feeders.0, &OWN).1;
    let reasons = &report(&said)["reasons"];
    assert_eq!(reasons.as_array().unwrap().len(), 2, "{reasons:#}");
    let missing = one_with(reasons, &["missing_field", "/data/unit"]);
    assert_eq!((how_many(missing), &reasons[0]), (2, missing), "{reasons:#}");
    assert_eq!(shown(missing).len(), 2);
    for (example, id) in shown(missing).iter().zip(["B-1", "B-2"]) {
        let (partition, offset, stamp) = sample.place(id);
        assert!(has(example, id) && has(example, partition) && has(example, offset), "{example:#}");
        assert!(has_time(example, stamp), "{example:#}");
        assert!(missing.to_string().contains("required, and not there or empty"), "{missing:#}");
    }
    assert_eq!(how_many(one_with(reasons, &["unknown_type"])), 1);
}

#[test]
fn unknown_fields_are_named_with_the_nearest_name_of_the_contract() {
    let (feeders, _) = sampled();
    let said = checked(&feeders.0, &OWN).1;
    let fields = &report(&said)["unknown_fields"];
    assert_eq!(fields.as_array().unwrap().len(), 1, "{fields:#}");
    let misspelt = one_with(fields, &["/data/levl"]);
    assert!(how_many(misspelt) == 1 && misspelt.to_string().contains("level\""), "{misspelt:#}");
}

#[test]
fn what_is_ahead_late_left_out_or_split_is_counted_and_shown() {
    let (feeders, _) = sampled();
    let said = checked(&feeders.0, &OWN).1;
    let report = report(&said);
    assert_eq!(oddities(report), [1, 1, 1, 1], "{said:#}");
    for (name, texts) in
        [("ahead", ["C-1", "C-1"]), ("late", ["D-1", "D-1"]), ("gaps", ["A", "A"]), ("split", ["E", "E"])]
    {
        let examples = shown(&report[name]);
        assert!(
            examples.len() == 1 && texts.iter().all(|text| examples[0].to_string().contains(&format!("\"{text}\""))),
            "{name}: {examples:#?}"
        );
    }
    let gap = &shown(&report["gaps"])[0];
    assert!(has(gap, 3) && !has(gap, 2), "3 is left out, and nothing else: {gap:#}");
}

#[test]
fn numbers_below_the_lowest_seen_are_no_gap() {
    let feeders = Feeders::new();
    let of = |number: usize| changed(event("N", number), |event| event["sequence"] = json!(number.to_string()));
    put(&feeders.0, "hotline", &[7, 9, 8].map(|number| Record::structured(&of(number))));
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(oddities(report(&said)), [0, 1, 0, 0], "{said:#}");
}

#[test]
fn a_source_whose_name_begins_like_another_is_another() {
    let (feeders, _) = sampled();
    for (source, wanted, end) in
        [(LONGER, [1, 1, 0, 0, 0], 0), (SHORTER, [1, 0, 0, 0, 1], 5), (DEFAULT, [1, 0, 0, 0, 1], 5)]
    {
        let (code, said) = checked(&feeders.0, &["--source", source]);
        assert_eq!((code, counts(report(&said))), (Some(end), wanted), "{source}: {said:#}");
        assert!(!said.to_string().contains("B-1"), "{source} sees nobody else's: {said:#}");
    }
    let unreadable = checked(&feeders.0, &["--source", DEFAULT]).1;
    one_with(&report(&unreadable)["reasons"], &["not_json"]);
}

#[test]
fn without_a_source_every_source_has_a_report_of_its_own() {
    let (feeders, _) = sampled();
    let (code, said) = checked(&feeders.0, &[]);
    let all = reports(&said);
    let mut messages: Vec<u64> = all.iter().map(|report| how_many(&report["messages"])).collect();
    messages.sort_unstable();
    assert_eq!((code, messages), (Some(5), vec![1, 1, 1, 16]), "{said:#}");
    for source in [SOURCE, LONGER, SHORTER, DEFAULT] {
        assert!(said.to_string().contains(&format!("\"{source}\"")), "{source}: {said:#}");
    }
}

#[test]
fn of_more_than_a_hundred_sources_the_rest_is_added_up() {
    let feeders = Feeders::new();
    let records: Vec<Record> =
        (0..130).flat_map(|n| good(&format!("s{n:03}.example"), &format!("M-{n}"), 1..=1)).collect();
    put(&feeders.0, "hotline", &records);
    let (code, said) = checked(&feeders.0, &[]);
    let all = reports(&said);
    assert_eq!(code, Some(0));
    assert!([100, 101].contains(&all.len()), "a hundred, and the rest: {}", all.len());
    assert_eq!(all.iter().map(|report| how_many(&report["messages"])).sum::<u64>(), 130, "none is left out");
    assert!(said.to_string().contains('…'), "{said:#}");
}

#[test]
fn only_what_came_within_the_hours_is_looked_at() {
    let feeders = Feeders::new();
    let hour = 3_600_000;
    let stamps = [now() - 30 * hour, now() - 3 * hour, now() - 60_000];
    let mut records = own("W", 1..=3);
    records.iter_mut().zip(stamps).for_each(|(record, stamp)| record.stamp = Some(stamp));
    put(&feeders.0, "hotline", &records);
    for (hours, wanted) in [("1", 1), ("4", 2), ("24", 2), ("48", 3)] {
        let said = checked(&feeders.0, &[&OWN[..], &["--hours", hours]].concat()).1;
        assert_eq!(how_many(&report(&said)["messages"]), wanted, "{hours} hours: {said:#}");
    }
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(how_many(&report(&said)["messages"]), 2, "a day where nothing is said: {said:#}");
}

#[test]
fn of_more_messages_than_the_bound_the_newest_are_read_whoever_sent_them_and_it_is_said() {
    let feeders = Feeders::new();
    let base = (now() / 1000 - 600) * 1000;
    let mut records = [own("V", 1..=6), good(LONGER, "O", 1..=2), own("V", 7..=8)].concat();
    records.iter_mut().zip(0..).for_each(|(record, at)| record.stamp = Some(base + at * 1000));
    put(&feeders.0, "hotline", &records);
    let said = checked(&feeders.0, &[&OWN[..], &["--messages", "5"]].concat()).1;
    let cut = report(&said);
    assert_eq!((how_many(&cut["messages"]), &cut["complete"]), (3, &json!(false)), "{said:#}");
    assert_eq!(instant(cut["from"].as_str().unwrap()), base + 5_000, "the stamp of the first that was read");
    let said = checked(&feeders.0, &[&OWN[..], &["--messages", "10"]].concat()).1;
    assert_eq!((how_many(&report(&said)["messages"]), &report(&said)["complete"]), (8, &json!(true)), "{said:#}");
}

#[test]
fn looking_writes_nothing_joins_no_group_and_needs_no_clickhouse() {
    let (feeders, sample) = sampled();
    for _ in 0..2 {
        assert_eq!(counts(report(&checked(&feeders.0, &OWN).1)), COUNTS, "the same each time");
    }
    assert_eq!(got(&feeders.0, "hotline").len(), sample.records.len());
    assert!(!group_is_there(&feeders.0));
}

#[test]
fn a_good_feeder_ends_with_0_and_one_without_kafka_with_4_and_says_so() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("Q", 1..=3));
    let (code, said) = checked(&feeders.0, &OWN);
    assert_eq!((code, counts(report(&said))), (Some(0), [3, 3, 0, 0, 0]), "{said:#}");
    assert_eq!(oddities(report(&said)), [0; 4], "{said:#}");
    let args = ["feed", "check", "--stream", "hotline", "--source", SOURCE];
    let away = feeders.0.tongguan(&args, &[("KAFKA__BROKERS", "127.0.0.1:1")]);
    assert_eq!(away.code, Some(4), "{}{}", away.stdout, away.stderr);
    assert!(away.stderr.to_lowercase().contains("kafka"), "{}", away.stderr);
}

#[test]
fn a_source_of_which_nothing_came_is_told_so_with_the_nearest_one() {
    let feeders = Feeders::new();
    put(&feeders.0, "hotline", &own("Q", 1..=3));
    let args = ["feed", "check", "--stream", "hotline", "--source", "hotline.exampel"];
    let (_, stdout, stderr) = output(&feeders.0, &args);
    let said = stdout + &stderr;
    assert!(said.contains("hotline.exampel") && said.contains(SOURCE), "{said}");
}

#[test]
fn a_stream_that_there_is_not_and_bounds_that_cannot_be_are_refused_with_what_would_be_right() {
    let feeders = Feeders::new();
    let (code, _, stderr) = output(&feeders.0, &["feed", "check", "--stream", "hotlin", "--source", SOURCE]);
    assert!(code != Some(0) && code != Some(5) && stderr.contains("hotline"), "{code:?} {stderr}");
    for (option, value) in [("--hours", "0"), ("--hours", "many"), ("--messages", "0"), ("--messages", "all")] {
        let (code, _, stderr) = output(&feeders.0, &["feed", "check", "--stream", "hotline", option, value]);
        assert!(![Some(0), Some(5), Some(101)].contains(&code), "{option} {value}: {code:?}");
        assert!(stderr.contains(option.trim_start_matches('-')), "{option} {value}: {stderr}");
    }
}

#[test]
fn an_event_of_which_the_time_is_just_its_arrival_is_not_ahead() {
    let feeders = Feeders::new();
    let stamp = (now() / 1000 - 60) * 1000;
    let at = |ms: i64, number| changed(event("T", number), |event| event["time"] = json!(told(ms)));
    let records = [at(stamp, 1), at(stamp + 1_000, 2)].map(|event| Record::structured(&event).stamped(stamp));
    put(&feeders.0, "hotline", &records);
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(oddities(report(&said)), [1, 0, 0, 0], "{said:#}");
}
