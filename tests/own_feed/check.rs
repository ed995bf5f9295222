//! `tongguan feed check --json`: what is told, row by row of the document's table.

use serde_json::{Value, json};

use crate::{
    events::{SOURCE, changed, event},
    inlet::Feeders,
    keyed::{checked, output},
    records::{Record, got, group_is_there, instant, now, put, told},
    report::{count, counts, examples, number, oddities, of, reason, report},
    sample::{COUNTS, DEFAULT, LONGER, SHORTER, Sample, good, own},
};

const OWN: [&str; 2] = ["--source", SOURCE];

fn sampled() -> (Feeders, Sample) {
    let (feeders, sample) = (Feeders::new(), Sample::new());
    put(&feeders.0, "hotline", &sample.records);
    (feeders, sample)
}

/// As an example shows it.
fn is_at(example: &Value, sample: &Sample, id: &str, case: &str) {
    let (partition, offset, stamp) = sample.place(id);
    let wanted = json!({ "partition": partition, "offset": offset, "id": id, "case_id": case });
    for (name, wanted) in wanted.as_object().unwrap() {
        assert_eq!(&example[name], wanted, "{name}: {example:#}");
    }
    assert_eq!(example["at"], told(stamp), "{example:#}");
}

#[test]
fn a_report_counts_what_was_taken_known_conflicting_and_refused_and_ends_with_5() {
    let (feeders, sample) = sampled();
    let (code, said) = checked(&feeders.0, &OWN);
    let report = report(&said);
    assert_eq!((code, counts(report)), (Some(5), COUNTS), "{said:#}");
    assert_eq!((&report["complete"], &report["forgotten"]), (&json!(true), &json!(false)), "{said:#}");
    assert_eq!((&report["sources"], &report["stream"]), (&json!([SOURCE]), &json!("hotline")), "{said:#}");
    assert_eq!(report["topic"], feeders.0.topic("hotline"));
    let [from, to] = ["from", "to"].map(|name| instant(report[name].as_str().unwrap()));
    assert!(
        (now() - 60_000..=now() + 1_000).contains(&to) && (24 * 3_600_000..24 * 3_660_000).contains(&(to - from)),
        "a day: {said:#}"
    );
    is_at(&report["last"], &sample, "F-1", "F");
    assert_eq!(report["last"]["occurred_at"], told(sample.base - 500_000), "{said:#}");
}

#[test]
fn reasons_say_how_many_and_where_with_place_time_and_detail_the_most_frequent_first() {
    let (feeders, sample) = sampled();
    let said = checked(&feeders.0, &OWN).1;
    let report = report(&said);
    let missing = reason(report, "missing_field", "/data/unit");
    assert_eq!((count(missing), &report["reasons"][0]), (2, missing), "the most frequent first: {said:#}");
    assert_eq!(missing["detail"], "required, and not there or empty");
    assert_eq!(examples(missing).len(), 2);
    examples(missing).iter().zip(["B-1", "B-2"]).for_each(|(example, id)| is_at(example, &sample, id, "B"));
    let unknown = reason(report, "unknown_type", "/type");
    assert_eq!((count(unknown), report["reasons"].as_array().unwrap().len()), (1, 2), "{said:#}");
    is_at(&examples(unknown)[0], &sample, "B-3", "B");
}

#[test]
fn unknown_fields_are_named_with_the_nearest_name_of_the_contract() {
    let (feeders, _) = sampled();
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(report(&said)["unknown_fields"], json!([{ "field": "/data/levl (level?)", "count": 1 }]));
}

#[test]
fn what_is_ahead_late_left_out_or_split_is_counted_and_shown() {
    let (feeders, sample) = sampled();
    let said = checked(&feeders.0, &OWN).1;
    let report = report(&said);
    assert_eq!(oddities(report), [1, 1, 1, 1], "{said:#}");
    for (name, id, case, time) in [("ahead", "C-1", "C", 3_600_000), ("late", "D-1", "D", -801_000)] {
        let all = examples(&report[name]);
        assert_eq!(all.len(), 1, "{name}: {all:#?}");
        is_at(&all[0], &sample, id, case);
        assert_eq!(all[0]["occurred_at"], told(sample.base + time), "{name}: {all:#?}");
    }
    assert_eq!(report["gaps"]["examples"], json!([{ "case_id": "A", "missing": ["3"] }]));
    let split = &examples(&report["split"])[0];
    assert_eq!((&split["case_id"], &split["partitions"]), (&json!("E"), &json!([0, 1])), "{split:#}");
}

