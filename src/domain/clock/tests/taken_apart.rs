//! The time of a clock taken apart: by examples, and what holds for every one.

use proptest::prelude::*;

use super::{
    super::{
        segments::{Segment, SegmentKind, of_life, segments},
        trail::{Move, Trail},
    },
    properties::{happening, stages},
    *,
};
use crate::domain::calendar::{Measure, Rest, civil::Wall};

const HOUR: i64 = 3_600_000;

fn trail(stage: &Stage, calendar: &Calendar, happenings: &[(Millis, Happening)]) -> Trail {
    let mut runner = Runner::new(stage);
    let mut moves = Vec::new();
    for (at, happening) in happenings {
        runner.take(Some(calendar.working()), *at, *happening);
        let (Some(reading), Some((limit, counted_from))) = (runner.reading(), runner.round()) else { continue };
        moves.push(Move { at: *at, happening: *happening, reading, counted_from, limit: Some(limit) });
    }
    Trail {
        name: stage.name,
        assignment: 0,
        is_main: true,
        stage: Some(stage.clone()),
        unit: "".into(),
        moves,
        clock: runner.clock(),
        dropped_at: None,
    }
}

fn apart(stage: &Stage, happenings: &[(&str, Happening)]) -> Vec<Segment> {
    let calendar = calendar();
    let happenings: Vec<_> = happenings.iter().map(|(text, happening)| (at(text), *happening)).collect();
    segments(&trail(stage, &calendar, &happenings), calendar.working(), at("31 00:00"))
}

/// `1 08:00`.
fn shown(at: Millis) -> String {
    let Wall { day, clock } = Wall::at(at, &zone());
    format!("{} {:02}:{:02}", day.date().day(), clock / HOUR, clock % HOUR / MINUTE)
}

const MINUTE: i64 = 60_000;

fn lines(segments: &[Segment], unit: i64) -> Vec<String> {
    let line = |one: &Segment| {
        let kind = match &one.kind {
            SegmentKind::Counted => "counted".to_owned(),
            SegmentKind::Paused => "paused".to_owned(),
            SegmentKind::FirstDay => "first day".to_owned(),
            SegmentKind::Stopped => "stopped".to_owned(),
            SegmentKind::Rest(Rest::Break) => "break".to_owned(),
            SegmentKind::Rest(Rest::AfterHours) => "after hours".to_owned(),
            SegmentKind::Rest(Rest::DaysOff { is_weekend, names }) => {
                format!("off{}{}", if *is_weekend { " weekend " } else { " " }, names.join(" "))
            }
        };
        format!("{} – {} {} {}", shown(one.from), shown(one.until), kind.trim(), one.amount / unit)
    };
    segments.iter().map(line).collect()
}

#[test]
fn hours_are_taken_apart_by_windows_pauses_and_days_off() {
    // Thursday the 4th is off.
    let segments = apart(
        &stage(16, Unit::WorkHour),
        &[("3 10:00", H::Start), ("3 15:00", H::Pause), ("3 17:00", H::Resume { due: None }), ("8 09:00", H::Stop)],
    );
    assert_eq!(
        lines(&segments, HOUR),
        [
            "3 10:00 – 3 12:00 counted 2",
            "3 12:00 – 3 14:00 break 0",
            "3 14:00 – 3 15:00 counted 1",
            "3 15:00 – 3 17:00 paused 2",
            "3 17:00 – 3 18:00 counted 1",
            "3 18:00 – 5 08:00 off test 0",
            "5 08:00 – 5 12:00 counted 4",
            "5 12:00 – 5 14:00 break 0",
            "5 14:00 – 5 18:00 counted 4",
            "5 18:00 – 8 08:00 off weekend 0",
            "8 08:00 – 8 09:00 counted 1",
        ]
    );
    let night = apart(&stage(9, Unit::WorkHour), &[("1 17:00", H::Start), ("2 07:00", H::Stop)]);
    assert_eq!(lines(&night, HOUR), ["1 17:00 – 1 18:00 counted 1", "1 18:00 – 2 07:00 after hours 0"]);
}

#[test]
fn days_are_taken_apart_by_days_and_the_first_does_not_count() {
    let segments = apart(
        &stage(5, Unit::WorkDay),
        &[("1 10:00", H::Start), ("2 15:00", H::Pause), ("5 09:00", H::Resume { due: None }), ("9 17:00", H::Stop)],
    );
    assert_eq!(
        lines(&segments, 1),
        [
            "1 10:00 – 2 00:00 first day 0",
            "2 00:00 – 5 00:00 paused 2",
            "5 00:00 – 6 00:00 counted 1",
            "6 00:00 – 8 00:00 off weekend 0",
            "8 00:00 – 9 17:00 counted 2",
        ]
    );
    // From a Saturday every working day counts; a pause within a day takes nothing off.
    let weekend = apart(
        &stage(5, Unit::WorkDay),
        &[("6 10:00", H::Start), ("8 10:00", H::Pause), ("8 11:00", H::Resume { due: None }), ("9 17:00", H::Stop)],
    );
    assert_eq!(lines(&weekend, 1), ["6 10:00 – 8 00:00 off weekend 0", "8 00:00 – 9 17:00 counted 2"]);
    let natural = apart(&stage(3, Unit::NaturalDay), &[("5 10:00", H::Start), ("8 09:00", H::Stop)]);
    assert_eq!(lines(&natural, 1), ["5 10:00 – 6 00:00 first day 0", "6 00:00 – 8 09:00 counted 3"]);
}

