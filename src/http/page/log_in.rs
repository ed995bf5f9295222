//! Logging in and out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{OriginalUri, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};

use super::{
    Pairs, Shared,
    address::Address,
    asked::lang,
    form::{Field, Fields},
    frame::Page,
    page_response, problem, redirect,
    site::Site,
    words::{Lang, Words},
};
use crate::http::auth::{self, AuthError, Credentials, LogInError, PasswordFault, VisitorKind};

const PATH: &str = "/login";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route(PATH, get(asked).post(sent)).route("/logout", post(out))
}

#[derive(Debug, Template)]
#[template(path = "login.html")]
struct LogInPage {
    page: Page,
    form: SignIn,
    t: &'static Words,
}

/// A form that is filled in from above to below.
#[derive(Clone, Debug, Default)]
pub(super) struct SignIn {
    pub(super) action: String,
    pub(super) csrf: String,
    pub(super) next: String,
    pub(super) fields: Vec<Field>,
    pub(super) button: String,
    pub(super) errors: Vec<String>,
    pub(super) notes: Vec<String>,
}

async fn asked(State(site): Shared, OriginalUri(uri): OriginalUri, Query(pairs): Pairs) -> Response {
    let here = Address::new(uri.path(), pairs);
    if !site.auth.has_log_in() {
        return problem::not_found(&site, &here);
    }
    let next = own_path(here.get("next").unwrap_or_default());
    match auth::visitor() {
        Some(visitor) if matches!(visitor.kind, VisitorKind::Person(_)) => redirect(&next, None),
        _ => shown(&site, &here, &next, "", None),
    }
}

async fn sent(State(site): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let here = Address::of_uri(&parts.uri);
    if !site.auth.has_log_in() {
        return problem::not_found(&site, &here);
    }
    let fields = Fields::read(body).await;
    let at = site.auth.arrival(&parts.headers, &parts.extensions);
    let given = Credentials {
        name: fields.get("name").trim().to_owned(),
        password: fields.get("password").to_owned(),
        code: fields.get("code").to_owned(),
        agent: agent(&parts.headers),
    };
    let (next, name) = (own_path(fields.get("next")), given.name.clone());
    match site.auth.log_in(given, &at, site.auth.token_of(&parts.headers)).await {
        Ok(token) => redirect(&next, Some(site.auth.cookie(Some(&token), &at))),
        Err(error) => shown(&site, &here, &next, &name, Some(&error)),
    }
}

async fn out(State(site): Shared, request: Request) -> Response {
    let at = site.auth.arrival(request.headers(), request.extensions());
    // Out one gets in any case.
    if let Err(error) = site.auth.audit(auth::AuditWhat::LogOut, "", "done").await {
        tracing::error!(%error, "a log-out was not written down");
    }
    site.auth.log_out(request.headers());
    redirect(PATH, Some(site.auth.cookie(None, &at)))
}

fn shown(site: &Site, here: &Address, next: &str, name: &str, error: Option<&LogInError>) -> Response {
    let lang = lang(here).unwrap_or_default();
    let status = error.map_or(StatusCode::OK, status);
    let page = Page::of(site, lang, here, ("login", lang.of("登录", "Log in").to_owned()));
    let field = |name, label: (&str, &str), kind, auto| Field {
        name,
        label: lang.of(label.0, label.1).to_owned(),
        kind,
        auto,
        is_required: true,
        ..Field::default()
    };
    let form = SignIn {
        action: Address::new(PATH, Vec::new()).with("lang", here.get("lang").unwrap_or_default()).href(),
        next: next.to_owned(),
        fields: vec![
            Field { value: name.to_owned(), ..field("name", ("账号", "Account"), "text", "username") },
            field("password", ("密码", "Password"), "password", "current-password"),
            Field {
                is_required: false,
                hint: lang.of("开通了第二因素的账号才需要填", "only if your account has a second factor").to_owned(),
                ..field("code", ("动态验证码", "Code"), "text", "one-time-code")
            },
        ],
        button: lang.of("登录", "Log in").to_owned(),
        errors: error.map(|error| told(error, lang)).into_iter().collect(),
        ..SignIn::default()
    };
    let mut answer = page_response(status, &LogInPage { page, form, t: lang.words() });
    if status == StatusCode::TOO_MANY_REQUESTS {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("900"));
    }
    answer
}

pub(super) fn status(error: &LogInError) -> StatusCode {
    match error {
        LogInError::Wrong | LogInError::NoSecondFactor => StatusCode::UNAUTHORIZED,
        LogInError::TooMany => StatusCode::TOO_MANY_REQUESTS,
        LogInError::NewPassword(_) => StatusCode::UNPROCESSABLE_ENTITY,
        LogInError::Busy | LogInError::Auth(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(super) fn told(error: &LogInError, lang: Lang) -> String {
    let (zh, en) = match error {
        LogInError::Wrong => ("账号、密码或验证码不对。", "Account, password or code is wrong."),
        LogInError::TooMany => (
            "错误次数太多，15 分钟后再试；忘记密码请找管理员。",
            "Wrong too often: try again in 15 minutes. Whoever runs the service can set a new password.",
        ),
        LogInError::NoSecondFactor => (
            "这个账号还没有第二因素，按等保要求不能登录，请找管理员开通。",
            "This account needs a second factor first; ask whoever runs the service (tongguan account totp).",
        ),
        LogInError::Busy => ("登录的人太多，请稍后再试。", "Too many log in just now; try again in a moment."),
        LogInError::Auth(AuthError::Audit(_)) => (
            "审计日志写不进去，所以不能登录。请联系运维。",
            "The audit cannot be written, so nobody can log in. Tell who runs the service.",
        ),
        LogInError::Auth(error) => {
            tracing::error!(%error, "a log-in failed");
            ("出错了，没有完成。请联系运维。", "Something went wrong; it was not done. Tell who runs the service.")
        }
        LogInError::NewPassword(fault) => return told_of_password(fault, lang),
    };
    lang.of(zh, en).to_owned()
}

fn told_of_password(fault: &PasswordFault, lang: Lang) -> String {
    let zh = match fault {
        PasswordFault::TooShort(least) => format!("新密码太短，至少 {least} 个字符。"),
        PasswordFault::TooLong => "新密码太长，最多 256 字节。".to_owned(),
        PasswordFault::Common => "新密码太常见，会被最先试到。".to_owned(),
        PasswordFault::Contains(word) => format!("新密码里有“{word}”，容易被猜到。"),
        PasswordFault::Classes => "新密码要有小写、大写、数字、符号中的三类。".to_owned(),
        PasswordFault::Same => "新密码和原来的一样。".to_owned(),
    };
    lang.of(&zh, &format!("The new password: {fault}.")).to_owned()
}

pub(super) fn agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned()
}

/// Only a path of our own: nobody is led elsewhere by a link of ours, and not back to where he comes from.
fn own_path(next: &str) -> String {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_own = next.starts_with('/') && !next.starts_with("//") && is_plain;
    let is_way_in = next.starts_with(PATH) || next.starts_with("/logout");
    if is_own && !is_way_in { next.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_only_to_a_path_of_our_own() {
        for (next, wanted) in [
            ("/figures/K05a?month=2021-06&only=unit%3D1", "/figures/K05a?month=2021-06&only=unit%3D1"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("\\\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/\t/evil.example", "/"),
            ("/a\r\nSet-Cookie: x=1", "/"),
            ("/案件", "/"),
            ("/login?next=/login", "/"),
            ("/logout", "/"),
        ] {
            assert_eq!(own_path(next), wanted, "{next:?}");
        }
    }
}
