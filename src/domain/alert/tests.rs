//! Written from docs/alerts.md: what holds, what is dropped, what is one alert and what are two.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};

use super::*;
use crate::domain::{
    calendar::{Calendar, Days, Hours, Schedule, Version, civil::Day},
    history::Standing,
    marks::{Mark, Marks},
    policy::StageName,
    time::Due,
};

fn at(text: &str) -> Millis {
    Millis::parse(&format!("2021-03-{}:00+08:00", text.replace(' ', "T"))).unwrap()
}

/// March 2021, with the usual hours.
fn calendar() -> Calendar {
    let date = |text: &str| Day::of(text.parse::<Date>().unwrap());
    let days = Days::new(date("2021-01-01"), date("2021-03-31"), BTreeMap::new()).unwrap();
    let hours = Hours::parse(["08:00-12:00", "14:00-18:00"]).unwrap();
    let schedule = Schedule::new("default", Vec::new(), hours, BTreeMap::new(), &days);
    let version = Version { id: "test".into(), published: "2020-11-25".parse().unwrap(), source: String::new() };
    Calendar::new(version, TimeZone::get("Asia/Shanghai").unwrap(), days, vec![schedule]).unwrap()
}

fn open_case() -> AlertCase {
    AlertCase {
        stream: "hotline".into(),
        case_id: "C1".into(),
        unit: "u1".into(),
        unit_name: "".into(),
        standing: Standing::Open,
        marks: Marks::default(),
        received_at: Some(at("05 09:00")),
        due_at: Some(at("05 19:00")),
        yellow_from: Some(at("05 17:00")),
        finished_at: None,
        closed_at: None,
        reopened_at: None,
        closed_before: None,
        last_event_at: Some(at("05 09:10")),
        reopens: 0,
        reworks: 0,
        clocks: Vec::new(),
    }
}

fn rules(now: &str) -> AlertRules {
    AlertRules {
        since: at("05 08:00"),
        now: at(now),
        old_after_ms: 7 * 86_400_000,
        kinds: AlertKind::ALL.map(|(kind, _)| kind).into(),
        of_case: true,
        stages: vec![StageName::Contact],
    }
}

fn told(case: &AlertCase, now: &str) -> Vec<(AlertKind, AlertFate)> {
    found(case, &rules(now)).into_iter().map(|(alert, fate)| (alert.kind, fate)).collect()
}

fn id(case: &AlertCase, now: &str, kind: AlertKind) -> SmolStr {
    found(case, &rules(now)).into_iter().find(|(alert, _)| alert.kind == kind).unwrap().0.id
}

#[test]
fn the_lights_of_an_open_case_come_with_their_instants() {
    use AlertKind::{DueSoon, Overdue};
    let case = open_case();
    for (now, wanted) in [
        ("05 16:59", vec![]),
        ("05 17:00", vec![(DueSoon, AlertFate::Send)]),
        ("05 19:00", vec![(DueSoon, AlertFate::Send)]),
        ("05 19:01", vec![(DueSoon, AlertFate::Overtaken), (Overdue, AlertFate::Send)]),
        ("13 00:00", vec![(DueSoon, AlertFate::Overtaken), (Overdue, AlertFate::Old)]),
    ] {
        assert_eq!(told(&case, now), wanted, "{now}");
    }
    let marks = Marks::default().with(Mark::DueIsExclusive, true);
    let midnight = AlertCase { marks, due_at: Some(at("06 00:00")), yellow_from: None, ..open_case() };
    assert_eq!(told(&midnight, "06 00:00"), [(Overdue, AlertFate::Send)], "a due at midnight is missed at it");
}

#[test]
fn what_does_not_hold_any_more_is_overtaken_and_what_never_was_is_nothing() {
    use AlertKind::{Answered, Closed, DueSoon, Overdue};
    let with = |standing, finished: &str, closed: Option<&str>| AlertCase {
        standing,
        finished_at: Some(at(finished)),
        closed_at: closed.map(at),
        ..open_case()
    };
    let (send, overtaken) = (AlertFate::Send, AlertFate::Overtaken);
    for (case, wanted) in [
        (with(Standing::Answered, "05 12:00", None), vec![(Answered, send)]),
        (with(Standing::Answered, "05 18:00", None), vec![(DueSoon, overtaken), (Answered, send)]),
        (with(Standing::Closed, "05 12:00", Some("05 13:00")), vec![(Answered, send), (Closed, send)]),
        (with(Standing::Closed, "05 12:00", Some("05 12:00")), vec![(Closed, send)]),
        (
            with(Standing::Closed, "05 20:00", Some("05 20:00")),
            vec![(DueSoon, overtaken), (Overdue, overtaken), (Closed, send)],
        ),
        (AlertCase { standing: Standing::Void, ..open_case() }, vec![]),
        (AlertCase { standing: Standing::Suspended, ..open_case() }, vec![]),
        (AlertCase { marks: Marks::default().with(Mark::OutOfBase, true), ..open_case() }, vec![]),
    ] {
        assert_eq!(told(&case, "05 23:00"), wanted, "{case:?}");
    }
    let voided = AlertCase { standing: Standing::Void, last_event_at: Some(at("05 18:00")), ..open_case() };
    assert_eq!(told(&voided, "05 23:00"), [(DueSoon, overtaken)]);
}

