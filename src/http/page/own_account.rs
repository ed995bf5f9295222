//! One's own account: where one is logged in, and a new password.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use jiff::tz::TimeZone;

use super::{
    Shared,
    address::Address,
    asked::lang,
    form::{Field, Fields},
    frame::Page,
    log_in::{self, SignIn, agent, status},
    page_response, problem, redirect,
    site::Site,
    words::{Lang, Words},
};
use crate::http::auth::{self, AuditWhat, Credentials, LogInError, LogInSession, Visitor};

const PATH: &str = "/account";

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(PATH, get(asked))
        .route("/account/password", post(new_password))
        .route("/account/end", post(end))
}

#[derive(Debug, Template)]
#[template(path = "account.html")]
struct OwnAccountPage {
    page: Page,
    form: SignIn,
    password_title: &'static str,
    sessions_title: &'static str,
    heads: [&'static str; 4],
    sessions: Vec<OpenSession>,
    here: &'static str,
    end: &'static str,
    t: &'static Words,
}

#[derive(Clone, Debug)]
struct OpenSession {
    id: String,
    begun: String,
    seen: String,
    address: String,
    agent: String,
    is_here: bool,
}

async fn asked(State(site): Shared, request: Request) -> Response {
    shown(&site, &Address::of_uri(request.uri()), None)
}

async fn new_password(State(site): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let here = Address::of_uri(&parts.uri);
    let Some(visitor) = auth::visitor().filter(|_| site.auth.has_log_in()) else {
        return problem::not_found(&site, &here);
    };
    let fields = Fields::read(body).await;
    let at = site.auth.arrival(&parts.headers, &parts.extensions);
    let given = Credentials {
        password: fields.get("password").to_owned(),
        agent: agent(&parts.headers),
        ..Credentials::default()
    };
    match site.auth.change_password(&visitor, given, fields.get("new").to_owned(), &at).await {
        Ok(token) => redirect(PATH, Some(site.auth.cookie(Some(&token), &at))),
        Err(error) => shown(&site, &here.at(PATH), Some(&error)),
    }
}

async fn end(State(site): Shared, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(visitor) = auth::visitor().filter(|_| site.auth.has_log_in()) else {
        return problem::not_found(&site, &Address::of_uri(&parts.uri));
    };
    let fields = Fields::read(body).await;
    // Ending is never refused: the worst of it is that one has to log in again.
    if let Err(error) = site.auth.audit(AuditWhat::LogOut, fields.get("id"), "session ended").await {
        tracing::error!(%error, "the end of a session was not written down");
    }
    site.auth.end_session(&visitor, fields.get("id"));
    redirect(PATH, None)
}

fn shown(site: &Site, here: &Address, error: Option<&LogInError>) -> Response {
    let lang = lang(here).unwrap_or_default();
    let Some(visitor) = auth::visitor().filter(|_| site.auth.has_log_in()) else {
        return problem::not_found(site, here);
    };
    let zone = crate::ask::zone(&site.zone).unwrap_or(TimeZone::UTC);
    let page = Page::of(site, lang, here, ("account", lang.of("本人账号", "Your account").to_owned()));
    let own = OwnAccountPage {
        form: form(&page.csrf, &visitor, lang, error),
        password_title: lang.of("修改密码", "Change the password"),
        sessions_title: lang.of("登录中的浏览器", "Where you are logged in"),
        heads: [
            lang.of("登录时间", "since"),
            lang.of("最近使用", "last used"),
            lang.of("地址", "address"),
            lang.of("浏览器", "browser"),
        ],
        sessions: site.auth.sessions_of(&visitor).into_iter().map(|one| open(one, &visitor, &zone)).collect(),
        here: lang.of("本浏览器", "this one"),
        end: lang.of("结束", "End it"),
        page,
        t: lang.words(),
    };
    page_response(error.map_or(StatusCode::OK, status_here), &own)
}

/// He is logged in: what is wrong is the form.
fn status_here(error: &LogInError) -> StatusCode {
    match error {
        LogInError::Wrong => StatusCode::UNPROCESSABLE_ENTITY,
        error => status(error),
    }
}

fn open(session: LogInSession, visitor: &Visitor, zone: &TimeZone) -> OpenSession {
    OpenSession {
        begun: super::frame::shown(session.begun, zone),
        seen: super::frame::shown(session.seen, zone),
        address: session.address.to_string(),
        is_here: session.id == visitor.session,
        agent: session.agent,
        id: session.id,
    }
}

fn form(csrf: &str, visitor: &Visitor, lang: Lang, error: Option<&LogInError>) -> SignIn {
    let field = |name, label: (&str, &str), auto| Field {
        name,
        label: lang.of(label.0, label.1).to_owned(),
        kind: "password",
        auto,
        is_required: true,
        ..Field::default()
    };
    let note = lang.of("首次登录或密码到期，请先修改密码。", "Before anything else, set a password of your own.");
    SignIn {
        action: Address::new("/account/password", Vec::new()).with("lang", lang.of("", "en")).href(),
        csrf: csrf.to_owned(),
        fields: vec![
            field("password", ("现在的密码", "Password now"), "current-password"),
            Field {
                hint: lang
                    .of(
                        "至少 15 个字符（有第二因素的 8 个），可以是一句话；不必混用符号",
                        "at least 15 characters (8 beside a second factor); a sentence will do",
                    )
                    .to_owned(),
                ..field("new", ("新密码", "New password"), "new-password")
            },
        ],
        button: lang.of("修改", "Change").to_owned(),
        errors: error.map(|error| log_in::told(error, lang)).into_iter().collect(),
        notes: visitor.must_change.then(|| note.to_owned()).into_iter().collect(),
        ..SignIn::default()
    }
}
