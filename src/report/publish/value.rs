//! A published figure in words: its counts and its rate, by the definition that it was published under.

use serde_json::Value;

use super::recount::Counted;
use crate::{
    domain::kpi::Figure,
    report::{
        kpi_text::hours,
        rate::{fraction, most, of_figure},
    },
    store::published::Frozen,
};

/// As people read it, floored.
pub fn rate_text(figure: Option<&Figure>, counted: &Counted) -> String {
    of_figure(figure, counted.numerator.unsigned_abs(), counted.denominator.map(i64::unsigned_abs))
}

/// A part of 1, not rounded.
pub fn rate(figure: Option<&Figure>, counted: &Counted) -> Option<f64> {
    fraction(counted.numerator.unsigned_abs(), most(figure, counted.denominator.map(i64::unsigned_abs)))
}

/// `8/12 66.66 %`, or the count, and how long where the figure is about time.
pub fn value(figure: Option<&Figure>, counted: Option<&Counted>) -> String {
    let Some(counted) = counted else { return "—".to_owned() };
    let text = match counted.denominator {
        Some(_) => format!("{} {}", counted.shown(), rate_text(figure, counted)),
        None => counted.shown(),
    };
    match counted.spread {
        Some(spread) => format!("{text} ({})", hours(spread.median)),
        None => text,
    }
}

pub fn counted(of: &Frozen) -> Counted {
    Counted { numerator: of.numerator, denominator: of.denominator, spread: of.spread }
}

/// What the definition says of itself; empty where it cannot be read any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defined {
    /// 名称 then.
    pub title_zh: String,
    pub title_en: String,
    /// 口径 then.
    pub convention: String,
}

impl Defined {
    /// `definition` is JSON, as the edition keeps it.
    pub fn of(definition: &str) -> Self {
        let value: Value = serde_json::from_str(definition).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            title_zh: text(&value["title"]["zh"]),
            title_en: text(&value["title"]["en"]),
            convention: text(&value["convention"]),
        }
    }
}
