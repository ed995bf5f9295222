use std::{fs, sync::Arc};

use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::*;
use crate::{
    config::{calendar, policy},
    domain::{rules::Limits, stream::Stream},
};

const SHIPPED: &str = include_str!("../../../config/figures/example.toml");

fn rules() -> Rules {
    let limits = Limits::new(policy::load(None).unwrap(), calendar::load(None).unwrap());
    let stream = Stream::usual("example", TimeZone::get("Asia/Shanghai").unwrap());
    Rules::new(Arc::new(stream), Arc::new(limits))
}

fn folder(text: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("own.toml"), text).unwrap();
    dir
}

/// What is said of a text, without the folder's name.
fn said(text: &str) -> Vec<String> {
    let dir = folder(text);
    match check(Some(dir.path()), &rules()) {
        Ok(_) => Vec::new(),
        Err(ConfigError::Invalid(problems)) => {
            let place = format!("{}/", dir.path().display());
            problems.iter().map(|problem| problem.to_string().replace(&place, "")).collect()
        }
        Err(error) => panic!("{error}"),
    }
}

fn changed(from: &str, to: &str) -> Vec<String> {
    assert!(SHIPPED.contains(from), "{from}");
    said(&SHIPPED.replacen(from, to, 1))
}

/// The line of a text in the shipped file, counted from 1.
fn line_of(text: &str) -> usize {
    SHIPPED.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn the_shipped_examples_hold() {
    let dir = folder(SHIPPED);
    let figures = check(Some(dir.path()), &rules()).unwrap();
    assert_eq!(
        figures.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["kept_by_receipt", "without_suspended", "published_verdict"]
    );
    assert!(figures.iter().all(|figure| figure.version.as_deref() == Some("2026-1")));
    assert!(
        figures[0].formula.zh.contains("按时办理") && figures[0].formula.en.contains("done on time"),
        "{figures:?}"
    );
    assert!(load(None).unwrap().is_empty());
}

#[test]
fn an_example_that_does_not_hold_is_named_with_its_case_and_what_it_is() {
    let place = format!("own.toml, line {}", line_of("[[figure.example]]"));
    let all = changed("counts = \"0/1\", standing = \"overdue\"", "counts = \"1/1\", standing = \"closed_late\"");
    assert_eq!(all.len(), 2, "{all:?}");
    assert!(
        all[0].starts_with(&format!("{place}: kept_by_receipt: case 2: counts is \"0/1\", the example says \"1/1\"")),
        "{all:?}"
    );
    assert!(all[1].contains("case 2: standing is \"overdue\", the example says \"closed_late\""), "{all:?}");
    let due = changed("due = \"03-24 18:00\"", "due = \"03-16 18:00\"");
    assert!(
        due[0].contains("due is \"2021-03-24T18:00:00+08:00\", the example says \"2021-03-16T18:00:00+08:00\""),
        "{due:?}"
    );
    let word = changed("accepted 03-05 09:00", "acepted 03-05 09:00");
    assert!(word[0].contains("there is no event \"acepted\"") && word[0].contains("\"accepted\""), "{word:?}");
    let time = changed("as_of = \"2021-04-10\"", "as_of = \"April\"");
    assert!(time[0].contains("as_of: \"April\" is no time"), "{time:?}");
}

#[test]
fn a_name_that_is_not_known_is_refused_with_the_nearest() {
    let all = changed("numerator = \"is_kept\"", "numerator = \"is_keept\"");
    let place = format!("own.toml, line {}", line_of("numerator = \"is_kept\""));
    let what = "numerator: \"is_keept\" is no atom that can be asked here; the nearest right one is \"is_kept\"";
    assert_eq!(all, [format!("{place}: {what}")]);
    let grain = changed("is_due and not is_due_held\"", "is_met and not is_due_held\"");
    assert!(grain[0].contains("it is asked of a clock, and this is a figure of a case"), "{grain:?}");
    let dimension = changed("result in (", "resul in (");
    assert!(
        dimension[0].contains("\"resul\" is no dimension of a case; the nearest right one is \"result\""),
        "{dimension:?}"
    );
    let bare = changed("'result = \"ONTIME\"'", "'result'");
    assert!(bare[0].contains("result is a dimension: write result = \"…\""), "{bare:?}");
}

#[test]
fn what_is_taken_or_missing_is_refused_and_everything_is_told_at_once() {
    let all = said(
        &SHIPPED
            .replace("id = \"kept_by_receipt\"", "id = \"k05a\"")
            .replace("convention = \"without-suspended\"", "convention = \"due\"")
            .replace(
                "zh = \"按时率（平台结论）\", en = \"On time by the platform's own verdict\"",
                "zh = \"\", en = \"\"",
            )
            .replace("shape = \"rate\"\nsettles = \"closed\"", "shape = \"count\"\nsettles = \"closed\""),
    );
    let expected = [
        "\"k05a\" is the id of a figure of the built-in catalogue",
        "timeliness has the convention \"due\" already",
        "a figure has a title in Chinese and in English",
        "the shape is another one than the fields make",
    ];
    assert_eq!(all.len(), expected.len(), "{all:#?}");
    for what in expected {
        assert!(all.iter().any(|one| one.contains(what)), "{what}: {all:#?}");
    }
}

#[test]
fn a_figure_without_an_example_and_one_of_another_grain_are_refused() {
    let (head, _) = SHIPPED.split_once("[[figure.example]]").unwrap();
    assert!(said(head)[0].contains("a figure has at least one worked example"), "{:?}", said(head));
    let clock = changed("cohort = \"CREATED\"", "cohort = \"CREATED\"\ngrain = \"clock\"");
    assert!(clock.iter().any(|one| one.contains("a figure of clocks is of one stage")), "{clock:#?}");
    assert!(clock.iter().any(|one| one.contains("the cohort CREATED puts no clock in a period")), "{clock:#?}");
    let unknown = changed("settles = \"decided\"", "settels = \"decided\"");
    assert!(unknown[0].contains("own.toml, line ") && unknown[0].contains("settels"), "{unknown:?}");
    let missing = changed("version = \"2026-1\"\n", "");
    assert!(missing[0].contains("version"), "{missing:?}");
}

#[test]
fn more_than_an_edition_keeps_are_refused() {
    let (_, first) = SHIPPED.split_once("[[figure]]").unwrap();
    let (first, _) = first.split_once("# 金华").unwrap();
    let mut text = "version = \"1\"\n".to_owned();
    for number in 0..13 {
        let one = first
            .replace("\"kept_by_receipt\"", &format!("\"figure_{number}\""))
            .replace("\"due-by-receipt\"", &format!("\"convention-{number}\""))
            .replace("按受理月", &format!("第{number}种"));
        text += &format!("[[figure]]{one}");
    }
    let all = said(&text);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].contains("there are 13 figures of the town's own; an edition keeps 12"), "{all:#?}");
}

#[test]
fn a_score_names_figures_and_descends() {
    let folder = folder(SHIPPED);
    let scores = scores(Some(folder.path())).unwrap();
    assert_eq!((scores.len(), scores[0].parts.len(), scores[0].grades.len()), (1, 5, 5));
    let place = format!("own.toml, line {}", line_of("figure = \"K12\""));
    let unknown = changed("figure = \"K12\"", "figure = \"K1X\"");
    assert!(unknown[0].starts_with(&format!("{place}: there is no figure \"K1X\"; the nearest")), "{unknown:?}");
    assert!(changed("figure = \"K12\", points", "figure = \"K01\", points")[0].contains("K01 is no rate"));
    assert!(changed("name = \"B\", from = 75", "name = \"B\", from = 95")[0].contains("the grades do not descend"));
    let own = changed("figure = \"K12\"", "figure = \"kept_by_receipt\"");
    assert!(own.is_empty(), "{own:?}");
}
