//! A relation as the view that analysts read.

use std::collections::BTreeSet;

use super::{Relation, Source, column::Column};
use crate::{
    domain::kpi::{CATALOGUE, Figure},
    store::literal::quoted,
};

impl Relation {
    /// The statement that installs it, with the built-in figures.
    pub fn view(&self) -> String {
        let is_built_in = |id: &String| CATALOGUE.iter().any(|figure| figure.id == *id);
        self.installed(self.name, (&self.zh, &self.en), |column| column.figure.as_ref().is_none_or(is_built_in))
    }

    /// With one figure of the town's own, as a view of its own.
    pub fn own_view(&self, figure: &Figure) -> String {
        let is_its = |column: &Column| column.figure.as_ref() == Some(&figure.id);
        self.installed(&own_name(figure), (&figure.title.zh, &figure.title.en), is_its)
    }

    fn installed(&self, name: &str, (zh, en): (&str, &str), is_shown: impl Fn(&Column) -> bool) -> String {
        let shown: Vec<&Column> = self.shown(is_shown);
        let names: Vec<&str> = shown.iter().map(|column| column.name.as_str()).collect();
        let column = |column: &&Column| {
            let comment = quoted(&format!("{} | {}", column.zh, column.en));
            format!("    {} {} COMMENT {comment}", column.name, column.kind)
        };
        let wanted: BTreeSet<&str> = names.iter().copied().collect();
        include_str!("../queries/view.sql")
            .trim_end()
            .replace("{{view}}", name)
            .replace("{{columns}}", &shown.iter().map(column).collect::<Vec<_>>().join(",\n"))
            .replace("{{names}}", &names.join(", "))
            .replace("{{select}}", &self.select(&wanted, Source::Tables, ""))
            .replace("{{title}}", &quoted(&format!("{zh} | {en}")))
    }

    /// In order: what is said to be shown, then the figures.
    fn shown(&self, is_shown: impl Fn(&Column) -> bool) -> Vec<&Column> {
        let named = self.shows.iter().filter_map(|name| self.column(name));
        let is_figure = |column: &&Column| !column.zh.is_empty() && !self.shows.contains(&column.name);
        let figures = self.columns.iter().filter(is_figure).filter(|column| is_shown(column));
        named.chain(figures).collect()
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.own(name).or_else(|| self.base.and_then(|base| base.column(name)))
    }
}

/// `own_receipt_kept`.
pub fn own_name(figure: &Figure) -> String {
    format!("own_{}", figure.id)
}

#[cfg(test)]
mod tests {
    use super::super::all;

    #[test]
    fn everything_that_is_shown_is_there_with_a_type_and_both_titles() {
        for relation in all() {
            assert_eq!(
                relation.shown(|_| true).iter().filter(|column| relation.shows.contains(&column.name)).count(),
                relation.shows.len(),
                "{}",
                relation.name
            );
            for column in relation.shown(|_| true) {
                assert!(!column.kind.is_empty() && !column.zh.is_empty() && !column.en.is_empty(), "{}", column.name);
            }
        }
    }
}
