//! What is said when there is no answer (RFC 9457).

use axum::{
    Json,
    body::to_bytes,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    ask::unclear::{AskError, Unclear, Wording},
    store::StoreError,
};

const MIME: &str = "application/problem+json";

/// After so many seconds it may be otherwise.
const AGAIN_S: &str = "2";

/// TOO_MANY_ROWS_OR_BYTES: an answer longer than a reader may have.
const TOO_MANY_ROWS: u32 = 396;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Whoever asks has to ask otherwise; which parameter, where it is one.
    Unclear {
        parameter: Option<String>,
        unclear: Box<Unclear>,
    },
    Missing {
        parameter: Option<&'static str>,
        told: String,
        nearest: Option<String>,
    },
    /// More rows than may be asked for at once.
    TooLong,
    /// No form that is accepted.
    NotAcceptable(String),
    /// Too many wait already.
    Busy,
    /// It took too long.
    Slow,
    Store(StoreError),
    /// A fault of the program.
    Failed(String),
}

impl Refusal {
    pub(super) fn of(parameter: &str, unclear: Unclear) -> Self {
        Self::Unclear { parameter: Some(parameter.to_owned()), unclear: Box::new(unclear) }
    }

    /// Of a parameter, unless ClickHouse is to blame.
    pub(super) fn asking(parameter: &'static str) -> impl Fn(AskError) -> Self {
        move |error| match error {
            AskError::Unclear(unclear) => Self::of(parameter, unclear),
            AskError::Store(error) => error.into(),
        }
    }

    /// Of a part of the path: there is no such thing.
    pub(super) fn missing(parameter: &'static str, unclear: &Unclear) -> Self {
        Self::Missing {
            parameter: Some(parameter),
            told: unclear.told(Wording::English),
            nearest: unclear.nearest().map(str::to_owned),
        }
    }
}

impl From<Unclear> for Refusal {
    fn from(unclear: Unclear) -> Self {
        Self::Unclear { parameter: None, unclear: Box::new(unclear) }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Unclear(unclear) => unclear.into(),
            AskError::Store(error) => error.into(),
        }
    }
}

/// 没有回答的原因 Why there is no answer (RFC 9457)
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProblemDetails {
    /// 问题种类 What kind of problem it is: `urn:tongguan:problem:` and parameter, missing, not-acceptable, method, busy, slow, away, too-long or failed
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// 标题 In a few words
    pub(super) title: String,
    /// 状态码 Status
    pub(super) status: u16,
    /// 说明 In a sentence
    pub(super) detail: String,
    /// 哪个参数不对 The parameter that is wrong, as the address names it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parameter: Option<String>,
    /// 最像的正确写法 The nearest word that would be right
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nearest: Option<String>,
}

impl ProblemDetails {
    fn new(kind: &str, title: &str, status: StatusCode, detail: &str) -> Self {
        Self {
            kind: format!("urn:tongguan:problem:{kind}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            parameter: None,
            nearest: None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let new = ProblemDetails::new;
        let (waits, details) = match &self {
            Self::Unclear { parameter, unclear } => {
                let nearest = unclear.nearest().map(str::to_owned);
                let told = new(
                    "parameter",
                    "This question cannot be understood",
                    StatusCode::BAD_REQUEST,
                    &unclear.told(Wording::English),
                );
                (false, ProblemDetails { parameter: parameter.clone(), nearest, ..told })
            }
            Self::Missing { parameter, told, nearest } => {
                let told = new("missing", "Not found", StatusCode::NOT_FOUND, told);
                (false, ProblemDetails { parameter: parameter.map(str::to_owned), nearest: nearest.clone(), ..told })
            }
            Self::NotAcceptable(told) => {
                (false, new("not-acceptable", "Not in this form", StatusCode::NOT_ACCEPTABLE, told))
            }
            Self::Busy => {
                let told =
                    "too many requests wait already (page.waiting_max, page.questions_max); ask again in a moment";
                (true, new("busy", "Too many requests", StatusCode::SERVICE_UNAVAILABLE, told))
            }
            Self::Slow => {
                let told = "the answer took longer than may be waited for (page.request_timeout_s); ask for less";
                (true, new("slow", "It took too long", StatusCode::SERVICE_UNAVAILABLE, told))
            }
            Self::TooLong | Self::Store(StoreError::TooLarge { code: TOO_MANY_ROWS, .. }) => {
                let told = "the answer has more rows than may be asked for at once; group by less, or by something with fewer values";
                (false, new("too-long", "The answer is too long", StatusCode::BAD_REQUEST, told))
            }
            Self::Store(error) => (error.passes(), of_store(error)),
            Self::Failed(told) => {
                (false, new("failed", "Something went wrong", StatusCode::INTERNAL_SERVER_ERROR, told))
            }
        };
        told(&details, waits)
    }
}

fn of_store(error: &StoreError) -> ProblemDetails {
    match error {
        error if error.passes() => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            ProblemDetails::new("away", "The data cannot be asked just now", status, &error.to_string())
        }
        error => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            ProblemDetails::new("failed", "Something went wrong", status, &error.to_string())
        }
    }
}

/// Of what axum refuses by itself.
fn of_status(status: StatusCode, detail: String) -> Response {
    let kind = match status {
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::NOT_FOUND => "missing",
        _ if status.is_server_error() => "failed",
        _ => "parameter",
    };
    let title = status.canonical_reason().unwrap_or("Refused");
    let detail = if detail.is_empty() { title.to_owned() } else { detail };
    told(&ProblemDetails::new(kind, title, status, &detail), false)
}

fn told(details: &ProblemDetails, waits: bool) -> Response {
    let status = StatusCode::from_u16(details.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(details)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MIME));
    if waits {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(AGAIN_S));
    }
    response
}

pub(super) const ALLOWED: &str = "GET, HEAD, OPTIONS";

/// Whatever is asked of the interface by another method: it changes nothing. The gate answers so, and lets nobody through for it.
pub(in crate::http) async fn method_not_allowed() -> Response {
    as_problem((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, ALLOWED)]).into_response()).await
}

/// What axum refuses itself, such as a path that is no text, is told like everything else.
pub(super) async fn as_problem(response: Response) -> Response {
    let is_told = response.headers().get(header::CONTENT_TYPE).is_some_and(|mime| mime == MIME);
    let status = response.status();
    if is_told || !(status.is_client_error() || status.is_server_error()) {
        return guarded(response);
    }
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, 4096).await.unwrap_or_default();
    let mut told = of_status(status, String::from_utf8_lossy(&text).into_owned());
    if let Some(allowed) = parts.headers.get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    guarded(told)
}

/// For programs of this machine's people: never a page in a browser, never another site's.
fn guarded(mut response: Response) -> Response {
    let guards = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::VARY, "Accept"),
    ];
    for (name, value) in guards {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    // Whatever does not say otherwise holds rows, which nobody on the way may keep.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
