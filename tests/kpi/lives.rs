//! Cases in one line, as docs/kpi.md writes its examples and `domain::life` reads them: in 2021, by the clock of Shanghai.

use jiff::tz::TimeZone;
use tongguan::domain::{case::Case, event::Event, fold::fold, life::Setting, rules::Rules, stream::Stream};

use crate::histories::limits;

pub fn shanghai() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// The case that the fold makes of a life, where only events state dues.
pub fn case(stream: &str, case_id: &str, life: &str) -> Case {
    folded(&Rules::of_stream(Stream::usual(stream, shanghai())), case_id, life)
}

/// By the limits of `policy.toml`, where no event states a due.
pub fn judged(stream: &str, case_id: &str, life: &str) -> Case {
    folded(&Rules::new(Stream::usual(stream, shanghai()).into(), limits()), case_id, life)
}

pub fn folded(rules: &Rules, case_id: &str, life: &str) -> Case {
    let setting = Setting { stream: &rules.stream, case_id, year: 2021 };
    let events: Vec<Event> = setting.events(life).unwrap();
    fold(rules, &events.iter().collect::<Vec<_>>())
}
