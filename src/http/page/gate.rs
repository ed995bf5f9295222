//! The gate: every request passes it before anything is answered. Who comes, whether he may, whether a change comes from a page of ours,
//! and what the audit says of it.

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, StatusCode, Uri, request::Parts},
    middleware::Next,
    response::Response,
};

use super::{
    Form, Shared,
    address::Address,
    form::{FORM_BYTES_MAX, Fields, LOG_IN_BYTES_MAX},
    problem::{NO_AUDIT, refused},
    redirect,
    site::Site,
    upload,
};
use crate::http::{
    api::method_not_allowed,
    auth::{
        self, AccessNeed, AccessVerdict, Arrival, AuditError, AuditWhat, Turned, Visitor, VisitorKind, verdict,
        visiting,
    },
};

const CSRF_HEADER: &str = "x-csrf-token";
/// Who has to log in first is led there, and then to where he wanted to go.
const LOG_IN: &str = "/login";
const OWN_ACCOUNT: &str = "/account";
const WALL: &str = "/wall";

const FORBIDDEN: (&str, &str) = ("这里没有开放。", "Nobody may have this.");
/// By the least role that may.
const FROM_ROLE: [(&str, &str); 5] = [
    ("要“查看”及以上的角色才能看。", "This takes the role viewer, or more."),
    ("要“经办”及以上的角色才能看。", "This takes the role case-worker, or more."),
    ("要“分析”及以上的角色才能看。", "This takes the role analyst, or more."),
    ("要“录入”及以上的角色才能看、才能做。", "This takes the role feeder, or more."),
    ("要“运维”角色才能看、才能做。", "This takes the role operator."),
];
const LOG_IN_FIRST: (&str, &str) = ("请先登录。", "Log in first, and bring the session's cookie.");
const CERTIFICATE_FIRST: (&str, &str) = (
    "请用登记的客户端证书访问：插入证书介质或导入证书，重新打开浏览器，在提示时选用它。",
    "Come with the certificate that was given to you: put it into the browser, open the browser anew, and choose it when asked.",
);
const CHANGE_FIRST: (&str, &str) = ("请先修改密码。", "Change the password first.");
const STRANGE_FORM: (&str, &str) = (
    "这个请求不是从本页面发出的，没有执行。请回到页面重试。",
    "This was not sent by a page of ours, and was not done.",
);
const TOO_LARGE: (&str, &str) = ("表单太大，没有执行。", "The form is too large; nothing was done.");
const WALL_REFUSED: (&str, &str) =
    ("大屏令牌不对，或者不是从登记的地址打开的。", "The token is wrong, or this is not the address it is for.");

pub(super) async fn gate(State(site): Shared, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let at = site.auth.arrival(&parts.headers, &parts.extensions);
    if parts.uri.path().starts_with("/api/") && !parts.method.is_safe() {
        return method_not_allowed().await;
    }
    let (need, what) = auth::need(parts.method.as_str(), parts.uri.path()).unzip();
    let visitor = match site.auth.who(&parts.headers, &at, need) {
        Ok(visitor) => Arc::new(visitor),
        Err(turned) => return turned_away(&site, &parts, &at, turned).await,
    };
    let is_there = parts.extensions.get::<MatchedPath>().is_some();
    let what = what.flatten().filter(|_| is_there);
    let passage = Passage { site, at, parts, visitor: Arc::clone(&visitor), need, what };
    let verdict = verdict(&visitor, need, is_there);
    visiting(visitor, passage.go(verdict, body, next)).await
}

async fn turned_away(site: &Site, parts: &Parts, at: &Arrival, turned: Turned) -> Response {
    let why = match turned {
        Turned::NotByProxy => {
            ("只能经由登记的代理访问。", "Only through the proxy that is listed (http.auth.proxies).")
        }
        Turned::BadHeaders => {
            ("代理没有说明姓名和角色，或者说了两次。", "The proxy says no name or role, or says one twice.")
        }
        Turned::Disabled => ("这个账号已停用。", "This account is disabled."),
        Turned::UnknownCertificate => (
            "这张证书没有登记到任何账号。请联系运维登记。",
            "No account has this certificate. Ask who runs the service to add it (tongguan account certificate).",
        ),
        Turned::EndedCertificate => ("这张证书已过期。请换用新证书。", "This certificate has ended. Use the new one."),
        Turned::StrangeName => (
            "请用 127.0.0.1 或 localhost 访问；要用别的名字，先设置 http.auth.mode。",
            "Call it 127.0.0.1 or localhost; for other names set http.auth.mode.",
        ),
    };
    if let Some(certificate) = at.certificate
        && let Err(error) = site.auth.audit_certificate(&certificate.fingerprint, at, &about(parts), why.1).await
    {
        tracing::error!(%error, "a refusal was not written down");
    }
    let (here, form) = asked(&parts.uri);
    refused(site, &here, form, StatusCode::FORBIDDEN, why)
}

/// One request on its way.
struct Passage {
    site: Arc<Site>,
    at: Arrival,
    parts: Parts,
    visitor: Arc<Visitor>,
    need: Option<AccessNeed>,
    what: Option<AuditWhat>,
}

