//! A rate as text and as a number. It is never rounded up: 100.00 % is shown only when nothing is missing.

use crate::domain::kpi::{Figure, Shape};

/// No denominator, no rate.
pub const NO_RATE: &str = "—";

/// Floored to two decimals, in whole numbers, so that no floating point can lift 99.999 to 100.
pub fn percent(numerator: u64, denominator: Option<u64>) -> String {
    let shown = |hundredths| format!("{}.{:02} %", hundredths / 100, hundredths % 100);
    hundredths(numerator, denominator).map_or(NO_RATE.to_owned(), shown)
}

/// Hundredths of a percent, floored.
pub fn hundredths(numerator: u64, denominator: Option<u64>) -> Option<u128> {
    denominator.filter(|d| *d > 0).map(|d| u128::from(numerator) * 10_000 / u128::from(d))
}

/// So many a case, floored to two decimals; it may be more than one.
fn per_case(numerator: u64, denominator: Option<u64>) -> String {
    match denominator {
        None | Some(0) => NO_RATE.to_owned(),
        Some(d) => {
            let hundredths = u128::from(numerator) * 100 / u128::from(d);
            format!("{}.{:02}", hundredths / 100, hundredths % 100)
        }
    }
}

/// As the figure shows it: a percentage, or so many a case. A plain share is of no figure.
pub fn of_figure(figure: Option<&Figure>, numerator: u64, denominator: Option<u64>) -> String {
    let is_per_case = figure.is_some_and(|figure| figure.shape == Shape::PerCase);
    let shown = if is_per_case { per_case } else { percent };
    shown(numerator, most(figure, denominator))
}

/// As many as the numerator could at most be.
pub fn most(figure: Option<&Figure>, denominator: Option<u64>) -> Option<u64> {
    denominator.map(|d| d * figure.map_or(1, Figure::scale))
}

pub fn fraction(numerator: u64, denominator: Option<u64>) -> Option<f64> {
    denominator.filter(|d| *d > 0).map(|d| numerator as f64 / d as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_percent_means_that_nothing_is_missing() {
        let shown = |n, d| percent(n, Some(d));
        assert_eq!(shown(2827, 2827), "100.00 %");
        assert_eq!(shown(99_999, 100_000), "99.99 %");
        assert_eq!(shown(u64::MAX - 1, u64::MAX), "99.99 %");
        assert_eq!(shown(597, 601), "99.33 %");
        assert_eq!(shown(1, 601), "0.16 %");
        assert_eq!(shown(0, 5), "0.00 %");
    }

    #[test]
    fn what_is_counted_a_case_is_no_percentage() {
        let shown = |n, d| per_case(n, Some(d));
        assert_eq!([shown(3, 2), shown(2, 3), shown(0, 3), shown(1, 0)], ["1.50", "0.66", "0.00", "—"]);
    }

    #[test]
    fn without_a_denominator_there_is_no_rate() {
        assert_eq!(percent(0, Some(0)), "—");
        assert_eq!(percent(12, None), "—");
        assert_eq!(fraction(0, Some(0)), None);
        assert_eq!(fraction(12, None), None);
        assert_eq!(fraction(1, Some(4)), Some(0.25));
    }
}
