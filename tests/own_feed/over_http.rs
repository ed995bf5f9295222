//! `GET /v1/feed`: one report of all sources for which the key speaks, and of nobody else's.

use crate::{
    client::Ask,
    events::{SOURCE, event},
    inlet::Feeders,
    keyed::{FEED, Keyed, checked, is_not_kept, look, seen},
    records::{now, put},
    report::{count, counts, number, oddities, reason, report},
    sample::{COUNTS, LONGER, SHORTER, Sample, own},
};

/// Ids of what each source sent and nobody else.
const IDS: [(&str, &str); 3] = [(SOURCE, "B-1"), (LONGER, "G-1"), (SHORTER, "G-2")];

#[test]
fn a_key_sees_the_report_of_its_own_source_and_nothing_of_anybody_else() {
    let (keyed, sample) = (Keyed::new(), Sample::new());
    let keys = [SOURCE, LONGER, SHORTER].map(|source| keyed.key(&format!("of-{source}"), &[source]));
    put(keyed.town(), "hotline", &sample.records);
    let inlet = keyed.inlet(&[]);
    let wanted = [COUNTS, [1, 1, 0, 0, 0], [1, 0, 0, 0, 1]];
    for ((key, wanted), (own, _)) in keys.iter().zip(wanted).zip(IDS) {
        let answer = look(&inlet, &format!("{FEED}&hours=24"), key);
        let said = answer.is(200);
        is_not_kept(&answer);
        assert_eq!(counts(report(&said)), wanted, "{own}: {said:#}");
        for (source, id) in IDS.iter().filter(|(source, _)| *source != own) {
            assert!(!answer.text().contains(id), "{own} sees {id} of {source}: {}", answer.text());
            // One source has the name of the stream.
            let named = *source != SHORTER && answer.text().contains(&format!("\"{source}\""));
            assert!(!named, "{own} hears of {source}: {}", answer.text());
        }
        assert!(!answer.text().contains(&key[4..]), "the key is not given back");
    }
}

#[test]
fn a_report_over_http_has_what_the_command_tells() {
    let (keyed, sample) = (Keyed::new(), Sample::new());
    let key = keyed.key("all", &[SOURCE]);
    put(keyed.town(), "hotline", &sample.records);
    let inlet = keyed.inlet(&[]);
    let said = seen(&inlet, FEED, &key);
    let here = report(&said);
    assert_eq!((oddities(here), &here["complete"]), ([1; 4], &true.into()), "{said:#}");
    let command = checked(keyed.town(), &["--source", SOURCE]).1;
    for name in [
        "sources",
        "stream",
        "topic",
        "forgotten",
        "reasons",
        "unknown_fields",
        "ahead",
        "late",
        "gaps",
        "split",
        "last",
    ] {
        assert_eq!(here[name], report(&command)[name], "{name}, in the same form");
    }
}

#[test]
fn a_key_of_two_sources_has_one_report_of_both() {
    let (keyed, sample) = (Keyed::new(), Sample::new());
    let key = keyed.key("both", &[SOURCE, SHORTER]);
    put(keyed.town(), "hotline", &sample.records);
    let inlet = keyed.inlet(&[]);
    let said = seen(&inlet, FEED, &key);
    assert_eq!(counts(report(&said)), [17, 13, 1, 1, 4], "{said:#}");
    assert_eq!(count(reason(&said, "missing_field", "/data/unit")), 3);
    assert!(!said.to_string().contains("G-1"), "{said:#}");
}

#[test]
fn without_keys_whoever_is_at_this_machine_sees_all_but_no_page_of_a_browser() {
    let (feeders, sample) = (Feeders::new(), Sample::new());
    put(&feeders.0, "hotline", &sample.records);
    let inlet = feeders.inlet(&[]);
    inlet.wait_until_ready();
    let said = inlet.get(FEED).is(200);
    assert_eq!(counts(report(&said)), [19, 14, 1, 1, 5], "{said:#}");
    for path in [FEED, crate::keyed::TAIL] {
        Ask::new("GET", path).header("origin", "http://evil.example").to(&inlet).problem(403);
    }
}

#[test]
fn the_window_is_as_long_as_is_asked() {
    let keyed = Keyed::new();
    let key = keyed.key("window", &[SOURCE]);
    let hour = 3_600_000;
    let mut records = own("W", 1..=4);
    let stamps = [now() - 170 * hour, now() - 30 * hour, now() - 3 * hour, now() - 60_000];
    records.iter_mut().zip(stamps).for_each(|(record, stamp)| record.stamp = Some(stamp));
    put(keyed.town(), "hotline", &records);
    let inlet = keyed.inlet(&[]);
    for (hours, wanted) in [("1", 1), ("24", 2), ("168", 3)] {
        let said = seen(&inlet, &format!("{FEED}&hours={hours}"), &key);
        assert_eq!(number(&report(&said)["messages"]), wanted, "{hours}: {said:#}");
    }
}

#[test]
fn what_was_taken_over_http_is_seen_and_a_key_by_the_other_header_is_as_good() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    Ask::json(&event("H", 1)).key(&key).to(&inlet).is(202);
    let said = Ask::new("GET", FEED).header("x-api-key", &key).to(&inlet).is(200);
    assert_eq!(counts(report(&said)), [1, 1, 0, 0, 0], "{said:#}");
    assert_eq!(said["last"]["id"], "H-1", "{said:#}");
}
