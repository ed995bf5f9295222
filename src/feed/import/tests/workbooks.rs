//! Workbooks: sheets, headers, merged cells, dates of both systems, numbers, formulas, and what is wrong with them.

use std::io::{Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    packed::{gzip, zipped},
    *,
};

/// A workbook of one sheet.
fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn header(sheet: &mut Worksheet, row: u32, names: &[&str]) {
    for (column, name) in (0..).zip(names) {
        sheet.write_string(row, column, *name).unwrap();
    }
}

/// With one text of one part replaced.
fn patched(book: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let name = String::from_utf8(file.name_raw().to_vec()).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        if name == part {
            assert!(text.contains(from), "{text}");
            text = text.replace(from, to);
        }
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn with_field(field: &str) -> String {
    format!("{BASIC}\n[fields]\n{field}\n")
}

fn date(text: &str) -> ExcelDateTime {
    ExcelDateTime::parse_from_str(text).unwrap()
}

#[test]
fn real_dates_are_read_whatever_formats_the_mapping_has() {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened", "due"]);
        let (day, minute) =
            (Format::new().set_num_format("yyyy/m/d"), Format::new().set_num_format("yyyy-mm-dd hh:mm"));
        for (row, id) in [(1, "1"), (2, "2"), (3, "3")] {
            sheet.write_string(row, 0, id).unwrap();
        }
        sheet.write_datetime_with_format(1, 1, date("2021-03-01T08:30:00"), &minute).unwrap();
        sheet.write_datetime_with_format(1, 2, date("2021-03-08"), &day).unwrap();
        sheet.write_datetime_with_format(2, 1, date("2021-03-01"), &day).unwrap();
        // A midnight that is shown with its time is a time, and a due that is written with a time is taken as it is.
        sheet.write_datetime_with_format(2, 2, date("2021-03-08"), &minute).unwrap();
        sheet.write_string(3, 1, "2021-03-02").unwrap();
    });
    for formats in [
        "[\"%Y-%m-%d %H:%M:%S\", \"%Y-%m-%d\"]",
        "[\"%Y-%d-%m\", \"%Y年%m月%d日\"]",
        "[\"%m/%d/%Y %p %I:%M\", \"%Y-%m-%d\"]",
    ] {
        let mapping = with_field("due_at = \"due\"").replace("[\"%Y-%m-%d %H:%M:%S\", \"%Y-%m-%d\"]", formats);
        let ran = import(&mapping, &book);
        let dues: Vec<&str> = ran.events[..2].iter().map(|event| event["data"]["due_at"].as_str().unwrap()).collect();
        assert_eq!(
            ran.times()[..2].to_vec(),
            ["accepted 2021-03-01T08:30:00+08:00", "accepted 2021-03-01T00:00:00+08:00"],
            "{formats}"
        );
        assert_eq!(dues, ["2021-03-09T00:00:00+08:00", "2021-03-08T00:00:00+08:00"], "{formats}");
    }
}

#[test]
fn the_years_of_old_macintosh_workbooks_begin_in_1904() {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened"]);
        sheet.write_string(1, 0, "1").unwrap();
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_number_with_format(1, 1, 42794.5, &format).unwrap();
    });
    assert_eq!(import(BASIC, &book).times(), ["accepted 2017-02-28T12:00:00+08:00"]);
    let old = patched(&book, "xl/workbook.xml", "<workbookPr", "<workbookPr date1904=\"1\"");
    assert_eq!(import(BASIC, old).times(), ["accepted 2021-03-01T12:00:00+08:00"]);
}

#[test]
fn numbers_are_text_without_damage_or_the_row_is_rejected() {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened", "code"]);
        let padded = Format::new().set_num_format("000000");
        sheet.write_number_with_format(1, 0, 1001, &padded).unwrap();
        sheet.write_number(2, 0, 310_113_112_204_f64).unwrap();
        sheet.write_number(3, 0, 2_101_010_000_012_345_678.0).unwrap();
        sheet.write_string(4, 0, "2.10101E+15").unwrap();
        sheet.write_datetime_with_format(5, 0, date("2021-03-01"), &Format::new().set_num_format("m-d")).unwrap();
        for row in 1..6 {
            sheet.write_string(row, 1, "2021-03-01").unwrap();
        }
        sheet.write_number(1, 2, 12.5).unwrap();
    });
    let ran = import(&with_field("category.code = \"code\""), book);
    assert_eq!(ran.ids(), ["001001:accepted:20210228T160000Z", "310113112204:accepted:20210228T160000Z"]);
    assert_eq!(ran.events[0]["data"]["category"]["code"], "12.5");
    let reasons: Vec<(String, String)> = ran.reasons().into_iter().map(|(line, column, _)| (line, column)).collect();
    assert_eq!(reasons, ["4", "5", "6"].map(|line| (line.to_owned(), "id".to_owned())));
    assert!(ran.summary.reasons.keys().all(|(name, _)| *name == "damaged"), "{}", ran.rejects);
}

