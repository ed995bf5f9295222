//! The keys whose values may be shown, and how a value is shown.

use super::{Content, masked, shortened, words};
use crate::feed::privacy::{fold::fold, scrub};

const MOST_CHARS: usize = 120;
/// A word of a vocabulary is short; what is longer is prose.
const LONGEST_WORD: usize = 20;

pub(super) fn content(key: &str) -> Content {
    match key {
        "specversion" | "id" | "type" | "source" | "subject" | "time" | "datacontenttype" | "dataschema" => {
            Content::Code
        }
        "case_id" | "event_id" | "event_type" | "seq" | "external_no" | "repeat_of" | "traceparent" => Content::Code,
        "cell" | "duty_grid" | "limit" | "approved" | "passed" | "contacted" => Content::Code,
        "stream" | "kind" | "channel" | "area" | "town" | "community" | "unit" | "role" => Content::Word,
        "status" | "result" | "urgency" => Content::Word,
        "data" | "case" | "event" | "events" | "intake" | "attributes" | "payload" | "records" | "due" => {
            Content::Inner
        }
        _ if key.ends_with("_at") || key.ends_with("_code") => Content::Code,
        _ if key.starts_with("category") => Content::Word,
        _ => words::content(key).unwrap_or(Content::Hidden),
    }
}

/// A word of the field, or a plain identifier that may be nobody's number.
pub(super) fn is_plain_key(key: &str) -> bool {
    words::content(key).is_some() || is_identifier(key)
}

fn is_identifier(key: &str) -> bool {
    (1..=64).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        && digits_in(key) < 7
}

/// A text as its key allows. Scrubbed in every case: feeders put phone numbers into ids.
pub(super) fn text(text: &str, content: Content) -> String {
    let plain: String = text.chars().filter(|letter| fold(*letter).is_some()).map(visible).collect();
    let clean = scrub(&plain).text.into_owned();
    let clean = match content {
        Content::Word if clean.chars().filter(|letter| !letter.is_ascii()).count() <= LONGEST_WORD => clean,
        _ => without_words(&clean),
    };
    // JSON's own escapes: a quote inside a value must not look like the end of it.
    serde_json::Value::from(shortened(&clean, MOST_CHARS)).to_string()
}

/// A number as its key allows. Seven digits may be a phone number.
pub(super) fn number(word: &str, content: Content) -> String {
    let is_code = matches!(content, Content::Code | Content::Word) && word.bytes().all(|byte| byte.is_ascii_digit());
    if digits_in(word) < 7 || (is_code && scrub(word).counts.total() == 0) {
        return word.into();
    }
    masked(word.chars().count())
}

pub(super) fn is_number(word: &str) -> bool {
    word.len() <= 64 && serde_json::from_str::<serde_json::Number>(word).is_ok()
}

fn visible(letter: char) -> char {
    if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') { ' ' } else { letter }
}

fn without_words(text: &str) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| !letter.is_ascii()) {
        let (ascii, words) = rest.split_at(start);
        let end = words.find(|letter: char| letter.is_ascii()).unwrap_or(words.len());
        told.push_str(ascii);
        told.push_str(&masked(words[..end].chars().count()));
        rest = &words[end..];
    }
    told + rest
}

fn digits_in(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}
