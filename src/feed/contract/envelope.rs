//! The three wrappings of an event: CloudEvents structured, CloudEvents binary, and bare JSON.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use smol_str::SmolStr;

use super::{Data, WireTime};

/// The longest case id, in bytes.
pub(crate) const CASE_ID_MAX: usize = 128;

/// Why a text cannot be the number of a case. What looks like another case's number to everybody who reads it would be a case of
/// its own.
pub(crate) fn case_id_fault(text: &str) -> Option<String> {
    if text.len() > CASE_ID_MAX {
        return Some(format!("longer than {CASE_ID_MAX} bytes"));
    }
    if text.trim() != text {
        return Some("begins or ends with a space".to_owned());
    }
    text.chars().any(is_unseen).then(|| "holds a character that nobody sees".to_owned())
}

/// Control characters, and those without a width.
pub(crate) fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

pub(crate) const STRUCTURED_CONTENT_TYPE: &str = "application/cloudevents+json; charset=UTF-8";

/// Everything that the JSON of a structured or bare message may have at the top. Absent text is empty:
/// an empty id, source or type is no better than none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Top<'a> {
    #[serde(borrow)]
    pub(crate) specversion: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) source: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    pub(crate) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(crate) subject: Cow<'a, str>,
    pub(crate) time: Option<WireTime>,
    pub(crate) recordedtime: Option<WireTime>,
    #[serde(borrow)]
    pub(crate) sequence: Cow<'a, str>,
    // The same in the words of a bare message.
    #[serde(borrow)]
    pub(crate) case_id: Cow<'a, str>,
    pub(crate) occurred_at: Option<WireTime>,
    pub(crate) recorded_at: Option<WireTime>,
    pub(crate) seq: Option<u64>,
    #[serde(borrow)]
    pub(crate) data: Option<&'a RawValue>,
    /// The same as bytes, as CloudEvents allows.
    #[serde(borrow)]
    pub(crate) data_base64: Option<Cow<'a, str>>,
}

impl Top<'_> {
    /// What a bare message may have at the top besides the fields of its data.
    pub(crate) const BARE_FIELDS: [&'static str; 7] =
        ["id", "source", "type", "case_id", "occurred_at", "recorded_at", "seq"];
}

/// A structured CloudEvent, for writing and for the schema.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "CloudEvents 1.0, structured")]
pub struct Structured<'a> {
    /// CloudEvents 的版本 Of CloudEvents: `1.0`
    pub specversion: &'a str,
    /// 事件编号 Unique within `source`; the same again is the same event.
    #[schemars(length(min = 1, max = 256))]
    pub id: &'a str,
    /// 来源系统 The system that says so.
    #[schemars(length(min = 1, max = 256))]
    pub source: &'a str,
    /// 事件类型 `case.<name>.v1`, with or without a reverse-DNS prefix.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// 案件编号 The case; also the Kafka key.
    #[schemars(length(min = 1, max = 128))]
    pub subject: &'a str,
    /// 发生时间 When it happened.
    pub time: WireTime,
    /// 记录时间 When the source system wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recordedtime: Option<WireTime>,
    /// 序号 The source's own count within the case, in digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<SmolStr>,
    /// `data` 的类型 The type of `data`: `application/json`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<&'a str>,
    /// 该类型的字段 The fields of its type
    #[schemars(with = "serde_json::Value")]
    pub data: &'a Data,
}

/// A bare message: the envelope's fields under our own names, the data under `data` or beside them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Bare JSON")]
pub struct Bare<'a> {
    /// 事件类型 `case.<name>.v1`
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// 案件编号 The case; also the Kafka key.
    #[schemars(length(min = 1, max = 128))]
    pub case_id: &'a str,
    /// 发生时间 When it happened.
    pub occurred_at: WireTime,
    /// 记录时间 When the source system wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<WireTime>,
    /// 事件编号 Absent: made from source, case, type, time and data.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub id: Option<&'a str>,
    /// 来源系统 Absent: the stream's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub source: Option<&'a str>,
    /// 序号 The source's own count within the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// 该类型的字段，也可直接写在外层 The fields of its type; they may also stand beside the envelope's
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub data: Option<&'a Data>,
}
