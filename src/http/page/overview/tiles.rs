//! The figures at the head: value, counts, what has changed since the period before and the year before, and twelve months as a line.

use super::{OverviewFound, Show, found::Led};
use crate::{
    http::page::{
        account::signed,
        figure::value,
        part::{Delta, Part, Spark, Tile},
        words::Lang,
    },
    report::{count::grouped, notice::changed, paper::PaperCell, rate},
    store::kpi::{Against, Answer},
};

const WIDTH: i64 = 96;
const HEIGHT: i64 = 30;

pub(super) fn all(show: &Show<'_>, found: &OverviewFound) -> Vec<Tile> {
    let place = |index: usize, led: &Led| {
        let months = found.months.get(index).map_or(&[][..], Vec::as_slice);
        tile(show, led, months, index < 2)
    };
    found.lead.iter().enumerate().map(|(index, led)| place(index, led)).collect()
}

fn tile(show: &Show<'_>, led: &Led, months: &[Answer], is_large: bool) -> Tile {
    let (lang, Led { figure, answer, before }) = (show.lang(), led);
    let (shown, unit) = match figure.id.as_str() {
        // Of those that are open, how many are overdue: a leader counts them.
        "K07" => (signed(answer.numerator), lang.of("件", "")),
        _ => value(figure, answer, lang),
    };
    Tile {
        id: format!("tile-{}", figure.id),
        href: show.figure(&figure.id).href(),
        name: lang.of(&figure.title.zh, &figure.title.en).to_owned(),
        code: figure.id.clone(),
        value: shown,
        unit: unit.to_owned(),
        parts: parts(show, led),
        deltas: before.iter().filter_map(|(against, before)| delta(led, *against, before, lang)).collect(),
        basis: basis(led, lang),
        size: if is_large { "large".to_owned() } else { String::new() },
        sparks: spark(led, months, lang).into_iter().collect(),
        is_ok: true,
        ..Tile::default()
    }
}

fn basis(Led { figure, .. }: &Led, lang: Lang) -> String {
    lang.of(&figure.formula.zh, &figure.formula.en).to_owned()
}

fn parts(show: &Show<'_>, Led { figure, answer, .. }: &Led) -> Vec<Part> {
    let lang = show.lang();
    let part = |(zh, en): (&str, &str), number: String, side: &str| Part {
        label: lang.of(zh, en).to_owned(),
        text: number,
        href: show.list(&figure.id).with("part", side).href(),
    };
    let n = part(("分子", "n"), signed(answer.numerator), "numerator");
    match (figure.id.as_str(), answer.denominator) {
        ("K07", Some(open)) => vec![part(("在办", "open"), grouped(open), "denominator")],
        (_, None) => vec![part(("清单", "list"), signed(answer.numerator), "")],
        (_, Some(d)) => vec![n, part(("分母", "d"), grouped(d), "denominator")],
    }
}

/// Nothing where there is nothing to compare with. Red only for a rate that fell, and for more that is overdue.
fn delta(led: &Led, against: Against, before: &Answer, lang: Lang) -> Option<Delta> {
    let Led { figure, answer, .. } = led;
    let is_overdue = figure.id == "K07";
    let cell = |one: &Answer| match is_overdue {
        true => PaperCell::Count(one.numerator),
        false => PaperCell::of(figure, one),
    };
    let (change, text) = match changed(&cell(answer), &cell(before)) {
        PaperCell::Points(points) => (points, rate::signed(points, lang.of("个百分点", "points"))),
        PaperCell::Growth(growth) => (growth, rate::signed(growth, "%")),
        _ => return None,
    };
    let is_worse = if is_overdue { change > 0 } else { figure.is_rate() && change < 0 };
    let (label, was) = match against {
        Against::PeriodBefore => (lang.of("环比", "on the period before"), lang.of("上期", "was")),
        Against::YearBefore => (lang.of("同比", "on the year before"), lang.of("上年", "was")),
    };
    let (value, _) = if is_overdue { (signed(before.numerator), "") } else { value(figure, before, lang) };
    Some(Delta {
        label: label.to_owned(),
        mark: ["▼", "", "▲"][usize::try_from(change.signum() + 1).unwrap_or(1)].to_owned(),
        text: if is_worse { format!("{text} {}", lang.of("变差", "worse")) } else { text },
        tone: if is_worse { "worse".to_owned() } else { String::new() },
        was: format!("{was} {value}"),
    })
}

/// The last twelve months, and the twelve before them behind it.
fn spark(led: &Led, months: &[Answer], lang: Lang) -> Option<Spark> {
    let height = |answer: &Answer| match answer.denominator {
        Some(d) if d > 0 => answer.numerator as f64 / d as f64,
        Some(_) => f64::NAN,
        None => answer.numerator as f64,
    };
    let heights: Vec<f64> = months.iter().map(height).filter(|one| one.is_finite()).collect();
    let newest = &heights[heights.len().saturating_sub(12)..];
    if newest.len() < 2 {
        return None;
    }
    let (low, high) = newest.iter().fold((f64::MAX, f64::MIN), |(low, high), one| (low.min(*one), high.max(*one)));
    let y = |one: f64| {
        let share = if high > low { (one - low) / (high - low) } else { 0.5 };
        ((HEIGHT as f64 - 4.0) * (1.0 - share) + 2.0).round()
    };
    let x = |index: usize| ((WIDTH - 4) as f64 * index as f64 / (newest.len() - 1) as f64 + 2.0).round();
    let step = |(index, one): (usize, &f64)| format!("{}{} {}", if index == 0 { "M" } else { "L" }, x(index), y(*one));
    let last = newest.len() - 1;
    Some(Spark {
        w: WIDTH,
        h: HEIGHT,
        label: format!("{} {}", led.figure.id, lang.of("近 12 个月", "the last 12 months")),
        path: newest.iter().enumerate().map(step).collect(),
        ref_path: format!("M2 {}H{}", y(newest[0]), WIDTH - 2),
        x: x(last),
        y: y(newest[last]),
    })
}
