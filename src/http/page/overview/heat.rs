//! When cases come in: the hours of each day of the week.

use super::Show;
use crate::{
    http::page::{
        account::head,
        part::{Cell, Panel, Row, Table},
    },
    report::count::grouped,
    store::kpi::{Answer, Dimension},
};

pub(super) fn panel(show: &Show<'_>, answers: &[Answer]) -> Panel {
    let lang = show.lang();
    let title = lang.of("受理时段", "When they come in");
    let count = |day: &str, hour: &str| {
        let found = answers.iter().find(|answer| answer.group == [day, hour]);
        found.map_or(0, |answer| answer.numerator.unsigned_abs())
    };
    let (days, hours) = (Dimension::Weekday.fixed(), Dimension::Hour.fixed());
    let most = answers.iter().map(|answer| answer.numerator.unsigned_abs()).max().unwrap_or_default();
    let row = |day: &crate::store::kpi::FixedValue| {
        let only = |hour: Option<&str>| {
            let list = show.list("K01").and("only", &format!("weekday={}", day.name));
            hour.map_or(list.clone(), |hour| list.and("only", &format!("hour={hour}"))).href()
        };
        let cell = |hour: &crate::store::kpi::FixedValue| {
            let n = count(day.name, hour.name);
            Cell {
                text: if n == 0 { String::new() } else { grouped(n) },
                cls: format!("q{}", shade(n, most)),
                has_href: n > 0,
                href: only(Some(hour.name)),
                label: format!("{} {}", lang.of(day.zh, day.en), lang.of(hour.zh, hour.en)),
                ..Cell::default()
            }
        };
        let total: u64 = hours.iter().map(|hour| count(day.name, hour.name)).sum();
        let name = Cell { is_head: true, text: lang.of(day.zh, day.en).to_owned(), ..Cell::default() };
        let sum = Cell {
            cls: "tot".to_owned(),
            text: grouped(total),
            has_href: total > 0,
            href: only(None),
            ..Cell::default()
        };
        Row { cells: std::iter::once(name).chain(hours.iter().map(cell)).chain([sum]).collect(), ..Row::default() }
    };
    let heads = std::iter::once(head(lang.of("星期", "day"), ""))
        .chain(hours.iter().map(|hour| head(hour.name, "")))
        .chain([head(lang.of("合计", "all"), "tot")]);
    Panel {
        id: "hours".to_owned(),
        title: title.to_owned(),
        sub: lang.of("按受理的星期和钟点", "by the day of the week and the hour of the receipt").to_owned(),
        tables: vec![Table {
            caption: title.to_owned(),
            is_caption_hidden: true,
            cls: "heat".to_owned(),
            cols: heads.collect(),
            rows: days.iter().map(row).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }
}

/// Five shades up to the most; nothing has none.
fn shade(n: u64, most: u64) -> u64 {
    if n == 0 { 0 } else { (n * 5).div_ceil(most.max(1)).clamp(1, 5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_go_from_nothing_to_the_most() {
        assert_eq!([0, 1, 20, 21, 99, 100].map(|n| shade(n, 100)), [0, 1, 1, 2, 5, 5]);
        assert_eq!(shade(0, 0), 0);
    }
}
