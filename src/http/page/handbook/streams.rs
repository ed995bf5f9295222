//! The streams: what each takes, and what counts as received and closed in it.

use axum::response::Response;
use serde_json::Value;

use super::{Form, parts, shown, yes};
use crate::{
    ask::unclear::{AskError, STREAM, no_such},
    domain::kpi::Figure,
    http::page::{
        account::cell,
        address::{Address, segment},
        asked::lang,
        frame::Page,
        part::{Cell, Panel, Row, Table},
        rows,
        sheet::{Sheet, SheetPage, elsewhere, fields, head_link, lines, only_takes, panel, row, said, table, twins},
        site::Site,
        words::Lang,
    },
    report::{
        json, kpi_csv,
        streams::{StreamDimension, StreamRate, StreamTold},
    },
};

const COLUMNS: [&str; 4] = ["stream", "topic", "is_tally", "means"];

pub(super) fn answer(site: &Site, here: &Address, form: Form) -> Result<Response, AskError> {
    only_takes(here, &["lang"])?;
    let lang = lang(here)?;
    let all = &site.sources.streams;
    Ok(match form {
        Form::Page => {
            let title = lang.of("业务流", "Streams");
            let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
            page.twins = twins(here, &["json", "csv"]);
            let panels = vec![panel("streams", title, vec![list(here, lang, all)])];
            let sheet = Sheet { chips: vec![parts(lang, here)], panels, ..Sheet::default() };
            shown(&SheetPage { page, sheet, t: lang.words() })
        }
        Form::Json => rows(form, |out| json::write(&all.iter().map(StreamTold::json).collect::<Vec<Value>>(), out)),
        Form::Csv => {
            rows(form, |out| kpi_csv::write(all.iter().map(|one| fields(&one.json(), &COLUMNS)).collect(), out))
        }
    })
}

fn list(here: &Address, lang: Lang, all: &[StreamTold]) -> Table {
    let heads = [
        (lang.of("名称", "name"), ""),
        (lang.of("标题", "title"), ""),
        (lang.of("主题", "topic"), ""),
        (lang.of("内容", "takes"), ""),
        (lang.of("受理", "received"), ""),
        (lang.of("结案", "closed"), ""),
    ];
    let line = |one: &StreamTold| -> Row {
        let means = |key: &str| {
            let found = one.means.iter().find(|meaning| meaning.key == key);
            cell(&found.map(|meaning| meaning.words.join(", ")).unwrap_or_default())
        };
        row(vec![
            head_link(&one.name, elsewhere(here, &format!("/words/streams/{}", segment(&one.name))).href()),
            cell(said(lang, &one.title)),
            Cell { cls: "m".to_owned(), ..cell(&one.topic) },
            cell(takes(lang, one)),
            means("received"),
            means("closed"),
        ])
    };
    table(lang.of("业务流", "Streams"), &heads, all.iter().map(line).collect())
}

fn takes(lang: Lang, one: &StreamTold) -> &'static str {
    if one.is_tally { lang.of("计数", "tallies") } else { lang.of("案件", "cases") }
}

pub(super) fn one(site: &Site, here: &Address, form: Form, name: &str) -> Result<Response, AskError> {
    only_takes(here, &["lang"])?;
    let lang = lang(here)?;
    let all = &site.sources.streams;
    let names = || all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>();
    let found = all.iter().find(|one| one.name == name).ok_or_else(|| no_such(STREAM, name, &names()))?;
    Ok(match form {
        Form::Page => {
            let title = format!("{} {}", said(lang, &found.title), found.name);
            let mut page = Page::of(site, lang, here, ("words", title));
            page.twins = twins(here, &["json"]);
            let sheet = Sheet { chips: vec![parts(lang, here)], panels: panels(here, lang, found), ..Sheet::default() };
            shown(&SheetPage { page, sheet, t: lang.words() })
        }
        Form::Json | Form::Csv => rows(Form::Json, |out| json::write(&found.json(), out)),
    })
}

fn panels(here: &Address, lang: Lang, one: &StreamTold) -> Vec<Panel> {
    let mut says = vec![
        (lang.of("主题", "topic"), Cell { cls: "m".to_owned(), ..cell(&one.topic) }),
        (lang.of("内容", "takes"), cell(takes(lang, one))),
    ];
    let meant = one.means.iter().filter(|meaning| !meaning.words.is_empty());
    says.extend(meant.map(|meaning| (said(lang, &meaning.title), cell(&meaning.words.join(", ")))));
    let base = &one.base;
    says.extend([
        (lang.of("重复工单计入基数", "duplicates are in the base"), cell(yes(lang, base.duplicates))),
        (lang.of("直接答复计入基数", "direct answers are in the base"), cell(yes(lang, base.direct_answers))),
        (lang.of("与时限比较的", "a due is compared with"), cell(finish(lang, &base.finish))),
    ]);
    let title = lang.of("它的消息意味着什么", "What its events mean");
    let mut all = vec![panel("means", title, vec![lines(title, says)])];
    if !one.dimensions.is_empty() {
        let heads =
            [(lang.of("维度", "dimension"), ""), (lang.of("名称", "called"), ""), (lang.of("取值", "values"), "")];
        let line = |one: &StreamDimension| {
            let values =
                if one.values.is_empty() { lang.of("任意", "any").to_owned() } else { one.values.join("、") };
            row(vec![Cell { is_head: true, ..cell(&one.name) }, cell(said(lang, &one.title)), cell(&values)])
        };
        let title = lang.of("维度", "Dimensions");
        let rows = one.dimensions.iter().map(line).collect();
        all.push(panel("dimensions", title, vec![table(title, &heads, rows)]));
    }
    if !one.rates.is_empty() {
        all.push(rates(here, lang, one));
    }
    all
}

fn finish(lang: Lang, name: &str) -> &str {
    match name {
        "submitted" => lang.of("处置反馈", "the last answer of a unit"),
        "check_passed" => lang.of("核查通过", "the check that was passed"),
        "closed" => lang.of("结案", "the close"),
        "auto" => lang.of("时限所指的环节", "whatever the due is about"),
        other => other,
    }
}

/// The figures under the names that they have in it.
fn rates(here: &Address, lang: Lang, one: &StreamTold) -> Panel {
    let heads = [(lang.of("名称", "called"), ""), (lang.of("指标", "figure"), ""), (lang.of("只计", "only"), "")];
    let line = |rate: &StreamRate| {
        let figure = Figure::by_id(&rate.figure);
        let title = figure.map_or("", |figure| lang.of(&figure.title.zh, &figure.title.en));
        let only: Vec<String> = rate.only.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let href = elsewhere(here, &format!("/words/figures/{}", rate.figure)).href();
        row(vec![
            head_link(said(lang, &rate.title), href),
            Cell { has_sub: true, sub: title.to_owned(), ..cell(&rate.figure) },
            cell(&only.join(", ")),
        ])
    };
    let title = lang.of("它的指标", "Its figures");
    panel("rates", title, vec![table(title, &heads, one.rates.iter().map(line).collect())])
}
