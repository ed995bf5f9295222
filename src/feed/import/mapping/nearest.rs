//! The name of a field or a column that was probably meant.

use crate::feed::nearest;

/// Below this likeness a suggestion would puzzle more than it helps.
const ALIKE: f64 = 0.45;

/// ` (did you mean `x`?)`, or nothing.
pub(in crate::feed::import) fn hint(wanted: &str, names: &[&str]) -> String {
    nearest(wanted, names).map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
    nearest::nearest(names.iter().copied(), likeness, ALIKE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_its_name_and_nonsense_finds_none() {
        let names = ["OPEN_DT", "CLOSED_DT", "受理时间"];
        assert_eq!(nearest("OPENED_DT", &names), Some("OPEN_DT"));
        assert_eq!(nearest("closed_dt", &names), Some("CLOSED_DT"));
        assert_eq!(nearest("受理日期", &names), Some("受理时间"));
        assert_eq!(nearest("xyz", &names), None);
    }
}
