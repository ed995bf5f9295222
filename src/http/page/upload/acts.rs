//! What the forms of an upload do: columns and mappings are taken and tried, what was tried is sent, a mapping is kept.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};

use super::{
    Step,
    asked::{UploadAsked, asked_for},
    columns, desk,
    desk::Upload,
    kept::{UploadFrom, UploadMapping, is_mapping_name},
    of_columns, outcome,
    view::{self, PATH, busy},
    work::UploadWork,
};
use crate::{
    feed::import::ProposeTable,
    http::{
        auth::AuditWhat,
        page::{
            Form, Pairs, Shared,
            address::{Address, segment},
            form::Fields,
            page_response,
            part::State as Said,
            problem::{self, NO_AUDIT},
            sheet::state,
            site::Site,
        },
    },
};

/// A mapping that is typed in.
const TEXT_MAX: usize = 256 * 1024;

pub(super) async fn acted(State(site): Shared, Path((id, step)): Step, Query(pairs): Pairs, body: Body) -> Response {
    let here = Address::new(&format!("{PATH}/{}/{}", segment(&id), segment(&step)), pairs);
    let (asked, upload) = match asked_for(&site, here, &id) {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    let fields = Fields::read(body).await;
    match step.as_str() {
        "columns" => chosen(&site, &asked, &upload, &fields),
        "mapping" => written(&site, &asked, &upload, &fields),
        "send" => send(&site, &asked, &upload, &fields).await,
        "keep" => keep(&site, &asked, &upload, &fields),
        _ => problem::not_found(&site, &asked.here),
    }
}

/// The form of the columns: whole, it is tried; else it is shown again with what is missing.
fn chosen(site: &Arc<Site>, asked: &UploadAsked, upload: &Arc<Upload>, fields: &Fields) -> Response {
    let about = upload.about();
    let Some(table) = upload.table() else { return asked.to(&about.id, "") };
    let before = match &about.mapping {
        Some(UploadMapping::Chosen(choices)) => choices.clone(),
        _ => asked.desk.proposal(&about, &table, &site.zone).choices,
    };
    let read = columns::read(&before, &table, fields);
    let lacks = read.choices.lacks();
    asked.desk.change(upload, |about| {
        (about.mapping, about.trial) = (Some(UploadMapping::Chosen(read.choices.clone())), None);
    });
    if fields.get("act") == "look" || !lacks.is_empty() || read.has_new_codes {
        let lang = asked.lang;
        let mut states: Vec<Said> = Vec::new();
        if read.has_new_codes {
            let text = lang.of("下面多了要核对的取值。", "There are new codes to look at below.");
            states.push(state("info", lang.of("请核对", "To be checked"), text.to_owned()));
        }
        if !lacks.is_empty() && fields.get("act") != "look" {
            let all: Vec<String> = lacks.iter().map(|lack| view::pick(lack.told(), lang)).collect();
            let text = all.join(lang.of("；", "; "));
            states.push(state("failed", lang.of("还不能试", "It cannot be tried yet"), text));
        }
        let status = if lacks.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return of_columns(site, asked, upload, &table, (status, states));
    }
    tried(site, asked, upload, &table)
}

/// A mapping as a text, which may have been typed.
fn written(site: &Arc<Site>, asked: &UploadAsked, upload: &Arc<Upload>, fields: &Fields) -> Response {
    let about = upload.about();
    let Some(table) = upload.table() else { return asked.to(&about.id, "") };
    let text = fields.get("toml").replace("\r\n", "\n");
    if text.len() > TEXT_MAX {
        return problem::shown(
            site,
            &asked.here,
            StatusCode::PAYLOAD_TOO_LARGE,
            asked.lang.of("映射太长，最多 256 KiB。", "The mapping is longer than 256 KiB.").to_owned(),
        );
    }
    let now = asked.desk.mapping(&about, &table, &site.zone);
    // Where nothing was typed it is still what it was.
    let mapping =
        if now.text().trim() == text.trim() { now } else { UploadMapping::Text { from: UploadFrom::Own, text } };
    asked.desk.change(upload, |about| (about.mapping, about.trial) = (Some(mapping), None));
    tried(site, asked, upload, &table)
}

fn tried(site: &Arc<Site>, asked: &UploadAsked, upload: &Arc<Upload>, table: &ProposeTable) -> Response {
    let about = upload.about();
    let Some(mapping) = &about.mapping else { return asked.to(&about.id, "columns") };
    let mapping = match asked.desk.parsed(&about, &mapping.text()) {
        Ok(mapping) => mapping,
        Err(faults) => {
            let told = (Vec::new(), Some(faults));
            let page = columns::page(site, &asked.desk, (&asked.here, asked.lang), (upload, table), told);
            return page_response(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let how = (UploadWork::Trial, asked.rejects_in(), asked.visitor.clone());
    match asked.desk.run(site, upload, mapping, how) {
        Ok(()) => asked.to(&about.id, "trial"),
        Err(why) => of_columns(site, asked, upload, table, (StatusCode::CONFLICT, vec![busy(why, asked.lang)])),
    }
}

/// What was tried, if nothing has changed since.
async fn send(site: &Arc<Site>, asked: &UploadAsked, upload: &Arc<Upload>, fields: &Fields) -> Response {
    let about = upload.about();
    let lang = asked.lang;
    let conflict =
        |said: Said| page_response(StatusCode::CONFLICT, &outcome::trial(site, &asked.here, lang, upload, vec![said]));
    let seen = (fields.get("at").to_owned(), fields.get("events").to_owned());
    let told = about.trial.as_ref().filter(|told| told.may_be_sent());
    let told = told.filter(|told| (told.at.to_string(), told.sent().to_string()) == seen);
    let (Some(told), Some(mapping), None) = (told, &about.mapping, upload.running()) else {
        let text = lang.of(
            "在您查看之后情况已有变化，什么也没有送出：请看下面再定。",
            "It has changed since you looked, and nothing was sent: look again below.",
        );
        return conflict(state("failed", lang.of("没有送出", "Nothing was sent"), text.to_owned()));
    };
    let Ok(mapping) = asked.desk.parsed(&about, &mapping.text()) else { return asked.to(&about.id, "columns") };
    let result = format!("asked: {} events of {} rows, {} refused", told.sent(), told.rows, told.rejected);
    if let Err(error) = site.auth.audit(AuditWhat::Imported, &desk::named(&about), &result).await {
        tracing::error!(%error, "not sent, because it cannot be written down");
        return problem::refused(site, &asked.here, Form::Page, StatusCode::SERVICE_UNAVAILABLE, NO_AUDIT);
    }
    let how = (UploadWork::Send, asked.rejects_in(), asked.visitor.clone());
    match asked.desk.run(site, upload, mapping, how) {
        Ok(()) => asked.to(&about.id, "sent"),
        Err(why) => conflict(busy(why, lang)),
    }
}

fn keep(site: &Site, asked: &UploadAsked, upload: &Upload, fields: &Fields) -> Response {
    let (lang, name) = (asked.lang, fields.get("name").trim());
    let about = upload.about();
    let shown = |status, kind: &str, title: &str, text: &str| {
        let said = state(kind, title, text.to_owned());
        page_response(status, &outcome::sent(site, &asked.desk, &asked.here, lang, upload, vec![said]))
    };
    let Some(mapping) = &about.mapping else { return asked.to(&about.id, "columns") };
    if !is_mapping_name(name) {
        let title = lang.of("没有存", "Not kept");
        let text = lang.of("名字用 1 到 40 个字、字母、数字、_ 或 -。", "A name has 1 to 40 letters, digits, _ or -.");
        return shown(StatusCode::UNPROCESSABLE_ENTITY, "failed", title, text);
    }
    match asked.desk.folder.keep_named(name, &mapping.text()) {
        Ok(()) => shown(StatusCode::OK, "ok", lang.of("映射已存", "The mapping is kept"), name),
        Err(error) => {
            tracing::error!(%error, "a mapping could not be kept");
            let text = lang.of("服务器写不了，详情在日志里。", "The server cannot write it; its log says why.");
            shown(StatusCode::INTERNAL_SERVER_ERROR, "failed", lang.of("没有存", "Not kept"), text)
        }
    }
}
