//! The page: every figure with its counts, convention and as-of, and every number opens, down to its cases. HTML made by the server;
//! the same address ending in `.json` or `.csv` gives the same answer to programs. Everything is asked through `ask`.

mod account;
mod address;
mod asked;
mod assets;
mod axis;
mod case;
mod cases;
mod cases_form;
mod chart;
mod figure;
mod figures;
mod form;
mod frame;
mod gate;
mod groups;
mod handbook;
mod log_in;
mod memo;
mod others;
mod overview;
mod own_account;
mod part;
mod period;
mod problem;
mod reports;
mod running;
mod sheet;
mod site;
mod sources;
mod upload;
mod whatif;
mod words;

use std::{io, sync::Arc};

use askama::Template;
use axum::{
    Router,
    extract::{OriginalUri, Path, Query, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::from_fn_with_state,
    response::{Html, IntoResponse, Response},
    routing::get,
};

pub(in crate::http) use self::assets::{CSS, asset};
use self::{
    address::{Address, of_case, segment},
    asked::Wanted,
};
pub use self::{
    overview::{Overviews, WallMap},
    running::{QuarantineHands, ReplayOutcome, Running, RunningGiven},
    site::{ReaderLimits, Site},
    sources::PageSources,
    upload::{UploadDesk, UploadOpen, UploadPlan, UploadUnsent},
    whatif::{WhatifDoor, WhatifFault, WhatifFuture, WhatifOrder, WhatifProgress},
};
use crate::{
    ask::{
        self,
        unclear::{AskError, Unclear},
    },
    http::{
        auth,
        export::{self, ExportForm},
    },
    report::{self, kpi_csv, kpi_json, listed::ListedRows},
};

/// No script, style or picture but our own, in no frame of others.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

pub fn router(site: Arc<Site>) -> Router {
    Router::new()
        .merge(overview::routes())
        .merge(of_figures())
        .merge(running::routes())
        .merge(upload::routes())
        .merge(whatif::routes())
        .merge(reports::routes())
        .merge(handbook::routes())
        .merge(log_in::routes())
        .merge(own_account::routes())
        .route("/static/{name}", get(asset))
        .fallback(nothing)
        .with_state(site)
}

/// Behind the gate, whatever is asked for.
pub(super) fn guarded(site: &Arc<Site>, router: Router) -> Router {
    router
        .layer(from_fn_with_state(Arc::clone(site), running::look_first))
        .layer(from_fn_with_state(Arc::clone(site), gate::gate))
}

/// Figures, down to a case. Every other view has its routes in its own module.
fn of_figures() -> Router<Arc<Site>> {
    Router::new()
        .route("/figures", get(catalogue))
        .route("/figures/{name}", get(figure))
        .route("/figures/{figure}/{name}", get(cases))
        .route("/cases/{stream}/{name}", get(case))
}

/// Groups of one answer; a reader asks for fewer.
const ROWS_MAX: usize = 20_000;
const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

type Pairs = Query<Vec<(String, String)>>;
type Shared = State<Arc<Site>>;

/// What an answer is written as: the end of its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Page,
    Json,
    Csv,
}

impl Form {
    /// `K05a.json`.
    fn of(name: &str) -> (&str, Self) {
        match name.rsplit_once('.') {
            Some((stem, "json")) => (stem, Self::Json),
            Some((stem, "csv")) => (stem, Self::Csv),
            _ => (name, Self::Page),
        }
    }
}

async fn catalogue(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let here = Address::new(uri.path(), pairs);
    match figures::page(&site, &here) {
        Ok(page) => page_response(StatusCode::OK, &page),
        Err(error) => problem::of_page(&site, &here, &error),
    }
}

async fn figure(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (id, form) = Form::of(&name);
    let here = Address::new(&format!("/figures/{}", segment(id)), pairs);
    answered(&site, &here, form, async {
        let wanted = Wanted::read(&site, id, &here).await?;
        let _turn = site.turns.acquire().await;
        match form {
            Form::Page if wanted.asked.questions.len() > 1 => {
                Ok(page_response(StatusCode::OK, &figures::of_name(&site, &wanted).await?))
            }
            Form::Page => Ok(page_response(StatusCode::OK, &figure::page(&site, &wanted).await?)),
            Form::Json | Form::Csv => {
                let all = ask::told(&site.store, &wanted.asked, site.workday_ms(), false).await?;
                if all.iter().map(|told| told.answers.len()).sum::<usize>() > ROWS_MAX {
                    return Err(Unclear::TooManyGroups { most: ROWS_MAX as u64 }.into());
                }
                let zone = &wanted.asked.zone;
                Ok(match form {
                    Form::Csv => rows(form, |out| kpi_csv::write_answers(&all, zone, out)),
                    _ => rows(form, |out| kpi_json::write_answers(&all, zone, out)),
                })
            }
        }
    })
    .await
}

