//! The command that opens a figure: run, it gives the same number.

use jiff::tz::TimeZone;

use super::{Indicator, TownOrder, TownShows};

/// With every flag that it takes, quoted for a shell.
pub fn of(order: &TownOrder, indicator: &Indicator) -> String {
    let zone = TimeZone::get(&order.zone).unwrap_or(TimeZone::UTC);
    let mut words = vec![
        "tongguan kpi".to_owned(),
        indicator.figure.id.clone(),
        format!("--from {} --to {}", order.span.first, order.span.after),
        format!("--as-of {}", order.period.as_of.rfc3339(&zone)),
        format!("--stream {}", indicator.stream),
    ];
    for only in &indicator.only {
        words.push(format!("--only {}", quoted(&format!("{}={}", only.dimension.name(), only.value))));
    }
    if indicator.shows == TownShows::Change {
        words.push("--compare yoy".to_owned());
    }
    if order.names_zone {
        words.push(format!("--timezone {}", order.zone));
    }
    words.join(" ")
}

/// For a shell, where it needs it.
pub fn quoted(word: &str) -> String {
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || "=_-./:".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_split_or_change_it() {
        assert_eq!(quoted("kind=主动公开"), "kind=主动公开");
        assert_eq!(quoted("kind=one two"), "'kind=one two'");
        assert_eq!(quoted("kind=it's"), r"'kind=it'\''s'");
    }
}
