mod properties;
mod taken_apart;

use std::collections::BTreeMap;

use jiff::{
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::{Happening as H, *};
use crate::domain::{
    calendar::{Calendar, Convention, DayKind, Days, Hours, Limit, ListedDay, Schedule, Unit, Version, civil::Day},
    fact::FactKind,
    policy::{Extension, ExtensionMode, Rework},
};

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// March 2021, whose first day is a Monday, with the usual hours; Thursday the 4th is off.
fn calendar() -> Calendar {
    let date = |text: &str| Day::of(text.parse::<Date>().unwrap());
    let off = BTreeMap::from([(date("2021-03-04"), ListedDay { kind: DayKind::Off, name: "test".to_owned() })]);
    let days = Days::new(date("2021-01-01"), date("2021-03-31"), off).unwrap();
    let hours = Hours::parse(["08:00-12:00", "14:00-18:00"]).unwrap();
    let schedule = Schedule::new("default", Vec::new(), hours, BTreeMap::new(), &days);
    let published = "2020-11-25".parse().unwrap();
    let version = Version { id: "test".into(), published, source: String::new() };
    Calendar::new(version, zone(), days, vec![schedule]).unwrap()
}

/// `1 10:00` is the first of March, as the clocks of Shanghai show it.
fn at(text: &str) -> Millis {
    let (day, clock) = text.split_once(' ').unwrap();
    let shown: DateTime = format!("2021-03-{:0>2} {clock}", day).parse().unwrap();
    Millis(zone().to_timestamp(shown).unwrap().as_millisecond())
}

fn limit(count: u32, unit: Unit) -> Limit {
    Limit::new(count, unit, None).unwrap()
}

fn stage(count: u32, unit: Unit) -> Stage {
    Stage {
        name: StageName::Dispose,
        start: FactKind::Dispatched,
        stop: FactKind::Submitted,
        limit: limit(count, unit),
        is_pausable: true,
        extension: None,
        rework: Rework::Continue,
        return_stops_clock: false,
        yellow_at: 80,
    }
}

fn extensible(mode: ExtensionMode) -> Stage {
    let rule = Extension { max_times: 1, mode, must_request_before_due: false, cures_lateness: false };
    Stage { extension: Some(rule), ..stage(2, Unit::WorkDay) }
}

/// The clock of a stage after the happenings, which come in the order of time. None: it never started.
fn run<'a>(
    stage: &'a Stage,
    working: Working<'a>,
    happenings: impl IntoIterator<Item = (Millis, Happening)>,
) -> Option<Clock> {
    let mut runner = Runner::new(stage);
    for (at, happening) in happenings {
        runner.take(Some(working), at, happening);
    }
    runner.clock()
}

fn ran(stage: &Stage, happenings: &[(&str, Happening)]) -> Option<Clock> {
    let happenings = happenings.iter().map(|(text, happening)| (at(text), *happening));
    run(stage, calendar().working(), happenings)
}

fn clock(stage: &Stage, happenings: &[(&str, Happening)]) -> Clock {
    ran(stage, happenings).unwrap()
}

fn due(text: &str) -> Due {
    let at = at(text);
    Due { at, is_exclusive: at.is_midnight(&zone()) }
}

const APPROVED: Happening = H::ExtensionApproved { due: None };

#[test]
fn a_clock_runs_from_its_start_to_its_stop() {
    let stage = stage(1, Unit::WorkDay);
    assert_eq!(ran(&stage, &[("1 09:00", H::Stop), ("1 10:00", H::Pause)]), None);
    let open = clock(&stage, &[("1 10:00", H::Start)]);
    assert_eq!((open.state, open.due, open.original_due), (State::Running, due("3 00:00"), due("3 00:00")));
    let met = clock(&stage, &[("1 10:00", H::Start), ("2 23:00", H::Stop)]);
    assert_eq!((met.state, met.stopped_at, met.ever_red), (State::Met, Some(at("2 23:00")), false));
    let late = clock(&stage, &[("1 10:00", H::Start), ("3 00:00", H::Stop)]);
    assert_eq!((late.state, late.ever_red), (State::Breached, true));
    let again = [("1 10:00", H::Start), ("2 10:00", H::Stop), ("3 10:00", H::Start), ("3 11:00", H::Stop)];
    assert_eq!(clock(&stage, &again).stopped_at, Some(at("2 10:00")));
}

