//! A figure over the twelve months up to the end of the period, as a line with a link on every point and its table beside it.

use jiff::{Timestamp, ToSpan as _, Zoned, tz::TimeZone};

use super::{
    account::{cell, head, number, of_all},
    asked::Wanted,
    part::{Cell, Lines, Panel, Point, Row, Series, Table, TickX, TickY},
    site::Site,
};
use crate::{
    ask::unclear::AskError,
    domain::{kpi::Period, time::Millis},
    report::rate,
    store::kpi::{self, Answer, Dimension, Question},
};

const WIDTH: i64 = 520;
const HEIGHT: i64 = 220;
/// The grid.
const LEFT: i64 = 56;
const RIGHT: i64 = 446;
const TOP: i64 = 14;
const BOTTOM: i64 = 186;
const MONTHS: i64 = 12;

/// Nothing for what has no cases, and where the calendar ends.
pub(super) async fn by_month(site: &Site, wanted: &Wanted, question: &Question) -> Result<Option<Panel>, AskError> {
    let zone = &wanted.asked.zone;
    let Some(period) = months_before(question.period, zone).filter(|_| question.figure.has_cases()) else {
        return Ok(None);
    };
    let asked = Question { period, group_by: vec![Dimension::Month], ..question.clone() };
    let answers = kpi::answers(&site.store, &asked).await?;
    let lang = wanted.lang;
    Ok(Some(Panel {
        id: "months".to_owned(),
        title: lang.of("逐月", "By month").to_owned(),
        sub: lang.of("近 12 个月", "the last 12 months").to_owned(),
        lines: vec![lines(wanted, question, &answers)],
        ..Panel::default()
    }))
}

fn months_before(period: Period, zone: &TimeZone) -> Option<Period> {
    let end = zoned(period.to, zone)?;
    let from = end.checked_sub(MONTHS.months()).ok()?;
    Some(Period { from: Millis(from.timestamp().as_millisecond()), ..period })
}

fn zoned(at: Millis, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone.clone()))
}

/// Hundredths of a percent, or a count.
fn height(question: &Question, answer: &Answer) -> Option<f64> {
    match answer.denominator {
        Some(_) => {
            rate::hundredths(answer.numerator.unsigned_abs(), rate::most(Some(question.figure), answer.denominator))
                .map(|hundredths| hundredths as f64)
        }
        None => Some(answer.numerator as f64),
    }
}

fn lines(wanted: &Wanted, question: &Question, answers: &[Answer]) -> Lines {
    let (lang, figure) = (wanted.lang, question.figure);
    let title = lang.of(&figure.title.zh, &figure.title.en);
    let heights: Vec<Option<f64>> = answers.iter().map(|answer| height(question, answer)).collect();
    let scale = Scale::over(&heights);
    let x = |index: usize| {
        let steps = answers.len().saturating_sub(1).max(1) as f64;
        tenth(LEFT as f64 + (RIGHT - LEFT) as f64 * index as f64 / steps)
    };
    let there: Vec<(usize, f64)> =
        heights.iter().enumerate().filter_map(|(index, height)| Some((index, scale.y((*height)?)))).collect();
    let path: Vec<String> = there
        .iter()
        .enumerate()
        .map(|(nth, (index, y))| format!("{}{} {y}", if nth == 0 { "M" } else { "L" }, x(*index)))
        .collect();
    let last = there.last().copied();
    let point = |(index, y): &(usize, f64)| {
        let answer = &answers[*index];
        let month = answer.group.concat();
        let shown = shown(question, answer);
        Point {
            x: x(*index),
            y: *y,
            href: month_of(wanted, &month),
            label: format!("{month}: {shown} ({})", of_all(answer.numerator, answer.denominator)),
        }
    };
    Lines {
        title: format!("{title} {}", figure.id),
        label: format!("{title}, {}", lang.of("近 12 个月", "the last 12 months")),
        w: WIDTH,
        h: HEIGHT,
        x0: LEFT,
        x1: RIGHT,
        tx: LEFT - 8,
        ty: BOTTOM + 22,
        ys: scale.ticks(question.figure.is_rate()),
        xs: answers
            .iter()
            .enumerate()
            .map(|(index, answer)| TickX { x: x(index), text: answer.group.concat().chars().skip(2).collect() })
            .collect(),
        series: vec![Series {
            cls: "s1".to_owned(),
            path: path.concat(),
            end: last.map(|(index, _)| shown(question, &answers[index])).unwrap_or_default(),
            end_x: (RIGHT + 6) as f64,
            end_y: last.map_or(0.0, |(_, y)| y),
            points: there.iter().map(point).collect(),
        }],
        keys: Vec::new(),
        twins: vec![table(wanted, question, answers)],
    }
}

