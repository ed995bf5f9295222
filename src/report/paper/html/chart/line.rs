//! Lines over time. Each has marks of its own shape, so that they differ without colour too.

use std::fmt::Write as _;

use super::{WIDTH, colour, drawn_width, legend, scale::Axis, text};
use crate::report::{count::grouped, paper::Chart};

const HIGH: f64 = 240.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 16.0;

pub fn drawn(chart: &Chart) -> (String, f64) {
    let mut out = String::new();
    let top = legend(chart, &mut out) + 6.0;
    let values = chart.series.iter().flat_map(|series| series.values.iter().flatten().copied());
    let axis = Axis::over(values);
    let y = |value: u64| top + HIGH - axis.part(value) * HIGH;
    for tick in axis.ticks() {
        let at = y(tick);
        let _ = writeln!(out, "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#d9e0e7\"/>", WIDTH - RIGHT);
        text(&mut out, LEFT - 8.0, at + 4.0, "end", "soft", &grouped(tick));
    }
    let step = (WIDTH - LEFT - RIGHT - 20.0) / (chart.labels.len().saturating_sub(1)).max(1) as f64;
    let x = |index: usize| LEFT + 10.0 + index as f64 * step;
    // As many labels as there is room for.
    let widest = chart.labels.iter().map(|label| drawn_width(&label.zh)).fold(10.0, f64::max) + 8.0;
    let every = (widest / step).ceil().max(1.0) as usize;
    for (index, label) in chart.labels.iter().enumerate().filter(|(index, _)| index.is_multiple_of(every)) {
        text(&mut out, x(index), top + HIGH + 18.0, "middle", "soft", &label.zh);
    }
    for (number, series) in chart.series.iter().enumerate() {
        let mut path = String::new();
        let mut is_on = false;
        let mut marks = String::new();
        for (index, value) in series.values.iter().enumerate() {
            let Some(value) = value else {
                is_on = false;
                continue;
            };
            let (x, y) = (x(index), y(*value));
            let _ = write!(path, "{}{x:.1} {y:.1}", if is_on { "L" } else { "M" });
            mark(&mut marks, number, x, y);
            is_on = true;
        }
        let colour = colour(number);
        let _ = writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
        let _ = writeln!(out, "<g fill=\"{colour}\">{marks}</g>");
    }
    (out, top + HIGH + 28.0)
}

fn mark(out: &mut String, number: usize, x: f64, y: f64) {
    let _ = match number % 3 {
        0 => write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.2\"/>"),
        1 => write!(out, "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"6\" height=\"6\"/>", x - 3.0, y - 3.0),
        _ => write!(out, "<path d=\"M{x:.1} {:.1}l4 7h-8z\"/>", y - 4.0),
    };
}
