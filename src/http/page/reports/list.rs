//! What was published: every edition, or those of one report, the newest first.

use axum::response::Response;
use serde_json::Value;

use super::{
    Form,
    asked::{drift_cell, edition_path, report_path, span_of, titled},
    lang, shown,
    trouble::ReportTrouble,
};
use crate::{
    ask::span::CalendarSpan,
    http::page::{
        account::{cell, number},
        address::Address,
        frame::{Page, shown as at},
        part::{Cell, Row},
        rows,
        sheet::{
            Sheet, SheetPage, WebForm, elsewhere, fields, head_link, link, only_takes, panel, row, said, state, table,
            twins,
        },
        site::Site,
        words::Lang,
    },
    report::{
        count::grouped,
        json as plain, kpi_csv,
        publish::{Chain, Verified, checked, filed, json, problem::PublishProblem, text::zone},
    },
    store::published::Edition,
};

pub(super) async fn answer(
    site: &Site,
    here: &Address,
    form: Form,
    report: Option<CalendarSpan>,
) -> Result<Response, ReportTrouble> {
    only_takes(here, &["lang"])?;
    let lang = lang(here)?;
    let _turn = site.turns.acquire().await;
    let chain = Chain::read(&site.store).await?;
    let report = report.as_ref().map(filed);
    let is_meant = |one: &&Edition| report.as_ref().is_none_or(|report| *report == one.report);
    let editions: Vec<&Edition> = chain.editions.iter().filter(is_meant).collect();
    let values = || editions.iter().map(|one| json::edition(one)).collect::<Vec<Value>>();
    Ok(match form {
        Form::Page => shown(&page(site, here, lang, &chain, &editions, report.as_deref())),
        Form::Json => rows(form, |out| plain::write(&values(), out)),
        Form::Csv => rows(form, |out| {
            kpi_csv::write(values().iter().map(|one| fields(one, &json::EDITION_COLUMNS)).collect(), out)
        }),
    })
}

fn page(
    site: &Site,
    here: &Address,
    lang: Lang,
    chain: &Chain,
    editions: &[&Edition],
    report: Option<&str>,
) -> SheetPage {
    let title = match report {
        Some(report) => format!("{} {}", lang.of("报表", "Reports of"), said(lang, &titled(report))),
        None => lang.of("报表", "Reports").to_owned(),
    };
    let mut page = Page::of(site, lang, here, ("reports", title));
    page.twins = twins(here, &["json", "csv"]);
    let checked = checked(chain);
    let mut sheet = Sheet { first: vec![form(lang, here)], ..Sheet::default() };
    // Of an edition that is there its own row says it.
    for problem in checked.problems.iter().filter(|problem| !chain.editions.iter().any(|one| problem.is_of(one))) {
        let name = format!("{} {}", problem.report, problem.edition);
        sheet.states.push(state("failed", &name, lang.of(&problem.zh, &problem.en).to_owned()));
    }
    if editions.is_empty() {
        let text = lang.of(
            "发布之后，这里列出每一版，并能看到此后的变动。先在上面出一份报表，再在那一页发布。",
            "Once published, every edition is listed here, with what has become of it. Make a report above, and publish it there.",
        );
        sheet.states.push(state("empty", lang.of("还没有发布过", "Nothing was published yet"), text.to_owned()));
    } else {
        let heads = [
            (lang.of("报告", "report"), ""),
            (lang.of("版", "edition"), "n"),
            (lang.of("截至", "as of"), ""),
            (lang.of("发布", "published"), ""),
            (lang.of("发布人", "by"), ""),
            (lang.of("程序", "program"), ""),
            (lang.of("案件", "cases"), "n"),
            (lang.of("状态", "state"), ""),
            (lang.of("变动", "drift"), ""),
            (lang.of("链与留底", "chain and seal"), ""),
            (lang.of("备注", "note"), ""),
        ];
        let rows = editions.iter().rev().map(|one| line(lang, here, chain, &checked, one)).collect();
        let title = lang.of("已发布的版次", "Editions");
        sheet.panels.push(panel("editions", title, vec![table(title, &heads, rows)]));
    }
    SheetPage { page, sheet, t: lang.words() }
}

fn line(lang: Lang, here: &Address, chain: &Chain, checked: &Verified, one: &Edition) -> Row {
    let zone = zone(one);
    let newest = chain.find(&one.report, None).map_or(one.edition, |newest| newest.edition);
    let (zh, en) = match (one.edition == newest, one.edition) {
        (false, edition) => {
            (format!("已被第 {} 版取代", edition + 1), format!("superseded by edition {}", edition + 1))
        }
        (true, 1) => ("现行".to_owned(), "in force".to_owned()),
        (true, edition) => {
            (format!("现行，取代第 {} 版", edition - 1), format!("in force, supersedes edition {}", edition - 1))
        }
    };
    let here_at = |path: &str| elsewhere(here, path).href();
    let path = edition_path(&one.report, one.edition);
    row(vec![
        head_link(said(lang, &titled(&one.report)), here_at(&path)),
        Cell { has_href: true, href: here_at(&path), ..number(&one.edition.to_string()) },
        cell(&at(one.as_of, &zone)),
        cell(&at(one.published_at, &zone)),
        cell(&one.published_by),
        cell(&one.program),
        number(&grouped(one.cases)),
        cell(lang.of(&zh, &en)),
        drift_cell(lang, here, &one.report, one.edition),
        seal(lang, checked, one),
        Cell { cls: "title".to_owned(), ..cell(&one.note) },
    ])
}

/// Whether head, chain and seal are as they were; the contents are hashed anew when somebody asks for it.
pub(super) fn seal(lang: Lang, checked: &Verified, one: &Edition) -> Cell {
    let told = |all: &[PublishProblem]| {
        all.iter().find(|problem| problem.is_of(one)).map(|problem| lang.of(&problem.zh, &problem.en).to_owned())
    };
    if let Some(problem) = told(&checked.problems) {
        return Cell { cls: "worse".to_owned(), ..cell(&format!("✕ {}{problem}", lang.of("有误：", "wrong: "))) };
    }
    match told(&checked.notes) {
        Some(note) => cell(&note),
        None => cell(lang.of("✓ 相符", "✓ hold")),
    }
}

/// The form by which a report is made.
fn form(lang: Lang, here: &Address) -> WebForm {
    let title = lang.of("出一份报表", "Make a report");
    let form = WebForm::get("make", title, "/reports/made", lang.of("出报表", "Make it"));
    let form = form
        .hide("lang", here.get("lang").unwrap_or_default())
        .input("month", "month", lang.of("月份", "month"), "", "2021-06")
        .input("text", "quarter", lang.of("或季度", "or quarter"), "", "2021-Q2")
        .input("text", "year", lang.of("或年度", "or year"), "", "2021")
        .input("datetime-local", "as-of", lang.of("截至", "as of"), "", "");
    let note = lang.of(
        "月、季、年填一个。截至时刻不填即此刻。",
        "Fill in one of month, quarter and year. Without an as-of it is as of now.",
    );
    WebForm { notes: vec![note.to_owned()], ..form }
}

/// Where the editions of a report are listed.
pub(super) fn list_of(lang: Lang, here: &Address, report: &str) -> Cell {
    let text = said(lang, &titled(report)).to_owned();
    match span_of(report) {
        Some(span) => link(&text, elsewhere(here, &report_path(span.kind.word(), &span.name())).href()),
        None => cell(&text),
    }
}
