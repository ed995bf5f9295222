//! The columns that are asked for, and what a row of them is.

use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

use super::{
    cell::{Meaning, moved},
    error::PullError,
    growth::{GrowingKind, Growth},
    kept::RowHash,
    task::PullRows,
};
use crate::{
    document::remedy,
    feed::import::{GivenCell, Mapping, MappingError},
};

/// A column as the database has it.
#[derive(Clone, Debug)]
pub(super) struct DbColumn {
    pub(super) name: String,
    /// As the database calls it.
    pub(super) type_name: String,
    /// How it is asked for.
    pub(super) asked: String,
    pub(super) meaning: Meaning,
    /// Whether it has an order that can be read in.
    pub(super) growing: Option<GrowingKind>,
}

/// What is asked for: the mapping's columns first, then those of place and order.
#[derive(Clone, Debug)]
pub struct PulledTable {
    /// As the mapping writes them.
    pub header: Vec<String>,
    pub(super) columns: Vec<DbColumn>,
    pub kind: GrowingKind,
    growing: usize,
    keys: Vec<usize>,
    /// Of times without a zone, where it is not the mapping's.
    moved_from: Option<TimeZone>,
}

#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error("{key}: the rows have no column `{name}`; {remedy}")]
    NoColumn { key: &'static str, name: String, remedy: String },
    #[error(
        "rows.growing: `{name}` is of type {type_name}, by which rows cannot be read in order: a time (timestamp, datetime, date) \
         or whole numbers are needed; a query can make one by CAST"
    )]
    NotSortable { name: String, type_name: String },
}

#[derive(Clone, Debug)]
pub struct PulledRow {
    pub growth: Growth,
    pub hash: RowHash,
    cells: Vec<GivenCell>,
}

impl PulledTable {
    pub(super) fn new(
        rows: &PullRows,
        mapping: &Mapping,
        clock: &TimeZone,
        there: &[DbColumn],
    ) -> Result<Self, TableError> {
        let header: Vec<String> = mapping.column_names().map(str::to_owned).collect();
        let names = renamed(there, &header);
        mapping.fits(&names)?;
        let place = |name: &str| names.iter().position(|known| *known == name).or_else(|| find(there, name));
        let mut places: Vec<usize> = header.iter().filter_map(|name| place(name)).collect();
        let mut named = |key, name: &str| {
            let place = place(name).ok_or_else(|| no_column(key, name, there))?;
            let known = places.iter().position(|asked| *asked == place);
            Ok::<usize, TableError>(known.unwrap_or_else(|| {
                places.push(place);
                places.len() - 1
            }))
        };
        let growing = named("rows.growing", &rows.growing)?;
        let keys = rows.key.iter().map(|name| named("rows.key", name)).collect::<Result<_, _>>()?;
        let columns: Vec<DbColumn> = places.iter().map(|place| there[*place].clone()).collect();
        let DbColumn { name, type_name, growing: kind, .. } = &columns[growing];
        let (name, type_name) = (name.clone(), type_name.clone());
        let kind = kind.ok_or(TableError::NotSortable { name, type_name })?;
        let moved_from = (clock != mapping.zone()).then(|| clock.clone());
        Ok(Self { header, columns, kind, growing, keys, moved_from })
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.asked.clone()).collect()
    }

    /// As the database calls it.
    pub(super) fn growing_name(&self) -> &str {
        &self.columns[self.growing].name
    }

    pub(super) fn row(&self, cells: Vec<GivenCell>) -> Result<PulledRow, PullError> {
        let growth = self.growth(&cells[self.growing]).ok_or_else(|| {
            let name = self.growing_name();
            PullError::Refused(format!("rows.growing: `{name}` has a value that is no whole number and no time"))
        })?;
        let hash = hash(&cells);
        let cells = cells.into_iter().map(|cell| moved(cell, self.moved_from.as_ref())).collect();
        Ok(PulledRow { growth, hash, cells })
    }

    fn growth(&self, cell: &GivenCell) -> Option<Growth> {
        match cell {
            GivenCell::Text(text) if self.kind == GrowingKind::Number => Growth::of_number(text),
            GivenCell::Civil(at) => Growth::of_civil(*at),
            GivenCell::Day(day) => Growth::of_day(*day),
            GivenCell::Instant(at) => Some(Growth::of_instant(*at)),
            GivenCell::Text(_) | GivenCell::Empty => None,
        }
    }

    /// What the mapping asks of a row.
    pub fn given<'r>(&self, row: &'r PulledRow) -> &'r [GivenCell] {
        &row.cells[..self.header.len()]
    }

    /// Which row it is, for a person.
    pub fn keys<'r>(&self, row: &'r PulledRow) -> impl Iterator<Item = String> + use<'r, '_> {
        self.keys.iter().map(|place| match &row.cells[*place] {
            GivenCell::Empty => String::new(),
            GivenCell::Text(text) => text.clone(),
            GivenCell::Civil(at) => at.to_string(),
            GivenCell::Day(day) => day.to_string(),
            GivenCell::Instant(at) => at.to_string(),
        })
    }
}

