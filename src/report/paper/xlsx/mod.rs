//! A paper as an Excel workbook: a sheet for each section, numbers as numbers, charts that Excel draws itself.
//! The same paper gives the same bytes: the one time in the file is the as-of.

mod chart;
mod column;
mod formats;
mod page;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::{chart::Data, formats::Formats, sheet::Sheet};
use super::Paper;

pub fn workbook(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(paper.as_of().0.div_euclid(1000))?;
    let properties = DocProperties::new().set_title(&paper.title.zh).set_subject(&paper.title.en);
    workbook.set_properties(&properties.set_author("统管 Tongguan").set_creation_datetime(&created));
    let formats = Formats::new();
    // Charts refer to cells, and these stand on the last sheet.
    let mut data = Data::default();
    for (index, section) in paper.sections.iter().enumerate() {
        let worksheet = workbook.add_worksheet();
        Sheet::new(worksheet, &formats).write(paper, index, section, &mut data)?;
    }
    if !data.is_empty() {
        data.write(workbook.add_worksheet(), &formats)?;
    }
    workbook.save_to_buffer()
}

/// What Excel takes for the name of a sheet.
fn sheet_name(text: &str) -> String {
    text.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).take(31).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_name_that_excel_takes() {
        assert_eq!(sheet_name("事件/部件[1]"), "事件 部件 1 ");
        assert_eq!(sheet_name(&"长".repeat(40)).chars().count(), 31);
    }
}
