//! A rate, and a change, as text and as a number: the one place where either is rounded. A rate is never rounded up: 100.00 % is
//! shown only when nothing is missing. A change is rounded to the nearest, halves away from zero.

use super::count::grouped;
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

/// A part of 1, not rounded; none of nothing.
pub fn fraction(numerator: u64, denominator: Option<u64>) -> Option<f64> {
    denominator.filter(|d| *d > 0).map(|d| numerator as f64 / d as f64)
}

/// By how much a count grew: in parts of it, so many of which are a whole (10,000: hundredths of a percent). None where there was
/// nothing to grow from.
pub fn growth(now: i64, before: i64, parts: i64) -> Option<i64> {
    let (now, before) = (i128::from(now), i128::from(before));
    if before <= 0 {
        return None;
    }
    let exact = (now - before) * i128::from(parts);
    let rounded = (exact.abs() * 2 + before) / (before * 2);
    i64::try_from(rounded * exact.signum()).ok()
}

/// `+8.43 %`, of hundredths.
pub fn signed(hundredths: i64, unit: &str) -> String {
    let sign = if hundredths < 0 { "−" } else { "+" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02} {unit}", grouped(hundredths / 100), hundredths % 100)
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
    fn a_change_is_rounded_to_the_nearest_and_halves_go_away_from_zero() {
        let shown = |now, before| growth(now, before, 10_000).map(|hundredths| signed(hundredths, "%"));
        for (now, before, wanted) in [
            (3_680, 3_394, "+8.43 %"), // 8.4266…
            (204, 218, "−6.42 %"),
            (20_001, 20_000, "+0.01 %"), // exactly 0.005
            (19_999, 20_000, "−0.01 %"),
            (20_000, 20_000, "+0.00 %"),
            (1_334_566, 100_000, "+1,234.57 %"),
            (0, 7, "−100.00 %"),
        ] {
            assert_eq!(shown(now, before).as_deref(), Some(wanted), "{now} {before}");
        }
        assert_eq!((shown(3, 0), growth(26, 32, 1000)), (None, Some(-188)));
        assert_eq!(growth(i64::MAX, 1, 10_000), None);
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
