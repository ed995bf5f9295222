//! A file of a platform becomes cases, step by step: chosen, looked at, its columns checked, tried, and sent when somebody says so. `tongguan
//! import` as a page; docs/upload.md.

mod acts;
mod asked;
mod by;
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

pub use self::desk::{UploadDesk, UploadOpen, UploadPlan, UploadUnsent};
use self::{
    asked::{UploadAsked, asked_for},
    desk::Upload,
    kept::UploadMapping,
    receive::UploadRefusal,
    view::{PATH, UploadPage, refused},
};
use super::{
    CSV, Form, Pairs, Shared,
    address::{Address, segment},
    form::Fields,
    guards, page_response,
    part::State as Said,
    problem, redirect,
    sheet::elsewhere,
    site::Site,
    words::Lang,
};
use crate::{domain::stream::Stream, feed::import::ProposeTable, http::auth::AuditWhat};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        // The bound is the desk's; the bytes go to the disk.
        .route(PATH, get(first).post(received).layer(DefaultBodyLimit::disable()))
        .route("/upload/{id}", get(one).post(changed))
        .route("/upload/{id}/{step}", get(step).post(acts::acted))
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

async fn first(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let asked = match UploadAsked::read(&site, Address::new(uri.path(), pairs)) {
        Ok(asked) => asked,
        Err(answer) => return *answer,
    };
    page_response(StatusCode::OK, &start(&site, &asked, Vec::new()))
}

fn start(site: &Site, asked: &UploadAsked, states: Vec<Said>) -> UploadPage {
    choose::page(site, &asked.desk, &asked.here, asked.lang, (asked.owner(), states))
}

async fn received(State(site): Shared, OriginalUri(uri): OriginalUri, request: Request) -> Response {
    let asked = match UploadAsked::read(&site, Address::of_uri(&uri)) {
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
async fn noted(site: &Site, asked: &UploadAsked, about: kept::UploadAbout) -> Result<String, UploadRefusal> {
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
    asked: &UploadAsked,
    upload: &Upload,
    table: &ProposeTable,
    (status, states): (StatusCode, Vec<Said>),
) -> Response {
    let told = (states, None);
    page_response(status, &columns::page(site, &asked.desk, (&asked.here, asked.lang), (upload, table), told))
}

fn mapping_of(site: &Site, asked: &UploadAsked, upload: &Upload) -> Option<UploadMapping> {
    let (about, table) = (upload.about(), upload.table());
    table.map(|table| asked.desk.mapping(&about, &table, &site.zone)).or(about.mapping)
}

/// The refused rows, of the last run.
async fn file(asked: &UploadAsked, upload: &Upload) -> Option<Response> {
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
