//! A list as an Excel workbook: the cases on one sheet, and on a second (口径) what was asked and what it counts. Rows go to a file as
//! they come, so that a million of them take no more memory than one.

use std::{fs::File, io::Seek as _};

use jiff::{Timestamp, tz::TimeZone};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use super::{CaseCell, CaseColumn};
use crate::{
    domain::history::Standing,
    report::{
        case::words::standing,
        paper::{Language, xlsx::fitting},
    },
    store::kpi::CaseBehind,
};

/// Of a sheet, without its head and a last line that says that there are more.
pub const SHEET_ROWS_MAX: u64 = 1_048_574;

/// To be written row by row into a file that nobody else knows; [`Self::finish`] gives it out.
pub struct CaseWorkbook {
    workbook: Workbook,
    columns: Vec<&'static CaseColumn>,
    zone: TimeZone,
    language: Language,
    /// The next one.
    row: u32,
    time: Format,
    lasted: Format,
}

impl std::fmt::Debug for CaseWorkbook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaseWorkbook").field("columns", &self.columns).field("row", &self.row).finish_non_exhaustive()
    }
}

impl CaseWorkbook {
    pub fn new(columns: Vec<&'static CaseColumn>, zone: TimeZone, language: Language) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let head = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(language.said("案件", "Cases").zh)?;
        sheet.set_freeze_panes(1, 1)?;
        for (place, column) in (0..).zip(&columns) {
            sheet.write_string_with_format(0, place, language.said(column.zh, column.en).zh, &head)?;
            sheet.set_column_width(place, 18)?;
        }
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let lasted = Format::new().set_num_format("[h]:mm:ss");
        Ok(Self { workbook, columns, zone, language, row: 1, time, lasted })
    }

    /// Whether there was room for all of them.
    pub fn add(&mut self, cases: &[CaseBehind]) -> Result<bool, XlsxError> {
        let room = usize::try_from(SHEET_ROWS_MAX + 1).unwrap_or(usize::MAX).saturating_sub(self.row as usize);
        let columns = self.columns.clone();
        for case in cases.iter().take(room) {
            for (place, column) in (0..).zip(&columns) {
                self.write(place, (column.cell)(case))?;
            }
            self.row += 1;
        }
        Ok(cases.len() <= room)
    }

    fn write(&mut self, place: u16, cell: CaseCell<'_>) -> Result<(), XlsxError> {
        let zh = matches!(self.language, Language::Zh);
        let time = |at| excel_time(at, &self.zone);
        let (row, sheet) = (self.row, self.workbook.worksheet_from_index(0)?);
        match cell {
            CaseCell::Number(text) | CaseCell::Text(text) if text.is_empty() => return Ok(()),
            CaseCell::Number(text) | CaseCell::Text(text) => sheet.write_string(row, place, fitting(text))?,
            CaseCell::Standing(name) => {
                let known = Standing::from_name(name).filter(|_| zh);
                sheet.write_string(row, place, known.map_or(name, |known| standing(known)))?
            }
            CaseCell::Time(at) => match at.and_then(time) {
                Some(at) => sheet.write_datetime_with_format(row, place, &at, &self.time)?,
                None => return Ok(()),
            },
            // Excel tells a time that something took as a part of a day.
            CaseCell::Lasted(Some(ms)) => {
                sheet.write_number_with_format(row, place, ms as f64 / 86_400_000.0, &self.lasted)?
            }
            CaseCell::Met(Some(is)) => {
                let words = if zh { ["否", "是"] } else { ["no", "yes"] };
                sheet.write_string(row, place, words[usize::from(is)])?
            }
            CaseCell::Count(number) => sheet.write_number(row, place, number as f64)?,
            CaseCell::Lasted(None) | CaseCell::Met(None) => return Ok(()),
        };
        Ok(())
    }

    /// `cut` is why it is not the whole list; `about` stands on the second sheet.
    pub fn finish(mut self, cut: Option<&str>, about: &[(String, String)]) -> Result<File, XlsxError> {
        if let Some(cut) = cut {
            self.workbook.worksheet_from_index(0)?.write_string(self.row, 0, fitting(cut))?;
        }
        let wrapped = Format::new().set_text_wrap();
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(self.language.said("口径", "Definition").zh)?;
        sheet.set_column_width(0, 18)?;
        sheet.set_column_width(1, 100)?;
        for (row, (name, value)) in (0..).zip(about) {
            sheet.write_string(row, 0, fitting(name))?;
            sheet.write_string_with_format(row, 1, fitting(value), &wrapped)?;
        }
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        file.rewind()?;
        Ok(file)
    }
}

/// By the clock of the zone; none where Excel has no such day.
fn excel_time(at: i64, zone: &TimeZone) -> Option<ExcelDateTime> {
    let at = Timestamp::from_millisecond(at).ok()?.to_zoned(zone.clone());
    let (day, time) = (at.date(), at.time());
    let part = |part: i8| u8::try_from(part).ok();
    let day = ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, part(day.month())?, part(day.day())?).ok()?;
    let ms = u16::try_from(time.millisecond()).ok()?;
    day.and_hms_milli(u16::from(part(time.hour())?), part(time.minute())?, part(time.second())?, ms).ok()
}
