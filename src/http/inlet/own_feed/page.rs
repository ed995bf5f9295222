//! The same in a browser: a form for the key, and the report as tables. The key stands in the body of a form and in no address;
//! nothing is kept, so each look asks for it.

use askama::Template;
use axum::{
    body::{Body, to_bytes},
    extract::{Query, Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse as _, Response},
};

use super::{
    FeedAnswer, checked, fresh,
    question::{Asker, CheckQuestion, HOURS, of_this_machine},
};
use crate::{
    domain::stream::Stream,
    http::{
        Peer,
        auth::Arrival,
        inlet::{InletSite, Site, head::feeder, refusal::Refusal},
        page::CSS,
    },
};

mod report;

use self::report::ShownReport;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const FORM_BYTES_MAX: usize = 4096;
const STRANGE: (&str, &str) =
    ("这个请求不是从本页面发出的，没有执行。请回到页面重试。", "This was not sent by this page, and was not done.");

#[derive(Debug, Template)]
#[template(path = "own_feed.html")]
struct OwnFeedPage {
    lang: &'static str,
    other: &'static str,
    other_text: &'static str,
    title: &'static str,
    css: String,
    has_keys: bool,
    key_label: &'static str,
    stream_label: &'static str,
    hours_label: &'static str,
    button: &'static str,
    streams: Vec<StreamChoice>,
    hours: String,
    errors: Vec<String>,
    reports: Vec<ShownReport>,
}

#[derive(Debug)]
struct StreamChoice {
    name: String,
    text: String,
    is_chosen: bool,
}

/// What the form says.
#[derive(Clone, Debug, Default)]
struct Sent {
    is_english: bool,
    key: String,
    stream: String,
    hours: String,
}

impl Sent {
    fn of(pairs: impl Iterator<Item = (String, String)>) -> Self {
        let mut sent = Self { hours: HOURS.to_string(), ..Self::default() };
        for (name, value) in pairs {
            match name.as_str() {
                "lang" => sent.is_english = value == "en",
                "key" => value.trim().clone_into(&mut sent.key),
                "stream" => sent.stream = value,
                "hours" => value.trim().clone_into(&mut sent.hours),
                _ => {}
            }
        }
        sent
    }

    fn of_two<'a>(&self, (zh, en): (&'a str, &'a str)) -> &'a str {
        if self.is_english { en } else { zh }
    }
}

pub(super) async fn form(
    State(site): Site,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    // Whatever else stands in the address has no business there, a key least of all.
    let mut sent = Sent::of(pairs.iter().filter(|(name, _)| name == "lang").cloned());
    if pairs.iter().all(|(name, _)| name != "lang") {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        sent.is_english = wanted.is_some_and(|wanted| wanted.trim_start().starts_with("en"));
    }
    shown(&site, &sent, StatusCode::OK, Vec::new(), Vec::new())
}

pub(super) async fn sent(State(site): Site, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let sent = read(body).await;
    if !is_own_form(&parts.headers, &parts.extensions) {
        let told = sent.of_two(STRANGE).to_owned();
        return shown(&site, &sent, StatusCode::FORBIDDEN, vec![told], Vec::new());
    }
    let answered = match question(&site, &sent, &parts) {
        Ok(question) => checked(&site, question).await,
        Err(refusal) => Err(refusal),
    };
    match answered {
        Ok(FeedAnswer { report, answered }) => {
            let report = ShownReport::of(&report, &answered, sent.is_english);
            shown(&site, &sent, StatusCode::OK, Vec::new(), vec![report])
        }
        Err(refusal) => {
            let (status, told, again) = refusal.told();
            let told = if sent.is_english { told.into_owned() } else { in_chinese(&refusal).to_owned() };
            let mut response = shown(&site, &sent, status, vec![told], Vec::new());
            if let Some(again) = again {
                response.headers_mut().insert(header::RETRY_AFTER, again);
            }
            response
        }
    }
}

