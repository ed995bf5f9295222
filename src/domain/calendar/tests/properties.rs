use jiff::ToSpan;
use proptest::{prelude::*, sample::select};

use super::{
    reference::{Moment, Plain, Windows},
    *,
};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

fn day(offset: i64) -> Date {
    date("2021-01-01").checked_add(offset.days()).unwrap()
}

/// One to three windows, some of them touching.
fn windows() -> impl Strategy<Value = Windows> {
    prop::collection::btree_set(0..=1440_i64, 2..=6).prop_map(|edges| {
        let edges: Vec<i64> = edges.into_iter().map(|minute| minute * MINUTE).collect();
        let step = if edges.len().is_multiple_of(2) { 2 } else { 1 };
        edges.windows(2).step_by(step).map(|pair| (pair[0], pair[1])).collect()
    })
}

/// A calendar of up to 120 days, with days that break the week and hours that change.
fn plain() -> impl Strategy<Value = Plain> {
    (0..120_i64).prop_flat_map(|length| {
        let worked = prop::collection::btree_map(0..=length, any::<bool>(), 0..40);
        let changes = prop::collection::btree_map(-30..150_i64, windows(), 0..4);
        (worked, windows(), changes).prop_map(move |(worked, hours, changes)| Plain {
            first: day(0),
            last: day(length),
            worked: worked.into_iter().map(|(offset, is_worked)| (day(offset), is_worked)).collect(),
            hours,
            changes: changes.into_iter().map(|(offset, hours)| (day(offset), hours)).collect(),
        })
    })
}

fn moment() -> impl Strategy<Value = Moment> {
    // Edges of windows are whole minutes, so half of the moments are too.
    let clock = prop_oneof![(0..1440_i64).prop_map(|minute| minute * MINUTE), 0..DAY];
    (-60..200_i64, clock).prop_map(|(offset, clock)| (day(offset), clock))
}

fn limits() -> impl Strategy<Value = (Unit, Option<Convention>)> {
    let mut all = Vec::new();
    for unit in Unit::ALL {
        let conventions = Convention::ALL.into_iter().map(Some).chain([None]);
        all.extend(conventions.map(|convention| (unit, convention)));
    }
    all.retain(|(unit, convention)| {
        Limit::new(1, *unit, *convention).is_ok() && convention.is_some() == unit.is_days()
    });
    select(all)
}

fn hours(windows: &Windows) -> Hours {
    let text = |ms: i64| format!("{:02}:{:02}", ms / MINUTE / 60, ms / MINUTE % 60);
    let texts: Vec<String> = windows.iter().map(|(from, until)| format!("{}-{}", text(*from), text(*until))).collect();
    Hours::parse(texts.iter().map(String::as_str)).unwrap()
}

fn built(plain: &Plain) -> Calendar {
    let listed = plain.worked.iter().map(|(date, is_worked)| {
        let kind = if *is_worked { DayKind::Work } else { DayKind::Off };
        (Day::of(*date), ListedDay { kind, name: "test".to_owned() })
    });
    let days = Days::new(Day::of(plain.first), Day::of(plain.last), listed.collect()).unwrap();
    let changes = plain.changes.iter().map(|(from, windows)| (*from, hours(windows))).collect();
    let schedule = Schedule::new("default", Vec::new(), hours(&plain.hours), changes, &days);
    Calendar::new(version(), zone("Asia/Shanghai"), days, vec![schedule]).unwrap()
}

fn instant((date, clock): Moment) -> Millis {
    Millis(Day::of(date).0 * DAY + clock - 8 * 3_600_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn searching_finds_what_walking_finds(plain in plain(), one in moment(), other in moment(), n in 0..200_u32) {
        let calendar = built(&plain);
        let working = calendar.working();
        let (from, until) = (one.min(other), one.max(other));
        prop_assert_eq!(calendar.is_workday(one.0), plain.is_workday(one.0));
        prop_assert_eq!(calendar.nth_workday(one.0, n), plain.nth_workday(one.0, n));
        prop_assert_eq!(working.next_work_instant(instant(one)), instant(plain.next_work_instant(one)));
        prop_assert_eq!(working.work_between(instant(from), instant(until)), plain.work_between(from, until));
        let work = i64::from(n) * 1_234_567;
        prop_assert_eq!(working.add_work(instant(one), work), instant(plain.add_work(one, work)));
    }

    #[test]
    fn every_due_is_the_one_found_by_walking(plain in plain(), start in moment(), n in 1..60_u32, kind in limits()) {
        let calendar = built(&plain);
        let found = calendar.working().due(instant(start), Limit::new(n, kind.0, kind.1).unwrap());
        let wanted = instant(plain.due(start, n, kind.0, kind.1));
        prop_assert_eq!(found.due.at, wanted);
        prop_assert_eq!(found.due.is_exclusive, wanted.is_midnight(&calendar.zone));
        prop_assert!(found.due.is_met_at(instant(start)));
    }

    #[test]
    fn a_later_start_or_a_longer_limit_is_never_due_earlier(
        plain in plain(),
        one in moment(),
        other in moment(),
        n in 1..60_u32,
        more in 0..20_u32,
        kind in limits(),
    ) {
        let calendar = built(&plain);
        let due = |start, n| calendar.working().due(instant(start), Limit::new(n, kind.0, kind.1).unwrap()).due;
        prop_assert!(due(one.min(other), n).at <= due(one.max(other), n).at);
        prop_assert!(due(one.min(other), n).on_time_until() <= due(one.max(other), n).on_time_until());
        prop_assert!(due(one, n).at <= due(one, n + more).at);
    }

    #[test]
    fn adding_work_undoes_measuring_it(plain in plain(), one in moment(), other in moment(), work in 0..500_000_000_i64) {
        let calendar = built(&plain);
        let working = calendar.working();
        let (from, until) = (instant(one.min(other)), instant(one.max(other)));
        prop_assert_eq!(working.work_between(from, working.add_work(from, work)), work);
        let back = working.add_work(from, working.work_between(from, until));
        // Between two windows no work is done: both ends of the gap are the same amount of work.
        prop_assert_eq!(working.next_work_instant(back), working.next_work_instant(until));
        let is_inside = working.work_between(until.plus(-1), until) == 1;
        if is_inside && from < until {
            prop_assert_eq!(back, until);
        }
    }

    #[test]
    fn work_adds_up(plain in plain(), a in moment(), b in moment(), c in moment(), x in 0..200_000_000_i64, y in 0..200_000_000_i64) {
        let calendar = built(&plain);
        let working = calendar.working();
        let between = |from, until| working.work_between(instant(from), instant(until));
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
        let start = instant(a);
        prop_assert_eq!(working.add_work(working.add_work(start, x), y), working.add_work(start, x + y));
    }
}
