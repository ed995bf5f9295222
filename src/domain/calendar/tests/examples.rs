use super::*;

/// Start, unit and convention, count, due. All with 08:00-12:00 and 14:00-18:00.
const KNOWN: &[(&str, &str, u32, &str)] = &[
    ("2021-03-01 10:00", "MINUTE", 15, "2021-03-01 10:15"),
    ("2021-03-01 10:00", "URGENT_HOUR", 2, "2021-03-01 12:00"),
    ("2021-03-01 10:00", "WORK_HOUR", 4, "2021-03-01 16:00"),
    ("2021-03-01 10:00", "WORK_HOUR", 2, "2021-03-01 12:00"),
    ("2021-03-01 10:00", "WORK_DAY/end_of_day", 1, "2021-03-03 00:00"),
    ("2021-03-01 10:00", "WORK_DAY/same_clock", 1, "2021-03-02 10:00"),
    ("2021-03-01 10:00", "WORK_DAY/work_seconds", 1, "2021-03-02 10:00"),
    ("2021-03-01 10:00", "WORK_DAY/close_of_business", 1, "2021-03-02 18:00"),
    ("2021-03-01 10:00", "WORK_DAY/end_of_day", 15, "2021-03-23 00:00"),
    ("2021-03-01 10:00", "WORK_DAY/end_of_day", 0, "2021-03-02 00:00"),
    ("2021-03-01 10:00", "NATURAL_DAY/same_clock", 7, "2021-03-08 10:00"),
    ("2021-03-01 10:00", "NATURAL_DAY/end_of_day", 7, "2021-03-09 00:00"),
    ("2021-03-01 10:00", "URGENT_DAY/same_clock", 2, "2021-03-03 10:00"),
    ("2021-03-05 17:30", "WORK_HOUR", 4, "2021-03-08 11:30"),
    ("2021-03-05 17:30", "WORK_DAY/work_seconds", 5, "2021-03-12 17:30"),
    // A Saturday: the start moves to Monday 08:00, except where whole days are counted.
    ("2021-03-06 10:00", "URGENT_HOUR", 2, "2021-03-06 12:00"),
    ("2021-03-06 10:00", "WORK_HOUR", 4, "2021-03-08 12:00"),
    ("2021-03-06 10:00", "WORK_DAY/end_of_day", 1, "2021-03-09 00:00"),
    ("2021-03-06 10:00", "WORK_DAY/end_of_day", 0, "2021-03-09 00:00"),
    ("2021-03-06 10:00", "WORK_DAY/same_clock", 1, "2021-03-09 08:00"),
    ("2021-03-06 10:00", "WORK_DAY/work_seconds", 1, "2021-03-08 18:00"),
    ("2021-03-06 10:00", "WORK_DAY/close_of_business", 1, "2021-03-08 18:00"),
    ("2021-03-06 10:00", "NATURAL_DAY/end_of_day", 7, "2021-03-14 00:00"),
    ("2021-03-06 10:00", "NATURAL_DAY/close_of_business", 7, "2021-03-15 18:00"),
    // Over the National Day week.
    ("2021-09-30 16:30", "WORK_HOUR", 4, "2021-10-08 10:30"),
    ("2021-09-30 16:30", "WORK_DAY/end_of_day", 5, "2021-10-14 00:00"),
    ("2021-09-30 16:30", "NATURAL_DAY/end_of_day", 7, "2021-10-08 00:00"),
    ("2021-10-02 09:15", "WORK_DAY/same_clock", 5, "2021-10-14 08:00"),
    // From a worked Saturday.
    ("2021-10-09 09:00", "WORK_HOUR", 4, "2021-10-09 15:00"),
    ("2021-10-09 09:00", "WORK_DAY/end_of_day", 1, "2021-10-12 00:00"),
    ("2021-02-10 17:30", "WORK_DAY/end_of_day", 15, "2021-03-10 00:00"),
    ("2021-12-31 17:00", "WORK_HOUR", 4, "2022-01-04 11:00"),
    // In the lunch break of a worked Sunday.
    ("2024-02-04 13:00", "WORK_HOUR", 4, "2024-02-04 18:00"),
    ("2024-02-04 13:00", "WORK_DAY/same_clock", 1, "2024-02-05 14:00"),
    ("2024-02-04 13:00", "WORK_DAY/work_seconds", 1, "2024-02-05 12:00"),
    // 2024-02-09, New Year's Eve, was worked.
    ("2024-02-04 13:00", "WORK_DAY/end_of_day", 5, "2024-02-10 00:00"),
    ("2024-02-09 15:00", "WORK_HOUR", 4, "2024-02-18 09:00"),
    ("2020-01-23 16:00", "WORK_DAY/end_of_day", 1, "2020-02-04 00:00"),
    ("2026-09-18 17:59", "WORK_HOUR", 4, "2026-09-20 11:59"),
    ("2026-09-18 17:59", "WORK_DAY/end_of_day", 15, "2026-10-16 00:00"),
    // The end of a window is no longer in it.
    ("2021-03-05 18:00", "WORK_DAY/same_clock", 1, "2021-03-09 08:00"),
    ("2021-03-05 18:00", "WORK_HOUR", 1, "2021-03-08 09:00"),
];

