//! Reports: the list of editions, an edition and what has become of it, a report of any month, quarter or year, and publishing.
//!
//! - [`list`], [`edition`], [`compare`], [`drift`]: what was published
//! - [`made`], [`sections`]: a report as of any instant, on the page and as a file
//! - [`publish`]: the form and what comes of it
//! - [`published`]: what a figure was in its editions, for the figure's own page
//! - [`asked`], [`trouble`], [`making`]: what an address asks, why there is no answer, and one at a time

mod asked;
mod compare;
mod drift;
mod edition;
mod list;
mod made;
mod making;
mod publish;
pub(super) mod published;
mod sections;
mod trouble;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, OriginalUri, Path, Query, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};

use self::{asked::EditionPath, trouble::ReportTrouble};
use super::{Form, Pairs, Shared, address::Address, asked::lang, page_response, problem, site::Site};

/// A form of a few fields.
const BODY_MAX: usize = 16 * 1024;

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/reports", get(listed))
        .route("/reports.json", get(listed))
        .route("/reports.csv", get(listed))
        .route("/reports/publish", post(order).layer(DefaultBodyLimit::max(BODY_MAX)))
        .route("/reports/{name}", get(of_period))
        .route("/reports/{kind}/{period}", get(of_report))
        .route("/reports/{kind}/{period}/{edition}", get(of_edition))
        .route("/reports/{kind}/{period}/{edition}/{what}", get(about_edition))
}

async fn listed(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let (path, form) = Form::of(uri.path());
    let here = Address::new(path, pairs);
    answered(&site, &here, form, in_time(&site, list::answer(&site, &here, form, None))).await
}

/// The editions of one report.
async fn of_report(State(site): Shared, Path((kind, name)): Path<(String, String)>, Query(pairs): Pairs) -> Response {
    let (period, form) = Form::of(&name);
    let here = Address::new(&asked::report_path(&kind, period), pairs);
    let answer = async {
        let report = asked::span(&kind, period)?;
        in_time(&site, list::answer(&site, &here, form, Some(report))).await
    };
    answered(&site, &here, form, answer).await
}

/// `/reports/made`, `made.xlsx` and so on.
async fn of_period(State(site): Shared, Path(name): Path<String>, Query(pairs): Pairs) -> Response {
    let (stem, form) = made::PaperForm::of(&name);
    let here = Address::new(&format!("/reports/{stem}"), pairs);
    if stem != "made" {
        return problem::not_found(&site, &here);
    }
    let for_whom = if form == made::PaperForm::Json { Form::Json } else { Form::Page };
    answered(&site, &here, for_whom, made::answer(&site, &here, form)).await
}

async fn of_edition(
    State(site): Shared,
    Path((kind, period, name)): Path<(String, String, String)>,
    Query(pairs): Pairs,
) -> Response {
    let (number, form) = Form::of(&name);
    let here = Address::new(&format!("{}/{number}", asked::report_path(&kind, &period)), pairs);
    let answer = async {
        let path = EditionPath::read(&kind, &period, number)?;
        in_time(&site, edition::answer(&site, &here, form, path)).await
    };
    answered(&site, &here, form, answer).await
}

async fn about_edition(
    State(site): Shared,
    Path((kind, period, number, name)): Path<(String, String, String, String)>,
    Query(pairs): Pairs,
) -> Response {
    let (what, form) = Form::of(&name);
    let here = Address::new(&format!("{}/{number}/{what}", asked::report_path(&kind, &period)), pairs);
    let answer = async {
        let path = EditionPath::read(&kind, &period, &number)?;
        match what {
            "drift" => drift::answer(&site, &here, form, path).await,
            "compare" => in_time(&site, compare::answer(&site, &here, form, path)).await,
            _ => Err(ReportTrouble::nowhere()),
        }
    };
    answered(&site, &here, form, answer).await
}

async fn order(State(site): Shared, body: Bytes) -> Response {
    let pairs = form_urlencoded::parse(&body).into_owned().collect();
    let here = Address::new("/reports/made", pairs);
    match publish::order(&site, &here).await {
        Ok(response) => response,
        // The token is no part of an address.
        Err(trouble) => trouble.response(&site, &here.without(&["csrf", "by", "note"]), Form::Page),
    }
}

/// What is only read has the time of every page; what is made keeps its own ([`making`]).
async fn in_time(
    site: &Site,
    answer: impl Future<Output = Result<Response, ReportTrouble>>,
) -> Result<Response, ReportTrouble> {
    let answer = tokio::time::timeout(site.limits.answer_within, answer).await;
    answer.unwrap_or_else(|_| Err(ReportTrouble::TooSlow))
}

async fn answered(
    site: &Site,
    here: &Address,
    form: Form,
    answer: impl Future<Output = Result<Response, ReportTrouble>>,
) -> Response {
    match answer.await {
        Ok(response) => response,
        Err(trouble) => trouble.response(site, here, form),
    }
}

/// A page that was made.
fn shown(page: &impl askama::Template) -> Response {
    page_response(StatusCode::OK, page)
}
