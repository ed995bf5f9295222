//! docs/operations.md shows the tables of errors that the program goes by. `ERRORS_PAGE=write cargo test --test check errors`
//! writes them.

use std::{fs, path::Path};

use tongguan::{feed::kafka_error, store::error_table};

#[test]
fn the_page_shows_the_tables_of_errors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut wanted = page.clone();
    for (name, table) in [("clickhouse", error_table::page()), ("kafka", kafka_error::page())] {
        let (begin, end) = (format!("<!-- errors of {name} -->\n"), format!("<!-- end of errors of {name} -->"));
        let (before, rest) = wanted.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
        wanted = format!("{before}{begin}{table}{end}{after}");
    }
    if std::env::var("ERRORS_PAGE").is_ok_and(|what| what == "write") {
        fs::write(&path, wanted).unwrap();
        return;
    }
    assert!(page == wanted, "docs/operations.md shows other errors: ERRORS_PAGE=write cargo test --test check errors");
}