#[test]
fn numbers_that_are_left_out_are_told_as_numbers_and_ranges_the_first_ten_of_them() {
    let feeders = Feeders::new();
    let of = |case: &str, number: usize| {
        let numbered = |event: &mut Value| event["sequence"] = json!(number.to_string());
        Record::structured(&changed(event(case, number), numbered))
    };
    let few = [1, 3, 4, 8, 9].map(|number| of("few", number));
    let many: Vec<Record> = (1..=60).filter(|number| number % 2 == 1).map(|number| of("many", number)).collect();
    put(&feeders.0, "hotline", few.iter().chain(&many));
    let said = checked(&feeders.0, &OWN).1;
    let all = &report(&said)["gaps"];
    let missing = |case: &str| examples(all).iter().find(|one| one["case_id"] == case).unwrap()["missing"].clone();
    assert_eq!((count(all), missing("few")), (2, json!(["2", "5-7"])), "{all:#}");
    assert_eq!(missing("many"), json!(["2", "4", "6", "8", "10", "12", "14", "16", "18", "20"]));
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
    let example = &examples(&report(&unreadable)["reasons"][0])[0];
    assert_eq!(report(&unreadable)["reasons"][0]["reason"], "not_json");
    assert!(
        example.get("id").is_none() && example.get("case_id").is_none(),
        "what cannot be read is absent: {example:#}"
    );
}

#[test]
fn without_a_source_every_source_has_a_report_of_its_own() {
    let (feeders, _) = sampled();
    let (code, said) = checked(&feeders.0, &[]);
    assert_eq!((code, said.as_array().unwrap().len()), (Some(5), 4), "{said:#}");
    for (source, wanted) in
        [(SOURCE, COUNTS), (LONGER, [1, 1, 0, 0, 0]), (SHORTER, [1, 0, 0, 0, 1]), (DEFAULT, [1, 0, 0, 0, 1])]
    {
        assert_eq!(counts(of(&said, &[source])), wanted, "{source}: {said:#}");
    }
}

#[test]
fn of_more_than_a_hundred_sources_the_rest_is_added_up() {
    let feeders = Feeders::new();
    let records: Vec<Record> =
        (0..130).flat_map(|n| good(&format!("s{n:03}.example"), &format!("M-{n}"), 1..=1)).collect();
    put(&feeders.0, "hotline", &records);
    let (code, said) = checked(&feeders.0, &[]);
    let all = said.as_array().unwrap();
    assert_eq!(code, Some(0));
    assert!([100, 101].contains(&all.len()), "a hundred, and the rest: {}", all.len());
    assert_eq!(all.iter().map(|report| number(&report["messages"])).sum::<u64>(), 130, "none is left out");
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
        assert_eq!(number(&report(&said)["messages"]), wanted, "{hours} hours: {said:#}");
    }
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(number(&report(&said)["messages"]), 2, "a day where nothing is said: {said:#}");
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
    assert_eq!((number(&cut["messages"]), &cut["complete"]), (3, &json!(false)), "{said:#}");
    assert_eq!(instant(cut["from"].as_str().unwrap()), base + 5_000, "the stamp of the first that was read");
    let said = checked(&feeders.0, &[&OWN[..], &["--messages", "10"]].concat()).1;
    assert_eq!((number(&report(&said)["messages"]), &report(&said)["complete"]), (8, &json!(true)), "{said:#}");
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
fn of_a_source_of_which_nothing_came_nothing_is_the_last() {
    let keyed = crate::keyed::Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    let said = crate::keyed::seen(&inlet, crate::keyed::FEED, &key);
    assert_eq!((counts(&said), oddities(&said)), ([0; 5], [0; 4]), "{said:#}");
    assert_eq!(said.get("last"), Some(&Value::Null), "{said:#}");
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
fn an_event_of_which_the_time_is_within_a_minute_of_its_arrival_is_not_ahead() {
    let feeders = Feeders::new();
    let stamp = (now() / 1000 - 60) * 1000;
    let at = |ms: i64, number| changed(event("T", number), |event| event["time"] = json!(told(ms)));
    let records = [at(stamp + 60_000, 1), at(stamp + 61_000, 2)].map(|event| Record::structured(&event).stamped(stamp));
    put(&feeders.0, "hotline", &records);
    let said = checked(&feeders.0, &OWN).1;
    assert_eq!(oddities(report(&said)), [1, 0, 0, 0], "{said:#}");
}