/// The columns' names, as the mapping writes them where that differs in case only.
fn renamed<'n>(there: &'n [DbColumn], header: &'n [String]) -> Vec<&'n str> {
    let is_there = |name: &str| there.iter().any(|column| column.name == name);
    let wanted = |name: &str| header.iter().find(|wanted| !is_there(wanted) && same(wanted, name));
    there.iter().map(|column| wanted(&column.name).map_or(column.name.as_str(), String::as_str)).collect()
}

/// Exactly, or else without regard to case.
fn find(there: &[DbColumn], name: &str) -> Option<usize> {
    let exactly = there.iter().position(|column| column.name == name);
    exactly.or_else(|| there.iter().position(|column| same(&column.name, name)))
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn no_column(key: &'static str, name: &str, there: &[DbColumn]) -> TableError {
    let names: Vec<&str> = there.iter().map(|column| column.name.as_str()).collect();
    TableError::NoColumn { key, name: name.to_owned(), remedy: remedy(name, &names) }
}

fn hash(cells: &[GivenCell]) -> RowHash {
    let mut sum = Sha256::new();
    for cell in cells {
        let (tag, text) = match cell {
            GivenCell::Empty => (0_u8, String::new()),
            GivenCell::Text(text) => (1, text.clone()),
            GivenCell::Civil(at) => (2, at.to_string()),
            GivenCell::Day(day) => (3, day.to_string()),
            GivenCell::Instant(at) => (4, at.to_string()),
        };
        sum.update([tag]);
        sum.update((text.len() as u64).to_be_bytes());
        sum.update(text);
    }
    let mut first = [0; 16];
    first.copy_from_slice(&sum.finalize()[..16]);
    RowHash(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::import::Streams;
    use crate::pull::task;

    const MAPPING: &str = r#"
stream = "grid"
source = "s"
timezone = "Asia/Shanghai"
[time]
formats = ["%Y-%m-%d %H:%M:%S"]
[case]
id = "TASKID"
[[event]]
type = "case.accepted.v1"
time = "受理时间"
"#;

    fn column(name: &str, growing: Option<GrowingKind>) -> DbColumn {
        let (name, type_name, asked) = (name.to_owned(), "varchar".to_owned(), name.to_owned());
        DbColumn { name, type_name, asked, meaning: Meaning::Text, growing }
    }

    fn table(growing: &str, there: &[DbColumn]) -> Result<PulledTable, String> {
        let mapping = Mapping::parse("m.toml", MAPPING, Streams::Always("grid")).unwrap();
        let rows = task::rows(&format!("table = \"T\"\ngrowing = \"{growing}\"\nkey = [\"TASKID\"]"));
        PulledTable::new(&rows, &mapping, mapping.zone(), there).map_err(|error| error.to_string())
    }

    fn there() -> Vec<DbColumn> {
        vec![
            column("extra", None),
            column("rowtime", Some(GrowingKind::Number)),
            column("taskid", None),
            column("受理时间", None),
        ]
    }

    #[test]
    fn only_what_the_mapping_and_the_task_name_is_asked_for_in_any_case() {
        let table = table("ROWTIME", &there()).unwrap();
        assert_eq!(table.header, ["TASKID", "受理时间"]);
        assert_eq!(table.asked(), ["taskid", "受理时间", "rowtime"]);
        let text = |text: &str| GivenCell::Text(text.to_owned());
        let row = table.row(vec![text("A1"), text("2021"), text("7")]).unwrap();
        assert_eq!((row.growth, table.given(&row).len()), (Growth(7), 2));
        assert_eq!(table.keys(&row).collect::<Vec<_>>(), ["A1"]);
        let fraction = table.row(vec![text("A1"), text("2021"), text("7.5")]).unwrap_err().to_string();
        assert!(fraction.contains("no whole number"), "{fraction}");
    }

    #[test]
    fn what_is_missing_or_cannot_be_sorted_is_said_with_what_there_is() {
        let error = table("ROWTIMES", &there()).unwrap_err();
        assert!(error.contains("rows.growing") && error.contains("the nearest right one is `rowtime`"), "{error}");
        let error = table("taskid", &there()).unwrap_err();
        assert!(error.contains("of type varchar") && error.contains("CAST"), "{error}");
        let error = table("rowtime", &there()[..3]).unwrap_err();
        assert!(error.contains("受理时间") && error.contains("`taskid`") | error.contains("`TASKID`"), "{error}");
    }

    #[test]
    fn rows_that_differ_in_any_cell_differ_in_their_hash() {
        let text = |text: &str| GivenCell::Text(text.to_owned());
        let hashes = [
            hash(&[text("ab"), text("c")]),
            hash(&[text("a"), text("bc")]),
            hash(&[GivenCell::Empty, text("abc")]),
            hash(&[text(""), text("abc")]),
        ];
        for (at, one) in hashes.iter().enumerate() {
            assert!(hashes.iter().skip(at + 1).all(|other| other != one));
        }
    }
}
