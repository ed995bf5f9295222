//! A relation as a query that has only the columns that are asked for, and what these are worked out from: one SELECT over the
//! rows, in which each column is an alias that others name.

use std::collections::{BTreeMap, BTreeSet};

use super::{Relation, Source, code, column::Column, identifiers::identifiers};

type Names<'a> = BTreeSet<&'a str>;

/// What a SELECT over the rows is made of; `{{database}}`, `instant`, `period_from` and `period_to` are still in it.
pub(super) struct Parts {
    /// Each column that is worked out, as an alias.
    pub(super) made: Vec<String>,
    pub(super) from: String,
    /// Which of the rows; empty: all.
    pub(super) condition: String,
}

pub(super) fn select(relation: &Relation, wanted: &Names<'_>, source: Source, reach: &str) -> String {
    let Parts { made, from, condition } = parts(relation, wanted, source, reach);
    let with = if made.is_empty() { String::new() } else { format!("WITH\n    {}\n", made.join(",\n    ")) };
    let which = if condition.is_empty() { String::new() } else { format!("\nWHERE {condition}") };
    format!("{with}SELECT {}\nFROM {from}{which}", wanted.iter().copied().collect::<Vec<_>>().join(", "))
}

pub(super) fn parts(relation: &Relation, wanted: &Names<'_>, source: Source, reach: &str) -> Parts {
    let needed = Needed::of(relation, wanted, source);
    let mut condition = String::new();
    let mut made: Vec<String> = needed.made.iter().map(|(name, sql)| format!("({sql}) AS {name}")).collect();
    let from = match (&relation.rows, &relation.each, relation.base, source) {
        (Some(rows), ..) => rows.clone(),
        (_, Some(each), Some(base), _) => {
            format!("(\n{}\n) AS below\nARRAY JOIN {each}", select(base, &needed.below, source, reach))
        }
        (.., Source::Mart) => format!("{{{{database}}}}_mart.{}(as_of = instant)", relation.lowest().name),
        (.., Source::Tables) => format!("(\n{}\n) AS c", halves(&needed.row).replace("{{reach}}", &also(reach))),
        (.., Source::Resting) => {
            made.extend(needed.row.iter().filter_map(renamed));
            condition = code(include_str!("../queries/cases_at_rest.sql")).replace("{{reach}}", &also(reach));
            "{{database}}.cases AS c FINAL".to_owned()
        }
    };
    Parts { made, from, condition }
}

/// Most cases have rested since before as_of: what holds is what their plain columns say. Only the others have their lists read;
/// indexes find both. The test on last_event_at is the border of the two.
fn halves(columns: &[&Column]) -> String {
    let named = |sql: fn(&Column) -> String| {
        columns
            .iter()
            .map(|column| format!("{} AS {}", sql(column), quoted(&column.name)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    include_str!("../queries/cases_at.sql")
        .trim_end()
        .replace("{{at_rest}}", &named(Column::at_rest))
        .replace("{{in_the_past}}", &named(Column::in_the_past))
}

fn also(condition: &str) -> String {
    if condition.is_empty() { String::new() } else { format!(" AND {condition}") }
}

/// A column of the row that goes by another name.
fn renamed(column: &&Column) -> Option<String> {
    let row = column.row();
    (row != format!("c.{}", column.name) && row != column.name).then(|| format!("{row} AS {}", column.name))
}

/// A name with a dot in it.
fn quoted(name: &str) -> String {
    if name.contains('.') { format!("`{name}`") } else { name.to_owned() }
}

/// What is needed for the columns that are wanted.
#[derive(Default)]
struct Needed<'a> {
    /// What the row has.
    row: Vec<&'a Column>,
    /// What is worked out.
    made: BTreeMap<&'a str, &'a str>,
    /// What a relation of lists takes from its base.
    below: Names<'a>,
    seen: Names<'a>,
}

impl<'a> Needed<'a> {
    fn of(relation: &'a Relation, wanted: &Names<'a>, source: Source) -> Self {
        let mut new = Self::default();
        for name in wanted {
            new.add(relation, name, source);
        }
        for name in relation.each.as_deref().map(identifiers).into_iter().flatten() {
            new.add(relation, name, source);
        }
        new
    }

    /// With all that it is made from.
    fn add(&mut self, relation: &'a Relation, name: &'a str, source: Source) {
        if self.seen.insert(name) {
            self.find(relation, name, source);
        }
    }

    /// What is no name of ours is ClickHouse's.
    fn find(&mut self, relation: &'a Relation, name: &'a str, source: Source) {
        match (relation.own(name), relation.base) {
            // A view has its columns made already.
            (Some(_), None) if source == Source::Mart => {}
            (Some(column), _) => match &column.is {
                Some(is) => {
                    self.made.insert(&column.name, is);
                    column.names().for_each(|name| self.add(relation, name, source));
                }
                None => self.row.push(column),
            },
            (None, Some(base)) if relation.each.is_some() => {
                let below = name.strip_prefix(BELOW).unwrap_or(name);
                if base.knows(below) {
                    self.below.insert(below);
                }
            }
            (None, Some(base)) => self.find(base, name, source),
            (None, None) => {}
        }
    }
}

/// Before the name of a column of the base that an own one hides.
const BELOW: &str = "below.";
