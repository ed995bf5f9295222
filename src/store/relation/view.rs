//! A relation as the view that analysts read.

use std::collections::BTreeSet;

use super::{Relation, Source, column::Column};

impl Relation {
    /// The statement that installs it.
    pub fn view(&self) -> String {
        let shown: Vec<&Column> = self.shown();
        let names: Vec<&str> = shown.iter().map(|column| column.name.as_str()).collect();
        let columns: Vec<String> = shown
            .iter()
            .map(|column| {
                format!(
                    "    {} {} COMMENT '{} | {}'",
                    column.name,
                    column.kind,
                    column.zh,
                    column.en.replace('\'', "''")
                )
            })
            .collect();
        let wanted: BTreeSet<&str> = names.iter().copied().collect();
        include_str!("../queries/view.sql")
            .trim_end()
            .replace("{{view}}", self.name)
            .replace("{{columns}}", &columns.join(",\n"))
            .replace("{{names}}", &names.join(", "))
            .replace("{{select}}", &self.select(&wanted, Source::Tables))
            .replace("{{title}}", &format!("{} | {}", self.zh, self.en))
    }

    /// In order: what is said to be shown, then the figures.
    fn shown(&self) -> Vec<&Column> {
        let named = self.shows.iter().filter_map(|name| self.column(name));
        let is_figure = |column: &&Column| !column.zh.is_empty() && !self.shows.contains(&column.name);
        let figures = self.columns.iter().filter(is_figure);
        named.chain(figures).collect()
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.own(name).or_else(|| self.base.and_then(|base| base.column(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::all;

    #[test]
    fn everything_that_is_shown_is_there_with_a_type_and_both_titles() {
        for relation in all() {
            assert_eq!(
                relation.shown().iter().filter(|column| relation.shows.contains(&column.name)).count(),
                relation.shows.len(),
                "{}",
                relation.name
            );
            for column in relation.shown() {
                assert!(!column.kind.is_empty() && !column.zh.is_empty() && !column.en.is_empty(), "{}", column.name);
            }
        }
    }
}
