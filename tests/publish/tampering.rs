//! Whoever changes what was published is seen.

use serde_json::Value;

use crate::{
    june::{JUNE, june, publish, wrong},
    town::Town,
};

fn change(town: &Town, sql: &str) {
    town.query(&format!("{sql} SETTINGS mutations_sync = 2"));
}

fn attempt(published: &Value) -> &str {
    published["attempt"].as_str().unwrap()
}

/// What is wrong after the first edition was changed by the first statement, the second by the second, and so on; `{it}` is
/// the attempt of the edition, `{n}` its number. The last edition is left alone, and before it all was well.
fn damaged(changes: &[&str]) -> Vec<(String, u64)> {
    let town = june();
    let editions: Vec<Value> = (0..=changes.len()).map(|_| publish(&town)).collect();
    assert_eq!(wrong(&town, &[]), (Some(0), vec![]), "before");
    for (edition, sql) in editions.iter().zip(changes) {
        change(&town, &sql.replace("{it}", attempt(edition)).replace("{n}", &edition["edition"].to_string()));
    }
    let (code, problems) = wrong(&town, &[]);
    assert_eq!(code, Some(1), "{problems:?}");
    problems
}

fn kinds(problems: &[(String, u64)], edition: usize) -> Vec<&str> {
    problems.iter().filter(|(_, of)| *of == edition as u64).map(|(kind, _)| kind.as_str()).collect()
}

#[test]
fn a_figure_changed_removed_or_added_is_named() {
    const IT: &str = "WHERE attempt = '{it}' AND figure = 'K05a' AND grouped_by = []";
    let table = "{db}.edition_figures";
    let problems = damaged(&[
        &format!("ALTER TABLE {table} UPDATE numerator = 4 {IT}"),
        &format!("ALTER TABLE {table} DELETE {IT}"),
        &format!(
            "INSERT INTO {table} SELECT * REPLACE (['stream'] AS grouped_by, ['new'] AS groups) FROM (SELECT * FROM {table} {IT})"
        ),
        &format!("ALTER TABLE {table} UPDATE definition = replace(definition, 'K05a', 'K05b') {IT}"),
    ]);
    for edition in 1..=3 {
        assert_eq!(kinds(&problems, edition), ["figures_changed", "figure_differs"], "{edition}: {problems:?}");
    }
    assert_eq!(kinds(&problems, 4), ["figures_changed", "definition_changed"], "{problems:?}");
    assert_eq!(kinds(&problems, 5), [""; 0], "{problems:?}");
}

#[test]
fn a_verdict_changed_removed_or_added_is_named() {
    const IT: &str = "WHERE attempt = '{it}' AND case_id = 'T1'";
    let table = "{db}.edition_verdicts";
    let problems = damaged(&[
        &format!("ALTER TABLE {table} UPDATE numerators = bitXor(numerators, 1) {IT}"),
        &format!("ALTER TABLE {table} DELETE {IT}"),
        &format!("INSERT INTO {table} SELECT * REPLACE ('T9' AS case_id) FROM (SELECT * FROM {table} {IT})"),
        &format!("ALTER TABLE {table} UPDATE due_at = due_at + 1 {IT}"),
    ]);
    for edition in 1..=3 {
        let kinds = kinds(&problems, edition);
        assert!(kinds[0] == "verdicts_changed" && kinds.len() > 1, "{edition}: {problems:?}");
        assert!(kinds[1..].iter().all(|kind| *kind == "figure_differs"), "{edition}: {problems:?}");
    }
    // No figure rests on it, and it is seen all the same.
    assert_eq!(kinds(&problems, 4), ["verdicts_changed"], "{problems:?}");
    assert_eq!(kinds(&problems, 5), [""; 0], "{problems:?}");
}

#[test]
fn a_head_or_a_seal_changed_removed_or_added_is_named() {
    const IT: &str = "WHERE attempt = '{it}'";
    let table = "{db}.editions";
    let copied =
        |what: &str| format!("INSERT INTO {table} SELECT * REPLACE ({what}) FROM (SELECT * FROM {table} {IT})");
    let problems = damaged(&[
        &format!("ALTER TABLE {table} UPDATE note = 'x' {IT}"),
        &format!("ALTER TABLE {table} UPDATE sha256 = repeat('0', 64) {IT}"),
        &format!("ALTER TABLE {table} DELETE {IT}"),
        &copied("toUInt64(100) AS serial"),
        &copied("'mine' AS attempt"),
        "ALTER TABLE {db}.edition_seals UPDATE sha256 = 'x' WHERE edition = {n}",
        &format!("ALTER TABLE {table} UPDATE as_of = as_of + 1 {IT}"),
    ]);
    for (edition, kind) in [
        (1, "head_changed"),
        (2, "seal_differs"),
        (3, "edition_gone"),
        (4, "serial_missing"),
        (5, "head_inserted"),
        (6, "seal_differs"),
        (7, "head_changed"),
    ] {
        assert!(kinds(&problems, edition).contains(&kind), "{edition} {kind}: {problems:?}");
    }
    assert_eq!(kinds(&problems, 8), [""; 0], "{problems:?}");
}

#[test]
fn an_edition_that_is_gone_altogether_is_missed() {
    let gone = ["edition_figures", "edition_verdicts", "editions"]
        .map(|table| format!("ALTER TABLE {{db}}.{table} DELETE WHERE attempt = '{{it}}'"));
    let town = june();
    let (first, second) = (publish(&town), publish(&town));
    let remove = |edition: &Value| gone.iter().for_each(|sql| change(&town, &sql.replace("{it}", attempt(edition))));
    remove(&second);
    assert_eq!(wrong(&town, &JUNE), (Some(1), vec![("edition_gone".to_owned(), 2)]));
    // Even where its seal went with it, once anything was published after it.
    let third = publish(&town);
    assert_eq!((&third["edition"], &third["serial"]), (&3.into(), &3.into()), "a number is not given twice");
    remove(&first);
    change(&town, "ALTER TABLE {db}.edition_seals DELETE WHERE serial = 1");
    let (code, problems) = wrong(&town, &[]);
    assert_eq!(code, Some(1));
    assert!(kinds(&problems, 3).contains(&"serial_missing"), "{problems:?}");
}
