//! A relation as a query that has only the columns that are asked for, and what these are worked out from.

use std::collections::{BTreeMap, BTreeSet};

use super::{Relation, Source, column::Column};

type Names<'a> = BTreeSet<&'a str>;

/// `{{database}}`, `instant`, `period_from` and `period_to` are still in it.
pub(super) fn select(relation: &Relation, wanted: &Names<'_>, source: Source) -> String {
    let needed = Needed::of(relation, wanted);
    let mut from = match (relation.base, source) {
        (Some(base), _) => inner(&select(base, &needed.below, source)),
        (None, Source::Tables) => inner(&halves(&needed.at(0))),
        (None, Source::Mart) => {
            return format!("SELECT {} FROM {{{{database}}}}_mart.{}(as_of = instant)", list(wanted), relation.name);
        }
    };
    let mut each = relation.each.as_deref();
    if needed.highest() == 0 && each.is_none() {
        return format!("SELECT {} FROM {from}", list(wanted));
    }
    let mut sql = String::new();
    for level in 1..=needed.highest().max(1) {
        let own = needed.at(level);
        let made: Vec<String> = own.iter().map(|column| made(column)).collect();
        let kept = needed.kept(level, wanted);
        let kept = kept.into_iter().filter(|name| own.iter().all(|column| column.name != **name)).map(str::to_owned);
        let join = each.take().map_or(String::new(), |each| format!("\nARRAY JOIN {each}"));
        sql = format!("SELECT {}\nFROM {from}{join}", kept.chain(made).collect::<Vec<_>>().join(", "));
        from = inner(&sql);
    }
    sql
}

fn inner(sql: &str) -> String {
    format!("(\n{sql}\n) AS below")
}

fn made(column: &Column) -> String {
    format!("{} AS {}", column.is.as_deref().unwrap_or_default(), column.name)
}

fn list(names: &Names<'_>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
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

/// A name with a dot in it.
fn quoted(name: &str) -> String {
    if name.contains('.') { format!("`{name}`") } else { name.to_owned() }
}

/// What of a relation is needed for the columns that are wanted.
struct Needed<'a> {
    /// Its own, by the layer in which each is made: 0 for what the row has.
    own: BTreeMap<&'a str, (usize, &'a Column)>,
    below: Names<'a>,
    relation: &'a Relation,
}

impl<'a> Needed<'a> {
    fn of(relation: &'a Relation, wanted: &Names<'a>) -> Self {
        let mut new = Self { own: BTreeMap::new(), below: Names::new(), relation };
        for name in wanted {
            new.level(name);
        }
        for name in relation.each.as_deref().map(super::identifiers::identifiers).into_iter().flatten() {
            new.level(name);
        }
        new
    }

    /// The layer in which the name is made; 0 for what lies below, and for what is no name of ours.
    fn level(&mut self, name: &'a str) -> usize {
        let Some(column) = self.relation.own(name) else {
            let below = name.strip_prefix(BELOW).unwrap_or(name);
            if self.relation.base.is_some_and(|base| base.knows(below)) {
                self.below.insert(below);
            }
            return 0;
        };
        if let Some((level, _)) = self.own.get(name) {
            return *level;
        }
        let deepest = column.names().map(|name| self.level(name)).max().unwrap_or_default();
        let level = if column.is.is_some() { deepest + 1 } else { 0 };
        self.own.insert(&column.name, (level, column));
        level
    }

    fn highest(&self) -> usize {
        self.own.values().map(|(level, _)| *level).max().unwrap_or_default()
    }

    fn at(&self, level: usize) -> Vec<&'a Column> {
        self.own.values().filter(|(at, _)| *at == level).map(|(_, column)| *column).collect()
    }

    /// What a layer hands on of what lies below it: what is wanted, and what a higher one is made from.
    fn kept(&self, level: usize, wanted: &Names<'a>) -> Vec<&'a str> {
        let higher = self.own.values().filter(|(at, _)| *at > level).flat_map(|(_, column)| column.names());
        let is_below = |name: &&str| match self.own.get(name) {
            Some((at, _)) => *at < level,
            None => self.below.contains(name),
        };
        let all: Names<'a> = wanted.iter().copied().chain(higher).filter(is_below).collect();
        all.into_iter().collect()
    }
}

/// Before the name of a column of the base that an own one hides.
const BELOW: &str = "below.";
