//! Packed files of every kind, and what is no table.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::*;

const ROWS: &str = "id,opened\n1,2021-03-01\n2,2021-03-02\n";

pub(super) fn zipped(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn failed(bytes: &[u8]) -> String {
    try_import(&mapping(BASIC), bytes).err().unwrap().to_string()
}

#[test]
fn a_zip_with_one_file_is_that_file() {
    let plain = import(BASIC, ROWS);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let alone = zipped(&[("三月.csv", ROWS.as_bytes())], method);
        assert_eq!(import(BASIC, alone).bytes, plain.bytes, "{method}");
        let beside = [("__MACOSX/._三月.csv", &b"x"[..]), ("a/.DS_Store", b"x"), ("a/三月.csv", ROWS.as_bytes())];
        assert_eq!(import(BASIC, zipped(&beside, method)).bytes, plain.bytes, "{method}");
    }
}

#[test]
fn what_holds_no_one_table_is_named_with_what_to_do() {
    let two = zipped(&[("a.csv", ROWS.as_bytes()), ("b.csv", ROWS.as_bytes())], CompressionMethod::Stored);
    assert!(failed(&two).contains("2 files"), "{}", failed(&two));
    assert!(failed(&zipped(&[], CompressionMethod::Stored)).contains("without a file"));
    assert!(failed(&gzip(&gzip(ROWS.as_bytes()))).contains("packed twice"));
    assert!(failed(b"<html><table><tr><td>1</td></tr></table></html>").contains("a web page"));
    assert!(failed(b"%PDF-1.7").contains("a PDF"));
    assert!(failed(b"PK\x03\x04damaged").contains("the archive is damaged"));
    assert!(failed(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1damaged").contains("encrypted, damaged, or no workbook"));
    let ods = zipped(&[("mimetype", b"x"), ("content.xml", b"x")], CompressionMethod::Stored);
    assert!(failed(&ods).contains("OpenDocument"));
}

#[test]
fn damage_within_an_archive_is_an_error_and_no_text() {
    let mut bytes = zipped(&[("a.csv", ROWS.as_bytes())], CompressionMethod::Stored);
    let at = bytes.windows(10).position(|part| part == b"2021-03-02").unwrap();
    bytes[at + 9] = b'9';
    assert!(failed(&bytes).contains("checksum"), "{}", failed(&bytes));
}
