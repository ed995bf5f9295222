use super::*;

#[test]
fn hours_that_cannot_be_are_refused() {
    let refused = |texts: &[&str]| Hours::parse(texts.iter().copied()).unwrap_err();
    for text in ["", "8", "08:00", "8:00-12:00", "08:00-12:60", "08:00-24:01", "+8:00-12:00", "08.00-12.00"] {
        assert_eq!(refused(&[text]), HoursError::NotHours(text.to_owned()), "{text}");
    }
    for text in ["12:00-08:00", "08:00-08:00"] {
        assert_eq!(refused(&[text]), HoursError::Reversed(text.to_owned()), "{text}");
    }
    let overlap = refused(&["13:00-18:00", "08:00-14:00"]).to_string();
    assert_eq!(overlap, "the working windows 08:00-14:00 and 13:00-18:00 overlap");
    assert_eq!(refused(&[]), HoursError::None);
    let touching = Hours::parse(["08:00-12:00", "12:00-24:00"]).unwrap();
    assert_eq!(touching.to_string(), "08:00-12:00 12:00-24:00");
}

#[test]
fn limits_that_cannot_be_counted_are_refused() {
    use Convention::{CloseOfBusiness, EndOfDay, SameClock, WorkSeconds};
    let refused = |count, unit, convention| Limit::new(count, unit, convention).unwrap_err();
    assert_eq!(refused(2, Unit::WorkHour, Some(EndOfDay)), LimitError::NoConvention(Unit::WorkHour));
    assert_eq!(refused(2, Unit::NaturalDay, Some(WorkSeconds)), LimitError::NoWorkSeconds(Unit::NaturalDay));
    assert_eq!(refused(2, Unit::UrgentDay, Some(WorkSeconds)), LimitError::NoWorkSeconds(Unit::UrgentDay));
    assert_eq!(refused(0, Unit::WorkHour, None), LimitError::Zero);
    for convention in [CloseOfBusiness, SameClock, WorkSeconds] {
        assert_eq!(refused(0, Unit::WorkDay, Some(convention)), LimitError::Zero);
    }
    assert_eq!(refused(1_000_001, Unit::WorkDay, None), LimitError::TooLong(1_000_001));
    assert_eq!(Limit::new(1, Unit::WorkDay, None).unwrap().convention(), Some(EndOfDay));
}

#[test]
fn calendars_that_contradict_themselves_are_refused() {
    let (first, last) = (Day::of(date("2021-01-01")), Day::of(date("2021-12-31")));
    let reversed = Days::new(last, first, BTreeMap::new()).unwrap_err();
    assert!(matches!(reversed, CalendarError::CoverReversed { .. }));
    let outside = BTreeMap::from([listed("2022-01-01,off,元旦")]);
    assert_eq!(Days::new(first, last, outside).unwrap_err(), CalendarError::NotCovered(date("2022-01-01")));

    let days = Days::new(first, last, BTreeMap::new()).unwrap();
    let named = |name: &str, units: &[&str]| {
        let units = units.iter().map(|unit| (*unit).to_owned()).collect();
        Schedule::new(name, units, Hours::parse(["08:00-12:00"]).unwrap(), BTreeMap::new(), &days)
    };
    let refused = |schedules| Calendar::new(version(), TimeZone::UTC, days.clone(), schedules).unwrap_err();
    assert_eq!(refused(vec![named("street", &[])]), CalendarError::NoDefault);
    let twice = vec![named("default", &[]), named("a", &[]), named("a", &[])];
    assert_eq!(refused(twice), CalendarError::NameTwice("a".to_owned()));
    let twice = refused(vec![named("default", &[]), named("a", &["U"]), named("b", &["U"])]).to_string();
    assert_eq!(twice, "unit `U` has the hours `a` and also `b`");
}
