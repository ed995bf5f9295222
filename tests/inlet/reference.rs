//! docs/reference/inlet.md and contracts/inlet.openapi.json as a feeder uses them: the lines are pasted, the description is imported.

use std::process::Command;

use crate::{
    events::SOURCE,
    inlet::{Feeders, Inlet},
    keys::added,
    local::root,
    pasted::every_line_is_answered_as_the_page_says,
};

const PAGE: &str = include_str!("../../docs/reference/inlet.md");

/// The inlet, its address and a key for the hotline.
fn keyed(feeders: &Feeders) -> (Inlet, String, String) {
    let file = feeders.path("keys.toml");
    let key = added(feeders, &file, "hotline", &["--source", SOURCE, "--stream", "hotline"]);
    let inlet = feeders.inlet(&[("INLET__KEYS_FILE", &file)]);
    inlet.wait_until_ready();
    let address = format!("http://{}", inlet.address);
    (inlet, address, key)
}

#[test]
fn every_line_of_the_reference_of_the_inlet_works_as_it_is_pasted() {
    let feeders = Feeders::new();
    let (_inlet, address, key) = keyed(&feeders);
    let tried = every_line_is_answered_as_the_page_says(PAGE, &[("INLET", &address), ("KEY", &key)]);
    assert_eq!(tried, PAGE.matches("**请求体 Body**").count() + PAGE.matches("\n## `GET ").count());
    assert_eq!(feeders.stood("hotline").len(), 6, "what the examples say: one, one, two and two events");
}

/// node with what reads the descriptions, which is fetched here.
fn imported(script: &str, settings: &[(&str, &str)]) -> String {
    let root = root().display().to_string();
    let found = format!("set -e; found=$('{root}/deploy/local/importers'); eval \"$found\"");
    let mut node = Command::new("bash");
    node.args(["-c", &format!("{found}; exec node '{root}/tests/importers/{script}'")]);
    node.env("CONTRACTS", format!("{root}/contracts")).env("no_proxy", "*").envs(settings.iter().copied());
    let ended = node.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    said
}

/// By the importer of Postman itself, over both descriptions; what it makes of the inlet's is sent.
#[test]
fn postman_imports_the_descriptions_and_what_it_sends_is_answered() {
    let feeders = Feeders::new();
    let (_inlet, address, key) = keyed(&feeders);
    let said = imported("postman.mjs", &[("INLET", &address), ("KEY", &key)]);
    assert_eq!(feeders.stood("hotline").len(), 1, "its example, sent twice, stands once: {said}");
}

#[test]
fn the_parser_of_asyncapi_reads_the_description_of_the_topics() {
    imported("asyncapi.mjs", &[]);
}
