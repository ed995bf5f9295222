//! The messages that could not be understood: listed, by the selection that the command line has.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{OriginalUri, Query, State},
    http::StatusCode,
    response::Response,
};
use jiff::tz::TimeZone;

use super::{
    act_form::ActForm,
    panels::whole_table,
    say::{clock, reason_name},
};
use crate::{
    ask::{
        quarantine::{EntryNames, WhichEntries, place},
        row_limit,
        unclear::AskError,
    },
    domain::time::Millis,
    http::page::{
        Form, Pairs, Shared,
        account::{cell, number},
        address::{Address, segment},
        answered,
        asked::lang,
        frame::{Filter, Hidden, Input, Page},
        page_response,
        part::{Cell, Chip, Chips, Paging, State as StateOf, Table},
        rows,
        sheet::{link, only_takes, select, state, twins},
        site::Site,
        words::{Lang, Words},
    },
    report::{count::grouped, json, quarantine::write_csv},
    store::quarantine::{self, EntryState, ListedEntry, QuarantineSelection, QuarantineTally},
};

const KNOWN: &[&str] = &["stream", "reason", "state", "from", "to", "after", "limit", "lang"];
const LIMIT: u64 = 100;
const LIMIT_MAX: u64 = 1_000;
pub(super) const PATH: &str = "/running/quarantine";

#[derive(Template)]
#[template(path = "quarantine.html")]
struct QuarantinePage {
    page: Page,
    parts: Vec<Chips>,
    pagings: Vec<Paging>,
    states: Vec<StateOf>,
    tables: Vec<Table>,
    forms: Vec<ActForm>,
    t: &'static Words,
}

/// What an address means.
pub(super) struct EntriesWanted {
    pub(super) lang: Lang,
    pub(super) here: Address,
    pub(super) selection: QuarantineSelection,
    pub(super) zone: TimeZone,
    limit: u64,
}

impl EntriesWanted {
    pub(super) fn read(site: &Site, here: &Address) -> Result<Self, AskError> {
        only_takes(here, KNOWN)?;
        let zone = TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC);
        let text = |name: &str| here.get(name).map(str::to_owned);
        let which = WhichEntries {
            stream: text("stream"),
            reason: text("reason"),
            from: text("from"),
            to: text("to"),
            place: None,
            state: text("state"),
        };
        let streams: Vec<&str> = site.streams.iter().map(|stream| stream.name.as_str()).collect();
        let names = EntryNames { streams: &streams, reasons: &site.running.given.reasons };
        let limit = row_limit(here.get("limit"), LIMIT, LIMIT_MAX)?;
        Ok(Self { lang: lang(here)?, selection: which.selection(names, &zone)?, here: here.clone(), zone, limit })
    }
}

pub(super) async fn list(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let (path, form) = Form::of(uri.path());
    let here = Address::new(path, pairs);
    answered(&site, &here, form, async {
        let wanted = EntriesWanted::read(&site, &here)?;
        let after = here.get("after").map(place).transpose()?;
        let _turn = site.turns.acquire().await;
        let found = async { Ok(quarantine::list(&site.store, &wanted.selection, after.as_ref(), wanted.limit).await?) };
        match form {
            Form::Json => {
                let found: Vec<ListedEntry> = found.await.map_err(|error: AskError| error)?;
                Ok(rows(form, |out| json::write(&found, out)))
            }
            Form::Csv => {
                let found: Vec<ListedEntry> = found.await.map_err(|error: AskError| error)?;
                Ok(rows(form, |out| write_csv(&found, out)))
            }
            Form::Page => {
                let tally = async { Ok(quarantine::tally(&site.store, &wanted.selection).await?) };
                let (found, tally): (Vec<ListedEntry>, Vec<QuarantineTally>) =
                    tokio::try_join!(found, tally).map_err(|error: AskError| error)?;
                Ok(page(&site, &wanted, &found, &tally))
            }
        }
    })
    .await
}

fn page(site: &Arc<Site>, wanted: &EntriesWanted, found: &[ListedEntry], tally: &[QuarantineTally]) -> Response {
    let lang = wanted.lang;
    let total: u64 = tally.iter().map(|one| one.messages).sum();
    let mut page = Page::of(site, lang, &wanted.here, ("running", lang.of("隔离区", "Quarantine").to_owned()));
    page.filters = vec![filter(site, wanted)];
    page.twins = twins(&wanted.here, &["json", "csv"]);
    let waits = wanted.selection.state == Some(EntryState::Waiting) && total > 0;
    let content = QuarantinePage {
        page,
        parts: vec![parts(wanted, tally)],
        pagings: vec![paging(wanted, found, total)],
        states: if found.is_empty() { vec![empty(lang)] } else { Vec::new() },
        tables: if found.is_empty() { Vec::new() } else { vec![listed(wanted, found)] },
        forms: if waits { vec![ActForm::of_all(&wanted.here, lang, total)] } else { Vec::new() },
        t: lang.words(),
    };
    page_response(StatusCode::OK, &content)
}

