//! In which form an answer is wanted: `?format=csv`, or what the header `Accept` likes best.

use axum::http::{HeaderMap, header};

use super::{Said, problem::Refusal};
use crate::ask::unclear::no_such;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApiForm {
    Json,
    Csv,
    /// An object a line.
    Lines,
    Arrow,
}

/// Of a table.
pub(super) const TABLE: &[ApiForm] = &[ApiForm::Json, ApiForm::Csv, ApiForm::Lines, ApiForm::Arrow];
/// Of what is no table.
pub(super) const OBJECT: &[ApiForm] = &[ApiForm::Json];

impl ApiForm {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Json, "json", "application/json"),
        (Self::Csv, "csv", "text/csv; charset=utf-8"),
        (Self::Lines, "jsonl", "application/jsonl"),
        (Self::Arrow, "arrow", "application/vnd.apache.arrow.stream"),
    ];

    pub(super) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub(super) fn mime(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// `text/csv`, without its parameters.
    pub(super) fn media(self) -> &'static str {
        self.mime().split(';').next().unwrap_or_default()
    }

    pub(super) fn of(said: &Said, offered: &[Self]) -> Result<Self, Refusal> {
        let Some(name) = said.get("format") else { return accepted(&said.headers, offered) };
        let names: Vec<&str> = offered.iter().map(|form| form.name()).collect();
        let found = offered.iter().find(|form| form.name() == name);
        found.copied().ok_or_else(|| Refusal::of("format", no_such(("格式", "format"), name, &names)))
    }

    fn is(self, media: &str) -> bool {
        let also = self == Self::Lines && ["application/x-ndjson", "application/jsonlines"].contains(&media);
        let (kind, any) = media.split_once('/').unwrap_or((media, ""));
        media == self.media() || also || media == "*/*" || (any == "*" && self.media().starts_with(&format!("{kind}/")))
    }
}

fn accepted(headers: &HeaderMap, offered: &[ApiForm]) -> Result<ApiForm, Refusal> {
    let mut wanted: Vec<(f32, String)> = Vec::new();
    for text in headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()) {
        for one in text.split(',') {
            let mut parts = one.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
            if weight > 0.0 && !media.is_empty() {
                wanted.push((weight, media));
            }
        }
    }
    let Some(usual) = offered.first().copied() else { return Ok(ApiForm::Json) };
    if wanted.is_empty() {
        return Ok(usual);
    }
    // Stable: of two that are liked equally, the first named.
    wanted.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let found = wanted.iter().find_map(|(_, media)| offered.iter().find(|form| form.is(media)));
    found.copied().ok_or_else(|| {
        let media: Vec<&str> = offered.iter().map(|form| form.media()).collect();
        Refusal::NotAcceptable(format!("the answer can be {}", media.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_form_that_is_liked_best_and_offered_is_taken() {
        let of = |accept: &str| {
            let mut headers = HeaderMap::new();
            if !accept.is_empty() {
                headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
            }
            accepted(&headers, TABLE).ok()
        };
        for (accept, form) in [
            ("", Some(ApiForm::Json)),
            ("*/*", Some(ApiForm::Json)),
            ("text/csv", Some(ApiForm::Csv)),
            ("text/*", Some(ApiForm::Csv)),
            ("text/html, application/json;q=0.5, text/csv;q=0.9", Some(ApiForm::Csv)),
            ("application/vnd.apache.arrow.stream", Some(ApiForm::Arrow)),
            ("application/x-ndjson", Some(ApiForm::Lines)),
            ("image/png", None),
            ("application/json;q=0", Some(ApiForm::Json)),
        ] {
            assert_eq!(of(accept), form, "{accept}");
        }
    }
}
