//! A paper as an Excel workbook: a sheet for the notice and one for each section of the annex, numbers as numbers, charts that Excel draws itself.
//! The same paper gives the same bytes: the one time in the file is the as-of.

mod chart;
mod column;
mod formats;
mod page;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::{chart::Data, formats::Formats, sheet::Sheet};
use super::{Paper, PaperPart};
use crate::report::table::printable;

/// The whole file. An error is a limit of Excel.
pub fn workbook(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(paper.as_of().0.div_euclid(1000))?;
    let properties = DocProperties::new().set_title(&paper.title.zh).set_subject(&paper.title.en);
    workbook.set_properties(&properties.set_author("统管 Tongguan").set_creation_datetime(&created));
    let formats = Formats::new(paper.language);
    // Charts refer to cells, and these stand on the last sheet.
    let mut data = Data::new(paper.language);
    let notice: Vec<_> = paper.of_part(PaperPart::Notice).collect();
    let annex = paper.of_part(PaperPart::Annex).map(|one| vec![one]);
    for sections in std::iter::once(notice).chain(annex).filter(|sections| !sections.is_empty()) {
        Sheet::new(workbook.add_worksheet(), &formats).write(paper, &sections, &mut data)?;
    }
    if !data.is_empty() {
        data.write(workbook.add_worksheet(), &formats)?;
    }
    workbook.save_to_buffer()
}

/// The most characters that Excel holds in a cell, counted as it does: in UTF-16.
const LONGEST: usize = 32_767;
const CUT: &str = "…（已截断 cut）";

/// A text as a cell takes it: without what a screen would obey, and cut with a mark where it is too long.
pub(in crate::report) fn fitting(text: &str) -> String {
    let text: String = text.lines().map(printable).collect::<Vec<_>>().join("\n");
    let long = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
    if long(&text) <= LONGEST {
        return text;
    }
    let mut left = LONGEST - long(CUT);
    let fits = |c: &char| {
        let is_there = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        is_there
    };
    text.chars().take_while(fits).chain(CUT.chars()).collect()
}

/// What Excel takes for the name of a sheet.
fn sheet_name(text: &str) -> String {
    text.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).take(31).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_no_cell_holds_is_cut_with_a_mark() {
        let exact = "长".repeat(LONGEST);
        assert_eq!(fitting(&exact), exact);
        let cut = fitting(&format!("{exact}长"));
        assert_eq!((cut.chars().count(), cut.ends_with("长…（已截断 cut）")), (LONGEST, true));
        // Two units each: one more than half of them is too long, and none is cut in two.
        let rare = fitting(&"𠮷".repeat(LONGEST / 2 + 1));
        assert!(rare.chars().map(char::len_utf16).sum::<usize>() <= LONGEST && rare.ends_with(CUT));
        assert_eq!(fitting("a\u{7}\nb"), "a\u{fffd}\nb");
    }

    #[test]
    fn any_text_becomes_a_name_that_excel_takes() {
        assert_eq!(sheet_name("事件/部件[1]"), "事件 部件 1 ");
        assert_eq!(sheet_name(&"长".repeat(40)).chars().count(), 31);
    }
}