#[test]
fn a_pause_moves_the_due_in_the_unit_of_the_limit() {
    const HOUR: i64 = 3_600_000;
    // Started on Monday at 10:00, paused from 11:00 to Tuesday 15:00; Thursday is off.
    for (unit, count, without, with, paused) in [
        (Unit::Minute, 90, "1 11:30", "2 15:30", 28 * HOUR),
        (Unit::UrgentHour, 8, "1 18:00", "2 22:00", 28 * HOUR),
        (Unit::WorkHour, 4, "1 16:00", "2 18:00", 10 * HOUR),
        (Unit::WorkDay, 2, "4 00:00", "6 00:00", 1),
        (Unit::UrgentDay, 2, "4 00:00", "5 00:00", 1),
        (Unit::NaturalDay, 2, "4 00:00", "5 00:00", 1),
    ] {
        let stage = stage(count, unit);
        let started = ("1 10:00", H::Start);
        assert_eq!(clock(&stage, &[started]).due, due(without), "{unit:?}");
        let clock = clock(&stage, &[started, ("1 11:00", H::Pause), ("2 15:00", H::Resume { due: None })]);
        assert_eq!((clock.due, clock.paused), (due(with), paused), "{unit:?}");
        assert_eq!((clock.state, clock.original_due), (State::Running, due(without)), "{unit:?}");
    }
}

#[test]
fn a_paused_day_moves_every_way_of_counting_days() {
    use Convention::{CloseOfBusiness, EndOfDay, SameClock, WorkSeconds};
    for (convention, without, with) in [
        (EndOfDay, "4 00:00", "6 00:00"),
        (CloseOfBusiness, "3 18:00", "5 18:00"),
        (SameClock, "3 10:00", "5 10:00"),
        // In seconds of work, ten hours more are two days and two hours.
        (WorkSeconds, "3 10:00", "5 12:00"),
    ] {
        let limit = Limit::new(2, Unit::WorkDay, Some(convention)).unwrap();
        let stage = Stage { limit, ..stage(2, Unit::WorkDay) };
        let paused = [("1 10:00", H::Start), ("1 11:00", H::Pause), ("2 15:00", H::Resume { due: None })];
        assert_eq!(clock(&stage, &paused[..1]).due, due(without), "{convention:?}");
        assert_eq!(clock(&stage, &paused).due, due(with), "{convention:?}");
    }
}

#[test]
fn a_pause_within_a_day_gives_no_day_and_one_after_the_due_nothing() {
    let stage = stage(1, Unit::WorkDay);
    let started = ("1 10:00", H::Start);
    let within = clock(&stage, &[started, ("1 11:00", H::Pause), ("1 17:00", H::Resume { due: None })]);
    assert_eq!((within.due, within.paused), (due("3 00:00"), 0));
    let late = clock(&stage, &[started, ("3 09:00", H::Pause), ("9 09:00", H::Resume { due: None })]);
    assert_eq!((late.due, late.ever_red), (due("3 00:00"), true));
    let unpausable = Stage { is_pausable: false, ..stage };
    let paused = clock(&unpausable, &[started, ("1 11:00", H::Pause), ("9 17:00", H::Resume { due: None })]);
    assert_eq!((paused.due, paused.paused), (due("3 00:00"), 0));
}

#[test]
fn who_is_resumed_after_the_hour_of_the_due_has_one_more_day() {
    let limit = Limit::new(1, Unit::WorkDay, Some(Convention::CloseOfBusiness)).unwrap();
    let stage = Stage { limit, ..stage(1, Unit::WorkDay) };
    let resumed =
        |when| clock(&stage, &[("1 10:00", H::Start), ("2 11:00", H::Pause), (when, H::Resume { due: None })]);
    assert_eq!(resumed("3 18:00").due, due("3 18:00"));
    let evening = resumed("3 18:01");
    assert_eq!((evening.due, evening.ever_red), (due("5 18:00"), false));
}

#[test]
fn what_stops_while_it_is_paused_was_in_time() {
    let paused = [("1 10:00", H::Start), ("1 11:00", H::Pause)];
    let stage = stage(1, Unit::WorkDay);
    assert_eq!(clock(&stage, &paused).light(at("9 10:00")), Light::Blue);
    let met = clock(&stage, &[&paused[..], &[("9 10:00", H::Stop)]].concat());
    assert_eq!((met.state, met.light(at("31 10:00"))), (State::Met, Light::Green));
}

