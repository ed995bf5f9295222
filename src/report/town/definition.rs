//! What an indicator means: the figure of the catalogue, its formula, and of which cases.

use super::{Indicator, TownShows};
use crate::report::paper::Text;

pub fn of(indicator: &Indicator) -> Text {
    let figure = indicator.figure;
    let only: Vec<(String, String)> = indicator
        .only
        .iter()
        .map(|only| {
            (format!("，只计{}“{}”", only.title.zh, only.value), format!(", only {}: {}", only.title.en, only.value))
        })
        .collect();
    let (only_zh, only_en): (Vec<_>, Vec<_>) = only.into_iter().unzip();
    let (numerator, year_before) = match indicator.shows {
        TownShows::Count if figure.is_rate() => (("，取分子", ", its numerator"), ("", "")),
        TownShows::Change => (("", ""), ("，与上年同期比", ", against the year before")),
        _ => (("", ""), ("", "")),
    };
    let words = indicator.words.as_ref();
    let (words_zh, words_en) = words.map_or(("", ""), |words| (words.zh.as_str(), words.en.as_str()));
    let zh = format!(
        "{} {}：{}{}{}；{}{}{words_zh}",
        figure.id,
        figure.title.zh,
        figure.formula.zh,
        numerator.0,
        year_before.0,
        indicator.stream_title.zh,
        only_zh.concat()
    );
    let en = format!(
        "{} {}: {}{}{}; {}{}{words_en}",
        figure.id,
        figure.title.en,
        figure.formula.en,
        numerator.1,
        year_before.1,
        indicator.stream_title.en,
        only_en.concat()
    );
    Text::new(zh, en)
}
