//! Messages that nobody should send, and what becomes of each.

use jiff::tz::TimeZone;

use super::*;
use crate::feed::privacy::Key;

const NOW: &str = "2021-04-01T00:00:00+08:00";

fn read_with(payload: &[u8], headers: Option<&[Header<'_>]>) -> Result<Decoded, Rejection> {
    let stream = Stream::usual("hotline", TimeZone::get("Asia/Shanghai").unwrap());
    let mut door = Door::new(Key::from_bytes(None, b"a key for tests, 32 bytes long ok").unwrap());
    let limits =
        TimeLimits { earliest: Millis::parse("1990-01-01T00:00:00+08:00").unwrap(), future_max_ms: 86_400_000 };
    let arrived_at = Millis::parse(NOW).unwrap();
    decode(
        &Message { partition: 0, offset: 0, payload: Some(payload), headers, arrived_at },
        &stream,
        &mut door,
        &limits,
    )
}

fn read(payload: &str) -> Result<Decoded, Rejection> {
    read_with(payload.as_bytes(), Some(&[]))
}

/// Reason and field.
fn refused(payload: &str) -> (&'static str, String) {
    let why = read(payload).expect_err(payload);
    (why.reason.name(), why.field)
}

/// A structured event, with `more` among its attributes.
fn structured(more: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"1","source":"s","type":"case.accepted.v1","subject":"c-1","time":"2021-03-05T09:00:00+08:00"{more},"data":{data}}}"#
    )
}