#[test]
fn an_extension_moves_the_due_by_its_mode() {
    let of = |mode, approved| clock(&extensible(mode), &[("1 10:00", H::Start), ("2 10:00", approved)]);
    let named = H::ExtensionApproved { due: Some(due("20 12:00")) };
    assert_eq!(of(ExtensionMode::AddOriginal, APPROVED).due, due("9 00:00"));
    assert_eq!(of(ExtensionMode::AddOriginal, named).due, due("20 12:00"), "what is stated beats what is reckoned");
    assert_eq!(of(ExtensionMode::AddN(limit(1, Unit::NaturalDay)), APPROVED).due, due("5 00:00"));
    assert_eq!(of(ExtensionMode::SetDue(None), named).due, due("20 12:00"));
    assert_eq!(of(ExtensionMode::SetDue(Some(limit(15, Unit::WorkDay))), APPROVED).due, due("25 00:00"));
    let unnamed = of(ExtensionMode::SetDue(None), APPROVED);
    assert_eq!((unnamed.due, unnamed.extensions, unnamed.idle_extensions), (due("4 00:00"), 0, 1));
    let shorter = of(ExtensionMode::SetDue(None), H::ExtensionApproved { due: Some(due("2 12:00")) });
    assert_eq!((shorter.due, shorter.idle_extensions), (due("4 00:00"), 1));
    let same = of(ExtensionMode::SetDue(None), H::ExtensionApproved { due: Some(due("4 00:00")) });
    assert_eq!((same.extensions, same.idle_extensions), (0, 1), "it moves nothing");
    let none = clock(&stage(2, Unit::WorkDay), &[("1 10:00", H::Start), ("2 10:00", APPROVED)]);
    assert_eq!((none.due, none.idle_extensions), (due("4 00:00"), 1));
    let twice = [("1 10:00", H::Start), ("2 10:00", APPROVED), ("2 11:00", APPROVED)];
    let twice = clock(&extensible(ExtensionMode::AddOriginal), &twice);
    assert_eq!((twice.due, twice.extensions, twice.idle_extensions), (due("9 00:00"), 1, 1));
    assert_eq!((twice.original_due, twice.is_provisional), (due("4 00:00"), false));
}

#[test]
fn an_extension_after_the_due_cures_only_where_the_policy_says_so() {
    let late = [("1 10:00", H::Start), ("4 10:00", APPROVED), ("5 10:00", H::Stop)];
    let stage = extensible(ExtensionMode::AddOriginal);
    let breached = clock(&stage, &late);
    assert_eq!((breached.state, breached.due, breached.idle_extensions), (State::Breached, due("4 00:00"), 1));
    let cures = Extension { cures_lateness: true, ..stage.extension.unwrap() };
    let cures = |must_request_before_due| Stage {
        extension: Some(Extension { must_request_before_due, ..cures }),
        ..stage.clone()
    };
    let cured = clock(&cures(false), &late);
    assert_eq!((cured.state, cured.due, cured.ever_red), (State::Met, due("9 00:00"), false));
    assert_eq!(clock(&cures(true), &late).state, State::Breached);
    let asked = |when| [&late[..1], &[(when, H::ExtensionRequested)], &late[1..]].concat();
    assert_eq!(clock(&cures(true), &asked("3 23:00")).state, State::Met);
    assert_eq!(clock(&cures(true), &asked("4 00:00")).state, State::Breached);
}

#[test]
fn a_request_after_the_due_spoils_an_approval_only_where_it_must_come_before() {
    let stage = extensible(ExtensionMode::AddOriginal);
    let happened = [("1 10:00", H::Start), ("2 09:00", H::ExtensionRequested), ("3 23:00", APPROVED)];
    assert_eq!(clock(&stage, &happened).due, due("9 00:00"));
    let paused =
        [("1 10:00", H::Start), ("2 10:00", H::Pause), ("8 10:00", APPROVED), ("9 10:00", H::Resume { due: None })];
    assert_eq!(clock(&stage, &paused).extensions, 1, "a paused clock is not late");
}

#[test]
fn rework_runs_on_restarts_or_has_a_limit_of_its_own() {
    let happened = [("1 10:00", H::Start), ("2 10:00", H::Stop), ("3 10:00", H::Rework)];
    for (rework, wanted) in [
        (Rework::Continue, "4 00:00"),
        (Rework::Restart, "9 00:00"),
        (Rework::Fixed(limit(4, Unit::WorkHour)), "3 16:00"),
    ] {
        let stage = Stage { rework, ..stage(2, Unit::WorkDay) };
        let open = clock(&stage, &happened);
        assert_eq!((open.state, open.due, open.stopped_at), (State::Running, due(wanted), None), "{rework:?}");
        assert_eq!((open.started_at, open.original_due), (at("1 10:00"), due("4 00:00")));
        let reopened = [&happened[..2], &[("3 10:00", H::Reopened { due: None })]].concat();
        assert_eq!(clock(&stage, &reopened), open);
    }
}

