//! What figures are asked of: the cases at an instant, and what each adds to every figure in a period. Said once, as columns that
//! name each other, and rendered in two ways: as the views that analysts read, and as queries that have only what they ask for.

mod cohort;
mod column;
mod declared;
mod figures;
mod identifiers;
mod layers;
mod view;

use std::{collections::BTreeSet, sync::LazyLock};

use serde::Deserialize;

pub use self::{
    cohort::{at, bound, reach, within},
    figures::{FigureEnd, column, stage},
    view::own_name,
};
use self::{
    column::{Column, Said},
    identifiers::identifiers,
    layers::Parts,
};
use crate::domain::kpi::{Figure, Grain};

/// Where the rows come from. An analyst's account may read the views of the mart only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Tables,
    /// The tables, of which nothing is said after the instant.
    Resting,
    Mart,
}

/// The first switches off a step of the optimizer that gains nothing here, and takes longer than the query. The second says, whatever
/// a session has set, that a name is the column that is made, even where the table has one of that name.
const SETTINGS: &str = "\nSETTINGS optimize_and_compare_chain = 0, prefer_column_name_to_alias = 0";

/// In a template: what the columns are worked out from.
const MADE: &str = "{{made}}";

#[derive(Debug)]
pub(super) struct Relation {
    pub name: &'static str,
    zh: String,
    en: String,
    base: Option<&'static Self>,
    /// Where its rows come from, of one that knows no instant.
    rows: Option<String>,
    /// One row for each of a list: what ClickHouse is to join, `clocks AS clock`.
    each: Option<String>,
    /// What the view shows, in order, before the figures.
    shows: Vec<String>,
    columns: Vec<Column>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    zh: String,
    en: String,
    /// Whose columns it has.
    #[serde(default)]
    table: String,
    rows: Option<String>,
    each: Option<String>,
    /// All of its own, if nothing is said.
    #[serde(default)]
    shows: Vec<String>,
    columns: Vec<Said>,
    /// What others are worked out from.
    #[serde(default)]
    behind: Vec<Said>,
}

macro_rules! relations {
    ($($constant:ident $name:literal $base:expr, $grain:expr;)*) => {
        $(pub static $constant: LazyLock<Relation> =
            LazyLock::new(|| Relation::new($name, include_str!(concat!($name, ".toml")), $base, $grain));)*
        /// In the order in which they build on each other.
        pub fn all() -> Vec<&'static Relation> {
            vec![$(&$constant),*]
        }
    };
}

relations! {
    CASES "cases" None, None;
    EVENTS "events" None, None;
    ALERTS "alerts" None, None;
    CASES_AT "cases_at" None, None;
    FLAGS "kpi_flags" Some(&CASES_AT), Some(Grain::Case);
    CLOCKS "kpi_clocks" Some(&CASES_AT), Some(Grain::Clock);
    ASSIGNMENTS "kpi_assignments" Some(&CASES_AT), Some(Grain::Assignment);
    CHECKS "kpi_checks" Some(&CASES_AT), Some(Grain::Check);
}

pub fn of(grain: Grain) -> &'static Relation {
    match grain {
        Grain::Case => &FLAGS,
        Grain::Clock => &CLOCKS,
        Grain::Assignment => &ASSIGNMENTS,
        Grain::Check => &CHECKS,
    }
}