fn bare(case_id: &str) -> String {
    format!(r#"{{"type":"case.signed.v1","case_id":"{case_id}","occurred_at":"2021-03-05T09:00:00+08:00"}}"#)
}

#[test]
fn what_begins_with_its_version_is_a_cloud_event_and_nothing_else_is_by_its_looks() {
    for body in
        [r#"{"specversion":"1.0"}"#, " \n{ \t\"specversion\" : \"1.0\", \"id\": \"1\"}", "\u{FEFF}{\"specversion\":"]
    {
        assert!(is_structured(body.as_bytes()), "{body}");
    }
    for body in ["", "{", r#"{"note":"\"specversion\""}"#, r#"{"data":{"specversion":"1.0"}}"#, r#"["specversion"]"#] {
        assert!(!is_structured(body.as_bytes()), "{body}");
    }
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    assert!(read(&format!("\u{FEFF}{}", structured("", "{}"))).is_ok());
    assert!(read(&format!("\u{FEFF}{}", bare("c-1"))).is_ok());
    assert_eq!(refused("\u{FEFF}").0, "not_json");
}

#[test]
fn data_may_be_packed() {
    let packed = STANDARD.encode(r#"{"unit":"u-7"}"#);
    let event = |more: &str| {
        format!(
            r#"{{"specversion":"1.0","id":"1","source":"s","type":"case.dispatched.v1","subject":"c-1","time":"2021-03-05T09:00:00+08:00"{more}}}"#
        )
    };
    let read_event = read(&event(&format!(r#","data_base64":"{packed}""#))).unwrap().event;
    assert!(matches!(read_event.fact, crate::domain::fact::Fact::Dispatched(one) if one.unit == "u-7"));
    let refused = |more: &str| refused(&event(more));
    let at = |field: &str| field.to_owned();
    assert_eq!(refused(r#","data_base64":"e30=","data":{"unit":"u"}"#), ("invalid_field", at("/data_base64")));
    assert_eq!(refused(r#","data_base64":"%%%""#), ("invalid_field", at("/data_base64")));
    assert_eq!(refused(r#","data_base64":7"#), ("invalid_field", at("/data_base64")));
    assert_eq!(refused(r#","data_base64":"//79""#), ("not_utf8", at("/data_base64")));
    assert_eq!(refused(r#","data_base64":"W10=""#), ("invalid_field", at("/data")));
    assert_eq!(refused(r#","data_base64":"e30=""#), ("missing_field", at("/data/unit")));
}

#[test]
fn times_beyond_all_years_are_impossible_where_they_stand() {
    for due in ["9999-12-31T23:59:59+08:00", "9999-12-31T00:00:00Z", "2200-01-01T08:00:00+08:00"] {
        let refused = refused(&structured("", &format!(r#"{{"due_at":"{due}"}}"#)));
        assert_eq!(refused, ("impossible_time", "/data/due_at".to_owned()), "{due}");
    }
    assert_eq!(
        refused(&structured("", r#"{"due_at":"2021-13-01T00:00:00Z"}"#)),
        ("invalid_field", "/data/due_at".to_owned())
    );
}

#[test]
fn when_it_was_recorded_is_held_to_what_holds_for_when_it_happened() {
    for recorded in ["2200-01-01T00:00:00+08:00", "1980-01-01T00:00:00+08:00", "2021-04-03T00:00:00+08:00"] {
        let refused = refused(&structured(&format!(r#","recordedtime":"{recorded}""#), "{}"));
        assert_eq!(refused, ("impossible_time", "/recordedtime".to_owned()), "{recorded}");
    }
    let flat = bare("c-1").replace('}', r#","recorded_at":"2200-01-01T00:00:00Z"}"#);
    assert_eq!(refused(&flat), ("impossible_time", "/recorded_at".to_owned()));
    let late = bare("c-1").replace("2021-03-05", "2031-03-05");
    assert_eq!(refused(&late), ("impossible_time", "/occurred_at".to_owned()));
}

#[test]
fn what_looks_like_another_case_or_like_none_is_no_case() {
    for case_id in ["", " ", "\\u0001\\u0002", "\u{200B}", "\u{200B}\u{FEFF}", "\u{3000}", "\u{2060} "] {
        assert_eq!(refused(&bare(case_id)), ("missing_field", "/case_id".to_owned()), "{case_id:?}");
    }
    for case_id in
        ["c-1 ", " c-1", "c\u{200B}-1", "c-1\\t", "c-1\u{3000}", "c-1\\u0000", "c\u{202E}1", &"案".repeat(43)]
    {
        assert_eq!(refused(&bare(case_id)), ("invalid_field", "/case_id".to_owned()), "{case_id:?}");
    }
    for case_id in ["c-1", "2021 03 05 号", "沪〔2021〕001号", "{id:String}'"] {
        assert!(read(&bare(case_id)).is_ok(), "{case_id:?}");
    }
    let link = |parent: &str| {
        bare("c-1").replace("signed", "duplicate_linked").replace('}', &format!(r#","data":{{"parent":"{parent}"}}}}"#))
    };
    assert_eq!(refused(&link("c-2 ")), ("invalid_field", "/data/parent".to_owned()));
    assert!(read(&link("c-2")).is_ok());
}

#[test]
fn an_event_may_be_ahead_of_its_arrival_and_is_known_by_it() {
    let at = |time: &str| read(&bare("c-1").replace("2021-03-05T09:00:00+08:00", time)).unwrap().event.is_ahead();
    assert!(at("2021-04-01T08:00:00+08:00") && at("2021-04-01T00:00:00Z"));
    assert!(!at(NOW) && !at("2021-04-01T00:00:59+08:00"));
}

fn header<'a>(name: &'a [u8], value: &'a str) -> Header<'a> {
    Header { name, value: Some(value.as_bytes()) }
}

const GBK: &[u8] = &[0xC0, 0xB4, 0xD4, 0xB4];

#[test]
fn a_headers_name_may_be_any_bytes() {
    let strange = [header(GBK, "x")];
    let why = read_with(bare("c-1").as_bytes(), Some(&strange)).unwrap_err();
    assert_eq!((why.reason, why.field.as_str()), (RejectReason::NotUtf8, "headers"));
    assert!(read_with(structured("", "{}").as_bytes(), Some(&strange)).is_ok(), "its headers say nothing");
    let why = read_with(b"\xFF", Some(&strange)).unwrap_err();
    assert_eq!((why.reason, why.field.as_str()), (RejectReason::NotUtf8, ""), "the body comes first");
    let why = read_with(bare("c-1").as_bytes(), None).unwrap_err();
    assert_eq!((why.reason, why.field.as_str()), (RejectReason::InvalidField, "headers"));
}

#[test]
fn headers_are_read_to_the_last() {
    let others: Vec<String> = (0..5_000).map(|number| format!("x-{number}")).collect();
    let mut headers: Vec<Header<'_>> = others.iter().map(|name| header(name.as_bytes(), "y")).collect();
    let own = [
        ("ce_specversion", "1.0"),
        ("ce_id", "1"),
        ("ce_source", "s"),
        ("ce_type", "case.signed.v1"),
        ("ce_subject", "c-1"),
        ("ce_time", "2021-03-05T09:00:00+08:00"),
        ("ce_sequence", "7"),
        ("ce_recordedtime", "2021-03-05T09:01:00+08:00"),
    ];
    headers.extend(own.iter().map(|(name, value)| header(name.as_bytes(), value)));
    headers.push(Header { name: b"", value: None });
    let event = read_with(b"{}", Some(&headers)).unwrap().event;
    assert_eq!((event.seq, event.recorded_at.is_some()), (7, true));
    let nothing = headers.iter_mut().find(|header| header.name == b"ce_type").unwrap();
    nothing.value = None;
    let why = read_with(b"{}", Some(&headers)).unwrap_err();
    assert_eq!((why.reason, why.field.as_str()), (RejectReason::MissingField, "ce_type"));
}

#[test]
fn what_is_large_or_deep_is_refused_or_taken_and_nothing_worse() {
    let deep = "[".repeat(200_000);
    let fields: String = (0..200_000).map(|number| format!(r#""f{number}":0,"#)).collect();
    let digits = "9".repeat(500_000);
    for (payload, reason) in [
        (deep.clone(), "not_an_object"),
        ("{".repeat(200_000), "not_json"),
        (structured(&format!(r#","x":{deep}{}"#, "]".repeat(200_000)), "{}"), ""),
        (structured("", &format!(r#"{{"x":{deep}{}}}"#, "]".repeat(200_000))), ""),
        (structured("", &format!(r#"{{{fields}"title":7}}"#)), "invalid_field"),
        (structured("", &format!(r#"{{{fields}"title":"t"}}"#)), ""),
        (structured("", &format!(r#"{{"media_count":{digits}}}"#)), "not_json"),
        (structured("", r#"{"media_count":1e999}"#), "not_json"),
        (structured("", &format!(r#"{{"x":{digits}}}"#)), ""),
        (structured("", r#"{"title":"\ud800"}"#), "not_json"),
        (bare("c-1").replace('}', &format!(",{fields}\"z\":0}}")), ""),
    ] {
        let told = read(&payload).err().map_or("", |why| why.reason.name());
        let wanted = if reason == "not_an_object" { ["not_an_object", "not_json"] } else { [reason, reason] };
        assert!(wanted.contains(&told), "{}…: {told}", &payload[..60]);
    }
}
