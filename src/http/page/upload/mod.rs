//! A file of a platform becomes cases, step by step: chosen, looked at, its columns checked, tried, and sent when somebody says so. `tongguan
//! import` as a page; docs/upload.md.

mod choose;
mod columns;
mod desk;
mod kept;
mod masked;
mod outcome;
mod preview;
mod receive;
mod told;
mod view;
mod work;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, OriginalUri, Path, Query, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;

pub use self::desk::{UploadDesk, UploadOpen, UploadPlan};
use self::{
    desk::Upload,
    kept::{UploadFrom, UploadMapping, is_mapping_name},
    receive::UploadRefusal,
    view::{PATH, UploadPage, at, busy, refused},
    work::UploadWork,
};
use super::{
    CSV, Form, Pairs, Shared,
    address::{Address, segment},
    asked::lang,
    form::Fields,
    gate::{NO_AUDIT, redirect},
    guards, page_response,
    part::State as Said,
    problem,
    sheet::{elsewhere, only_takes, state},
    site::Site,
    words::Lang,
};
use crate::{
    ask::unclear::AskError,
    domain::stream::Stream,
    feed::import::{ProposeTable, RejectsIn},
    http::auth::{self, AuditWhat, Visitor},
};

/// A mapping that is typed in.
const TEXT_MAX: usize = 256 * 1024;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        // The bound is the desk's; the bytes go to the disk.
        .route(PATH, get(first).post(received).layer(DefaultBodyLimit::disable()))
        .route("/upload/{id}", get(one).post(changed))
        .route("/upload/{id}/{step}", get(step).post(acted))
}

/// Of the gate, which leaves the body of this one address to us.
pub(super) fn takes_its_body(path: &str) -> bool {
    path == PATH
}

/// Those that take cases; a stream of tallies takes none.
fn streams(site: &Site) -> impl Iterator<Item = &Arc<Stream>> {
    let is_tally = |name: &str| site.sources.streams.iter().any(|stream| stream.name == name && stream.is_tally);
    site.streams.iter().filter(move |stream| !is_tally(&stream.name))
}

/// Who asks, and for which upload: what every address here needs.
struct Asked {
    here: Address,
    lang: Lang,
    desk: Arc<UploadDesk>,
    visitor: Option<Arc<Visitor>>,
}

impl Asked {
    fn read(site: &Site, here: Address) -> Result<Self, Box<Response>> {
        let Some(desk) = site.uploads.clone() else { return Err(problem::not_found(site, &here).into()) };
        let broken = |error: AskError| Box::new(problem::of_page(site, &here, &error));
        let lang = lang(&here).map_err(|unclear| broken(unclear.into()))?;
        only_takes(&here, &["lang", "by"]).map_err(|unclear| broken(unclear.into()))?;
        Ok(Self { here, lang, desk, visitor: auth::visitor() })
    }

    fn owner(&self) -> &str {
        self.visitor.as_deref().map_or("", |visitor| visitor.name.as_str())
    }

    fn upload(&self, site: &Site, id: &str) -> Result<Arc<Upload>, Box<Response>> {
        let found = self.desk.find(self.owner(), id);
        let found = found.ok_or_else(|| Box::new(problem::not_found(site, &self.here)))?;
        // After a restart it is read again, as long as the file is there.
        let is_unread = {
            let held = found.held();
            held.table.is_none() && held.running.is_none() && self.desk.folder.data(id).exists()
        };
        if is_unread {
            self.desk.look(&found);
        }
        Ok(found)
    }

    fn to(&self, id: &str, step: &str) -> Response {
        redirect(&at(&self.here, id, step).href(), None)
    }

    fn rejects_in(&self) -> RejectsIn {
        match self.lang {
            Lang::Zh => RejectsIn::Chinese,
            Lang::En => RejectsIn::English,
        }
    }
}

async fn first(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let asked = match Asked::read(&site, Address::new(uri.path(), pairs)) {
        Ok(asked) => asked,
        Err(answer) => return *answer,
    };
    page_response(StatusCode::OK, &start(&site, &asked, Vec::new()))
}

fn start(site: &Site, asked: &Asked, states: Vec<Said>) -> UploadPage {
    choose::page(site, &asked.desk, &asked.here, asked.lang, (asked.owner(), states))
}

