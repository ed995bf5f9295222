//! Pushes that are signed instead of bearing a key, as by Standard Webhooks; and the handshake of CloudEvents.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::{
    client::{Ask, EVENTS},
    events::{SOURCE, changed, event},
    inlet::{Feeders, Inlet},
    keys::{refused, said},
    wrappings::{JSON, NDJSON},
};

const SECRET: &[u8] = b"a secret of thirty-two bytes ...";
const PATH: &str = "/v1/events?stream=hotline&key=push";

/// The inlet goes first: one that is left would make the topics again.
struct Signer {
    inlet: Inlet,
    feeders: Feeders,
}

impl Signer {
    fn new() -> Self {
        let feeders = Feeders::new();
        let (file, secret) = (feeders.path("keys.toml"), feeders.path("secret"));
        fs::write(&secret, format!("whsec_{}\n", STANDARD.encode(SECRET))).unwrap();
        private(&secret);
        let added = ["add", "--id", "push", "--source", SOURCE, "--stream", "hotline", "--secret-file", &secret];
        assert!(!said(&feeders, &file, &added).contains("tgf_"), "instead of a key");
        let inlet = feeders.inlet(&[("INLET__KEYS_FILE", &file)]);
        Self { inlet, feeders }
    }
}

pub fn private(file: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

fn now() -> i64 {
    tongguan::pipeline::clock::now().0 / 1000
}

fn signature(secret: &[u8], id: &str, time: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{time}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

fn push(event: &Value, id: &str, time: i64, signature: &str) -> Ask {
    let ask = Ask::json(event).path(PATH).header("webhook-id", id);
    ask.header("webhook-timestamp", &time.to_string()).header("webhook-signature", signature)
}

fn good(event: &Value, id: &str, time: i64) -> Ask {
    push(event, id, time, &signature(SECRET, id, time, event.to_string().as_bytes()))
}

#[test]
fn a_signed_push_is_taken_and_says_who_it_is_by_the_entrys_id() {
    let signer = Signer::new();
    good(&event("P", 1), "msg_1", now()).to(&signer.inlet).is(202);
    good(&event("P", 1), "msg_2", now() - 200).to(&signer.inlet).is(200);
    good(&event("P", 2), "msg_3", now() + 200).to(&signer.inlet).is(202);
    // One of several signatures is enough: secrets are changed that way.
    let body = event("P", 3);
    let time = now();
    let right = signature(SECRET, "msg_4", time, body.to_string().as_bytes());
    push(&body, "msg_4", time, &format!("v1,AAAA v1a,BBBB {right}")).to(&signer.inlet).is(202);
    let lines = format!("{}\n{}\n", event("P", 4), event("P", 5));
    let many = Ask::post(NDJSON, lines.clone()).path(PATH).header("webhook-id", "msg_5");
    let many = many.header("webhook-timestamp", &time.to_string());
    let many = many.header("webhook-signature", &signature(SECRET, "msg_5", time, lines.as_bytes()));
    assert_eq!(many.to(&signer.inlet).counts(), [2, 0, 0, 0, 0]);
    assert_eq!(signer.feeders.stood("hotline").len(), 5);
}

#[test]
fn a_push_whose_signature_does_not_fit_or_is_too_old_is_refused() {
    let signer = Signer::new();
    let (one, time) = (event("P", 1), now());
    let body = one.to_string();
    let right = signature(SECRET, "msg", time, body.as_bytes());
    let other = changed(one.clone(), |event| event["data"]["level"] = "city".into());
    for ask in [
        push(&other, "msg", time, &right),
        push(&one, "other", time, &right),
        push(&one, "msg", time + 1, &right),
        push(&one, "msg", time, &signature(b"another secret", "msg", time, body.as_bytes())),
        push(&one, "msg", time, &right[3..]),
        push(&one, "msg", time, &right.replace("v1,", "v2,")),
        push(&one, "msg", time, ""),
        push(&one, "msg", time, "v1,"),
        good(&one, "msg", time - 400),
        good(&one, "msg", time + 400),
        good(&one, "msg", 0),
        good(&one, "msg", i64::MAX),
        good(&one, "msg", time).path(&PATH.replace("push", "nobody")),
        good(&one, "msg", time).path(EVENTS),
        Ask::json(&one).path(PATH),
        Ask::post(JSON, body.clone()).path(PATH).header("webhook-signature", &right),
    ] {
        refused(&ask.to(&signer.inlet));
    }
    assert!(signer.feeders.stood("hotline").is_empty());
}

#[test]
fn an_entry_that_signs_speaks_for_its_streams_and_sources_only() {
    let signer = Signer::new();
    let foreign = changed(event("P", 1), |event| event["source"] = "grid.example".into());
    good(&foreign, "msg_1", now()).to(&signer.inlet).problem(403);
    let grid = PATH.replace("hotline", "grid");
    good(&event("P", 1), "msg_2", now()).path(&grid).to(&signer.inlet).problem(403);
    assert!(signer.feeders.stood("hotline").is_empty());
}

#[test]
fn options_answers_the_handshake_of_web_hooks() {
    let signer = Signer::new();
    let ask = Ask::new("OPTIONS", "/v1/events").header("WebHook-Request-Origin", "push.example");
    for ask in [ask.clone(), ask.header("WebHook-Request-Rate", "120")] {
        let answer = ask.to(&signer.inlet);
        assert!([200, 204].contains(&answer.status), "{}", answer.text());
        let origin = answer.header("webhook-allowed-origin").expect("whether it may");
        assert!(["push.example", "*"].contains(&origin.as_str()), "{origin}");
        assert!(answer.header("webhook-allowed-rate").is_some(), "{}", answer.text());
    }
}