#[test]
fn after_rework_the_due_moves_by_the_limit_then_in_force() {
    let stage = Stage { rework: Rework::Fixed(limit(4, Unit::WorkHour)), ..stage(2, Unit::WorkDay) };
    let happened = [("1 10:00", H::Start), ("1 12:00", H::Stop), ("2 08:00", H::Rework)];
    let paused = [&happened[..], &[("2 09:00", H::Pause), ("2 15:00", H::Resume { due: None })]].concat();
    assert_eq!(clock(&stage, &paused).due, due("2 18:00"));
    assert_eq!(clock(&stage, &paused).light(at("2 16:00")), Light::Green);
}

#[test]
fn rework_does_not_wash_away_that_the_first_answer_was_late() {
    let stage = Stage { rework: Rework::Restart, ..stage(1, Unit::WorkDay) };
    let late = [("1 10:00", H::Start), ("3 10:00", H::Stop), ("3 11:00", H::Rework), ("3 12:00", H::Stop)];
    assert_eq!(clock(&stage, &late).state, State::Breached);
}

#[test]
fn what_is_given_back_in_time_has_no_verdict_and_starts_anew() {
    let stage = Stage { return_stops_clock: true, ..stage(1, Unit::WorkDay) };
    let returned = [("1 10:00", H::Start), ("2 10:00", H::Returned)];
    let given_back = clock(&stage, &returned);
    assert_eq!((given_back.state, given_back.light(at("9 10:00"))), (State::Cancelled, Light::Grey));
    let again = clock(&stage, &[&returned[..], &[("8 10:00", H::Start)]].concat());
    assert_eq!((again.state, again.started_at, again.due), (State::Running, at("8 10:00"), due("10 00:00")));
    let late = clock(&stage, &[("1 10:00", H::Start), ("3 10:00", H::Returned)]);
    assert_eq!((late.state, late.ever_red), (State::Running, true));
    let runs_on = Stage { return_stops_clock: false, ..stage };
    assert_eq!(clock(&runs_on, &returned).state, State::Running);
}

#[test]
fn void_and_exempt_cases_have_no_verdict() {
    let stage = stage(1, Unit::WorkDay);
    let late = [("1 10:00", H::Start), ("9 10:00", H::Stop)];
    let and = |more: &[(&str, Happening)]| clock(&stage, &[&late[..], more].concat());
    let exempt = and(&[("10 10:00", H::Exempted)]);
    assert_eq!((exempt.state, exempt.ever_red, exempt.light(at("11 10:00"))), (State::Exempt, true, Light::Grey));
    assert_eq!(and(&[("10 10:00", H::Voided)]).state, State::Cancelled);
    assert_eq!(and(&[("10 10:00", H::Voided), ("10 11:00", H::VoidRevoked)]).state, State::Breached);
}

#[test]
fn the_light_turns_yellow_by_the_share_of_the_limit_that_is_used() {
    // Ten hours of work from Monday 08:00; eight of them are used when Monday is over.
    let hours = stage(10, Unit::WorkHour);
    let open = clock(&hours, &[("1 08:00", H::Start)]);
    for (when, light) in
        [("1 17:59", Light::Green), ("1 18:00", Light::Yellow), ("2 10:00", Light::Yellow), ("2 10:01", Light::Red)]
    {
        assert_eq!(open.light(at(when)), light, "{when}");
    }
    let paused = clock(&hours, &[("1 08:00", H::Start), ("1 09:00", H::Pause), ("2 09:00", H::Resume { due: None })]);
    assert_eq!((paused.light(at("2 17:59")), paused.light(at("2 18:00"))), (Light::Green, Light::Yellow));
    // Two working days after Monday 10:00 are 22 hours of work, of which 17.6 are 80 percent.
    let days = clock(&stage(2, Unit::WorkDay), &[("1 10:00", H::Start)]);
    assert_eq!((days.light(at("3 11:35")), days.light(at("3 11:36"))), (Light::Green, Light::Yellow));
    assert_eq!((days.light(at("3 23:59")), days.light(at("4 00:00"))), (Light::Yellow, Light::Red));
}

#[test]
fn a_due_beyond_the_notices_is_provisional() {
    let stage = stage(2, Unit::WorkDay);
    assert!(!clock(&stage, &[("29 10:00", H::Start)]).is_provisional);
    assert!(clock(&stage, &[("30 10:00", H::Start)]).is_provisional);
    let moved = [("29 10:00", H::Start), ("29 11:00", H::Pause), ("30 11:00", H::Resume { due: None })];
    assert!(clock(&stage, &moved).is_provisional);
}