impl Relation {
    #[allow(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    fn new(name: &'static str, text: &str, base: Option<&'static Self>, grain: Option<Grain>) -> Self {
        let Definition { zh, en, table, rows, each, mut shows, columns, behind } = toml::from_str(text).expect(name);
        let declared = declared::columns(&table);
        let mut columns: Vec<Column> = columns.into_iter().map(Column::from).collect();
        for column in &mut columns {
            if let Some(above) = base.and_then(|base| base.column(&column.name)) {
                column.is_called(&above.kind, &above.zh, &above.en);
            } else if let Some(of) = declared.get(column.name.as_str()) {
                column.is_called(&of.kind, &of.zh, &of.en);
            }
        }
        if shows.is_empty() {
            shows.extend(columns.iter().map(|column| column.name.clone()));
        }
        columns.extend(behind.into_iter().map(Column::from));
        columns.extend(grain.into_iter().flat_map(figures::atoms));
        columns.extend(grain.into_iter().flat_map(figures::columns));
        Self { name, zh, en, base, rows, each, shows, columns }
    }

    fn own(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Which has the rows.
    fn lowest(&self) -> &Self {
        self.base.map_or(self, Self::lowest)
    }

    fn knows(&self, name: &str) -> bool {
        self.own(name).is_some() || self.base.is_some_and(|base| base.knows(name))
    }

    /// In the place of the template, where it has it, a query that has the columns that the template names, of the cases that
    /// [`reach`] says. A template that has a place for what they are made from is one SELECT with it.
    pub fn fill(&self, place: &str, template: &str, source: Source, reach: &str) -> String {
        if !template.contains(place) {
            return template.to_owned();
        }
        let wanted = self.wanted(template);
        if !template.contains(MADE) {
            return template.replace(place, &format!("(\n{}\n)", self.select(&wanted, source, reach)));
        }
        let Parts { made, from, condition } = layers::parts(self, &wanted, source, reach);
        let made: String = made.iter().map(|column| format!("{column},\n    ")).collect();
        let also = if condition.is_empty() { condition } else { format!("{condition}\n    AND ") };
        let filled = template.replace(MADE, &made).replace("{{also}}", &also).replace(place, &from);
        parameters(&format!("{filled}{SETTINGS}"))
    }

    /// The columns that a template names.
    fn wanted<'a>(&self, template: &'a str) -> BTreeSet<&'a str> {
        let named = identifiers(template).map(|name| if self.knows(name) { name } else { last(name) });
        let mut wanted: BTreeSet<&str> = named.filter(|name| self.knows(name)).collect();
        if wanted.is_empty() {
            wanted.insert("stream");
        }
        wanted
    }

    fn select(&self, wanted: &BTreeSet<&str>, source: Source, reach: &str) -> String {
        let select = layers::select(self, wanted, source, reach);
        format!("{}{SETTINGS}", parameters(&select))
    }

    fn call(&self, name: &str) -> String {
        let period = if self.base.is_some() { "from = period_from, to = period_to, " } else { "" };
        parameters(&format!("{{{{database}}}}_mart.{name}({period}as_of = instant)"))
    }
}

/// What an analyst writes in the place of the rows of a figure.
pub(super) fn view_call(figure: &Figure) -> String {
    let relation = of(figure.grain);
    if figure.is_own() { relation.call(&own_name(figure)) } else { relation.call(relation.name) }
}

/// `seen.stream` is the stream of what is called `seen`.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A fragment goes into the middle of a query, where a comment would swallow what follows.
pub fn code(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The three instants that a question gives.
pub fn parameters(sql: &str) -> String {
    identifiers::renamed(sql, |name| match name {
        "instant" => Some("{as_of:DateTime64(3, 'Asia/Shanghai')}"),
        "period_from" => Some("{from:DateTime64(3, 'Asia/Shanghai')}"),
        "period_to" => Some("{to:DateTime64(3, 'Asia/Shanghai')}"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kpi::CATALOGUE;

    #[test]
    fn a_query_has_what_it_asks_for_and_nothing_else() {
        let sql = FLAGS.fill("{{flags}}", "SELECT sum(k06c_n) FROM {{flags}}", Source::Tables, "");
        for name in ["finished_at", "due_at", "marks", "is_due_held"] {
            assert!(sql.contains(name), "{name}: {sql}");
        }
        for name in ["clocks", "answers", "closed_at", "category", "k05a"] {
            assert!(!sql.contains(name), "{name}: {sql}");
        }
        let mart = FLAGS.fill("{{flags}}", "SELECT sum(k06c_n) FROM {{flags}}", Source::Mart, "");
        assert!(mart.contains("_mart.cases_at(as_of = {as_of:") && !mart.contains("}}.cases"), "{mart}");
    }

    #[test]
    fn figures_name_columns_of_their_grain() {
        let mut seen = 0;
        for figure in CATALOGUE.iter() {
            let texts = [
                &figure.numerator,
                &figure.denominator,
                &figure.numerator_sums,
                &figure.denominator_sums,
                &figure.lasts,
            ];
            for name in texts.into_iter().flatten().flat_map(|text| identifiers(text)) {
                let is_known = ["and", "or", "not"].contains(&name) || of(figure.grain).knows(name);
                assert!(is_known, "{}: {name}", figure.id);
                seen += 1;
            }
        }
        assert!(seen > 100 && !FLAGS.knows("is_nothing"), "{seen}");
    }
}
