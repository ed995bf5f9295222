//! Every status of the document's table, for the report and for the tail.
#![allow(clippy::disallowed_methods, reason = "that an answer comes in time is what is asked for")]

use std::{fs, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use serde_json::json;
use sha2::Sha256;

use crate::{
    client::Ask,
    events::{SOURCE, event},
    inlet::{Feeders, LONG},
    keyed::{FEED, Keyed, TAIL, come_again, is_not_kept, look},
    records::now,
    service::wait_for,
};

const NOBODY: (&str, &str) = ("KAFKA__BROKERS", "127.0.0.1:1");
const BOTH: [&str; 2] = [FEED, TAIL];

#[test]
fn hours_that_cannot_be_are_a_400() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    for hours in ["0", "169", "-1", "1.5", "many", "", "99999999999999999999", "24h", "%00"] {
        let answer = look(&inlet, &format!("{FEED}&hours={hours}"), &key);
        let said = answer.problem(400);
        is_not_kept(&answer);
        assert!(said["detail"].as_str().unwrap().contains("hours"), "{hours}: {said}");
    }
    for hours in ["1", "168"] {
        look(&inlet, &format!("{FEED}&hours={hours}"), &key).is(200);
    }
}

#[test]
fn a_place_to_go_on_from_that_was_never_given_is_a_400() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    for after in ["zzz", "-1", "9%00", "%E5%BC%A0", &"x".repeat(2_000), "999999999999999999999999"] {
        let answer = look(&inlet, &format!("{TAIL}&after={after}"), &key);
        answer.problem(400);
        is_not_kept(&answer);
    }
}

#[test]
fn who_has_no_key_or_one_that_is_no_good_is_a_401() {
    let keyed = Keyed::new();
    let (key, gone) = (keyed.key("mine", &[SOURCE]), keyed.key("gone", &[SOURCE]));
    keyed.revoke("gone");
    let inlet = keyed.inlet(&[]);
    for path in BOTH {
        let asks = [
            Ask::new("GET", path),
            Ask::new("GET", path).key(""),
            Ask::new("GET", path).key("tgf_nobody"),
            Ask::new("GET", path).key(&gone),
            Ask::new("GET", path).key(&key[..31]),
            Ask::new("GET", path).header("authorization", &key),
            Ask::new("GET", &format!("{path}&key={key}")),
        ];
        for ask in asks {
            let answer = ask.to(&inlet);
            answer.problem(401);
            is_not_kept(&answer);
            let wanted = answer.header("www-authenticate");
            assert!(wanted.is_some_and(|value| value.starts_with("Bearer")), "{}", answer.text());
            assert!(!answer.text().contains(&key[4..]), "{}", answer.text());
        }
    }
}

#[test]
fn a_key_is_no_good_for_looking_from_when_it_is_revoked() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    keyed.key("other", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    look(&inlet, FEED, &key).is(200);
    keyed.revoke("mine");
    wait_for("the revocation to be seen", LONG, || look(&inlet, FEED, &key).status == 401);
}

#[test]
fn a_stream_for_which_the_key_may_not_speak_is_a_403_and_one_that_is_not_there_no_more() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    for path in ["/v1/feed?stream=grid", "/v1/feed/tail?stream=grid"] {
        let answer = look(&inlet, path, &key);
        answer.problem(403);
        is_not_kept(&answer);
    }
    for path in ["/v1/feed?stream=hotlin", "/v1/feed/tail?stream=nowhere", "/v1/feed?stream=", "/v1/feed?stream=%2e%2e"]
    {
        let answer = look(&inlet, path, &key);
        assert!([400, 403].contains(&answer.status), "{path}: {}", answer.text());
        answer.problem(answer.status);
    }
}

#[test]
fn an_entry_that_signs_cannot_look() {
    let keyed = Keyed::new();
    let secret = keyed.feeders.path("secret");
    fs::write(&secret, format!("whsec_{}\n", STANDARD.encode(b"a secret of thirty-two bytes ..."))).unwrap();
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let add =
        ["inlet", "key", "add", "--id", "push", "--source", SOURCE, "--stream", "hotline", "--secret-file", &secret];
    let ended = keyed.town().tongguan(&add, &[("INLET__KEYS_FILE", &keyed.file)]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let inlet = keyed.inlet(&[]);
    let time = now() / 1000;
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a secret of thirty-two bytes ...").unwrap();
    mac.update(format!("msg.{time}.").as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    for path in BOTH {
        let ask = Ask::new("GET", &format!("{path}&key=push")).header("webhook-id", "msg");
        let ask = ask.header("webhook-timestamp", &time.to_string()).header("webhook-signature", &signature);
        ask.to(&inlet).problem(403);
    }
}

#[test]
fn while_kafka_is_away_whoever_looks_is_told_when_to_come_again_and_nobody_waits_for_ever() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[NOBODY, ("INLET__ACK_TIMEOUT_S", "1")]);
    let begun = std::time::Instant::now();
    for path in BOTH {
        let answer = look(&inlet, path, &key);
        answer.problem(503);
        come_again(&answer);
        is_not_kept(&answer);
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!(inlet.get("/livez").status, 200);
    // Who may not look hears that all the same.
    Ask::new("GET", FEED).to(&inlet).problem(401);
}

#[test]
fn without_keys_kafka_away_is_a_503_too() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[NOBODY, ("INLET__ACK_TIMEOUT_S", "1")]);
    for path in BOTH {
        let answer = inlet.get(path);
        answer.problem(503);
        come_again(&answer);
    }
}

#[test]
fn looking_does_not_make_sending_another_thing() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    Ask::json(&event("L", 1)).key(&key).to(&inlet).is(202);
    look(&inlet, FEED, &key).is(200);
    Ask::json(&event("L", 1)).key(&key).to(&inlet).is(200);
    assert_eq!(Ask::json(&json!([event("L", 2)])).key(&key).to(&inlet).counts(), [1, 0, 0, 0, 0]);
    for path in BOTH {
        for method in ["POST", "PUT", "DELETE"] {
            Ask::new(method, path).key(&key).to(&inlet).problem(405);
        }
    }
}
