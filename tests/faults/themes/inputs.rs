//! Hostile messages: any bytes in key, header, payload, in any number and size. Each ends in ledger or quarantine, once, and its
//! neighbours pass.

use std::{sync::Arc, time::Duration};

use rdkafka::{
    ClientConfig,
    admin::{AdminClient, AdminOptions, AlterConfig, ResourceSpecifier},
    client::DefaultClientContext,
};
use tokio::time::sleep;

use crate::{
    known,
    local::local,
    produce::{self, Broker, Codec, Record},
    round::Round,
    sender::Sent,
    stream::{Expected, Message},
};

const TYPE: &str = "case.submitted.v1";
const TIME: &str = "2025-03-05T09:00:00+08:00";

/// A structured event; `more` stands among the attributes.
fn event(id: &str, case_id: &str, kind: &str, time: &str, more: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"urn:faults:inputs","type":"{kind}","subject":"{case_id}","time":"{time}",{more}"data":{data}}}"#
    )
}

fn texts(size: usize) -> Vec<(&'static str, String)> {
    let plain = |id: &str, data: &str| event(id, "in-1", "case.accepted.v1", TIME, "", data);
    let long = "a".repeat(size);
    let pairs: String = "vx_".repeat(size / 30);
    let deep = "[".repeat(20_000);
    vec![
        ("data_base64", event("b64", "in-1", TYPE, TIME, r#""data_base64":"e30=","#, "{}")),
        ("due_at in 9999", plain("due", r#"{"due_at":"9999-12-31T23:59:59+08:00"}"#)),
        ("a byte-order mark", format!("\u{feff}{}", plain("bom", "{}"))),
        ("UTC for Shanghai", event("utc", "in-1", TYPE, "2025-03-05T09:00:00Z", "", "{}")),
        ("an unknown type", event("kind", "in-1", "case.accept.v1", TIME, "", "{}")),
        ("a Chinese type", event("kind2", "in-1", "受理", TIME, "", "{}")),
        (
            "a snapshot with a word for a status",
            event("snap", "in-1", "case.snapshot.v1", TIME, "", r#"{"status":"已办结"}"#),
        ),
        ("a number for a text", plain("num", r#"{"title":7}"#)),
        ("an unknown field", plain("field", r#"{"dueAt":"2025-03-06T09:00:00+08:00"}"#)),
        ("one identity in two cases", event("twice", "in-2", TYPE, TIME, "", "{}")),
        ("one identity in two cases", event("twice", "in-3", TYPE, TIME, "", "{}")),
        ("a case id of control characters", event("ctrl", "\\u0001\\u0002", TYPE, TIME, "", "{}")),
        ("a case id of no width", event("zero", "\u{200b}", TYPE, TIME, "", "{}")),
        ("a case id with a space at its end", event("space", "in-1 ", TYPE, TIME, "", "{}")),
        ("a case id like a placeholder", event("brace", "{id:String}'\\\\", TYPE, TIME, "", "{}")),
        (
            "recordedtime of 2200",
            event("rec", "in-1", TYPE, TIME, r#""recordedtime":"2200-01-01T00:00:00+08:00","#, "{}"),
        ),
        ("a long title", plain("long", &format!(r#"{{"title":"{long}"}}"#))),
        ("vx_vx_vx_", plain("vx", &format!(r#"{{"description":"{pairs}"}}"#))),
        ("digits without end", plain("digits", &format!(r#"{{"description":"{}"}}"#, "1".repeat(size / 10)))),
        ("deep brackets", format!(r#"{{"specversion":"1.0","data":{deep}"#)),
        ("a number beyond all", plain("inf", r#"{"media_count":1e999}"#)),
        ("half a surrogate", plain("sur", r#"{"title":"\ud800"}"#)),
        ("NUL in a text", plain("nul", r#"{"title":"a\u0000b"}"#)),
        ("a key twice", plain("double", r#"{"title":"a","title":"b"}"#)),
        ("only spaces", " ".repeat(1_000)),
        ("an array", "[1,2,3]".to_owned()),
        ("a string", "\"text\"".to_owned()),
        ("braces without end", "{".repeat(size)),
    ]
}

pub async fn hostile(round: &mut Round<'_>, size: usize) {
    for (name, text) in texts(size) {
        send(round, name, Message::bare(0, "in", text)).await;
    }
    let good = || event("headers", "in-4", TYPE, TIME, "", "{}");
    for (name, message) in [
        ("no value at all", Message { payload: None, ..Message::bare(0, "in", "") }),
        ("an empty value", Message::bare(0, "in", "")),
        ("no key", Message { key: None, ..Message::bare(0, "in", good()) }),
        ("GBK in the value", Message::bare(0, "in", vec![0xce, 0xd2, 0xb5, 0xc4])),
        ("bytes in the key", Message { key: Some(vec![0xff; 300]), ..Message::bare(0, "in", good()) }),
        ("a large key", Message { key: Some(vec![b'k'; size]), ..Message::bare(0, "in", good()) }),
        ("a large key, and refused", Message { key: Some(vec![b'k'; size]), ..Message::bare(0, "in", "x") }),
        ("a large header", with_headers(good(), vec![("x".to_owned(), Some(vec![b'h'; size]))])),
        ("a large header, and refused", with_headers("x".into(), vec![("x".to_owned(), Some(vec![0xff; size]))])),
        ("a header without value", with_headers(good(), vec![("ce_type".to_owned(), None)])),
        ("binary with attributes behind thirty others", with_headers("{}".into(), binary(30))),
        ("binary", with_headers("{}".into(), binary(0))),
    ] {
        send(round, name, message).await;
    }
    let chatter: Vec<Message> = (0..3_000)
        .map(|number| {
            let data = format!(r#"{{"unit":"U{number}"}}"#);
            Message::bare(0, "in-5", event(&format!("d{number}"), "in-5", "case.dispatched.v1", TIME, "", &data))
        })
        .collect();
    chatter.into_iter().for_each(|message| round.sender.send(message));
    round.tally.fault("input: 3,000 dispatches of one case", "sent");
    names_in_gbk(round).await;
    packed(round, size).await;
    round.settle().await;
}

fn with_headers(payload: String, headers: Vec<(String, Option<Vec<u8>>)>) -> Message {
    Message { headers, ..Message::bare(0, "in", payload) }
}

fn binary(others: usize) -> Vec<(String, Option<Vec<u8>>)> {
    let text = |name: &str, value: &str| (name.to_owned(), Some(value.as_bytes().to_vec()));
    let mut all: Vec<_> = (0..others).map(|number| text(&format!("x-{number}"), "y")).collect();
    for (name, value) in [
        ("ce_specversion", "1.0"),
        ("ce_id", if others == 0 { "bin-0" } else { "bin-30" }),
        ("ce_source", "urn:faults:inputs"),
        ("ce_type", TYPE),
        ("ce_subject", "in-6"),
        ("ce_time", TIME),
        ("ce_sequence", "7"),
        ("ce_recordedtime", TIME),
    ] {
        all.push(text(name, value));
    }
    all
}

async fn send(round: &mut Round<'_>, name: &str, message: Message) {
    let name = format!("input: {name}");
    if let Some(why) = known::reason(&name) {
        return round.tally.leave_out(&name, why);
    }
    round.sender.send(message);
    round.tally.fault(&name, "sent");
    sleep(Duration::from_millis(30)).await;
    round.notice_ends();
}

/// A header whose name is no UTF-8, on a message that would be good and on one that would not.
async fn names_in_gbk(round: &mut Round<'_>) {
    let good = event("gbk", "in-7", TYPE, TIME, "", "{}");
    for (name, payload) in [
        ("a header's name in GBK", "{}"),
        ("a header's name in GBK, structured", good.as_str()),
        ("a header's name in GBK, and refused", "x"),
    ] {
        let name = format!("input: {name}");
        if let Some(why) = known::reason(&name) {
            round.tally.leave_out(&name, why);
            continue;
        }
        let headers = vec![(vec![0xc0, 0xb4, 0xd4, 0xb4], Some(b"x".to_vec()))];
        let record = Record { key: Some(b"in".to_vec()), headers, payload: Some(payload.as_bytes().to_vec()) };
        put(round, &[record], Codec::None, if payload == good { Expected::Either } else { Expected::Refused }).await;
        round.tally.fault(&name, "sent");
        sleep(Duration::from_millis(300)).await;
        round.notice_ends();
    }
}

/// Some kilobytes that unpack to many megabytes.
async fn packed(round: &mut Round<'_>, size: usize) {
    let record = Record { key: Some(b"in".to_vec()), headers: Vec::new(), payload: Some(vec![b' '; size]) };
    for codec in [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
        put(round, &vec![record.clone(); 24], codec, Expected::Refused).await;
        round.tally.fault(&format!("input: a batch by {codec:?} that unpacks to many times its size"), "sent");
    }
}

async fn put(round: &mut Round<'_>, records: &[Record], codec: Codec, expected: Expected) {
    let topic = round.topics[0].clone();
    let (batch, port, on) = (produce::batch(records, codec), round.servers.brokers[0].port, topic.clone());
    let first = tokio::task::spawn_blocking(move || Broker::at(local(port)).produce(&on, 0, &batch)).await.unwrap();
    for (offset, record) in (first..).zip(records) {
        let (key, payload) = (record.key.clone(), record.payload.clone());
        let message = Arc::new(Message { key, payload, expected, ..Message::default() });
        round.sender.record(Sent { topic: topic.clone(), partition: 0, offset, message });
    }
}

/// The brokers pack everything by another codec from here on.
pub async fn packed_by(round: &mut Round<'_>, codec: &str) {
    let name = format!("input: everything packed by {codec}");
    if let Some(why) = known::reason(&name) {
        return round.tally.leave_out(&name, why);
    }
    let config = ClientConfig::new().set("bootstrap.servers", round.servers.direct_brokers()).clone();
    let admin: AdminClient<DefaultClientContext> = config.create().unwrap();
    let wanted: Vec<AlterConfig<'_>> = round
        .topics
        .iter()
        .map(|topic| AlterConfig::new(ResourceSpecifier::Topic(topic)).set("compression.type", codec))
        .collect();
    for altered in admin.alter_configs(&wanted, &AdminOptions::new()).await.unwrap() {
        altered.expect("the codec is set");
    }
    sleep(Duration::from_millis(1_500)).await;
    round.tally.fault(&name, "sent");
    round.notice_ends();
    round.settle().await;
}