fn shown(question: &Question, answer: &Answer) -> String {
    match answer.denominator {
        Some(_) => rate::of_figure(Some(question.figure), answer.numerator.unsigned_abs(), answer.denominator),
        None => super::figure::signed(answer.numerator),
    }
}

/// The same page of that month.
fn month_of(wanted: &Wanted, month: &str) -> String {
    wanted.here.without(&["from", "to", "quarter", "year"]).with("month", month).href()
}

fn table(wanted: &Wanted, question: &Question, answers: &[Answer]) -> Table {
    let lang = wanted.lang;
    let cols = [(lang.of("月", "month"), ""), (lang.of("分子/分母", "n/d"), "n"), (lang.of("率", "rate"), "n")];
    let row = |answer: &Answer| {
        let month = answer.group.concat();
        let href = month_of(wanted, &month);
        Row {
            cells: vec![
                Cell { is_head: true, has_href: true, href, ..cell(&month) },
                number(&of_all(answer.numerator, answer.denominator)),
                number(&shown(question, answer)),
            ],
            ..Row::default()
        }
    };
    Table {
        caption: lang.of("逐月", "By month").to_owned(),
        is_caption_hidden: true,
        cols: cols.map(|(text, cls)| head(text, cls)).into(),
        rows: answers.iter().map(row).collect(),
        ..Table::default()
    }
}

/// What lies between the lowest and the highest, with a little room; of a count from nought.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn over(heights: &[Option<f64>]) -> Self {
        let all = || heights.iter().copied().flatten();
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        if low > high {
            return Self { low: 0.0, high: 1.0 };
        }
        let room = ((high - low) * 0.15).max(1.0);
        Self { low: (low - room).max(0.0), high: high + room }
    }

    fn y(&self, height: f64) -> f64 {
        let share = (height - self.low) / (self.high - self.low);
        tenth(BOTTOM as f64 - (BOTTOM - TOP) as f64 * share)
    }

    fn ticks(&self, is_rate: bool) -> Vec<TickY> {
        let tick = |nth: i32| {
            let height = self.low + (self.high - self.low) * f64::from(nth) / 3.0;
            let text = if is_rate { format!("{:.1}%", height / 100.0) } else { format!("{height:.0}") };
            TickY { y: self.y(height), text }
        };
        (0..=3).map(tick).collect()
    }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_is_near_the_top_and_nothing_is_outside_of_the_grid() {
        let scale = Scale::over(&[Some(9_800.0), None, Some(9_950.0)]);
        let (low, high) = (scale.y(9_800.0), scale.y(9_950.0));
        assert!(high < low && high >= TOP as f64 && low <= BOTTOM as f64, "{low} {high}");
        let nothing = Scale::over(&[None]);
        assert!((TOP as f64..=BOTTOM as f64).contains(&nothing.y(0.5)));
        let flat = Scale::over(&[Some(0.0), Some(0.0)]);
        assert!((TOP as f64..=BOTTOM as f64).contains(&flat.y(0.0)));
    }
}