impl Passage {
    async fn go(self, verdict: AccessVerdict, body: Body, next: Next) -> Response {
        if let Some(answer) = self.wall_with_token().await {
            return answer;
        }
        match verdict {
            AccessVerdict::Pass => self.pass(body, next).await,
            AccessVerdict::LogIn if !self.site.auth.has_log_in() => {
                self.refused(StatusCode::UNAUTHORIZED, CERTIFICATE_FIRST)
            }
            AccessVerdict::LogIn => self.lead(LOG_IN, StatusCode::UNAUTHORIZED, LOG_IN_FIRST),
            AccessVerdict::ChangePassword => self.lead(OWN_ACCOUNT, StatusCode::FORBIDDEN, CHANGE_FIRST),
            AccessVerdict::Forbidden => {
                let role = self.need.and_then(AccessNeed::role);
                self.forbidden(role.map_or(FORBIDDEN, |role| FROM_ROLE[role as usize])).await
            }
        }
    }

    async fn pass(self, body: Body, next: Next) -> Response {
        let is_change = !self.parts.method.is_safe();
        let body = if is_change {
            match self.form_of_ours(body).await {
                Ok(body) => body,
                Err(answer) => return answer,
            }
        } else {
            body
        };
        let Some(what) = self.what else {
            return next.run(Request::from_parts(self.parts, body)).await;
        };
        if is_change && let Err(error) = self.audit(what, "asked").await {
            return self.no_audit(&error);
        }
        let answer = next.run(Request::from_parts(self.parts.clone(), body)).await;
        if let Err(error) = self.audit(what, &result(answer.status())).await {
            return self.no_audit(&error);
        }
        answer
    }

    /// The form again, if it was sent by a page of ours.
    async fn form_of_ours(&self, body: Body) -> Result<Body, Response> {
        if !self.at.is_same_origin(&self.parts.headers) {
            return Err(self.forbidden(STRANGE_FORM).await);
        }
        // Its bytes go to the disk; its token stands in the first field, and is looked at there.
        if upload::takes_its_body(self.parts.uri.path()) {
            return Ok(body);
        }
        let is_log_in = self.parts.uri.path() == LOG_IN;
        let most = if is_log_in { LOG_IN_BYTES_MAX } else { FORM_BYTES_MAX };
        let Ok(bytes) = to_bytes(body, most).await else {
            return Err(self.refused(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE));
        };
        // Before log-in there is nothing that a stranger's form could use.
        if !is_log_in {
            let given = text(&self.parts.headers, CSRF_HEADER)
                .map_or_else(|| Fields::of(&bytes).get("csrf").to_owned(), str::to_owned);
            if !self.site.auth.is_csrf(&self.visitor, &given) {
                return Err(self.forbidden(STRANGE_FORM).await);
            }
        }
        Ok(Body::from(bytes))
    }

    /// `/wall?token=…`, once: then the cookie has it, and no address that is shown or logged.
    async fn wall_with_token(&self) -> Option<Response> {
        if self.parts.uri.path() != WALL {
            return None;
        }
        let here = Address::of_uri(&self.parts.uri);
        let token = here.get("token")?;
        let Some(cookie) = self.site.auth.wall_cookie(token, &self.at) else {
            let is_nobody = self.visitor.kind == VisitorKind::Nobody;
            return if is_nobody { Some(self.forbidden(WALL_REFUSED).await) } else { None };
        };
        if let Err(error) = self.audit(AuditWhat::LogIn, "wall").await {
            return Some(self.no_audit(&error));
        }
        Some(redirect(&here.without(&["token"]).href(), Some(cookie)))
    }

    fn lead(&self, to: &str, status: StatusCode, why: (&'static str, &'static str)) -> Response {
        let (here, form) = asked(&self.parts.uri);
        if form != Form::Page || !self.parts.method.is_safe() {
            return self.refused(status, why);
        }
        let lang = here.get("lang").unwrap_or_default();
        let wanted = if here.path == "/" || to != LOG_IN { String::new() } else { here.href() };
        redirect(&Address::new(to, Vec::new()).with("next", &wanted).with("lang", lang).href(), None)
    }

    async fn forbidden(&self, why: (&'static str, &'static str)) -> Response {
        if self.visitor.kind != VisitorKind::Nobody
            && let Err(error) = self.audit(AuditWhat::Refused, why.1).await
        {
            tracing::error!(%error, "a refusal was not written down");
        }
        self.refused(StatusCode::FORBIDDEN, why)
    }

    fn refused(&self, status: StatusCode, why: (&'static str, &'static str)) -> Response {
        let (here, form) = asked(&self.parts.uri);
        refused(&self.site, &here, form, status, why)
    }

    fn no_audit(&self, error: &AuditError) -> Response {
        tracing::error!(%error, "not done, because it cannot be written down");
        self.refused(StatusCode::SERVICE_UNAVAILABLE, NO_AUDIT)
    }

    async fn audit(&self, what: AuditWhat, result: &str) -> Result<(), AuditError> {
        self.site.auth.audit_for(&self.visitor, what, &about(&self.parts), result).await
    }
}

/// What was asked, as the audit says it: the token of a wall stands in no line.
fn about(parts: &Parts) -> String {
    format!("{} {}", parts.method, Address::of_uri(&parts.uri).without(&["token"]).href())
}

/// As the audit says it.
fn result(status: StatusCode) -> String {
    match status {
        status if status.is_success() || status.is_redirection() => "done".to_owned(),
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "refused".to_owned(),
        status => format!("failed: {}", status.as_u16()),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The address, and whether a person asks or a program.
fn asked(uri: &Uri) -> (Address, Form) {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    let is_program = uri.path().starts_with("/api/")
        || uri.path() == "/events"
        || [".json", ".csv", ".xlsx", ".arrow"].iter().any(|ending| last.ends_with(ending));
    (Address::of_uri(uri), if is_program { Form::Json } else { Form::Page })
}
