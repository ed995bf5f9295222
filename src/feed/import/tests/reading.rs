//! How files are written: encodings, packing, delimiters, headers, quotes, and lines.

use std::io::Write as _;

use encoding_rs::GB18030;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::*;

const CHINESE: &str = r#"
stream = "hotline"
source = "urn:test"
timezone = "Asia/Shanghai"
[time]
formats = ["%Y-%m-%d %H:%M:%S"]
[case]
id = "工单编号"
[fields]
kind = "诉求类型"
[[event]]
type = "case.accepted.v1"
time = "受理时间"
"#;

const TICKETS: &str = "工单编号,诉求类型,受理时间\n1,投诉,2021-03-01 08:30:00\n2,求助𬱖,2021-03-01 09:00:00\n";

fn with_csv(options: &str) -> String {
    format!("{BASIC}\n[csv]\n{options}\n")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gb18030_and_utf8_give_the_same_events() {
    let (gb, _, _) = GB18030.encode(TICKETS);
    let utf8 = import(CHINESE, TICKETS);
    assert_eq!(utf8.events[1]["data"]["kind"], "求助𬱖");
    assert_eq!((utf8.summary.how.encoding, import(CHINESE, &gb).summary.how.encoding), ("UTF-8", "gb18030"));
    for (encoding, data) in [("auto", &gb[..]), ("gb18030", &gb), ("gbk", &gb), ("utf-8", TICKETS.as_bytes())] {
        let mapping = format!("{CHINESE}\n[csv]\nencoding = \"{encoding}\"\n");
        assert_eq!(import(&mapping, data).bytes, utf8.bytes, "{encoding}");
    }
    let marked = format!("\u{feff}{TICKETS}");
    assert_eq!(import(CHINESE, marked).bytes, utf8.bytes);
}

#[test]
fn gzip_is_told_by_its_bytes_and_may_come_in_members() {
    let (head, tail) = TICKETS.split_at(40);
    let members = [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat();
    assert_eq!(import(CHINESE, members).bytes, import(CHINESE, TICKETS).bytes);
}

#[test]
fn a_cut_gzip_file_is_an_error_that_names_the_line_reached() {
    let mut packed = gzip(TICKETS.as_bytes());
    packed.truncate(packed.len() - 12);
    let error = try_import(&mapping(CHINESE), &packed).err().unwrap().to_string();
    assert!(error.starts_with("cannot read the data file: after line "), "{error}");
}

#[test]
fn any_delimiter_and_quote_will_do() {
    let semicolons = import(&with_csv("delimiter = \";\""), "id;opened\n'1';2021-03-01\n");
    assert_eq!(semicolons.ids(), ["'1':accepted:20210228T160000Z"]);
    let quoted = import(&with_csv("delimiter = \"|\"\nquote = \"'\""), "id|opened\n'a|b'|2021-03-01\n");
    assert_eq!(quoted.events[0]["subject"], "a|b");
    let tabs = import(&with_csv("delimiter = \"tab\""), "id\topened\n1\t2021-03-01\n");
    assert_eq!(tabs.events[0]["subject"], "1");
    let unquoted = import(&with_csv("quote = \"\""), "id,opened\n\"1,2021-03-01\n");
    assert_eq!(unquoted.events[0]["subject"], "\"1");
}

#[test]
fn a_file_without_a_header_is_named_by_the_mapping() {
    let ran = import(&with_csv("header = [\"id\", \"other\", \"opened\"]"), "1,x,2021-03-01\n2,x,2021-03-02\n");
    assert_eq!((ran.summary.rows, ran.events.len()), (2, 2));
}

#[test]
fn titles_comments_blank_lines_and_bare_delimiters_are_no_rows() {
    let data = "三月工单\n制表:城运中心\nid,opened\n# note\n\n1,2021-03-01\r\n\r\n,,\n2,2021-03-02,,\n3,x\n";
    let ran = import(&with_csv("skip_lines = 2\ncomment = \"#\""), data);
    assert_eq!((ran.summary.rows, ran.events.len()), (3, 2));
    assert_eq!(ran.reasons()[0].0, "10");
}

#[test]
fn cells_are_taken_without_blanks_and_null_values_are_empty() {
    let mapping =
        with_csv("null_values = [\"\", \"NULL\", \"-\"]").replace("[[event]]", "[fields]\nkind='k'\n[[event]]");
    let ran = import(&mapping, "id,opened,k\n 1 ,\u{3000}2021-03-01 ,a\n2,2021-03-01,NULL\n3,2021-03-01, - \n");
    assert_eq!(ran.events[0]["subject"], "1");
    let data: Vec<String> = ran.events.iter().map(|event| event["data"].to_string()).collect();
    assert_eq!(data, [r#"{"kind":"a"}"#, "{}", "{}"]);
}

#[test]
fn rejected_rows_keep_their_line_behind_quoted_newlines() {
    for newline in ["\n", "\r\n"] {
        let rows = [
            "id,opened,text",
            "1,2021-03-01,\"two\nlines\"", // lines 2 and 3
            "2,soon,\"bad\nand\n\nlong\"", // lines 4 to 7
            "",                            // line 8
            "3,2021-03-01",                // line 9
            "4,2021-03-01,x",              // line 10
            "5,2021-02-30,\"x\"",          // line 11
        ];
        let ran = import(BASIC, rows.join("\n").replace('\n', newline));
        let lines: Vec<String> = ran.reasons().into_iter().map(|(line, _, _)| line).collect();
        assert_eq!(lines, ["4", "9", "11"], "{newline:?}");
        assert_eq!(ran.events.len(), 2);
        let reasons = &ran.summary.reasons;
        assert_eq!(reasons[&("not_a_time", "opened".to_owned())].rows, 2);
        assert_eq!(reasons[&("not_a_time", "opened".to_owned())].first_line, 4);
        assert_eq!(reasons[&("field_count", String::new())].first_line, 9);
    }
}

#[test]
fn the_reject_stands_beside_its_reason_and_can_be_put_right_and_imported() {
    let mapping = with_csv("skip_lines = 1\ndelimiter = \";\"");
    let first = import(&mapping, "Title\nid;opened;text\n1;soon;\"a;b\nc\"\n2;2021-03-01;x\n");
    assert_eq!(
        first.rejects,
        "\u{feff}import_line;import_column;import_reason;id;opened;text\n\
         3;opened;fits none of time.formats;1;soon;\"a;b\nc\"\n"
    );
    let again = import(&mapping, first.rejects.replace("soon", "later"));
    assert_eq!(again.rejects.replace("later", "soon").replace("2;opened", "3;opened"), first.rejects);
    let second = import(&mapping, first.rejects.replace("soon", "2021-03-02"));
    assert_eq!((second.summary.rejected, second.ids()), (0, vec!["1:accepted:20210301T160000Z"]));
}

#[test]
fn a_reject_without_a_header_in_the_file_can_be_imported_too() {
    let mapping = with_csv("header = [\"id\", \"opened\"]\nquote = \"\"");
    let first = import(&mapping, "1,x\"\n");
    let second = import(&mapping, first.rejects.replace("x\"", "2021-03-02"));
    assert_eq!((second.summary.rejected, second.events.len()), (0, 1));
}

#[test]
fn damaged_bytes_reject_the_row_only_where_the_mapping_looks() {
    let mut data = TICKETS.replace("受理时间\n", "受理时间,备注\n").replace(":00\n", ":00,备注备注\n").into_bytes();
    let place = |data: &[u8], text: &str| data.windows(text.len()).position(|part| part == text.as_bytes()).unwrap();
    let at = place(&data, "求助");
    data.insert(at, 0xFF);
    let ran = import(CHINESE, &data);
    assert_eq!((ran.summary.how.encoding, ran.events.len()), ("UTF-8", 1));
    assert_eq!((ran.reasons()[0].0.as_str(), ran.reasons()[0].1.as_str()), ("3", "诉求类型"));
    data.remove(at);
    let cut = place(&data, "备注备注") + 7;
    data.remove(cut);
    assert_eq!(import(CHINESE, &data).events.len(), 2);
}

#[test]
fn a_quote_that_never_closes_costs_its_own_line() {
    let ran = import(BASIC, "id,opened\n1,2021-03-01\n\"2,2021-03-01\n3,2021-03-01\n");
    assert_eq!(ran.events.len(), 2);
    assert_eq!(ran.reasons()[0].0, "3");
    assert!(ran.summary.reasons.contains_key(&("open_quote", "id".to_owned())));
}

#[test]
fn an_empty_file_is_an_error_and_a_header_alone_is_not() {
    assert!(refusal(BASIC, "").contains("empty"));
    assert_eq!(import(BASIC, "id,opened\n").summary.rows, 0);
}

/// A file as it was put together: its text, and the line and cells of every row.
fn written(rows: &[(Vec<&str>, usize)], newline: &str) -> (String, Vec<(u64, Vec<String>)>) {
    let (mut text, mut expected) = (format!("id,opened,x{newline}"), Vec::new());
    for (cells, blank_lines) in rows {
        text.push_str(&newline.repeat(*blank_lines));
        let line = text.matches('\n').count() as u64 + 1;
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&(quoted.join(",") + newline));
        expected.push((line, cells.iter().map(|cell| (*cell).to_owned()).collect()));
    }
    (text, expected)
}

proptest! {
    #[test]
    fn every_row_is_rejected_on_its_own_line_and_as_it_was(
        rows in prop::collection::vec(
            (prop::collection::vec(prop::sample::select(vec!["", "a", "b\nc", "\r\n\r\n", "\"", "x,y", "受理\n"]), 2), 0..3_usize),
            1..20,
        ),
        newline in prop::sample::select(vec!["\n", "\r\n"]),
    ) {
        // A case number and no time: every row makes nothing.
        let rows: Vec<(Vec<&str>, usize)> =
            rows.iter().map(|(cells, blank)| (vec![cells[0], "never", cells[1]], *blank)).collect();
        let (text, expected) = written(&rows, newline);
        let ran = import(BASIC, &text);
        let mut reader = csv::Reader::from_reader(ran.rejects.trim_start_matches('\u{feff}').as_bytes());
        let found: Vec<(u64, Vec<String>)> = reader
            .records()
            .map(|record| record.unwrap())
            .map(|record| (record[0].parse().unwrap(), record.iter().skip(3).map(str::to_owned).collect()))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn whatever_the_bytes_the_run_ends_and_every_row_is_accounted_for(
        pieces in prop::collection::vec(
            prop::sample::select(vec![&b","[..], b"\"", b"\n", b"\r\n", b"1", b"2021-03-01", b"\xff", "受".as_bytes(), b"\xb0\xa1", b"\0"]),
            0..60,
        ),
    ) {
        let data = [b"id,opened\n".to_vec(), pieces.concat()].concat();
        if let Ok(ran) = try_import(&mapping(BASIC), &data) {
            let sent = ran.summary.sent() + ran.summary.identical();
            prop_assert_eq!(ran.summary.rows, ran.summary.rejected + sent);
        }
    }
}
