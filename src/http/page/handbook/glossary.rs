//! The glossary: docs/glossary.md, which is part of the program.

use std::sync::LazyLock;

use askama::Template;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Form, parts, shown};
use crate::{
    ask::unclear::AskError,
    http::page::{
        address::Address,
        asked::lang,
        frame::Page,
        part::{Chips, State},
        rows,
        sheet::{WebForm, fields, only_takes, state, twins},
        site::Site,
        words::{Lang, Words},
    },
    report::{json as plain, kpi_csv},
};

#[derive(Debug, Template)]
#[template(path = "glossary.html")]
struct GlossaryPage {
    page: Page,
    chips: Vec<Chips>,
    states: Vec<State>,
    first: Vec<WebForm>,
    heads: [&'static str; 4],
    sections: Vec<TermsShown>,
    t: &'static Words,
}

#[derive(Debug)]
struct TermsShown {
    title: &'static str,
    terms: Vec<&'static Term>,
}

#[derive(Debug)]
pub(super) struct Term {
    section: (&'static str, &'static str),
    anchor: String,
    zh: &'static str,
    en: &'static str,
    code: String,
    column: String,
}

static GLOSSARY: LazyLock<Vec<Term>> = LazyLock::new(|| read(include_str!("../../../../docs/glossary.md")));

/// Of every section the rows of its table.
fn read(text: &'static str) -> Vec<Term> {
    let (mut terms, mut section): (Vec<Term>, _) = (Vec::new(), ("", ""));
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.split_once(' ').unwrap_or((title, title));
            continue;
        }
        let Some(row) = line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |")) else { continue };
        let cells: Vec<&'static str> = row.split(" | ").collect();
        let [zh, en, code, column] = cells[..] else { continue };
        if zh == "中文" {
            continue;
        }
        let plain = |text: &str| text.replace('`', "").trim_matches('–').to_owned();
        let word: String = zh.chars().filter(|c| !c.is_whitespace()).collect();
        let same = terms.iter().filter(|term| term.zh == zh).count();
        let anchor = if same == 0 { format!("term-{word}") } else { format!("term-{word}-{}", same + 1) };
        terms.push(Term { section, anchor, zh, en, code: plain(code), column: plain(column) });
    }
    terms
}

impl Term {
    fn has(&self, wanted: &str) -> bool {
        let is_in = |text: &str| text.to_lowercase().contains(wanted);
        is_in(self.zh) || is_in(self.en) || is_in(&self.code) || is_in(&self.column)
    }

    fn json(&self) -> Value {
        json!({ "section": self.section.0, "zh": self.zh, "en": self.en, "code": self.code, "column": self.column })
    }
}

/// The words of the glossary that a text uses, each with its anchor. A word of one character is in too many.
pub(super) fn found_in(text: &str) -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<(&'static str, &'static str)> = Vec::new();
    for term in GLOSSARY.iter() {
        for word in term.zh.split(['/', '：', '、', '，']).map(str::trim) {
            let is_new = !found.iter().any(|(known, _)| known == &word);
            if word.chars().count() > 1 && is_new && text.contains(word) {
                found.push((word, &term.anchor));
            }
        }
    }
    found
}

pub(super) fn answer(site: &Site, here: &Address, form: Form) -> Result<Response, AskError> {
    only_takes(here, &["lang", "q"])?;
    let lang = lang(here)?;
    let wanted = here.get("q").unwrap_or_default().trim().to_lowercase();
    let found: Vec<&'static Term> = GLOSSARY.iter().filter(|term| term.has(&wanted)).collect();
    Ok(match form {
        Form::Page => shown(&page(site, here, lang, &found)),
        Form::Json => rows(form, |out| plain::write(&found.iter().map(|term| term.json()).collect::<Vec<_>>(), out)),
        Form::Csv => rows(form, |out| {
            let names = ["section", "zh", "en", "code", "column"];
            let row = |term: &&Term| fields(&term.json(), &names);
            kpi_csv::write(found.iter().map(row).collect(), out)
        }),
    })
}

fn page(site: &Site, here: &Address, lang: Lang, found: &[&'static Term]) -> GlossaryPage {
    let title = lang.of("术语", "Glossary");
    let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
    page.twins = twins(here, &["json", "csv"]);
    let mut sections: Vec<TermsShown> = Vec::new();
    for term in found {
        let title = lang.of(term.section.0, term.section.1);
        match sections.last_mut() {
            Some(last) if last.title == title => last.terms.push(term),
            _ => sections.push(TermsShown { title, terms: vec![term] }),
        }
    }
    let wanted = here.get("q").unwrap_or_default();
    let form = WebForm::get("search", lang.of("查找", "Look up"), &here.path, lang.of("查找", "Look up"))
        .hide("lang", here.get("lang").unwrap_or_default())
        .input("search", "q", lang.of("词", "word"), wanted, lang.of("时限", "due"));
    let nothing = || {
        let text = lang.of("换一个词，或清空查全部。", "Try another word, or none for all of them.").to_owned();
        state("empty", lang.of("没有这个词", "No such word"), text)
    };
    GlossaryPage {
        page,
        chips: vec![parts(lang, here)],
        states: if sections.is_empty() { vec![nothing()] } else { Vec::new() },
        first: vec![form],
        heads: ["中文", "English", lang.of("代码或消息", "code, wire"), lang.of("列", "column")],
        sections,
        t: lang.words(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_glossary_is_a_term_and_has_an_anchor_of_its_own() {
        let rows = include_str!("../../../../docs/glossary.md").lines().filter(|line| line.starts_with("| "));
        let heads =
            include_str!("../../../../docs/glossary.md").lines().filter(|line| line.starts_with("| 中文")).count();
        assert_eq!(GLOSSARY.len(), rows.count() - heads);
        let mut anchors: Vec<&str> = GLOSSARY.iter().map(|term| term.anchor.as_str()).collect();
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(anchors.len(), GLOSSARY.len());
    }

    #[test]
    fn the_words_of_a_text_are_found() {
        let found: Vec<&str> = found_in("时段内受理的案件，按时结案").into_iter().map(|(word, _)| word).collect();
        assert!(found.contains(&"案件") && found.contains(&"时段"), "{found:?}");
        assert!(found_in("xyz").is_empty());
    }
}
