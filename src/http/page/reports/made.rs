//! A report of any month, quarter or year as of any instant: on the page, and as the file that the command prints.
//!
//! The HTML file brings its own style in itself, which the policy of the page forbids. It is shown at an address of its own in a sandbox
//! of the browser's: no script, no form, no origin, nothing loaded. So the bytes are those of the command, and nothing in them can
//! reach the page.

use std::sync::Arc;

use askama::Template;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use super::{
    asked::{ReportAsked, TAKEN, report_path},
    making::in_turn,
    publish::form,
    sections::{PaperLinks, PaperShown, all},
    shown,
    trouble::ReportTrouble,
};
use crate::{
    ask::span::{CalendarSpan, SpanKind},
    http::page::{
        Form,
        address::Address,
        figure::Pair,
        frame::{Fact, Filter, Hidden, Input, Nav, Page, Steps, shown as at},
        guards,
        part::{Chip, Chips},
        rows,
        sheet::{WebForm, elsewhere, only_takes, said, select},
        site::{Site, Took},
        words::{Lang, Words},
    },
    report::{
        notice::{self, CONVENTIONS},
        paper::{self, Paper},
        span::title,
    },
};

/// As the end of the address says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaperForm {
    Page,
    Json,
    Xlsx,
    Html,
}

impl PaperForm {
    pub(super) fn of(name: &str) -> (&str, Self) {
        match name.rsplit_once('.') {
            Some((stem, "json")) => (stem, Self::Json),
            Some((stem, "xlsx")) => (stem, Self::Xlsx),
            Some((stem, "html")) => (stem, Self::Html),
            _ => (name, Self::Page),
        }
    }
}

#[derive(Debug, Template)]
#[template(path = "made.html")]
struct MadePage {
    page: Page,
    chips: Vec<Chips>,
    facts: Vec<Pair>,
    sections: Vec<PaperShown>,
    last: Vec<WebForm>,
    contents: &'static str,
    t: &'static Words,
}

