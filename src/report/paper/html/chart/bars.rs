//! Bars that lie, for long names, and columns that stand, for few and short ones.

use std::fmt::Write as _;

use super::{WIDTH, colour, drawn_width, fitted, legend, scale::Axis, text};
use crate::report::{count::grouped, paper::Chart};

/// Places of a name.
const NAME_PLACES: usize = 34;

pub fn lying(chart: &Chart) -> (String, f64) {
    let mut out = String::new();
    let top = legend(chart, &mut out);
    let labels: Vec<String> = chart.labels.iter().map(|label| fitted(&label.zh, NAME_PLACES)).collect();
    let left = labels.iter().map(|label| drawn_width(label)).fold(60.0, f64::max) + 12.0;
    let axis = axis(chart);
    let (thick, gap) = (if chart.series.len() > 1 { 12.0 } else { 18.0 }, 8.0);
    let group = thick * chart.series.len().max(1) as f64 + gap;
    let long = WIDTH - left - 70.0;
    for (index, label) in labels.iter().enumerate() {
        let y = top + index as f64 * group;
        text(&mut out, left - 8.0, y + (group - gap) / 2.0 + 5.0, "end", "", label);
        for (number, series) in chart.series.iter().enumerate() {
            let Some(value) = series.values.get(index).copied().flatten() else { continue };
            let (y, bar) = (y + number as f64 * thick, axis.part(value) * long);
            let _ = writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{bar:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
                thick - 1.0,
                colour(number)
            );
            text(&mut out, left + bar + 6.0, y + thick / 2.0 + 4.0, "start", "soft", &grouped(value));
        }
    }
    (out, top + labels.len() as f64 * group)
}

pub fn standing(chart: &Chart) -> (String, f64) {
    const HIGH: f64 = 220.0;
    let mut out = String::new();
    let top = legend(chart, &mut out) + 14.0;
    let axis = axis(chart);
    let slot = (WIDTH - 20.0) / chart.labels.len().max(1) as f64;
    let thick = (slot * 0.7 / chart.series.len().max(1) as f64).min(70.0);
    for (index, label) in chart.labels.iter().enumerate() {
        let middle = 10.0 + (index as f64 + 0.5) * slot;
        let first = middle - thick * chart.series.len() as f64 / 2.0;
        for (number, series) in chart.series.iter().enumerate() {
            let Some(value) = series.values.get(index).copied().flatten() else { continue };
            let (x, high) = (first + number as f64 * thick, axis.part(value) * HIGH);
            let y = top + HIGH - high;
            let _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{high:.1}\" fill=\"{}\"/>",
                thick - 2.0,
                colour(number)
            );
            text(&mut out, x + thick / 2.0, y - 5.0, "middle", "soft", &grouped(value));
        }
        text(&mut out, middle, top + HIGH + 18.0, "middle", "", &label.zh);
    }
    let base = top + HIGH;
    let _ = writeln!(out, "<path d=\"M10 {base:.1}H{:.1}\" stroke=\"#5b6b7b\"/>", WIDTH - 10.0);
    (out, top + HIGH + 26.0)
}

fn axis(chart: &Chart) -> Axis {
    let values = chart.series.iter().flat_map(|series| series.values.iter().flatten().copied());
    Axis::over(values)
}
