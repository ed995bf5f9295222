//! Answers and cases as CSV (RFC 4180, UTF-8): the names and values of the JSON, an empty cell for null.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::Value;

use super::{kpi::fields, kpi_json::case_fields};
use crate::{ask::Told, store::kpi::CaseBehind};

/// Under one heading, so that figures with fewer fields leave theirs empty.
pub fn write_answers(all: &[Told<'_>], zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let rows = all.iter().flat_map(|told| (0..told.answers.len()).map(|index| fields(told, index, zone)));
    write(rows.collect(), out)
}

pub fn write_cases(cases: &[CaseBehind], zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    write(cases.iter().map(|case| case_fields(case, zone)).collect(), out)
}

/// Rows of names and values under one heading, in the order of the names as they first come.
pub fn write(rows: Vec<Vec<(String, Value)>>, out: &mut impl Write) -> io::Result<()> {
    let mut heads: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !heads.contains(&name.as_str()) {
            heads.push(name);
        }
    }
    let mut writer = csv::Writer::from_writer(&mut *out);
    writer.write_record(&heads)?;
    for row in &rows {
        let cell =
            |head: &&str| row.iter().find(|(name, _)| name == head).map_or(String::new(), |(_, value)| text(value));
        writer.write_record(heads.iter().map(cell))?;
    }
    writer.flush()
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => defused(text),
        other => other.to_string(),
    }
}

/// A spreadsheet takes a text that begins so for a formula; names come from outside.
fn defused(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_field_leaves_it_empty_and_no_text_is_a_formula() {
        let row = |fields: &[(&str, Value)]| fields.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
        let rows = vec![
            row(&[("kpi", "K01".into()), ("unit", "=1+1".into()), ("rate", Value::Null)]),
            row(&[("kpi", "K07".into()), ("rate", 0.5.into()), ("max_s", 7.into())]),
        ];
        let mut out = Vec::new();
        write(rows, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "kpi,unit,rate,max_s\nK01,'=1+1,,\nK07,,0.5,7\n");
    }
}
