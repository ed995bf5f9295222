//! A list as CSV or as lines of JSON: the names and values of `tongguan kpi --cases --json`, all of them or those of the columns that
//! were chosen.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::Value;

use super::CaseColumn;
use crate::{
    report::{
        kpi_csv,
        kpi_json::{self, case_fields},
    },
    store::kpi::CaseBehind,
};

/// Writes a list page by page, without knowing how long it is.
#[derive(Clone, Debug)]
pub struct ListedRows {
    /// None: every field.
    columns: Vec<&'static CaseColumn>,
    zone: TimeZone,
}

impl ListedRows {
    /// `columns` empty: every field, as programs have it.
    pub fn new(columns: &[&'static CaseColumn], zone: &TimeZone) -> Self {
        Self { columns: columns.to_vec(), zone: zone.clone() }
    }

    /// Names and values of one row, in the order of the columns.
    pub fn fields(&self, case: &CaseBehind) -> Vec<(String, Value)> {
        let all = case_fields(case, &self.zone);
        if self.columns.is_empty() {
            return all;
        }
        let names = self.columns.iter().flat_map(|column| column.fields);
        names.filter_map(|name| all.iter().find(|(known, _)| known == name).cloned()).collect()
    }

    pub fn write_json(&self, cases: &[CaseBehind], out: &mut impl Write) -> io::Result<()> {
        kpi_json::write_rows(cases.iter().map(|case| self.fields(case)).collect(), out)
    }

    pub fn write_csv_head(&self, out: &mut impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(self.fields(&CaseBehind::default()).iter().map(|(name, _)| name))?;
        writer.flush()
    }

    pub fn write_csv(&self, cases: &[CaseBehind], out: &mut impl Write) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        for case in cases {
            writer.write_record(self.fields(case).iter().map(|(_, value)| kpi_csv::text(value)))?;
        }
        writer.flush()
    }

    /// An object a line.
    pub fn write_lines(&self, cases: &[CaseBehind], out: &mut impl Write) -> io::Result<()> {
        kpi_json::write_lines(cases.iter().map(|case| self.fields(case)), out)
    }
}
