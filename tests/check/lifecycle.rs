//! The tables of docs/lifecycle.md are those of the code.

use std::fs;

use tongguan::domain::{clock::table, fact::FactKind, lifecycle};

/// What stands between `<!-- name -->` and `<!-- end -->`.
fn shown(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lifecycle.md");
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once(&format!("<!-- {name} -->\n")).expect("the page has the table");
    rest.split_once("<!-- end -->").expect("the table ends").0.to_owned()
}

#[test]
fn the_moves_are_those_of_the_lifecycle() {
    assert_eq!(shown("moves"), lifecycle::as_markdown());
}

#[test]
fn the_acts_are_those_of_the_clock() {
    assert_eq!(shown("clocks"), table::as_markdown());
}

#[test]
fn the_order_of_one_instant_is_that_of_the_types() {
    let names: Vec<String> = FactKind::ALL.iter().map(|(kind, _)| format!("`{}`", kind.name())).collect();
    assert_eq!(shown("order").trim_end(), names.join(", "));
}
