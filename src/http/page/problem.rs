//! What is said when there is no answer: to people as a page, to programs as a problem of RFC 9457.

use askama::Template;
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    Form,
    address::Address,
    asked::lang,
    frame::{Again, Page},
    guards, page_response,
    part::State,
    site::Site,
    words::{Lang, Words},
};
use crate::{
    ask::unclear::{AskError, Wording},
    store::StoreError,
};

#[derive(Debug, Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    page: Page,
    problem: Problem,
    t: &'static Words,
}

#[derive(Debug, Default)]
struct Problem {
    title: String,
    status: u16,
    states: Vec<State>,
}

/// Where nobody may be there to ask again.
const UNATTENDED: [&str; 2] = ["/overview", "/wall"];
const AGAIN_S: i64 = 15;

/// The status, and what is said in one sentence.
pub(super) fn told(error: &AskError, wording: Wording) -> (StatusCode, String) {
    match error {
        AskError::Unclear(unclear) => (StatusCode::BAD_REQUEST, unclear.told(wording)),
        AskError::Store(error) => {
            let status = match error {
                StoreError::Unreachable { .. } | StoreError::Busy { .. } | StoreError::TooLarge { .. } => {
                    StatusCode::SERVICE_UNAVAILABLE
                }
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            (status, if wording == Wording::Chinese { of_store_zh(error) } else { of_store(error) })
        }
    }
}

/// The statement is in the log.
fn of_store(error: &StoreError) -> String {
    let told = error.to_string();
    told.split_once(" in scope ").map_or(told.as_str(), |(before, _)| before).to_owned()
}

/// What ClickHouse said itself is in the log.
fn of_store_zh(error: &StoreError) -> String {
    match error {
        StoreError::Unreachable { url, .. } => {
            format!("连不上 ClickHouse（{url}）。它在运行吗？clickhouse.url 写对了吗？")
        }
        StoreError::Busy { code, .. } => format!("ClickHouse 暂时接不了（错误码 {code}）。请稍后再试。"),
        StoreError::TooLarge { code, .. } => format!("问得太多，ClickHouse 一次答不了（错误码 {code}）。请缩小条件。"),
        StoreError::Denied { code, .. } => {
            format!("ClickHouse 拒绝了这个账号（错误码 {code}）。请检查 clickhouse.user 和 clickhouse.password。")
        }
        StoreError::NoSchema { code, .. } => format!("库表结构不全（错误码 {code}）。请运行 tongguan migrate。"),
        StoreError::Other { code, .. } => format!("ClickHouse 出错（错误码 {code}），详情在日志里。"),
        StoreError::Setup(_) | StoreError::Migration(_) => {
            "与 ClickHouse 的连接或库表结构有误，详情在日志里。".to_owned()
        }
    }
}

/// What somebody may not have, or does not get just now.
pub(super) fn refused(
    site: &Site,
    here: &Address,
    form: Form,
    status: StatusCode,
    (zh, en): (&'static str, &'static str),
) -> Response {
    match form {
        Form::Page => shown(site, here, status, lang(here).unwrap_or_default().of(zh, en).to_owned()),
        Form::Json | Form::Csv => said_to_program(status, en),
    }
}

pub(super) const NO_AUDIT: (&str, &str) = (
    "审计日志写不进去，所以没有执行。请联系运维。",
    "The audit cannot be written, so it was not done. Tell who runs the service.",
);
pub(super) const NOT_YOURS: (&str, &str) =
    ("没有这个案件，或者它不归您经办。", "There is no such case, or it is none of yours.");

pub(super) fn of_program(error: &AskError) -> Response {
    let (status, detail) = told(error, Wording::English);
    note(status, error, "");
    said_to_program(status, &detail)
}

pub(super) fn said_to_program(status: StatusCode, detail: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": detail,
    });
    (status, guards(), [(header::CONTENT_TYPE, "application/problem+json")], Json(body)).into_response()
}

/// What is nobody's fault who asks is looked for in the log.
pub(super) fn note(status: StatusCode, error: &AskError, address: &str) {
    if status.is_server_error() {
        tracing::warn!(%error, address, status = status.as_u16(), "a page could not be answered");
    }
}

pub(super) fn too_slow(site: &Site, here: &Address, form: Form) -> Response {
    tracing::warn!(address = here.path, "a page was not made in time");
    let why = (
        "在时限内没有答完（page.request_timeout_s）：ClickHouse 没有及时应答，或问得太多。请稍后再试，或缩小条件。",
        "Not answered in time (page.request_timeout_s): ClickHouse did not answer soon enough, or it is too much. Try later, or ask for less.",
    );
    refused(site, here, form, StatusCode::SERVICE_UNAVAILABLE, why)
}

pub(super) fn no_case(site: &Site, here: &Address, form: Form) -> Response {
    refused(site, here, form, StatusCode::NOT_FOUND, ("没有这个案件。", "There is no such case."))
}

pub(super) fn of_page(site: &Site, here: &Address, error: &AskError) -> Response {
    let (status, detail) = told(error, lang(here).unwrap_or_default().wording());
    note(status, error, &here.path);
    shown(site, here, status, detail)
}

pub(super) fn not_found(site: &Site, here: &Address) -> Response {
    let lang = lang(here).unwrap_or_default();
    let detail = lang.of("没有这个地址。", "There is nothing at this address.").to_owned();
    shown(site, here, StatusCode::NOT_FOUND, detail)
}

pub(super) fn shown(site: &Site, here: &Address, status: StatusCode, detail: String) -> Response {
    let lang = lang(here).unwrap_or_default();
    let title = title(lang, status).to_owned();
    let mut page = Page::of(site, lang, here, ("problem", title.clone()));
    if status == StatusCode::SERVICE_UNAVAILABLE && UNATTENDED.contains(&here.path.as_str()) {
        page.again = vec![Again { seconds: AGAIN_S }];
    }
    let (kind, sign) = match status {
        StatusCode::FORBIDDEN => ("forbidden", "⊘"),
        _ => ("failed", "✕"),
    };
    let state =
        State { kind: kind.to_owned(), sign: sign.to_owned(), title: title.clone(), text: detail, ..State::default() };
    let problem = Problem { title, status: status.as_u16(), states: vec![state] };
    page_response(status, &ProblemPage { page, problem, t: lang.words() })
}

fn title(lang: Lang, status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => lang.of("看不懂这个问题", "This question cannot be understood"),
        StatusCode::CONFLICT => lang.of("没有改动", "Nothing was done"),
        StatusCode::UNPROCESSABLE_ENTITY => lang.of("没有全部完成", "Not all of it was done"),
        StatusCode::FORBIDDEN => lang.of("不允许", "Not allowed"),
        StatusCode::NOT_FOUND => lang.of("没有找到", "Not found"),
        StatusCode::UNAUTHORIZED => lang.of("请先登录", "Log in first"),
        StatusCode::PAYLOAD_TOO_LARGE => lang.of("内容太大", "Too large"),
        StatusCode::SERVICE_UNAVAILABLE => lang.of("暂时查不到数据", "The data cannot be asked just now"),
        _ => lang.of("出错了", "Something went wrong"),
    }
}
