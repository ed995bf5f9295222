//! One message that could not be understood: why, what helps, and what may be shown of it, which is what `tongguan quarantine show` shows.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use jiff::tz::TimeZone;

use super::{
    act_form::ActForm,
    quarantine::{entry_path, state_name},
    say::{clock, reason_name, reason_todo},
};
use crate::{
    ask::{
        quarantine::place,
        unclear::{AskError, Unclear},
    },
    http::page::{
        Form, Pairs, Shared,
        address::Address,
        answered,
        asked::lang,
        frame::{Fact, Page},
        page_response,
        part::State as StateOf,
        problem, rows,
        sheet::{only_takes, twins},
        site::Site,
        words::{Lang, Words},
    },
    report::{count::grouped, json, quarantine::entry_json},
    store::quarantine::{self, Entry, EntryPlace, EntryState},
};

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    page: Page,
    states: Vec<StateOf>,
    todo: String,
    lines: Vec<Fact>,
    forms: Vec<ActForm>,
    t: &'static Words,
}

pub(super) type EntryPath = Path<(String, String, String)>;

pub(super) fn address(at: &EntryPlace, pairs: Vec<(String, String)>) -> Address {
    Address::new(&entry_path(&at.0, at.1, at.2), pairs)
}

/// Topic, partition and offset as they stand in a path.
pub(super) fn at(topic: &str, partition: &str, offset: &str) -> Result<EntryPlace, Unclear> {
    place(&format!("{topic}/{partition}/{offset}"))
}

pub(super) async fn show(State(site): Shared, Path(path): EntryPath, Query(pairs): Pairs) -> Response {
    let (topic, partition, last) = path;
    let (offset, form) = Form::of(&last);
    let place = match at(&topic, &partition, offset) {
        Ok(place) => place,
        Err(unclear) => return problem::of_page(&site, &Address::new("/running/quarantine", pairs), &unclear.into()),
    };
    let here = address(&place, pairs);
    answered(&site, &here, form, async {
        only_takes(&here, &["lang"])?;
        let lang = lang(&here)?;
        let Some(entry) = quarantine::whole(&site.store, &place).await? else {
            return Ok(problem::not_found(&site, &here));
        };
        if form != Form::Page {
            let shown = entry_json(&entry, site.running.given.hands.previews(&entry));
            return Ok(rows(Form::Json, |out| json::write(&shown?, out)));
        }
        Ok(page(&site, &here, lang, &entry, (StatusCode::OK, Vec::new())))
    })
    .await
}

/// With what came of an act, if there was one.
pub(super) fn page(
    site: &Arc<Site>,
    here: &Address,
    lang: Lang,
    entry: &Entry,
    (status, states): (StatusCode, Vec<StateOf>),
) -> Response {
    let place = format!("{}/{}/{}", entry.topic, entry.partition, entry.offset);
    let mut page = Page::of(site, lang, here, ("running", place));
    page.twins = twins(here, &["json"]);
    let waits = entry.state == EntryState::Waiting;
    let content = EntryPage {
        page,
        states,
        todo: reason_todo(&entry.reason, lang).to_owned(),
        lines: lines(site, lang, entry),
        forms: if waits { vec![ActForm::of_one(here, lang)] } else { Vec::new() },
        t: lang.words(),
    };
    page_response(status, &content)
}

/// What `tongguan quarantine show` shows, in words.
fn lines(site: &Site, lang: Lang, entry: &Entry) -> Vec<Fact> {
    let zone = TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC);
    let mut lines = Vec::new();
    let mut line = |zh: &str, en: &str, v: &str| {
        if !v.is_empty() {
            lines.push(Fact { k: lang.of(zh, en).to_owned(), v: v.to_owned(), cls: String::new() });
        }
    };
    line("原因", "reason", &format!("{} ({})", reason_name(&entry.reason, lang), entry.reason));
    line("字段", "field", &entry.field);
    line("说明", "detail", &entry.detail);
    line("状态", "state", state_name(entry.state.name(), lang));
    line("处理说明", "note", &entry.note);
    line("业务流", "stream", &entry.stream);
    line("接收", "arrived", &clock(entry.ingested_at, crate::domain::time::Millis(0), &zone));
    line("字节", "bytes", &grouped(entry.size.into()));
    line("预览（已脱敏）", "preview without personal data", &entry.preview);
    match site.running.given.hands.previews(entry) {
        Ok(opened) => {
            line("消息键（已脱敏）", "key without personal data", &opened.key);
            match opened.headers {
                Some(all) => all.iter().for_each(|(name, value)| line("消息头", "header", &format!("{name}: {value}"))),
                None => line("消息头", "headers", lang.of("已损坏，未保存", "damaged, not kept")),
            }
        }
        Err(why) => line("无法打开", "it cannot be opened", &why),
    }
    lines
}

/// The entry, or that there is none.
pub(super) async fn found(site: &Site, place: &EntryPlace) -> Result<Option<Entry>, AskError> {
    Ok(quarantine::whole(&site.store, place).await?)
}
