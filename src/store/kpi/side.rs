//! A case towards one figure, in SQL: kpi_side.sql with the reasons of the figure's own cohort.

use super::query::boolean;
use crate::{
    domain::kpi::{Cohort, Figure},
    store::relation::code,
};

/// `number` tells it from others of the same query; `n` and `d` are its columns.
pub(super) fn side(number: usize, figure: &Figure, (n, d): (String, String)) -> String {
    let short_of = match figure.lacks_due() {
        true => code(include_str!("../queries/kpi_short_of.sql"))
            .replace("{{is_by_original_due}}", boolean(figure.cohort == Cohort::OriginalDue))
            .replace("{{is_light}}", boolean(figure.is_by_light())),
        false => "'otherwise'".to_owned(),
    };
    code(include_str!("../queries/kpi_side.sql"))
        .replace("{{why_not}}", &why_not(figure))
        .replace("{{short_of}}", &short_of)
        .replace("{{n}}", &n)
        .replace("{{d}}", &d)
        .replace("{{number}}", &number.to_string())
}

fn why_not(figure: &Figure) -> String {
    let is_for = |word: &str| match word {
        "in_base" => figure.in_base,
        "by_due" => figure.is_by_due(),
        "lacks_due" => figure.lacks_due(),
        "lacks_other" => !figure.lacks_due(),
        cohort => cohort == figure.cohort.name(),
    };
    let (due, other_due) = match figure.cohort {
        Cohort::OriginalDue => ("original_due_at", "due_at"),
        _ => ("due_at", "original_due_at"),
    };
    let mut is_meant = true;
    let mut branches = Vec::new();
    for line in include_str!("../queries/kpi_why_not.sql").lines() {
        match line.trim().strip_prefix("-- for: ") {
            Some(words) => is_meant = words.split(' ').any(is_for),
            None if is_meant => branches.push(line),
            None => {}
        }
    }
    code(&branches.join("\n")).replace("{{due}}", due).replace("{{other_due}}", other_due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kpi::CATALOGUE;

    #[test]
    fn every_branch_is_for_some_figure_and_each_figure_has_a_whole_expression() {
        let branches = CATALOGUE.iter().map(|figure| (figure, why_not(figure)));
        let mut all = String::new();
        for (figure, text) in branches {
            assert_eq!(text.matches('(').count(), text.matches(')').count(), "{}: {text}", figure.id);
            assert!(!text.contains("{{"), "{}: {text}", figure.id);
            all += &text;
        }
        for cohort in
            ["received_before", "closed_before_end", "not_revisited", "not_assigned", "closed_after", "due_moved"]
        {
            assert!(all.contains(&format!("'{cohort}'")), "{cohort}");
        }
    }
}