#[test]
fn the_header_is_found_below_titles_and_merged_cells_stand_in_each_of_their_rows() {
    let book = sheet(|sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 0, 3, "2021年3月工单", &format).unwrap();
        sheet.merge_range(1, 0, 2, 0, "id", &format).unwrap();
        sheet.merge_range(1, 1, 1, 3, "办理", &format).unwrap();
        header(sheet, 2, &[]);
        for (column, name) in [(1, "opened"), (2, "at"), (3, "unit")] {
            sheet.write_string(2, column, name).unwrap();
        }
        sheet.merge_range(3, 0, 5, 0, "A-1", &format).unwrap();
        sheet.merge_range(3, 1, 5, 1, "2021-03-01", &format).unwrap();
        for (row, at) in [(3, "2021-03-02"), (4, "2021-03-03"), (5, "2021-03-04")] {
            sheet.write_string(row, 2, at).unwrap();
            sheet.write_string(row, 3, "市容所").unwrap();
        }
    });
    let dispatched = "repeated = true\n[[event]]\ntype = \"case.dispatched.v1\"\ntime = \"at\"\ndata.unit = \"unit\"\n";
    let ran = import(&format!("{BASIC}{dispatched}"), book);
    assert_eq!((ran.summary.rejected, ran.summary.header_line), (0, Some(3)), "{}", ran.rejects);
    assert_eq!(ran.ids().len(), 4);
    assert!(ran.events.iter().all(|event| event["subject"] == "A-1"));
}

#[test]
fn a_formula_has_its_value_and_one_without_is_rejected() {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened"]);
        sheet.write_formula(1, 0, Formula::new("=\"A\"&1").set_result("A1")).unwrap();
        sheet.write_formula(2, 0, Formula::new("=\"A\"&2").set_result("A2")).unwrap();
        sheet.write_string(3, 0, "A3").unwrap();
        sheet.write_string(1, 1, "2021-03-01").unwrap();
        sheet.write_formula(2, 1, Formula::new("=B2+1").set_result("2021-03-02")).unwrap();
        sheet.write_formula(3, 1, Formula::new("=B9").set_result("#N/A")).unwrap();
    });
    let ran = import(BASIC, &book);
    assert_eq!(ran.ids(), ["A1:accepted:20210228T160000Z", "A2:accepted:20210301T160000Z"], "{}", ran.rejects);
    assert!(ran.reasons()[0].2.contains("error value"), "{}", ran.rejects);
    let never = patched(&book, "xl/worksheets/sheet1.xml", "<v>2021-03-02</v>", "");
    let ran = import(BASIC, never);
    assert_eq!(ran.ids(), ["A1:accepted:20210228T160000Z"]);
    assert!(ran.reasons()[0].2.contains("formula without its value"), "{}", ran.rejects);
}

#[test]
fn the_first_sheet_that_can_be_seen_is_read_or_the_one_that_is_named() {
    let mut book = Workbook::new();
    let mut add = |name: &str, id: &str, is_hidden: bool| {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(is_hidden).set_active(id == "march");
        header(sheet, 0, &["id", "opened"]);
        header(sheet, 1, &[id, "2021-03-01"]);
    };
    add("代码", "hidden", true);
    add("三月", "march", false);
    add("四月", "april", false);
    let bytes = book.save_to_buffer().unwrap();
    let first = import(BASIC, &bytes);
    assert_eq!(
        (first.events[0]["subject"].as_str().unwrap(), first.summary.how.sheet.as_deref()),
        ("march", Some("三月"))
    );
    assert_eq!(first.summary.how.other_sheets, 1);
    let named = import(&format!("sheet = \"四月\"\n{BASIC}"), &bytes);
    assert_eq!(named.events[0]["subject"], "april");
    let wrong = try_import(&mapping(&format!("sheet = \"五月\"\n{BASIC}")), &bytes).err().unwrap().to_string();
    assert!(wrong.contains("no sheet `五月`") && wrong.contains("四月"), "{wrong}");
}

#[test]
fn a_rejected_row_of_a_workbook_can_be_put_right_in_its_csv() {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened", "due", "note"]);
        header(sheet, 1, &["1", "soon"]);
        sheet
            .write_datetime_with_format(1, 2, date("2021-03-08"), &Format::new().set_num_format("yyyy-mm-dd"))
            .unwrap();
    });
    let mapping = with_field("due_at = \"due\"").replace(", \"%Y-%m-%d\"", "");
    let first = import(&mapping, book);
    assert_eq!(first.reasons()[0].0, "2");
    let second = import(&mapping, first.rejects.replace("soon", "2021-03-01 10:00:00"));
    assert_eq!(second.events[0]["data"]["due_at"], "2021-03-09T00:00:00+08:00", "{}", second.rejects);
}

