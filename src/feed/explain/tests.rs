use super::*;
use crate::feed::contract::Data;

fn said(kind: FactKind, text: &str) -> (String, String) {
    let error = Data::parse(kind, text, |_| {}).expect_err(text);
    let Rejection { field, detail, .. } = data(kind, text, &error);
    (field, detail)
}

#[test]
fn words_that_are_allowed_are_named() {
    let (field, detail) = said(FactKind::Snapshot, r#"{"status":"已办结"}"#);
    assert_eq!(field, "/data/status");
    assert!(detail.starts_with("expected one of open, suspended, closed"), "{detail}");
    assert!(detail.ends_with("; closed?"), "{detail}");
}

#[test]
fn types_that_are_expected_are_named() {
    let accepted = |text| said(FactKind::Accepted, text);
    assert_eq!(accepted(r#"{"urgency":5}"#), ("/data/urgency".to_owned(), "expected a string".to_owned()));
    assert_eq!(accepted(r#"{"place":"x"}"#), ("/data/place".to_owned(), "expected an object".to_owned()));
    assert_eq!(accepted(r#"{"place":{"town":7}}"#), ("/data/place/town".to_owned(), "expected a string".to_owned()));
    assert_eq!(accepted(r#"{"media_count":"x"}"#).1, "expected a whole number");
}