#[test]
fn a_rework_with_a_new_limit_begins_another_round_and_one_without_runs_on() {
    let life = [("1 08:00", H::Start), ("1 10:00", H::Stop), ("1 11:00", H::Rework), ("1 12:00", H::Stop)];
    let rounds = |rework| {
        let segments = apart(&Stage { rework, ..stage(4, Unit::UrgentHour) }, &life);
        segments.iter().map(|one| (one.round, one.amount / HOUR)).collect::<Vec<_>>()
    };
    assert_eq!(rounds(Rework::Continue), [(1, 4)]);
    assert_eq!(rounds(Rework::Restart), [(1, 2), (1, 0), (2, 1)]);
}

#[test]
fn a_life_is_taken_apart_by_working_time() {
    let calendar = calendar();
    let (from, until) = (at("1 10:00"), at("2 09:00"));
    let segments = of_life((from, until), &[(at("1 15:00"), at("1 16:00"))], &[], calendar.working());
    assert_eq!(
        lines(&segments, HOUR),
        [
            "1 10:00 – 1 12:00 counted 2",
            "1 12:00 – 1 14:00 break 0",
            "1 14:00 – 1 15:00 counted 1",
            "1 15:00 – 1 16:00 paused 1",
            "1 16:00 – 1 18:00 counted 2",
            "1 18:00 – 2 08:00 after hours 0",
            "2 08:00 – 2 09:00 counted 1",
        ]
    );
    let worked: i64 = segments.iter().map(|one| one.worked).sum();
    assert_eq!(worked, calendar.working().work_between(from, until));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// As long as no rework begins another round, nothing of the clock's time is lost or counted twice.
    #[test]
    fn what_counted_and_what_was_paused_is_all_that_passed(
        stage in stages(),
        happenings in happening(vec![H::Pause, H::Resume { due: None }, H::Stop, H::ExtensionRequested, APPROVED], 12),
    ) {
        let calendar = calendar();
        let (working, now) = (calendar.working(), at("31 00:00").plus(60 * 24 * HOUR));
        let trail = trail(&stage, &calendar, &happenings);
        let segments = segments(&trail, working, now);
        let (from, until) = (trail.moves[0].at, trail.end(now));
        let sum = |kind: &SegmentKind| segments.iter().filter(|one| one.kind == *kind).map(|one| one.amount).sum::<i64>();
        let (counted, paused) = (sum(&SegmentKind::Counted), sum(&SegmentKind::Paused));
        let clock = trail.clock.unwrap();
        if clock.stopped_at.is_some() {
            prop_assert_eq!(paused, clock.paused, "{:?}", segments);
        }
        let measure = stage.limit.measure();
        let passed = match measure {
            Measure::Clock | Measure::Work => working.passed(from, until, measure),
            // From the day after the start to the day of the end.
            Measure::Days | Measure::Workdays => {
                let next = |at| Wall { day: Wall::at(at, &zone()).day.plus(1), clock: 0 }.instant(&zone());
                working.passed(next(from), next(until), measure)
            }
        };
        prop_assert_eq!(counted, (passed - paused).max(0), "{:?}", segments);
    }

    /// Nobody is on time who has used more days than the limit has, and who has used no more is on time.
    #[test]
    fn a_limit_in_days_is_kept_as_long_as_no_more_days_than_it_has_are_counted(
        unit in proptest::sample::select(vec![Unit::WorkDay, Unit::NaturalDay]),
        count in 1..8_u32,
        happenings in happening(vec![H::Pause, H::Resume { due: None }, H::Stop], 8),
    ) {
        let (calendar, stage) = (calendar(), stage(count, unit));
        let trail = trail(&stage, &calendar, &happenings);
        let clock = trail.clock.unwrap();
        let Some(stopped_at) = clock.stopped_at else { return Ok(()) };
        let segments = segments(&trail, calendar.working(), stopped_at);
        let of = |kind: SegmentKind| segments.iter().filter(move |one| one.kind == kind);
        let counted: i64 = of(SegmentKind::Counted).map(|one| one.amount).sum();
        // A pause that begins behind the due moves it no more.
        prop_assume!(of(SegmentKind::Paused).all(|one| clock.original_due.is_met_at(one.from)));
        let is_within = counted <= i64::from(count);
        prop_assert!(is_within || clock.state == State::Breached, "{:?} {:?}", clock, segments);
        // After the last day there may be days that count for nothing and are late all the same.
        let ends_on_a_day_that_counts = segments.last().is_none_or(|last| last.kind == SegmentKind::Counted);
        if ends_on_a_day_that_counts {
            prop_assert_eq!(clock.state == State::Met, is_within, "{:?} {:?}", clock, segments);
        }
    }
}