#[test]
fn a_packed_workbook_is_a_workbook_and_a_cut_one_an_error() {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened"]);
        header(sheet, 1, &["1", "2021-03-01"]);
    });
    let plain = import(BASIC, &book);
    assert_eq!(import(BASIC, gzip(&book)).bytes, plain.bytes);
    assert_eq!(import(BASIC, zipped(&[("三月.xlsx", &book)], CompressionMethod::Stored)).bytes, plain.bytes);
    let cut = try_import(&mapping(BASIC), &book[..book.len() / 2]).err().unwrap().to_string();
    assert!(cut.contains("damaged"), "{cut}");
    let broken = patched(&book, "xl/worksheets/sheet1.xml", "</sheetData>", "");
    let broken = try_import(&mapping(BASIC), &broken).err().unwrap().to_string();
    assert!(broken.contains("sheet `Sheet1`"), "{broken}");
}

/// A sheet of two rows, of which the second is ours.
fn hostile(row: &str, behind: &str) -> Vec<u8> {
    let book = sheet(|sheet| {
        header(sheet, 0, &["id", "opened"]);
        header(sheet, 1, &["1", "2021-03-01"]);
    });
    let behind = format!("</sheetData>{behind}");
    let with = patched(&book, "xl/worksheets/sheet1.xml", "</sheetData>", &behind);
    let begin = "<row r=\"2\" spans=\"1:2\">";
    patched(&with, "xl/worksheets/sheet1.xml", begin, &format!("{row}{begin}"))
}

fn refused(book: &[u8]) -> String {
    try_import(&mapping(BASIC), book).err().expect("refused").to_string()
}

#[test]
fn a_workbook_that_unpacks_to_more_than_any_holds_is_refused() {
    let plain = hostile("", "");
    assert_eq!(import(BASIC, &plain).events.len(), 1);
    let long = |part: &str, from: &str, to: &str| patched(&plain, part, from, to);
    let text = format!("<t>{}</t>", "x".repeat(2 * 1024 * 1024));
    let runs = format!("<r><t>{}</t></r>", "x".repeat(1024)).repeat(9 * 1024);
    let comment = format!("<!-- {} -->", "<a>".repeat(500_000));
    for (name, book) in [
        ("a text of 2 MB", long("xl/sharedStrings.xml", "<t>1</t>", &text)),
        ("a text of many runs", long("xl/sharedStrings.xml", "<t>1</t>", &runs)),
        ("a comment of 1.5 MB", hostile(&comment, "")),
        ("room for a billion texts", long("xl/sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"100000000")),
        (
            "room for a billion formulas",
            hostile("<row r=\"2\"><c><f t=\"shared\" si=\"900000000\">1</f></c></row>", ""),
        ),
        ("a nest", hostile(&"<a>".repeat(5000), "")),
        (
            "270,000 merged cells",
            hostile("", &format!("<mergeCells>{}</mergeCells>", "<mergeCell ref=\"A1:B1\"/>".repeat(270_000))),
        ),
    ] {
        assert!(refused(&book).contains("more than a workbook can hold"), "{name}: {}", refused(&book));
    }
}

#[test]
fn a_row_is_no_wider_and_no_longer_than_a_sheet_has_it() {
    let wide = "<row r=\"2\"><c r=\"ZZZZZ2\"><v>1</v></c></row>";
    assert!(refused(&hostile(wide, "")).contains("behind the last column"));
    // One text of half a megabyte, said by each cell of a row; and by a cell that is merged over many columns.
    let text = format!("<t>{}</t>", "x".repeat(500_000));
    let row = format!("<row r=\"2\">{}</row>", "<c t=\"s\"><v>2</v></c>".repeat(100));
    let long = patched(&hostile(&row, ""), "xl/sharedStrings.xml", "<t>1</t>", &text);
    assert!(refused(&long).contains("more than 16 MiB"), "{}", refused(&long));
}

/// Two cells in opposite corners, of which one says that it stands in the last of 65,536 columns.
#[test]
fn an_old_workbook_that_asks_for_more_than_a_sheet_holds_is_refused() {
    let book = include_bytes!("../../../../tests/fixtures/import/workbook/corners.xls");
    assert!(refused(book).contains("asks for more cells than a sheet of cases can have"), "{}", refused(book));
}

#[test]
fn the_format_of_before_2007_is_read_too() {
    let mapping = with_field("due_at = \"due\"\nkind = \"诉求类型\"");
    let ran = import(&mapping, include_bytes!("../../../../tests/fixtures/import/workbook/old.xls"));
    assert_eq!((ran.summary.how.encoding, ran.summary.how.sheet.as_deref()), ("xls", Some("三月")));
    let told: Vec<String> =
        ran.events.iter().map(|event| format!("{} {} {}", event["id"], event["time"], event["data"])).collect();
    assert_eq!(
        told,
        [
            r#""1001:accepted:20210301T003000Z" "2021-03-01T08:30:00+08:00" {"due_at":"2021-03-09T00:00:00+08:00","kind":"投诉"}"#,
            r#""001002:accepted:20210301T160000Z" "2021-03-02T00:00:00+08:00" {"due_at":"2021-03-10T00:00:00+08:00","kind":"投诉"}"#,
        ],
        "{}",
        ran.rejects
    );
    assert_eq!(ran.reasons()[0].0, "5");
}
