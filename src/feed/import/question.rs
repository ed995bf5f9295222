//! The one question that matters after an import: what is most probably wrong, and whom to ask. The words are those of whoever asks it.

use super::summary::{ColumnTally, PassedOver, Summary};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportQuestion<'s> {
    /// A header, and not one row below it.
    NoRows,
    AllFiltered,
    /// Every row fails in one way; the column may be empty.
    EveryRow {
        reason: &'static str,
        column: &'s str,
        text: &'s str,
    },
    /// Dates fit none of the formats: all of them, or so many.
    Format {
        column: &'s str,
        rows: Option<u64>,
    },
    /// A time is there, and the condition of its event is not met.
    PassedOver(&'s PassedOver),
    /// Values that nothing names.
    Unknown(&'s ColumnTally),
    /// A column that is always empty.
    Empty(&'s str),
}

/// Every row failed in the same way at the same column: it is not the rows.
pub fn is_the_mapping_at_fault(summary: &Summary) -> bool {
    common_reason(summary).is_some_and(|(name, ..)| name != "missing")
}

/// The reason of all the rows that are there.
fn common_reason(summary: &Summary) -> Option<(&'static str, &str, &str)> {
    let kept = summary.rows - summary.filtered;
    let mut reasons = summary.reasons.iter().filter(|(_, reason)| reason.rows == kept && kept > 0);
    reasons.next().map(|((name, column), reason)| (*name, column.as_str(), reason.text.as_str()))
}

impl<'s> ImportQuestion<'s> {
    pub fn of(summary: &'s Summary) -> Option<Self> {
        let asked = nothing(summary).or_else(|| most_rejected(summary));
        let asked = asked.or_else(|| summary.passed_over.first().map(Self::PassedOver));
        asked.or_else(|| unknown(summary)).or_else(|| empty(summary))
    }
}

fn nothing(summary: &Summary) -> Option<ImportQuestion<'_>> {
    if summary.rows == 0 {
        return Some(ImportQuestion::NoRows);
    }
    if summary.filtered == summary.rows {
        return Some(ImportQuestion::AllFiltered);
    }
    if !summary.took_nothing() {
        return None;
    }
    let (reason, column, text) = common_reason(summary)?;
    Some(match reason {
        "not_a_time" => ImportQuestion::Format { column, rows: None },
        _ => ImportQuestion::EveryRow { reason, column, text },
    })
}

/// A tenth of the rows that fail at one date is a format that is missing, not so many slips.
fn most_rejected(summary: &Summary) -> Option<ImportQuestion<'_>> {
    let of_time = summary.reasons.iter().filter(|((name, _), _)| *name == "not_a_time");
    let ((_, column), reason) = of_time.max_by_key(|(_, reason)| reason.rows)?;
    (reason.rows * 10 >= summary.rows).then_some(ImportQuestion::Format { column, rows: Some(reason.rows) })
}

fn unknown(summary: &Summary) -> Option<ImportQuestion<'_>> {
    let column = summary.columns.iter().filter(|column| column.unknown.total * 10 >= column.rows.max(1));
    column.max_by_key(|column| column.unknown.total).map(ImportQuestion::Unknown)
}

fn empty(summary: &Summary) -> Option<ImportQuestion<'_>> {
    let column = summary.columns.iter().find(|column| column.rows > 0 && column.empty == column.rows)?;
    Some(ImportQuestion::Empty(&column.name))
}
