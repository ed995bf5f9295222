//! An address: a path and its parameters, in order. Every state of a page is in it, and every link of a page is made from it, so that
//! what a link opens is the same question.

use axum::http::Uri;
use form_urlencoded::Serializer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// A field of a form that was left empty says nothing.
    pub(super) fn new(path: &str, pairs: Vec<(String, String)>) -> Self {
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        Self { path: path.to_owned(), pairs }
    }

    pub(super) fn of_uri(uri: &Uri) -> Self {
        let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Self::new(uri.path(), pairs.into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same question elsewhere.
    pub(super) fn at(&self, path: &str) -> Self {
        Self { path: path.to_owned(), pairs: self.pairs.clone() }
    }

    /// With this value and no other; empty: without it.
    pub(super) fn with(&self, name: &str, value: &str) -> Self {
        let mut new = self.without(&[name]);
        if !value.is_empty() {
            new.pairs.push((name.to_owned(), value.to_owned()));
        }
        new
    }

    /// With one more of a parameter that may stand several times.
    pub(super) fn and(&self, name: &str, value: &str) -> Self {
        let mut new = self.clone();
        new.pairs.push((name.to_owned(), value.to_owned()));
        new
    }

    /// Nothing but these.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        let stays = |(name, _): &&(String, String)| names.contains(&name.as_str());
        Self { path: self.path.clone(), pairs: self.pairs.iter().filter(stays).cloned().collect() }
    }

    pub(super) fn without(&self, names: &[&str]) -> Self {
        let stays = |(name, _): &&(String, String)| !names.contains(&name.as_str());
        Self { path: self.path.clone(), pairs: self.pairs.iter().filter(stays).cloned().collect() }
    }

    pub(super) fn href(&self) -> String {
        if self.pairs.is_empty() {
            return self.path.clone();
        }
        let query = Serializer::new(String::new()).extend_pairs(&self.pairs).finish();
        format!("{}?{query}", self.path)
    }
}

/// What may stand in a part of a path as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A part of a path, whatever is in it.
pub(super) fn segment(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

pub(super) fn of_case(stream: &str, case_id: &str) -> String {
    format!("/cases/{}/{}", segment(stream), segment(case_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_question_and_changes_one_thing() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let here = Address::new("/figures/K05a", vec![pair("month", "2021-06"), pair("lang", "en")]);
        assert_eq!(here.with("lang", "").href(), "/figures/K05a?month=2021-06");
        assert_eq!(here.with("month", "2021-05").href(), "/figures/K05a?lang=en&month=2021-05");
        let cases = here.at("/figures/K05a/cases").and("only", "unit=城管 1&2").and("only", "kind=投诉");
        assert_eq!(
            cases.href(),
            "/figures/K05a/cases?month=2021-06&lang=en&only=unit%3D%E5%9F%8E%E7%AE%A1+1%262&only=kind%3D%E6%8A%95%E8%AF%89"
        );
        assert_eq!(of_case("热线", "a/b?c#1"), "/cases/%E7%83%AD%E7%BA%BF/a%2Fb%3Fc%231");
        assert_eq!((cases.get("only"), cases.get("stream")), (Some("unit=城管 1&2"), None));
    }
}