fn filter(site: &Site, wanted: &EntriesWanted) -> Filter {
    let (lang, here) = (wanted.lang, &wanted.here);
    let value = |name: &str| here.get(name).unwrap_or_default();
    let all = || (String::new(), lang.of("全部", "all").to_owned());
    let streams = site.streams.iter().map(|stream| (stream.name.to_string(), stream.name.to_string()));
    let named = |code: &&str| ((*code).to_owned(), reason_name(code, lang).to_owned());
    let states = [("", "waiting"), ("replayed", "replayed"), ("discarded", "discarded"), ("all", "all")];
    let input = |name: &str, label: &str| Input {
        kind: "text".to_owned(),
        name: name.to_owned(),
        label: label.to_owned(),
        value: value(name).to_owned(),
        hint: "2021-06-01T08:00".to_owned(),
        is_wide: false,
    };
    Filter {
        action: PATH.to_owned(),
        hidden: here
            .pairs()
            .filter(|(name, _)| ["lang", "limit"].contains(name))
            .map(|(name, value)| Hidden { name: name.to_owned(), value: value.to_owned() })
            .collect(),
        inputs: vec![
            input("from", lang.of("接收自", "arrived from")),
            input("to", lang.of("接收至（不含）", "arrived before")),
        ],
        selects: vec![
            select("stream", lang.of("业务流", "stream"), value("stream"), std::iter::once(all()).chain(streams)),
            select(
                "reason",
                lang.of("原因", "reason"),
                value("reason"),
                std::iter::once(all()).chain(site.running.given.reasons.iter().map(named)),
            ),
            select(
                "state",
                lang.of("状态", "state"),
                value("state"),
                states.map(|(value, name)| (value.to_owned(), state_name(name, lang).to_owned())),
            ),
        ],
        has_reset: true,
        reset: Address::new(PATH, Vec::new()).with("lang", value("lang")).href(),
        ..Filter::default()
    }
}

pub(super) fn state_name(name: &str, lang: Lang) -> &str {
    match name {
        "waiting" => lang.of("待处理", "waiting"),
        "replayed" => lang.of("已重放", "replayed"),
        "discarded" => lang.of("已丢弃", "discarded"),
        "all" => lang.of("全部", "all"),
        other => other,
    }
}

/// How many of each kind, each a narrower list.
fn parts(wanted: &EntriesWanted, tally: &[QuarantineTally]) -> Chips {
    let (lang, here) = (wanted.lang, wanted.here.without(&["after"]));
    let chip = |one: &QuarantineTally| Chip {
        href: here.with("stream", &one.stream).with("reason", &one.reason).href(),
        text: format!("{} · {} · {}", one.stream, reason_name(&one.reason, lang), state_name(&one.state, lang)),
        has_n: true,
        n: grouped(one.messages),
        is_here: here.get("stream") == Some(&one.stream) && here.get("reason") == Some(&one.reason),
    };
    Chips { label: lang.of("构成：", "of these: ").to_owned(), chips: tally.iter().map(chip).collect() }
}

fn paging(wanted: &EntriesWanted, found: &[ListedEntry], total: u64) -> Paging {
    let (lang, here) = (wanted.lang, &wanted.here);
    let (n, all) = (grouped(found.len() as u64), grouped(total));
    let last = found.last().filter(|_| found.len() as u64 >= wanted.limit);
    Paging {
        line: match lang {
            Lang::Zh => format!("列出 {n} 条，共 {all} 条"),
            Lang::En => format!("{n} of {all} listed"),
        },
        has_first: here.get("after").is_some(),
        first: here.without(&["after"]).href(),
        has_next: last.is_some(),
        next: last.map_or(String::new(), |one| {
            here.with("after", &format!("{}/{}/{}", one.topic, one.partition, one.offset)).href()
        }),
        ..Paging::default()
    }
}

fn empty(lang: Lang) -> StateOf {
    let text = lang.of("这一条件下没有消息。", "No message meets this question.");
    state("empty", lang.of("没有消息", "No messages"), text.to_owned())
}

pub(super) fn entry_path(topic: &str, partition: i32, offset: i64) -> String {
    format!("{PATH}/{}/{partition}/{offset}", segment(topic))
}

fn listed(wanted: &EntriesWanted, found: &[ListedEntry]) -> Table {
    let (lang, zone) = (wanted.lang, &wanted.zone);
    let row = |one: &ListedEntry| {
        let path = entry_path(&one.topic, one.partition, one.offset);
        let href = Address::new(&path, Vec::new()).with("lang", lang.of("", "en")).href();
        let state = format!("{} {}", state_name(&one.state, lang), one.note);
        vec![
            Cell { cls: "t".to_owned(), ..link(&format!("{}/{}/{}", one.topic, one.partition, one.offset), href) },
            Cell { cls: "t".to_owned(), ..cell(&one.stream) },
            Cell { has_sub: true, sub: one.reason.clone(), ..cell(reason_name(&one.reason, lang)) },
            cell(&one.field),
            cell(&one.detail),
            Cell { cls: "m title".to_owned(), ..cell(&one.preview) },
            number(&grouped(one.size.into())),
            Cell { cls: "t".to_owned(), ..cell(&clock(Millis(one.ingested_at), Millis(0), zone)) },
            Cell { cls: "t".to_owned(), ..cell(state.trim_end()) },
        ]
    };
    let heads = [
        lang.of("位置", "place"),
        lang.of("业务流", "stream"),
        lang.of("原因", "reason"),
        lang.of("字段", "field"),
        lang.of("说明", "detail"),
        lang.of("预览（已脱敏）", "preview without personal data"),
        lang.of("#字节", "#bytes"),
        lang.of("接收", "arrived"),
        lang.of("状态", "state"),
    ];
    let rows: Vec<Vec<Cell>> = found.iter().map(row).collect();
    let whole = whole_table(&heads, rows);
    Table {
        caption: lang.of("隔离消息", "Messages in quarantine").to_owned(),
        cls: "list stackable".to_owned(),
        ..whole
    }
}
