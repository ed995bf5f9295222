//! Whose a request is: by a key, by a certificate, or by its signature.

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::civil::Date;

use super::{
    keys::{FeederKey, FeederKeys, is_well_written},
    refusal::Refusal,
};
use crate::http::Peer;

/// Beside `authorization: Bearer`.
const API_KEY: &str = "x-api-key";

/// Who sends.
#[derive(Clone, Debug)]
pub(super) enum Feeder {
    /// Where there are no keys: whoever is at this machine.
    Anybody,
    Known(FeederKey),
    /// By this entry, if the body is signed so.
    Signing(FeederKey),
}

impl Feeder {
    /// `signing` is the entry that the address names.
    pub(super) fn of(
        keys: &FeederKeys,
        headers: &HeaderMap,
        peer: Option<Peer>,
        signing: Option<&str>,
        today: Date,
    ) -> Result<Self, Refusal> {
        let certificate = peer.and_then(|peer| peer.tls).and_then(|tls| tls.certificate);
        let found = match (signing, key(headers)?, certificate) {
            (Some(id), _, _) => {
                let key = keys.signing(id).ok_or(Refusal::Unknown("no entry that signs has this id"))?;
                Self::Signing(key.clone())
            }
            (None, Some(key), _) if !is_well_written(key) => {
                return Err(Refusal::Unknown("this is not written like a key (tgf_ and 28 letters); is one missing?"));
            }
            (None, Some(key), _) => Self::Known(
                keys.of_text(key).ok_or(Refusal::Unknown("this key is not known; was it revoked?"))?.clone(),
            ),
            (None, None, Some(certificate)) => {
                let key = keys.of_certificate(&certificate.fingerprint);
                Self::Known(key.ok_or(Refusal::Unknown("this certificate is nobody's here"))?.clone())
            }
            (None, None, None) => {
                return Err(Refusal::Unknown("send a key: authorization: Bearer tgf_…"));
            }
        };
        match found.entry() {
            Some(key) if key.has_ended(today) => Err(Refusal::Unknown("this key has ended; ask for a new one")),
            _ => Ok(found),
        }
    }

    pub(super) fn entry(&self) -> Option<&FeederKey> {
        match self {
            Self::Anybody => None,
            Self::Known(key) | Self::Signing(key) => Some(key),
        }
    }

    /// For what is kept by sender.
    pub(super) fn id(&self) -> &str {
        self.entry().map_or("", |key| key.id.as_str())
    }

    pub(super) fn speaks_for(&self, source: &str) -> bool {
        self.entry().is_none_or(|key| key.sources.iter().any(|own| own == source))
    }

    pub(super) fn sends_to(&self, stream: &str) -> bool {
        self.entry().is_none_or(|key| key.streams.iter().any(|own| own == stream))
    }
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let text = |name| match headers.get(name).map(HeaderValue::to_str) {
        None => Ok(None),
        Some(text) => {
            text.map(|text| Some(text.trim())).map_err(|_| Refusal::Unknown("this is not written like a key"))
        }
    };
    let Some(authorization) = text(header::AUTHORIZATION.as_str())? else { return text(API_KEY) };
    match authorization.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(key.trim())),
        _ => Err(Refusal::Unknown("authorization is Bearer and the key, nothing else")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::inlet::keys::{fresh_key, hash};

    fn keys(key: &str) -> FeederKeys {
        FeederKeys {
            keys: vec![FeederKey {
                id: "a".to_owned(),
                sha256: Some(hash(key)),
                certificate: None,
                secret_file: None,
                sources: vec!["s".to_owned()],
                streams: vec!["hotline".to_owned()],
                expires: Some(jiff::civil::date(2027, 1, 1)),
                per_minute: None,
            }],
        }
    }

    fn with(name: &'static str, value: &str) -> HeaderMap {
        [(name.parse().unwrap(), value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_key_comes_in_either_header_and_every_other_is_told_why_not() {
        let key = fresh_key().unwrap();
        let keys = keys(&key);
        let today = jiff::civil::date(2026, 12, 31);
        for headers in [with("authorization", &format!("Bearer {key}")), with("x-api-key", &key)] {
            let feeder = Feeder::of(&keys, &headers, None, None, today).unwrap();
            assert_eq!(feeder.id(), "a");
            assert!(feeder.speaks_for("s") && !feeder.speaks_for("t"));
            assert!(feeder.sends_to("hotline") && !feeder.sends_to("grid"));
        }
        let told = |headers: &HeaderMap, signing, today| match Feeder::of(&keys, headers, None, signing, today) {
            Err(Refusal::Unknown(why)) => why,
            other => panic!("{other:?}"),
        };
        let other = fresh_key().unwrap();
        for (headers, wanted) in [
            (HeaderMap::new(), "send a key"),
            (with("authorization", "Basic YTpi"), "authorization is Bearer"),
            (with("x-api-key", &key[..31]), "not written like a key"),
            (with("x-api-key", &other), "not known"),
        ] {
            assert!(told(&headers, None, today).contains(wanted), "{headers:?}");
        }
        assert!(told(&with("x-api-key", &key), None, jiff::civil::date(2027, 1, 1)).contains("has ended"));
        assert!(told(&HeaderMap::new(), Some("a"), today).contains("no entry that signs"));
    }
}