pub(super) async fn answer(site: &Arc<Site>, here: &Address, form: PaperForm) -> Result<Response, ReportTrouble> {
    only_takes(here, &TAKEN)?;
    let asked = ReportAsked::read(site, here)?;
    let took = Took::begin();
    let paper = in_turn(site, async { Ok(notice::written(&site.store, &asked.order).await?) }).await?;
    match form {
        PaperForm::Page => Ok(shown(&page(site, here, &asked, &paper, &took))),
        PaperForm::Json => Ok(rows(Form::Json, |out| paper::json::write(&paper, out))),
        PaperForm::Html => {
            let bytes = paper::html::page(&paper.in_language(asked.lang.language())).into_bytes();
            Ok(file(bytes, "text/html; charset=utf-8", SANDBOX, here.get("save").map(|_| name(&asked, "html"))))
        }
        PaperForm::Xlsx => {
            let paper = paper.in_language(asked.lang.language());
            // A workbook of a year takes a moment of processor, which the others must not wait for.
            let made = tokio::task::spawn_blocking(move || paper::xlsx::workbook(&paper)).await;
            let bytes = made.map_err(|error| ReportTrouble::broken(&error))?;
            let bytes = bytes.map_err(|error| ReportTrouble::broken(&error))?;
            Ok(file(bytes, XLSX, "default-src 'none'", Some(name(&asked, "xlsx"))))
        }
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Its style is within it, and that is all that it may have.
const SANDBOX: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

fn name(asked: &ReportAsked, ending: &str) -> String {
    format!("report-{}.{ending}", asked.when.span.name())
}

fn file(bytes: Vec<u8>, mime: &'static str, policy: &'static str, save: Option<String>) -> Response {
    let mut response = (guards(), bytes).into_response();
    let mut set = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
    set(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    set(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    let disposition = save.map(|name| HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")));
    if let Some(Ok(value)) = disposition {
        set(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn page(site: &Site, here: &Address, asked: &ReportAsked, paper: &Paper, took: &Took) -> MadePage {
    let (lang, when) = (asked.lang, &asked.when);
    let mut page = Page::of(site, lang, here, ("report", said(lang, &paper.title).to_owned()));
    let zone = jiff::tz::TimeZone::get(&when.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let as_of = when.period.as_of.rfc3339(&zone);
    // What is downloaded is what is seen.
    let fixed = here.with("as-of", &as_of);
    page.filters = vec![filter(site, here, asked)];
    page.facts =
        vec![Fact { k: lang.of("截至", "as of").to_owned(), v: at(when.period.as_of, &zone), cls: String::new() }];
    page.took = format!("{} {} {}", lang.of("用时", "took"), took.ms(), lang.of("毫秒", "ms"));
    let fact =
        |fact: &paper::PaperFact| Pair { k: said(lang, &fact.name).to_owned(), v: said(lang, &fact.value).to_owned() };
    let links = PaperLinks::new(here, asked, &as_of);
    // Published is what the configured zone says.
    let is_published_so = when.zone == site.zone;
    MadePage {
        page,
        chips: vec![files(lang, &fixed), editions(lang, here, &when.span)],
        facts: paper.facts.iter().map(fact).collect(),
        sections: all(paper, &links),
        last: is_published_so.then(|| form(here, asked)).into_iter().collect(),
        contents: lang.of("目录：", "contents: "),
        t: lang.words(),
    }
}

fn files(lang: Lang, fixed: &Address) -> Chips {
    let chip = |text: &str, here: Address| Chip { href: here.href(), text: text.to_owned(), ..Chip::default() };
    let at = |ending: &str| fixed.at(&format!("/reports/made.{ending}"));
    Chips {
        label: lang.of("下载：", "download: ").to_owned(),
        chips: vec![
            chip("Excel", at("xlsx")),
            chip("HTML", at("html").with("save", "1")),
            chip(lang.of("HTML 预览", "HTML, to look at"), at("html")),
            chip("JSON", at("json").without(&["lang"])),
        ],
    }
}

fn editions(lang: Lang, here: &Address, span: &CalendarSpan) -> Chips {
    let chip =
        |text: &str, path: &str| Chip { href: elsewhere(here, path).href(), text: text.to_owned(), ..Chip::default() };
    Chips {
        label: lang.of("版次：", "editions: ").to_owned(),
        chips: vec![
            chip(lang.of("本期已发布的", "of this period"), &report_path(span.kind.word(), &span.name())),
            chip(lang.of("全部", "all"), "/reports"),
        ],
    }
}

/// Another period, as-of, stream or convention.
fn filter(site: &Site, here: &Address, asked: &ReportAsked) -> Filter {
    let (lang, span) = (asked.lang, asked.when.span);
    let bare = here.without(&["month", "quarter", "year", "as-of"]);
    let step = |to: Option<CalendarSpan>| {
        to.map(|to| bare.with(to.kind.word(), &to.name()).href()).unwrap_or_else(|| here.href())
    };
    let grain = |kind: SpanKind, (zh, en): (&str, &str)| Nav {
        href: step(CalendarSpan::of(kind, span.first)),
        text: lang.of(zh, en).to_owned(),
        is_here: kind == span.kind,
    };
    let next = next(span);
    let now = (site.now)();
    let zone = jiff::tz::TimeZone::get(&asked.when.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let has_begun = next.is_some_and(|next| next.period(&zone, now).from <= now);
    let input = |kind: &str, name: &str, label: &str| Input {
        kind: kind.to_owned(),
        name: name.to_owned(),
        label: label.to_owned(),
        value: here.get(name).unwrap_or_default().to_owned(),
        ..Input::default()
    };
    let taken = ["as-of", "stream", "convention"];
    let hidden = here.pairs().filter(|(name, _)| !taken.contains(name) && *name != "save");
    let streams = site.sources.streams.iter().map(|one| (one.name.clone(), said(lang, &one.title).to_owned()));
    let all = std::iter::once((String::new(), lang.of("全部", "all").to_owned()));
    let conventions = CONVENTIONS.map(|name| (name.to_owned(), name.to_owned()));
    Filter {
        action: here.path.clone(),
        hidden: hidden.map(|(name, value)| Hidden { name: name.to_owned(), value: value.to_owned() }).collect(),
        steps: vec![Steps {
            text: said(lang, &title(&span)).to_owned(),
            prev: step(previous(span)),
            has_next: has_begun,
            next: step(next),
            grains: vec![
                grain(SpanKind::Month, ("月", "month")),
                grain(SpanKind::Quarter, ("季", "quarter")),
                grain(SpanKind::Year, ("年", "year")),
            ],
        }],
        inputs: vec![input("text", "as-of", lang.of("截至", "as of"))],
        selects: vec![
            select("stream", lang.of("业务流", "stream"), here.get("stream").unwrap_or_default(), all.chain(streams)),
            select("convention", lang.of("口径", "convention"), &asked.convention, conventions),
        ],
        ..Filter::default()
    }
}

fn previous(span: CalendarSpan) -> Option<CalendarSpan> {
    CalendarSpan::of(span.kind, span.first.yesterday().ok()?)
}

fn next(span: CalendarSpan) -> Option<CalendarSpan> {
    CalendarSpan::of(span.kind, span.after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_before_and_the_one_after_are_of_the_same_kind() {
        for (kind, before, name, after) in [
            (SpanKind::Month, "2020-12", "2021-01", "2021-02"),
            (SpanKind::Quarter, "2020-Q4", "2021-Q1", "2021-Q2"),
            (SpanKind::Year, "2020", "2021", "2022"),
        ] {
            let span = CalendarSpan::parse(kind, name).unwrap();
            let names = [previous(span), next(span)].map(|span| span.unwrap().name());
            assert_eq!(names, [before, after]);
        }
    }
}