fn in_chinese(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Unknown(_) => "密钥不对：没填、抄漏、到期，或已吊销。",
        Refusal::NotYours(_) => "这把密钥不能用于这个业务流；没有密钥时，只能在本机用 localhost 或 127.0.0.1 访问。",
        Refusal::Parameter(_) => "请选业务流；最近几小时填 1 到 168。",
        Refusal::Looking(_) => "这把密钥的上一次查询还没完，请稍等再查。",
        Refusal::Away => "现在连不上 Kafka，请稍后再查。",
        _ => "现在查询的人多，请稍后再查。",
    }
}

async fn read(body: Body) -> Sent {
    let bytes = to_bytes(body, FORM_BYTES_MAX).await.unwrap_or_default();
    Sent::of(form_urlencoded::parse(&bytes).into_owned())
}

/// Browsers say where a form comes from; whoever says nothing of it is no browser. Where one knows that it comes from here, the names
/// are not compared: a proxy may call us by another.
fn is_own_form(headers: &HeaderMap, extensions: &Extensions) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "same-origin")
        || Arrival::of(headers, extensions, &[]).is_same_origin(headers)
}

/// Neither looked at nor sent.
pub(super) async fn neither() -> Response {
    let mut response = fresh(Refusal::OnlyGet);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

fn question(site: &InletSite, sent: &Sent, parts: &Parts) -> Result<CheckQuestion, Refusal> {
    let mut headers = HeaderMap::new();
    if !sent.key.is_empty() {
        let key = HeaderValue::from_str(&sent.key).map_err(|_| Refusal::Unknown("this is not written like a key"))?;
        headers.insert("x-api-key", key);
    }
    let feeder = feeder(site, &headers, parts.extensions.get::<Peer>().copied(), None)?;
    of_this_machine(&feeder, &parts.headers, &parts.extensions, &["none", "same-origin"])?;
    let named = (!sent.stream.is_empty()).then_some(sent.stream.as_str());
    CheckQuestion::of(Asker::of(site, feeder, named)?, Some(&sent.hours))
}

fn shown(
    site: &InletSite,
    sent: &Sent,
    status: StatusCode,
    errors: Vec<String>,
    reports: Vec<ShownReport>,
) -> Response {
    let choice = |stream: &std::sync::Arc<Stream>| StreamChoice {
        name: stream.name.to_string(),
        text: sent.of_two((&stream.title_zh, &stream.title_en)).to_owned(),
        is_chosen: stream.name == sent.stream,
    };
    let (lang, other, other_text) = if sent.is_english { ("en", "zh", "中文") } else { ("zh", "en", "English") };
    let page = OwnFeedPage {
        lang,
        other,
        other_text,
        title: sent.of_two(("统管 送数自查", "Tongguan: what became of what I send")),
        css: CSS.href(),
        has_keys: site.keys.is_some(),
        key_label: sent.of_two(("密钥", "Key")),
        stream_label: sent.of_two(("业务流", "Stream")),
        hours_label: sent.of_two(("最近几小时（1–168）", "Of the last hours (1 to 168)")),
        button: sent.of_two(("查询", "Ask")),
        streams: site.streams.iter().map(choice).collect(),
        hours: sent.hours.clone(),
        errors,
        reports,
    };
    match page.render() {
        Ok(html) => {
            let guards = [
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            ];
            fresh((status, guards, Html(html)))
        }
        Err(error) => {
            tracing::error!(%error, "the page of a feeder could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_page_is_told_from_ours() {
        let of = |all: &[(&'static str, &'static str)]| {
            let headers = all.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            is_own_form(&headers, &Extensions::new())
        };
        assert!(of(&[("host", "a:9602")]));
        assert!(of(&[("host", "a:9602"), ("origin", "http://a:9602"), ("sec-fetch-site", "same-origin")]));
        let renamed = [("host", "inner:9602"), ("origin", "https://a.example"), ("sec-fetch-site", "same-origin")];
        assert!(of(&renamed), "a proxy calls us by another name");
        assert!(!of(&[("host", "a:9602"), ("origin", "http://b:9602")]));
        assert!(!of(&[("host", "a:9602"), ("origin", "http://a:9602"), ("sec-fetch-site", "same-site")]));
        assert!(!of(&[("host", "a:9602"), ("origin", "null")]));
        assert!(!of(&[("host", "a:9602"), ("sec-fetch-site", "cross-site")]));
    }
}
