//! A column, as a definition says it.

use serde::Deserialize;

use super::identifiers::identifiers;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) name: String,
    /// ClickHouse's, for the view.
    #[serde(default, rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) zh: String,
    #[serde(default)]
    pub(super) en: String,
    /// Worked out from other columns.
    pub(super) is: Option<String>,
    /// How the past is known, of a column of the row.
    #[serde(default)]
    known: Known,
    /// Where the row calls it otherwise.
    of: Option<String>,
    past: Option<String>,
    /// Whose number it is.
    #[serde(skip)]
    pub(super) figure: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Known {
    #[default]
    Same,
    Step,
    Dimension,
    Unit,
    First,
}

/// A column of which its name says all, and any other.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Said {
    Name(String),
    Column(Column),
}

impl From<Said> for Column {
    fn from(said: Said) -> Self {
        match said {
            Said::Name(name) => Self { name, ..Self::default() },
            Said::Column(column) => column,
        }
    }
}

impl Column {
    /// Worked out.
    pub(super) fn new(name: String, kind: &str, (zh, en): (String, String), is: String) -> Self {
        Self { name, kind: kind.to_owned(), zh, en, is: Some(is), ..Self::default() }
    }

    /// Where nothing else is said of it.
    pub(super) fn is_called(&mut self, kind: &str, zh: &str, en: &str) {
        for (own, given) in [(&mut self.kind, kind), (&mut self.zh, zh), (&mut self.en, en)] {
            if own.is_empty() {
                given.clone_into(own);
            }
        }
    }

    pub(super) fn of_figure(self, id: &str) -> Self {
        Self { figure: Some(id.to_owned()), ..self }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        identifiers(self.is.as_deref().unwrap_or_default())
    }

    /// Of a case that has rested since before the instant: what its row says.
    pub(super) fn at_rest(&self) -> String {
        let row = self.row();
        match self.known {
            Known::First => first(&row),
            _ => row,
        }
    }

    /// Of any other case: what its lists say.
    pub(super) fn in_the_past(&self) -> String {
        let (row, of) = (self.row(), self.of.as_deref().unwrap_or(&self.name));
        if let Some(past) = &self.past {
            return past.clone();
        }
        let then = format!("if(indexOf(changed, '{of}') = 0, {row}, was[indexOf(changed, '{of}')])");
        match self.known {
            Known::Same => row,
            Known::First => first(&row),
            Known::Step => format!("steps.{of}[step]"),
            Known::Dimension => format!("CAST({then} AS LowCardinality(String))"),
            Known::Unit => format!("CAST(if(c.unit_since <= instant, {then}, '') AS LowCardinality(String))"),
        }
    }

    /// With the table's name before it, because the column that is made may bear the same.
    pub(super) fn row(&self) -> String {
        let of = self.of.as_deref().unwrap_or(&self.name);
        if of.contains('.') { of.to_owned() } else { format!("c.{of}") }
    }
}

/// What came after the instant had not happened.
fn first(row: &str) -> String {
    format!("if({row} <= instant, {row}, NULL)")
}