async fn received(State(site): Shared, OriginalUri(uri): OriginalUri, request: Request) -> Response {
    let asked = match Asked::read(&site, Address::of_uri(&uri)) {
        Ok(asked) => asked,
        Err(answer) => return *answer,
    };
    let Some(visitor) = asked.visitor.clone() else { return problem::not_found(&site, &asked.here) };
    let taken = match Multipart::from_request(request, &()).await {
        Ok(form) => receive::receive(&site, &asked.desk, &visitor, form).await,
        Err(_) => Err(UploadRefusal::Strange),
    };
    let taken = match taken {
        Ok(about) => noted(&site, &asked, about).await,
        Err(refusal) => Err(refusal),
    };
    match taken {
        Ok(id) => asked.to(&id, ""),
        Err(refusal) => {
            if let UploadRefusal::Disk(error) = &refusal {
                tracing::error!(%error, "an upload could not be kept");
            }
            if let UploadRefusal::Strange = refusal
                && let Err(error) =
                    site.auth.audit(AuditWhat::Refused, "POST /upload", "not sent by a page of ours").await
            {
                tracing::error!(%error, "a refusal was not written down");
            }
            let said = refused(&refusal, asked.desk.bytes_max >> 20, asked.lang);
            page_response(status(&refusal), &start(&site, &asked, vec![said]))
        }
    }
}

