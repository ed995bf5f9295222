//! A figure over the twelve months up to the end of the period, as a line with a link on every point and its table beside it.

use jiff::{Timestamp, ToSpan as _, Zoned, tz::TimeZone};

use super::{
    account::{cell, head, number, of_all, signed},
    address::Address,
    asked::Wanted,
    part::{Cell, Lines, Panel, Point, Row, Series, Table, TickX, TickY},
    period,
    site::Site,
    words::Lang,
};
use crate::{
    ask::unclear::AskError,
    domain::{kpi::Period, time::Millis},
    report::rate,
    store::kpi::{self, Answer, Dimension, Question},
};

/// Where things stand in a picture, in its own units.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChartFrame {
    width: i64,
    height: i64,
    /// The grid.
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
    /// Below the grid stand the months.
    below: i64,
    /// Every so many months one is named, up to the last.
    named: usize,
}

pub(super) const ON_PAGE: ChartFrame =
    ChartFrame { width: 520, height: 220, left: 56, right: 446, top: 14, bottom: 186, below: 22, named: 1 };
/// Texts are more than twice as large.
pub(super) const ON_WALL: ChartFrame =
    ChartFrame { width: 880, height: 190, left: 130, right: 735, top: 18, bottom: 138, below: 40, named: 4 };
const MONTHS: i64 = 12;

/// Nothing for what has no cases, and where the calendar ends.
pub(super) async fn by_month(site: &Site, wanted: &Wanted, question: &Question) -> Result<Option<Panel>, AskError> {
    let zone = &wanted.asked.zone;
    let Some(period) = months_before(question.period, zone, MONTHS).filter(|_| question.figure.has_cases()) else {
        return Ok(None);
    };
    let asked = Question { period, group_by: vec![Dimension::Month], ..question.clone() };
    let answers = kpi::answers(&site.store, &asked).await?;
    let lang = wanted.lang;
    Ok(Some(Panel {
        id: "months".to_owned(),
        title: lang.of("逐月", "By month").to_owned(),
        sub: lang.of("近 12 个月", "the last 12 months").to_owned(),
        lines: vec![lines(&Drawn {
            lang,
            here: &wanted.here,
            question,
            answers: &answers,
            before: &[],
            frame: ON_PAGE,
        })],
        ..Panel::default()
    }))
}

/// Up to the end of the period.
pub(super) fn months_before(period: Period, zone: &TimeZone, months: i64) -> Option<Period> {
    let end = zoned(period.to, zone)?;
    let from = end.checked_sub(months.months()).ok()?;
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

/// The last twelve of two years of months, over the twelve before them.
pub(super) fn over_two_years(
    lang: Lang,
    here: &Address,
    question: &Question,
    answers: &[Answer],
    frame: ChartFrame,
) -> Lines {
    let newest = answers.len().saturating_sub(usize::try_from(MONTHS).unwrap_or_default());
    let year_before = |answer: &Answer| {
        let month = answer.group.concat();
        let (year, rest) = month.split_once('-')?;
        let before = format!("{}-{rest}", year.parse::<i32>().ok()? - 1);
        answers.iter().find(|one| one.group.concat() == before)
    };
    let (_, now) = answers.split_at(newest);
    let before: Vec<Option<&Answer>> = now.iter().map(year_before).collect();
    lines(&Drawn { lang, here, question, answers: now, before: &before, frame })
}

/// What is drawn, and the page that each month leads to.
struct Drawn<'a> {
    lang: Lang,
    here: &'a Address,
    question: &'a Question,
    answers: &'a [Answer],
    /// Of the same months a year before, or none at all.
    before: &'a [Option<&'a Answer>],
    frame: ChartFrame,
}

fn lines(drawn: &Drawn<'_>) -> Lines {
    let Drawn { lang, question, answers, before, frame, .. } = drawn;
    let figure = question.figure;
    let title = lang.of(&figure.title.zh, &figure.title.en);
    let heights: Vec<Option<f64>> = answers.iter().map(|answer| height(question, answer)).collect();
    let earlier: Vec<Option<f64>> = before.iter().map(|answer| height(question, (*answer)?)).collect();
    let scale = Scale::over(&[heights.as_slice(), earlier.as_slice()].concat(), figure.is_rate(), *frame);
    let x = |index: usize| {
        let steps = answers.len().saturating_sub(1).max(1) as f64;
        tenth(frame.left as f64 + (frame.right - frame.left) as f64 * index as f64 / steps)
    };
    let places = |heights: &[Option<f64>]| -> Vec<(usize, f64)> {
        heights.iter().enumerate().filter_map(|(index, height)| Some((index, scale.y((*height)?)))).collect()
    };
    let path = |there: &[(usize, f64)]| -> String {
        let step = |(nth, (index, y)): (usize, &(usize, f64))| {
            format!("{}{} {y}", if nth == 0 { "M" } else { "L" }, x(*index))
        };
        there.iter().enumerate().map(step).collect()
    };
    let (there, was) = (places(&heights), places(&earlier));
    let last = there.last().copied();
    let point = |(index, y): &(usize, f64)| {
        let answer = &answers[*index];
        let month = answer.group.concat();
        let shown = shown(question, answer);
        Point {
            x: x(*index),
            y: *y,
            href: month_of(drawn.here, &month),
            label: format!("{month}: {shown} ({})", of_all(answer.numerator, answer.denominator)),
        }
    };
    let year_before = Series { cls: "s2".to_owned(), path: path(&was), ..Series::default() };
    let now = Series {
        cls: "s1".to_owned(),
        path: path(&there),
        end: last.map(|(index, _)| shown(question, &answers[index])).unwrap_or_default(),
        end_x: (frame.right + 6) as f64,
        end_y: last.map_or(0.0, |(_, y)| y),
        points: there.iter().map(point).collect(),
    };
    Lines {
        title: format!("{title} {}", figure.id),
        label: format!("{title}, {}", lang.of("近 12 个月", "the last 12 months")),
        w: frame.width,
        h: frame.height,
        x0: frame.left,
        x1: frame.right,
        tx: frame.left - 8,
        ty: frame.bottom + frame.below,
        ys: scale.ticks(figure.is_rate()),
        xs: answers
            .iter()
            .enumerate()
            .filter(|(index, _)| (answers.len() - 1 - index).is_multiple_of(frame.named))
            .map(|(index, answer)| TickX { x: x(index), text: answer.group.concat().chars().skip(2).collect() })
            .collect(),
        series: if was.is_empty() { vec![now] } else { vec![year_before, now] },
        keys: Vec::new(),
        twins: vec![table(drawn)],
    }
}

