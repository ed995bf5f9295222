//! A section of the runbook, which is part of the program: what an alert means, where to look, what to do.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};

use crate::{
    ask::unclear::{AskError, Unclear, no_such},
    http::page::{
        Form, Pairs, Shared,
        address::{Address, segment},
        answered,
        asked::lang,
        frame::Page,
        page_response,
        sheet::only_takes,
        words::Words,
    },
};

const RUNBOOK: &str = include_str!("../../../../docs/runbook.md");

#[derive(Template)]
#[template(path = "runbook.html")]
struct RunbookPage {
    page: Page,
    lines: Vec<RunbookLine>,
    t: &'static Words,
}

/// `**含义 Meaning.** …`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct RunbookLine {
    head: String,
    text: String,
}

pub(super) async fn section(State(site): Shared, Path(alert): Path<String>, Query(pairs): Pairs) -> Response {
    let here = Address::new(&format!("/running/runbook/{}", segment(&alert)), pairs);
    answered(&site, &here, Form::Page, async {
        only_takes(&here, &["lang"])?;
        let lang = lang(&here)?;
        let lines = lines(&alert).ok_or_else(|| AskError::from(unknown(&alert)))?;
        let title = format!("{} {alert}", lang.of("值班手册", "Runbook"));
        let page = Page::of(&site, lang, &here, ("running", title));
        Ok(page_response(StatusCode::OK, &RunbookPage { page, lines, t: lang.words() }))
    })
    .await
}

fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    RUNBOOK.split("\n## ").skip(1).filter_map(|section| section.split_once('\n'))
}

fn unknown(alert: &str) -> Unclear {
    let known: Vec<&str> = sections().map(|(name, _)| name).collect();
    no_such(("告警", "alert"), alert, &known)
}

/// Each begins with a word in bold.
fn lines(alert: &str) -> Option<Vec<RunbookLine>> {
    let (_, text) = sections().find(|(name, _)| *name == alert)?;
    let mut lines: Vec<RunbookLine> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (line.strip_prefix("**").and_then(|rest| rest.split_once("**")), lines.last_mut()) {
            (Some((head, text)), _) => {
                lines.push(RunbookLine { head: head.trim_end_matches('.').to_owned(), text: text.trim().to_owned() });
            }
            (None, Some(last)) => last.text += &format!(" {line}"),
            (None, None) => lines.push(RunbookLine { text: line.to_owned(), ..RunbookLine::default() }),
        }
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_its_five_parts_and_what_there_is_none_of_is_refused() {
        let heads: Vec<String> = lines("TongguanLagGrows").unwrap().into_iter().map(|line| line.head).collect();
        assert_eq!(heads, ["含义 Meaning", "查看 Look", "处理 Do", "叫人 Wake", "切勿 Never"]);
        assert_eq!(lines("TongguanLag"), None);
        assert!(unknown("TongguanLagGrow").to_string().contains("TongguanLagGrows?"));
    }
}