fn limit(text: &str, count: u32) -> Limit {
    let (unit, convention) = text.split_once('/').map_or((text, None), |(unit, convention)| (unit, Some(convention)));
    let convention = convention.map(|name| Convention::from_name(&name.to_uppercase()).unwrap());
    Limit::new(count, Unit::from_name(unit).unwrap(), convention).unwrap()
}

#[test]
fn known_dues_come_out() {
    let calendar = shanghai();
    for (start, unit, count, due) in KNOWN {
        let found = calendar.working().due(at(&calendar, start), limit(unit, *count));
        assert_eq!(found.due.at, at(&calendar, due), "{start} {count} {unit}: {:?}", found.due);
        assert_eq!(found.due.is_exclusive, due.ends_with("00:00"), "{start} {count} {unit}");
        assert!(!found.is_provisional, "{start} {count} {unit}");
    }
}

#[test]
fn work_between_skips_the_holiday_week_and_counts_the_worked_saturday() {
    let calendar = shanghai();
    let (from, until) = (at(&calendar, "2021-09-30 16:30"), at(&calendar, "2021-10-09 10:00"));
    assert_eq!(calendar.working().work_between(from, until), 41_400_000);
    assert_eq!(calendar.working().work_between(until, from), -41_400_000);
    assert_eq!(calendar.working().add_work(from, 41_400_000), until);
}

#[test]
fn days_that_break_the_week_are_known() {
    let calendar = shanghai();
    for (day, is_worked) in [
        ("2018-12-29", true),
        ("2018-12-30", false),
        ("2018-12-31", false),
        ("2019-05-02", false),
        ("2020-01-31", false),
        ("2020-02-03", true),
        ("2021-10-08", true),
        ("2021-10-09", true),
        ("2021-10-10", false),
        ("2022-12-31", false),
        ("2024-02-09", true),
        ("2024-02-12", false),
    ] {
        assert_eq!(calendar.is_workday(date(day)), is_worked, "{day}");
    }
}

#[test]
fn every_year_has_the_working_days_of_the_notices() {
    let calendar = shanghai();
    let number = |year: i16| calendar.days.number(Day::of(Date::constant(year, 1, 1)));
    let years: Vec<i64> = (2018..=2026).map(|year| number(year + 1) - number(year)).collect();
    assert_eq!(years, [250, 250, 249, 250, 249, 249, 251, 248, 248]);
}

#[test]
fn working_days_are_counted_without_the_first() {
    let calendar = shanghai();
    assert_eq!(calendar.nth_workday(date("2021-09-30"), 1), date("2021-10-08"));
    assert_eq!(calendar.nth_workday(date("2021-10-02"), 2), date("2021-10-09"));
    assert_eq!(calendar.nth_workday(date("2021-10-02"), 0), date("2021-10-08"));
    assert_eq!(calendar.nth_workday(date("2021-10-09"), 0), date("2021-10-09"));
}

#[test]
fn a_due_past_the_last_notice_is_provisional_and_follows_the_week() {
    let calendar = shanghai();
    let due = |start: &str, unit: &str, count| calendar.working().due(at(&calendar, start), limit(unit, count));
    let last = due("2026-12-30 10:00", "WORK_DAY/end_of_day", 1);
    assert_eq!((last.due.at, last.is_provisional), (at(&calendar, "2027-01-01 00:00"), false));
    // 2027-01-01 is a Friday, and surely off; but no notice says so yet.
    let next = due("2026-12-30 10:00", "WORK_DAY/end_of_day", 2);
    assert_eq!((next.due.at, next.is_provisional), (at(&calendar, "2027-01-02 00:00"), true));
    let far = due("2026-12-31 10:00", "WORK_DAY/end_of_day", 260);
    assert_eq!((far.due.at, far.is_provisional), (at(&calendar, "2027-12-31 00:00"), true));
    assert!(!due("2026-12-31 17:00", "WORK_HOUR", 1).is_provisional);
    assert!(due("2026-12-31 17:00", "WORK_HOUR", 2).is_provisional);
    assert!(!due("2026-12-31 17:00", "URGENT_HOUR", 100).is_provisional);
    assert!(!due("2026-12-31 17:00", "NATURAL_DAY/end_of_day", 100).is_provisional);
    assert!(due("2026-12-31 17:00", "NATURAL_DAY/close_of_business", 100).is_provisional);
    assert!(due("2015-03-02 10:00", "WORK_DAY/end_of_day", 1).is_provisional);
}

