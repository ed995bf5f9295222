//! Requests that are signed, as Standard Webhooks has it: of platforms that push and cannot send a key, and our own pushes.

use axum::http::HeaderMap;
use data_encoding::BASE64;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::refusal::Refusal;
use crate::domain::time::Millis;

/// How far the sender's clock may be from ours.
const APART_MAX_MS: i64 = 5 * 60 * 1000;
const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";
/// Secrets are often handed over so.
const SECRET_PREFIX: &str = "whsec_";

pub(super) fn check(headers: &HeaderMap, body: &[u8], secret: &str, now: Millis) -> Result<(), Refusal> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty());
    let (Some(id), Some(timestamp), Some(signatures)) = (header(ID), header(TIMESTAMP), header(SIGNATURE)) else {
        return Err(Refusal::Unknown("a signed request has webhook-id, webhook-timestamp and webhook-signature"));
    };
    let sent = timestamp.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1000));
    if sent.is_none_or(|sent| sent.abs_diff(now.0) > APART_MAX_MS as u64) {
        return Err(Refusal::Unknown(
            "webhook-timestamp is not within five minutes of now; is the sender's clock right?",
        ));
    }
    let mac = mac(secret, id, timestamp, body);
    // Several, while a secret is changed.
    let is_ours = |signature: &str| {
        let given = signature.strip_prefix("v1,").and_then(|text| BASE64.decode(text.as_bytes()).ok());
        given.is_some_and(|given| mac.clone().verify_slice(&given).is_ok())
    };
    match signatures.split(' ').any(is_ours) {
        true => Ok(()),
        false => Err(Refusal::Unknown("webhook-signature is not that of this request; is the secret the same?")),
    }
}

/// The headers of a request of ours, by name.
pub(in crate::http) fn signed(secret: &str, id: &str, now: Millis, body: &[u8]) -> [(&'static str, String); 3] {
    let timestamp = now.0.div_euclid(1000).to_string();
    let signature = BASE64.encode(&mac(secret, id, &timestamp, body).finalize().into_bytes());
    [(ID, id.to_owned()), (TIMESTAMP, timestamp), (SIGNATURE, format!("v1,{signature}"))]
}

fn mac(secret: &str, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(&key(secret));
    let mac = mac.unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"));
    mac.chain_update(id).chain_update(".").chain_update(timestamp).chain_update(".").chain_update(body)
}

/// What stands behind the usual prefix is base64; without it the text itself is the key.
fn key(secret: &str) -> Vec<u8> {
    let secret = secret.trim();
    let packed = secret.strip_prefix(SECRET_PREFIX).and_then(|text| BASE64.decode(text.as_bytes()).ok());
    packed.unwrap_or_else(|| secret.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the Standard Webhooks specification.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn headers(timestamp: &str, signature: &str) -> HeaderMap {
        [(ID, "msg_p5jXN8AQM9LWM0D4loKWxJek"), (TIMESTAMP, timestamp), (SIGNATURE, signature)]
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_example_of_the_specification_is_taken_and_nothing_else() {
        let at = Millis(1_614_265_330_000);
        let is_ok = |headers: &HeaderMap, body: &[u8], now| check(headers, body, SECRET, now).is_ok();
        let good = headers("1614265330", SIGNED);
        assert!(is_ok(&good, BODY, at));
        assert!(is_ok(&headers("1614265330", &format!("v1,AAAA {SIGNED}")), BODY, at), "one of several");
        assert!(!is_ok(&good, br#"{"test": 2432232315}"#, at));
        assert!(!is_ok(&headers("1614265331", SIGNED), BODY, at));
        assert!(!is_ok(&headers("1614265330", &SIGNED.replace("v1", "v2")), BODY, at));
        assert!(!is_ok(&good, BODY, Millis(at.0 + 300_001)) && !is_ok(&good, BODY, Millis(at.0 - 300_001)));
        for bad in ["", "soon", "9223372036854775807", "-9223372036854775808"] {
            assert!(!is_ok(&headers(bad, SIGNED), BODY, at), "{bad}");
        }
        assert!(!is_ok(&HeaderMap::new(), BODY, at));
        assert!(check(&good, BODY, "another", at).is_err());
    }

    #[test]
    fn what_we_sign_is_the_example_of_the_specification() {
        let ours = signed(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", Millis(1_614_265_330_999), BODY);
        assert_eq!(ours[1..], [(TIMESTAMP, "1614265330".to_owned()), (SIGNATURE, SIGNED.to_owned())]);
    }
}