#[test]
fn history_is_not_told_and_what_lies_ahead_waits() {
    let history = AlertCase { due_at: Some(at("05 07:59")), yellow_from: Some(at("05 07:00")), ..open_case() };
    let history = AlertCase { received_at: Some(at("04 09:00")), ..history };
    assert_eq!(told(&history, "05 23:00"), []);
    let received_later = AlertCase { received_at: Some(at("05 09:00")), yellow_from: None, ..history };
    assert_eq!(
        told(&received_later, "05 23:00"),
        [(AlertKind::Overdue, AlertFate::Send)],
        "nobody could be told before"
    );
    let closed = AlertCase { standing: Standing::Closed, closed_at: Some(at("06 09:00")), ..open_case() };
    let closed = AlertCase { finished_at: closed.closed_at, due_at: None, ..closed };
    assert_eq!(told(&closed, "05 23:00"), []);
    assert_eq!(told(&closed, "06 09:00"), [(AlertKind::Closed, AlertFate::Send)]);
}

#[test]
fn a_reopened_case_is_another_round_and_a_due_that_moved_another_alert() {
    let once = open_case();
    let reopened =
        AlertCase { reopens: 1, reopened_at: Some(at("05 20:00")), closed_before: Some(at("05 18:00")), ..open_case() };
    let kinds = [
        (AlertKind::DueSoon, AlertFate::Overtaken),
        (AlertKind::Closed, AlertFate::Overtaken),
        (AlertKind::Overdue, AlertFate::Send),
        (AlertKind::Reopened, AlertFate::Send),
    ];
    let mut all = told(&reopened, "05 23:00");
    all.sort();
    let mut wanted = kinds.to_vec();
    wanted.sort();
    assert_eq!(all, wanted);
    let overdue = |case: &AlertCase| id(case, "05 23:00", AlertKind::Overdue);
    assert_ne!(overdue(&once), overdue(&reopened));
    assert_ne!(overdue(&once), overdue(&AlertCase { reworks: 1, ..open_case() }));
    assert_ne!(overdue(&once), overdue(&AlertCase { due_at: Some(at("05 19:30")), ..open_case() }));
    let same = AlertCase { unit: "u2".into(), last_event_at: None, yellow_from: None, ..open_case() };
    assert_eq!(overdue(&once), overdue(&same), "a change of unit makes no new alert");
    assert_eq!(overdue(&once), id(&once, "07 23:00", AlertKind::Overdue), "nor does time");
}

#[test]
fn a_stage_is_told_of_when_it_is_wanted_runs_and_is_behind_its_due() {
    let span = AlertSpan {
        stage: StageName::Contact,
        assignment: 0,
        unit: "u1".into(),
        unit_name: "".into(),
        started_at: at("05 09:10"),
        due: Due { at: at("05 12:00"), is_exclusive: false },
        stopped_at: None,
        is_paused: false,
    };
    let with = |span: AlertSpan| AlertCase { due_at: None, yellow_from: None, clocks: vec![span], ..open_case() };
    let overdue = |fate| vec![(AlertKind::Overdue, fate)];
    for (span, wanted) in [
        (span.clone(), overdue(AlertFate::Send)),
        (AlertSpan { is_paused: true, ..span.clone() }, vec![]),
        (AlertSpan { stage: StageName::Sign, ..span.clone() }, vec![]),
        (AlertSpan { stopped_at: Some(at("05 11:00")), ..span.clone() }, vec![]),
        (AlertSpan { stopped_at: Some(at("05 13:00")), ..span.clone() }, overdue(AlertFate::Overtaken)),
    ] {
        assert_eq!(told(&with(span.clone()), "05 14:00"), wanted, "{span:?}");
    }
    assert_eq!(told(&with(span.clone()), "05 12:00"), []);
    let alert = found(&with(span), &rules("05 14:00")).remove(0).0;
    assert_eq!((alert.clock.as_str(), alert.due), ("CONTACT", Some(at("05 12:00"))));
}

#[test]
fn quiet_hours_run_over_midnight_and_end_when_the_last_of_them_ends() {
    let calendar = calendar();
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let quiet = QuietHours::parse("22:00", "08:00", "sat", zone.clone()).unwrap();
    // The 5th is a Friday.
    for (now, end) in [
        ("05 21:59", None),
        ("05 22:00", Some("07 08:00")),
        ("06 12:00", Some("07 08:00")),
        ("07 07:59", Some("07 08:00")),
        ("07 08:00", None),
        ("07 23:00", Some("08 08:00")),
    ] {
        assert_eq!(quiet.is_quiet(at(now), &calendar), end.is_some(), "{now}");
        assert_eq!(quiet.end(at(now), &calendar), at(end.unwrap_or(now)), "{now}");
    }
    let noon = QuietHours::parse("12:00", "13:00", "", zone.clone()).unwrap();
    assert!(noon.is_quiet(at("05 12:30"), &calendar) && !noon.is_quiet(at("05 13:00"), &calendar));
    let rest = QuietHours::parse("", "", "rest", zone.clone()).unwrap();
    assert_eq!(rest.end(at("06 10:00"), &calendar), at("08 00:00"), "Saturday and Sunday");
    for (from, to, days) in [("22:00", "", ""), ("8", "9", ""), ("08:00", "08:00", ""), ("", "", "sun, holiday")] {
        assert!(QuietHours::parse(from, to, days, zone.clone()).is_err(), "{from} {to} {days}");
    }
    assert!(QuietHours::parse("", "", "mon,tue,wed,thu,fri,sat,sun", zone).is_err());
}
