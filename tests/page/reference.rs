//! docs/reference/interface.md as a program's author uses it: every line is pasted.

use crate::{api, june, pasted::every_line_is_answered_as_the_page_says, served::Served};

const PAGE: &str = include_str!("../../docs/reference/interface.md");

#[test]
fn every_line_of_the_reference_of_the_interface_works_as_it_is_pasted() {
    let town = api::town();
    june::publish(&town);
    let served = Served::of(&town);
    let tried = every_line_is_answered_as_the_page_says(PAGE, &[("PAGE", &format!("http://{}", served.address))]);
    assert_eq!(tried, PAGE.matches("\n## `GET ").count());
}
