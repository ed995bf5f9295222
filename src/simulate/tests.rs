//! The year as a whole: its size, its order, and the expected figures against a count made from the messages alone.

mod recount;

use std::collections::{BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use super::expected::PLANNED;
use super::{expected::StreamExpected, *};
use crate::feed::producer::Wrapping;

const PROFILE: &str = "miaohang-2021";

fn troubled() -> Options {
    Options {
        cases: 0.2,
        open: 13,
        late: 29,
        void: 17,
        duplicates: 0.03,
        disorder: 0.05,
        malformed: 64,
        ..Options::default()
    }
}

fn run(options: Options, mut look: impl FnMut(&SimulatedMessage<'_>)) -> YearExpected {
    let plan = Plan::new(PROFILE, options).unwrap();
    plan.run(|message| {
        look(message);
        Ok::<(), serde_json::Error>(())
    })
    .unwrap()
}

fn figure(stream: &StreamExpected, kpi: &str) -> (u64, u64) {
    let figure = stream.figures.iter().find(|figure| figure.kpi == kpi).unwrap();
    (figure.numerator, figure.denominator)
}

/// Everything about a message that reaches Kafka.
fn hash(options: Options) -> Vec<u8> {
    let mut hasher = Sha256::new();
    run(options, |message| {
        hasher.update([recount::track(message) as u8]);
        hasher.update(message.key);
        hasher.update(format!("{:?}", message.wrapping));
        hasher.update(message.payload);
    });
    hasher.finalize().to_vec()
}

#[test]
fn the_year_of_the_report_is_closed_and_in_time_by_every_convention() {
    let mut messages = 0;
    let expected = run(Options::default(), |_| messages += 1);
    assert_eq!(expected.messages, messages);
    for (stream, cases) in expected.streams.iter().zip([2_827, 37_792]) {
        assert_eq!((stream.received, stream.voided, stream.duplicates, stream.out_of_order), (cases, 0, 0, 0));
        assert_eq!(figure(stream, "K01"), (cases, 0));
        for kpi in ["K05a", "K05b", "K06a", "K06b"] {
            assert_eq!(figure(stream, kpi), (cases, cases), "{kpi}");
        }
        // Cases of the last days fall due, or are closed, in January: the year is another cohort there.
        for kpi in ["K06c", "K06d"] {
            let (numerator, denominator) = figure(stream, kpi);
            assert!(numerator == denominator && numerator <= cases && numerator > cases * 95 / 100, "{kpi}");
        }
        assert_eq!(stream.by_month.iter().map(|month| month.denominator).sum::<u64>(), cases);
        assert_eq!(stream.by_month.len(), 12);
        let mean = stream.events as f64 / cases as f64;
        assert!((11.0..13.0).contains(&mean), "{mean}");
    }
}

#[test]
fn the_same_arguments_make_the_same_bytes_and_another_seed_makes_others() {
    assert_eq!(hash(troubled()), hash(troubled()));
    assert_ne!(hash(troubled()), hash(Options { seed: 2, ..troubled() }));
}

#[test]
fn what_is_expected_is_what_the_messages_say() {
    for seed in 1..=2 {
        let mut recount = recount::MessageRecount::default();
        let expected = run(Options { seed, ..troubled() }, |message| recount.take(message));
        for (track, stream) in Track::ALL.into_iter().zip(&expected.streams) {
            let found = recount.stream(track);
            assert_eq!(found.messages, stream.messages);
            assert_eq!(
                (found.events, found.duplicates, found.out_of_order),
                (stream.events, stream.duplicates, stream.out_of_order)
            );
            assert_eq!((found.received, found.voided), (stream.received, stream.voided));
            for (id, figure) in PLANNED.iter().zip(&found.figures) {
                assert_eq!(self::figure(stream, id), *figure, "{id} of {}", stream.stream);
            }
            let months: Vec<_> =
                stream.by_month.iter().map(|month| (month.month.clone(), month.numerator, month.denominator)).collect();
            assert_eq!(found.months, months);
        }
    }
}

#[test]
fn open_late_and_void_cases_are_as_many_as_asked() {
    let expected = run(troubled(), |_| ());
    let [hotline, grid] = expected.streams.as_slice() else { panic!("two streams") };
    let sum = |part: fn(&StreamExpected) -> u64| part(hotline) + part(grid);
    assert_eq!(sum(|stream| stream.received), 565 + 7_558);
    assert_eq!(sum(|stream| stream.voided), 17);
    assert_eq!(sum(|stream| figure(stream, "K05a").1 - figure(stream, "K05a").0), 13);
    assert_eq!(sum(|stream| figure(stream, "K05b").1 - figure(stream, "K05b").0), 13);
    assert_eq!(sum(|stream| figure(stream, "K06a").1 - figure(stream, "K06a").0), 13 + 29);
    assert_eq!(sum(|stream| figure(stream, "K06c").1 - figure(stream, "K06c").0), 13 + 29);
    assert_eq!(sum(|stream| stream.quarantined.values().sum()), 64);
}

#[test]
fn the_events_of_a_case_lie_far_apart() {
    let mut last_seen: HashMap<String, u64> = HashMap::new();
    let (mut position, mut distance, mut pairs) = (0_u64, 0, 0);
    run(Options::default(), |message| {
        position += 1;
        if let Some(last) = last_seen.insert(message.key.to_owned(), position) {
            distance += position - last;
            pairs += 1;
        }
    });
    assert!(distance / pairs > 100, "{}", distance / pairs);
}

#[test]
fn every_wrapping_and_most_event_types_occur() {
    let (mut wrappings, mut types) = ([0_u64; 3], BTreeSet::new());
    run(Options { cases: 0.1, void: 3, ..Options::default() }, |message| match message.wrapping {
        Wrapping::Structured => {
            wrappings[0] += 1;
            types.insert(recount::json(message)["type"].as_str().unwrap().to_owned());
        }
        Wrapping::Binary(_) => wrappings[1] += 1,
        Wrapping::Bare => wrappings[2] += 1,
    });
    let share = |n: u64| n * 100 / wrappings.iter().sum::<u64>();
    assert!((88..=92).contains(&share(wrappings[0])), "{wrappings:?}");
    assert!((4..=6).contains(&share(wrappings[1])) && (4..=6).contains(&share(wrappings[2])), "{wrappings:?}");
    assert_eq!(types.len(), 18, "{types:?}");
}

#[test]
fn the_smallest_year_has_a_few_cases_and_all_of_its_malformed_messages() {
    let mut messages = 0;
    let expected = run(Options { cases: 0.001, malformed: 100, ..Options::default() }, |_| messages += 1);
    assert_eq!(expected.streams.iter().map(|stream| stream.received).collect::<Vec<_>>(), [3, 38]);
    assert_eq!(expected.messages, messages);
    assert_eq!(expected.streams.iter().flat_map(|stream| stream.quarantined.values()).sum::<u64>(), 100);
}

#[test]
fn the_expected_figures_survive_the_file() {
    let expected = run(Options { cases: 0.01, ..Options::default() }, |_| ());
    assert_eq!(expected.as_of, "2022-01-05T00:00:00+08:00");
    let text = serde_json::to_string(&expected).unwrap();
    assert_eq!(serde_json::from_str::<YearExpected>(&text).unwrap(), expected);
}

#[test]
fn what_cannot_be_planned_is_refused_with_the_reason() {
    let refused = |profile, options| Plan::new(profile, options).unwrap_err().to_string();
    assert!(refused("nowhere", Options::default()).contains("miaohang-2021"));
    assert!(refused(PROFILE, Options { cases: f64::NAN, ..Options::default() }).contains("factor"));
    assert!(refused(PROFILE, Options { duplicates: 1.5, ..Options::default() }).contains("duplicates"));
    assert!(refused(PROFILE, Options { cases: 0.01, open: 400, ..Options::default() }).contains("early enough"));
}

/// The town of the samples: units that miss dues, and a year before that counts in no figure of the year.
#[test]
fn a_town_of_two_years_is_not_flawless_and_its_first_year_counts_in_no_figure_of_the_second() {
    let mut recount = recount::MessageRecount::default();
    let plan = Plan::new("town-2021", Options { cases: 0.1, ..Options::default() }).unwrap();
    let mut years = BTreeSet::new();
    let expected = plan.run(|message| {
        years.insert(if message.key.contains("HR") {
            message.key[2..4].to_owned()
        } else {
            message.key[..2].to_owned()
        });
        recount.take(message);
        Ok::<(), serde_json::Error>(())
    });
    let expected = expected.unwrap();
    assert_eq!(years.into_iter().collect::<Vec<_>>(), ["20", "21"]);
    for (track, (stream, cases)) in Track::ALL.into_iter().zip(expected.streams.iter().zip([283, 3_779])) {
        let found = recount.stream(track);
        for (id, counted) in PLANNED.iter().zip(&found.figures) {
            assert_eq!(figure(stream, id), *counted, "{id} of {}", stream.stream);
        }
        assert_eq!((stream.received, figure(stream, "K01").0), (cases, cases));
        let (on_time, all) = figure(stream, "K06b");
        assert!(on_time < all && on_time * 100 > all * 90, "{on_time}/{all}");
    }
}

/// What reaches Kafka of every stream: stream, key, payload.
fn all_streams(profile: &str, seed: u64) -> Vec<(String, String, Vec<u8>)> {
    let mut sent = Vec::new();
    let plan = Plan::new(profile, Options { cases: 0.01, seed, ..Options::default() }).unwrap();
    let expected = plan.run(|message| {
        sent.push((message.stream.to_owned(), message.key.to_owned(), message.payload.to_vec()));
        Ok::<(), serde_json::Error>(())
    });
    assert_eq!(expected.unwrap().messages, sent.len() as u64);
    sent
}

#[test]
fn the_year_of_every_stream_has_the_tickets_and_cases_of_the_other_and_is_the_same_for_the_same_seed() {
    let all = all_streams("miaohang-2021-all", 1);
    let of_two: Vec<_> = all.iter().filter(|(stream, ..)| ["hotline", "grid"].contains(&&**stream)).cloned().collect();
    assert_eq!(of_two, all_streams(PROFILE, 1));
    assert_eq!(all, all_streams("miaohang-2021-all", 1));
    assert_ne!(all, all_streams("miaohang-2021-all", 2));
    let streams: BTreeSet<&str> = all.iter().map(|(stream, ..)| stream.as_str()).collect();
    let plan = Plan::new("miaohang-2021-all", Options::default()).unwrap();
    assert_eq!((streams.len(), streams), (12, plan.streams().into_iter().collect()), "every stream has its part");
}
