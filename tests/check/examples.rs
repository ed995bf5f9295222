//! docs/policy.md prints the worked examples of the built-in policy as its file has them; that they hold is tested by `policy check`.
//! `POLICY_PAGE=write cargo test --test check examples` writes the part anew.

use std::{fmt::Write as _, fs};

use tongguan::{config::policy, domain::policy::PolicyExample};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md");
const BEGIN: &str = "<!-- generated: examples -->\n";
const END: &str = "<!-- end: examples -->";

#[test]
fn the_page_prints_the_examples_of_the_file() {
    let (_, examples) = policy::with_examples(None).unwrap();
    let page = fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    let expected = table(examples.iter().map(|(_, example)| example));
    if std::env::var("POLICY_PAGE").is_ok_and(|value| value == "write") {
        fs::write(PAGE, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(found, expected, "POLICY_PAGE=write cargo test --test check examples");
    assert!(examples.len() > 3);
}

fn table<'a>(examples: impl Iterator<Item = &'a PolicyExample>) -> String {
    let mut text =
        "| 生平 life | 截至 as of | 规则 rule | 时限 due | 状态 standing | 依据 because |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for PolicyExample { stream, life, as_of, expected, because } in examples {
        let said = |one: &Option<String>| one.clone().unwrap_or_else(|| "–".to_owned());
        let (rule, due, standing) = (said(&expected.rule), said(&expected.due), said(&expected.standing));
        writeln!(text, "| {stream}: {life} | {as_of} | {rule} | {due} | `{standing}` | {because} |").unwrap();
    }
    text
}
