//! A chart as SVG. Its values stand in it as text, for those who cannot see it and for those who want to know.

mod bars;
mod line;
mod pie;
mod scale;

use std::fmt::Write as _;

use super::{both, escape::escaped};
use crate::report::{
    count::grouped,
    paper::{Chart, ChartKind, Language},
    table::width,
};

/// In the order of the series or of the parts; told apart in grey as well.
const COLOURS: [&str; 8] = ["#1f4e79", "#d9822b", "#4f9d7e", "#8a6fb0", "#5b9bd5", "#a65a5a", "#8c8c3c", "#7a8794"];

const WIDTH: f64 = 900.0;

pub fn write(chart: &Chart, id: &str, language: Language, out: &mut String) {
    let (drawing, height) = match chart.kind {
        ChartKind::Bars => bars::lying(chart),
        ChartKind::Columns => bars::standing(chart),
        ChartKind::Line => line::drawn(chart),
        ChartKind::Pie => pie::drawn(chart, language),
    };
    let _ = write!(
        out,
        "<figure><figcaption>{}</figcaption>\n\
         <svg role=\"img\"{} aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {WIDTH} {height:.0}\">\n\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>\n{drawing}</svg></figure>\n",
        both(&chart.title),
        if chart.kind == ChartKind::Pie { " class=\"pie\"" } else { "" },
        escaped(&chart.title.both(" ")),
        escaped(&told(chart)),
    );
}

/// Every value in words.
fn told(chart: &Chart) -> String {
    let mut told = String::new();
    for series in &chart.series {
        let _ = write!(told, "{}: ", series.name.both(" "));
        for (label, value) in chart.labels.iter().zip(&series.values) {
            let _ = write!(told, "{} {}; ", label.zh, value.map_or("—".to_owned(), grouped));
        }
    }
    told
}

fn text(out: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{}</text>",
        escaped(text)
    );
}

fn colour(index: usize) -> &'static str {
    COLOURS[index % COLOURS.len()]
}

/// How wide a text is drawn, about.
fn drawn_width(text: &str) -> f64 {
    width(text) as f64 * 6.8
}

/// Cut so that it fits; the table beside has the whole of it.
fn fitted(text: &str, places: usize) -> String {
    if width(text) <= places {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        short.push(c);
        if width(&short) + 1 >= places {
            break;
        }
    }
    short + "…"
}

/// Which colour is which series, where there are several; returns the height that it takes.
fn legend(chart: &Chart, out: &mut String) -> f64 {
    if chart.series.len() < 2 {
        return 8.0;
    }
    let mut x = 10.0;
    for (index, series) in chart.series.iter().enumerate() {
        let name = series.name.both(" ");
        let _ = writeln!(out, "<rect x=\"{x:.1}\" y=\"6\" width=\"14\" height=\"14\" fill=\"{}\"/>", colour(index));
        text(out, x + 20.0, 18.0, "start", "", &name);
        x += 44.0 + drawn_width(&name);
    }
    30.0
}