fn status(refusal: &UploadRefusal) -> StatusCode {
    match refusal {
        UploadRefusal::Strange => StatusCode::FORBIDDEN,
        UploadRefusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        UploadRefusal::Busy(_) => StatusCode::CONFLICT,
        UploadRefusal::Disk(_) => StatusCode::INTERNAL_SERVER_ERROR,
        UploadRefusal::NoFile | UploadRefusal::Empty | UploadRefusal::NoStream(_) | UploadRefusal::Broken => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// It is there once the audit has it.
async fn noted(site: &Site, asked: &Asked, about: kept::UploadAbout) -> Result<String, UploadRefusal> {
    let id = about.id.clone();
    let result = format!("received: {} bytes", about.bytes);
    let noted = site.auth.audit(AuditWhat::Imported, &desk::named(&about), &result).await;
    let kept = noted.map_err(std::io::Error::other).and_then(|()| asked.desk.add(about));
    kept.map(|()| id.clone()).map_err(|error| {
        asked.desk.forget(&id);
        UploadRefusal::Disk(error)
    })
}

async fn one(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (id, form) = Form::of(&name);
    let here = Address::new(&format!("{PATH}/{}", segment(id)), pairs);
    let (asked, upload) = match asked_for(&site, here, id) {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    match form {
        Form::Page => {
            page_response(StatusCode::OK, &preview::page(&site, &asked.desk, &asked.here, asked.lang, &upload))
        }
        Form::Json => json_of(&upload),
        Form::Csv => problem::not_found(&site, &asked.here),
    }
}

fn asked_for(site: &Site, here: Address, id: &str) -> Result<(Asked, Arc<Upload>), Box<Response>> {
    let asked = Asked::read(site, here)?;
    let upload = asked.upload(site, id)?;
    Ok((asked, upload))
}

fn json_of(upload: &Upload) -> Response {
    let about = upload.about();
    let told = |told: &Option<told::UploadTold>| serde_json::to_value(told).unwrap_or_default();
    let read = upload.table().map(|table| {
        json!({
            "rows": table.rows, "encoding": table.how.encoding, "sheet": table.how.sheet, "header_line": table.header_line,
            "columns": table.header(), "is_mended": table.is_rejects,
        })
    });
    let body = json!({
        "id": about.id, "stream": about.stream, "bytes": about.bytes, "sha256": about.sha256,
        "state": choose::stage(upload, Lang::En).1, "is_busy": upload.running().is_some(),
        "read": read, "mapping": about.mapping.as_ref().map(UploadMapping::text),
        "trial": told(&about.trial), "sent": told(&about.sent),
    });
    super::rows(Form::Json, |out| crate::report::json::write(&body, out))
}

/// Another sheet or header, or away with it.
async fn changed(State(site): Shared, Path(id): Path<String>, Query(pairs): Pairs, body: Body) -> Response {
    let here = Address::new(&format!("{PATH}/{}", segment(&id)), pairs);
    let (asked, upload) = match asked_for(&site, here, &id) {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    if let Some(work) = upload.running() {
        let mut page = preview::page(&site, &asked.desk, &asked.here, asked.lang, &upload);
        if page.states.is_empty() {
            page.waits(&upload, work, asked.lang, &asked.here);
        }
        return page_response(StatusCode::CONFLICT, &page);
    }
    let fields = Fields::read(body).await;
    if fields.get("act") == "drop" {
        asked.desk.forget(&id);
        return redirect(&elsewhere(&asked.here, PATH).href(), None);
    }
    asked.desk.change(&upload, |about| {
        let sheet = fields.get("sheet").trim();
        about.wish.sheet = (!sheet.is_empty()).then(|| sheet.to_owned()).or(about.wish.sheet.take());
        about.wish.header_line = fields.get("header_line").trim().parse().ok();
        (about.mapping, about.trial) = (None, None);
    });
    asked.desk.look(&upload);
    asked.to(&id, "")
}

type Step = Path<(String, String)>;

async fn step(State(site): Shared, Path((id, step)): Step, Query(pairs): Pairs) -> Response {
    let here = Address::new(&format!("{PATH}/{}/{}", segment(&id), segment(&step)), pairs);
    let (asked, upload) = match asked_for(&site, here, &id) {
        Ok(found) => found,
        Err(answer) => return *answer,
    };
    let (here, lang) = (&asked.here, asked.lang);
    match step.as_str() {
        "columns" => match upload.table() {
            Some(table) => of_columns(&site, &asked, &upload, &table, (StatusCode::OK, Vec::new())),
            // Not read yet, or not readable: that is told there.
            None => asked.to(&id, ""),
        },
        "trial" => page_response(StatusCode::OK, &outcome::trial(&site, here, lang, &upload, Vec::new())),
        "sent" => page_response(StatusCode::OK, &outcome::sent(&site, &asked.desk, here, lang, &upload, Vec::new())),
        "rejects.csv" => file(&asked, &upload).await.unwrap_or_else(|| problem::not_found(&site, here)),
        "mapping.toml" => match mapping_of(&site, &asked, &upload) {
            Some(mapping) => named_file("mapping.toml", "application/toml; charset=utf-8", mapping.text()),
            None => problem::not_found(&site, here),
        },
        _ => problem::not_found(&site, here),
    }
}

fn of_columns(
    site: &Site,
    asked: &Asked,
    upload: &Upload,
    table: &ProposeTable,
    (status, states): (StatusCode, Vec<Said>),
) -> Response {
    page_response(status, &columns::page(site, &asked.desk, (&asked.here, asked.lang), (upload, table), states))
}

fn mapping_of(site: &Site, asked: &Asked, upload: &Upload) -> Option<UploadMapping> {
    let (about, table) = (upload.about(), upload.table());
    table.map(|table| asked.desk.mapping(&about, &table, &site.zone)).or(about.mapping)
}

/// The refused rows, of the last run.
async fn file(asked: &Asked, upload: &Upload) -> Option<Response> {
    let about = upload.about();
    let told = about.sent.as_ref().or(about.trial.as_ref())?;
    if told.rejected == 0 || upload.running().is_some() {
        return None;
    }
    let path = asked.desk.folder.rejects(&about.id);
    let body = tokio::task::spawn_blocking(move || std::fs::read(path)).await.ok()?.ok()?;
    Some(named_file("rejects.csv", CSV, body))
}

fn named_file(name: &str, mime: &str, body: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let head = [(header::CONTENT_TYPE, mime.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (guards(), head, body.into()).into_response()
}

async fn acted(State(site): Shared, Path((id, step)): Step, Query(pairs): Pairs, body: Body) -> Response {
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
fn chosen(site: &Arc<Site>, asked: &Asked, upload: &Arc<Upload>, fields: &Fields) -> Response {
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
fn written(site: &Arc<Site>, asked: &Asked, upload: &Arc<Upload>, fields: &Fields) -> Response {
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

fn tried(site: &Arc<Site>, asked: &Asked, upload: &Arc<Upload>, table: &ProposeTable) -> Response {
    let about = upload.about();
    let Some(mapping) = &about.mapping else { return asked.to(&about.id, "columns") };
    let Ok(mapping) = asked.desk.parsed(&about, &mapping.text()) else {
        return of_columns(site, asked, upload, table, (StatusCode::UNPROCESSABLE_ENTITY, Vec::new()));
    };
    let how = (UploadWork::Trial, asked.rejects_in(), asked.visitor.clone());
    match asked.desk.run(site, upload, mapping, how) {
        Ok(()) => asked.to(&about.id, "trial"),
        Err(why) => of_columns(site, asked, upload, table, (StatusCode::CONFLICT, vec![busy(why, asked.lang)])),
    }
}

/// What was tried, if nothing has changed since.
async fn send(site: &Arc<Site>, asked: &Asked, upload: &Arc<Upload>, fields: &Fields) -> Response {
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

fn keep(site: &Site, asked: &Asked, upload: &Upload, fields: &Fields) -> Response {
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