fn shown(question: &Question, answer: &Answer) -> String {
    match answer.denominator {
        Some(_) => rate::of_figure(Some(question.figure), answer.numerator.unsigned_abs(), answer.denominator),
        None => signed(answer.numerator),
    }
}

/// The same page of that month.
fn month_of(here: &Address, month: &str) -> String {
    period::without(here).with("month", month).href()
}

/// What the months before and the same months a year before say is beside each.
fn table(Drawn { lang, here, question, answers, before, .. }: &Drawn<'_>) -> Table {
    let mut cols = vec![(lang.of("月", "month"), ""), (lang.of("分子/分母", "n/d"), "n"), (lang.of("率", "rate"), "n")];
    if !before.is_empty() {
        cols.push((lang.of("上年同月", "a year before"), "n"));
    }
    let row = |(index, answer): (usize, &Answer)| {
        let month = answer.group.concat();
        let href = month_of(here, &month);
        let mut cells = vec![
            Cell { is_head: true, has_href: true, href, ..cell(&month) },
            number(&of_all(answer.numerator, answer.denominator)),
            number(&shown(question, answer)),
        ];
        if let Some(before) = before.get(index) {
            cells.push(number(&before.map_or(String::new(), |before| shown(question, before))));
        }
        Row { cells, ..Row::default() }
    };
    Table {
        caption: lang.of("逐月", "By month").to_owned(),
        is_caption_hidden: true,
        cols: cols.into_iter().map(|(text, cls)| head(text, cls)).collect(),
        rows: answers.iter().enumerate().map(row).collect(),
        ..Table::default()
    }
}

/// In hundredths of a percent.
const WHOLE: f64 = 10_000.0;

/// What lies between the lowest and the highest, with a little room; of a count from nought.
struct Scale {
    low: f64,
    high: f64,
    frame: ChartFrame,
}

impl Scale {
    fn over(heights: &[Option<f64>], is_rate: bool, frame: ChartFrame) -> Self {
        let all = || heights.iter().copied().flatten();
        let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
        if low > high {
            return Self { low: 0.0, high: 1.0, frame };
        }
        let room = ((high - low) * 0.15).max(1.0);
        // No rate is above the whole, where it was not.
        let most = if is_rate && high <= WHOLE { WHOLE } else { f64::INFINITY };
        Self { low: (low - room).max(0.0), high: (high + room).min(most), frame }
    }

    fn y(&self, height: f64) -> f64 {
        let share = (height - self.low) / (self.high - self.low);
        tenth(self.frame.bottom as f64 - (self.frame.bottom - self.frame.top) as f64 * share)
    }

    fn ticks(&self, is_rate: bool) -> Vec<TickY> {
        let tick = |nth: i32| {
            let height = self.low + (self.high - self.low) * f64::from(nth) / 3.0;
            let decimals = if self.high - self.low < 100.0 { 2 } else { 1 };
            let text = if is_rate { format!("{:.decimals$}%", height / 100.0) } else { format!("{height:.0}") };
            TickY { y: self.y(height), text }
        };
        let mut ticks: Vec<TickY> = (0..=3).map(tick).collect();
        // Where all are nearly alike, some would be named alike.
        ticks.reverse();
        ticks.dedup_by(|lower, upper| lower.text == upper.text);
        ticks.reverse();
        ticks
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
        let scale = Scale::over(&[Some(9_800.0), None, Some(9_950.0)], true, ON_PAGE);
        let (low, high) = (scale.y(9_800.0), scale.y(9_950.0));
        assert!(high < low && high >= ON_PAGE.top as f64 && low <= ON_PAGE.bottom as f64, "{low} {high}");
        let nothing = Scale::over(&[None], true, ON_PAGE);
        assert!((ON_PAGE.top as f64..=ON_PAGE.bottom as f64).contains(&nothing.y(0.5)));
        let flat = Scale::over(&[Some(0.0), Some(0.0)], false, ON_PAGE);
        assert!((ON_PAGE.top as f64..=ON_PAGE.bottom as f64).contains(&flat.y(0.0)));
        let whole = Scale::over(&[Some(10_000.0)], true, ON_PAGE).ticks(true);
        assert_eq!(whole.iter().map(|tick| tick.text.as_str()).collect::<Vec<_>>(), ["99.99%", "100.00%"]);
    }
}