#[test]
fn a_unit_keeps_its_own_hours_and_the_others_the_usual() {
    let calendar = notices("Asia/Shanghai", |days| {
        let hours = Hours::parse(["13:30-17:30", "09:00-11:30"]).unwrap();
        vec![usual(days), Schedule::new("street", vec!["310113112-CG".to_owned()], hours, BTreeMap::new(), days)]
    });
    let start = at(&calendar, "2021-03-01 11:00");
    let hour = limit("WORK_HOUR", 1);
    assert_eq!(calendar.working_of("310113112-CG").due(start, hour).due.at, at(&calendar, "2021-03-01 14:00"));
    assert_eq!(calendar.working_of("other").due(start, hour).due.at, at(&calendar, "2021-03-01 12:00"));
}

#[test]
fn hours_change_from_their_day_on() {
    let calendar = notices("Asia/Shanghai", |days| {
        let summer = Hours::parse(["08:00-12:00", "15:00-18:00"]).unwrap();
        let winter = Hours::parse(["08:00-12:00", "14:00-18:00"]).unwrap();
        let changes = BTreeMap::from([(date("2021-06-01"), summer), (date("2021-10-01"), winter.clone())]);
        vec![Schedule::new("default", Vec::new(), winter, changes, days)]
    });
    let working = calendar.working();
    let between = |from, until| working.work_between(at(&calendar, from), at(&calendar, until));
    assert_eq!(between("2021-05-31 00:00", "2021-06-02 00:00"), 15 * 3_600_000);
    assert_eq!(between("2021-09-30 00:00", "2021-10-09 00:00"), 15 * 3_600_000);
    let next = working.next_work_instant(at(&calendar, "2021-06-01 14:30"));
    assert_eq!(next, at(&calendar, "2021-06-01 15:00"));
    let due = working.due(at(&calendar, "2021-05-31 16:00"), limit("WORK_HOUR", 8));
    assert_eq!(due.due.at, at(&calendar, "2021-06-01 17:00"));
    // A day of work is eight hours, also where the season has seven.
    let due = working.due(at(&calendar, "2021-06-01 08:00"), limit("WORK_DAY/work_seconds", 1));
    assert_eq!(due.due.at, at(&calendar, "2021-06-02 09:00"));
}

#[test]
fn work_is_done_in_windows_of_worked_days_and_the_calendar_ends_after_its_last() {
    let calendar = notices("Asia/Shanghai", |days| vec![usual(days)]);
    let is_working = |text| calendar.working().is_working(at(&calendar, text));
    assert!(is_working("2021-03-05 08:00") && is_working("2021-03-05 17:59"));
    assert!(!is_working("2021-03-05 18:00") && !is_working("2021-03-05 13:00") && !is_working("2021-03-06 10:00"));
    assert!(is_working("2021-10-09 10:00"), "a worked Saturday");
    assert_eq!(calendar.ends_at(), at(&calendar, "2027-01-01 00:00"));
}

#[test]
fn the_zone_decides_where_a_day_ends() {
    let calendar = notices("America/New_York", |days| vec![usual(days)]);
    // The clocks go forward on Sunday 2021-03-14.
    let start = at(&calendar, "2021-03-12 16:00");
    let due = |unit, count| calendar.working().due(start, limit(unit, count)).due;
    assert_eq!(due("WORK_DAY/end_of_day", 1).at, Millis::parse("2021-03-16T00:00:00-04:00").unwrap());
    assert!(due("WORK_DAY/end_of_day", 1).is_exclusive);
    assert_eq!(due("WORK_HOUR", 4).at, Millis::parse("2021-03-15T10:00:00-04:00").unwrap());
    assert_eq!(due("NATURAL_DAY/same_clock", 3).at, Millis::parse("2021-03-15T16:00:00-04:00").unwrap());
    assert_eq!(due("URGENT_HOUR", 72).at, Millis::parse("2021-03-15T17:00:00-04:00").unwrap());
}

#[test]
fn times_that_no_calendar_can_name_do_not_panic() {
    let calendar = shanghai();
    for start in [Millis(i64::MIN), Millis(i64::MAX)] {
        for unit in ["URGENT_HOUR", "WORK_HOUR", "WORK_DAY/same_clock", "NATURAL_DAY/end_of_day"] {
            let _ = calendar.working().due(start, limit(unit, 1_000_000));
        }
    }
}
