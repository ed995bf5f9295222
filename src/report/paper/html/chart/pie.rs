//! Parts of a whole, as a ring; the legend beside it has every part with its count and share.

use std::{f64::consts::TAU, fmt::Write as _};

use super::{colour, drawn_width, text};
use crate::report::{
    count::grouped,
    paper::{Chart, Language},
    rate,
};

const MIDDLE: f64 = 150.0;
const OUTER: f64 = 130.0;
const INNER: f64 = 70.0;
const LINE: f64 = 26.0;
/// More parts than colours: the smallest are one.
const PARTS: usize = 8;

pub fn drawn(chart: &Chart, language: Language) -> (String, f64) {
    let mut out = String::new();
    let parts = parts(chart, language);
    let whole: u64 = parts.iter().map(|(_, value)| value).sum();
    let names = parts.iter().map(|(label, _)| drawn_width(label)).fold(0.0, f64::max);
    let mut turned = 0.0;
    for (index, (label, value)) in parts.iter().enumerate() {
        let share = rate::fraction(*value, Some(whole)).unwrap_or(0.0);
        ring(&mut out, turned, turned + share, colour(index));
        turned += share;
        let y = MIDDLE - parts.len() as f64 * LINE / 2.0 + index as f64 * LINE;
        let _ = writeln!(out, "<rect x=\"330\" y=\"{y:.1}\" width=\"14\" height=\"14\" fill=\"{}\"/>", colour(index));
        text(&mut out, 352.0, y + 12.0, "start", "", label);
        text(&mut out, 352.0 + names + 80.0, y + 12.0, "end", "", &grouped(*value));
        text(&mut out, 352.0 + names + 160.0, y + 12.0, "end", "soft", &rate::percent(*value, Some(whole)));
    }
    text(&mut out, MIDDLE, MIDDLE + 5.0, "middle", "", &grouped(whole));
    (out, 2.0 * MIDDLE)
}

fn parts(chart: &Chart, language: Language) -> Vec<(String, u64)> {
    let values = chart.series.first().map_or(&[] as &[_], |series| &series.values);
    let labels = chart.labels.iter().map(|label| label.zh.clone());
    let mut parts: Vec<(String, u64)> = labels.zip(values.iter().map(|value| value.unwrap_or(0))).collect();
    parts.retain(|(_, value)| *value > 0);
    if parts.len() > PARTS {
        let rest = parts.split_off(PARTS - 1);
        let name = language.said(&format!("其他 {} 项", rest.len()), &format!("{} others", rest.len())).zh;
        parts.push((name, rest.iter().map(|(_, value)| value).sum()));
    }
    parts
}

/// From one part of the turn to another, clockwise from the top.
fn ring(out: &mut String, from: f64, to: f64, colour: &str) {
    if to - from <= 0.0 {
        return;
    }
    // An arc that ends where it began is not drawn at all.
    let to = to.min(from + 0.999_9);
    let at = |part: f64, radius: f64| {
        let angle = part * TAU;
        (MIDDLE + radius * angle.sin(), MIDDLE - radius * angle.cos())
    };
    let large = u8::from(to - from > 0.5);
    let ((x1, y1), (x2, y2)) = (at(from, OUTER), at(to, OUTER));
    let ((x3, y3), (x4, y4)) = (at(to, INNER), at(from, INNER));
    let _ = writeln!(
        out,
        "<path d=\"M{x1:.1} {y1:.1}A{OUTER} {OUTER} 0 {large} 1 {x2:.1} {y2:.1}L{x3:.1} {y3:.1}\
         A{INNER} {INNER} 0 {large} 0 {x4:.1} {y4:.1}Z\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"1.5\"/>"
    );
}