async fn cases(State(site): Shared, Path((id, name)): Path<(String, String)>, Query(pairs): Pairs) -> Response {
    let (what, form) = match name.strip_suffix(".xlsx") {
        Some(stem) => (stem, None),
        None => {
            let (stem, form) = Form::of(&name);
            (stem, Some(form))
        }
    };
    let here = Address::new(&format!("/figures/{}/{}", segment(&id), segment(what)), pairs);
    if what != "cases" {
        return problem::not_found(&site, &here);
    }
    answered(&site, &here, form.unwrap_or(Form::Json), async {
        let wanted = Wanted::read(&site, &id, &here).await?;
        match form {
            None => workbook(&site, &wanted).await,
            // Whole, unless so many are asked for.
            Some(Form::Csv) if wanted.list.limit.is_none() => {
                let body = export::streamed(&site, cases::list(&wanted)?, ExportForm::Csv);
                Ok((guards(), [(header::CONTENT_TYPE, CSV)], body).into_response())
            }
            Some(Form::Page) => {
                let _turn = site.turns.acquire().await;
                Ok(page_response(StatusCode::OK, &cases::page(&site, &wanted).await?))
            }
            Some(form) => {
                let _turn = site.turns.acquire().await;
                let list = cases::list(&wanted)?;
                let (cases, _) = list.page(&site, wanted.limit()).await?;
                let listed = ListedRows::new(&list.columns, &list.zone);
                Ok(rows(form, |out| match form {
                    Form::Csv => listed.write_csv_head(out).and_then(|()| listed.write_csv(&cases, out)),
                    _ => listed.write_json(&cases, out),
                }))
            }
        }
    })
    .await
}

async fn workbook(site: &Arc<Site>, wanted: &Wanted) -> Result<Response, AskError> {
    let list = cases::list(wanted)?;
    let about = cases_form::about(site, wanted, &list).await?;
    let name = format!("attachment; filename=\"{}-cases.xlsx\"", list.question.figure.id);
    match export::workbook(site, list, wanted.lang.language(), about).await {
        Ok(body) => {
            Ok((guards(), [(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, &name)], body).into_response())
        }
        Err(error) => {
            tracing::error!(error, "a workbook could not be made");
            Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
    }
}

async fn case(State(site): Shared, Path((stream, name)): Path<(String, String)>, Query(pairs): Pairs) -> Response {
    let (id, form) = Form::of(&name);
    let here = Address::new(&of_case(&stream, id), pairs);
    if form == Form::Csv {
        return problem::not_found(&site, &here);
    }
    answered(&site, &here, form, async {
        let _turn = site.turns.acquire().await;
        // Who sees some cases only is not told which others there are.
        let found = case::found(&site, &here, (&stream, id)).await?;
        let told = found.as_ref().map(|found| found.told());
        let told = match told {
            Some(Ok(told)) if auth::is_own_case(|dimension| case::stands(&told.watched.case, dimension)) => told,
            Some(Err(error)) if !auth::is_narrowed() => return Err(error.into()),
            _ if auth::is_narrowed() => {
                return Ok(problem::refused(&site, &here, form, StatusCode::FORBIDDEN, problem::NOT_YOURS));
            }
            _ => return Ok(problem::no_case(&site, &here, form)),
        };
        let lang = found.as_ref().map_or(words::Lang::default(), |found| found.lang);
        Ok(match form {
            Form::Page => page_response(StatusCode::OK, &case::page(&site, &here, &told, lang)),
            Form::Json | Form::Csv => rows(Form::Json, |out| report::case::write_json(&told, true, out)),
        })
    })
    .await
}

/// The case as JSON, for programs. None: there is no such case.
pub(super) async fn case_json(
    site: &Arc<Site>,
    (stream, id): (&str, &str),
    as_of: Option<&str>,
) -> Result<Option<Vec<u8>>, AskError> {
    let here = Address::new("", Vec::new()).with("as-of", as_of.unwrap_or_default());
    let Some(found) = case::found(site, &here, (stream, id)).await? else { return Ok(None) };
    let mut body = Vec::new();
    // Into memory nothing can fail.
    let _ = report::case::write_json(&found.told()?, true, &mut body);
    Ok(Some(body))
}

async fn nothing(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    problem::not_found(&site, &Address::new(uri.path(), pairs))
}

async fn answered(
    site: &Site,
    here: &Address,
    form: Form,
    answer: impl Future<Output = Result<Response, AskError>>,
) -> Response {
    // Before the connection is cut for it, whoever waits is told.
    let Ok(answer) = tokio::time::timeout(site.limits.answer_within, answer).await else {
        return problem::too_slow(site, here, form);
    };
    match (answer, form) {
        (Ok(response), _) => response,
        (Err(error), Form::Page) => problem::of_page(site, here, &error),
        (Err(error), Form::Json | Form::Csv) => problem::of_program(&error),
    }
}

fn page_response(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, guards(), Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Rows are nobody else's, and are not kept on the way.
fn rows(form: Form, write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Response {
    let mime = if form == Form::Csv { CSV } else { "application/json" };
    let mut body = Vec::new();
    match write(&mut body) {
        Ok(()) => (guards(), [(header::CONTENT_TYPE, mime)], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn guards() -> [(HeaderName, HeaderValue); 4] {
    [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
}

/// Elsewhere, by GET; and nobody keeps it.
fn redirect(to: &str, cookie: Option<String>) -> Response {
    let head = [(header::LOCATION, to.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())];
    let cookie = cookie.map(|cookie| [(header::SET_COOKIE, cookie)]);
    match cookie {
        Some(cookie) => (StatusCode::SEE_OTHER, head, cookie).into_response(),
        None => (StatusCode::SEE_OTHER, head).into_response(),
    }
}
