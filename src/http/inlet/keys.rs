//! Who may send: the keys file, as it stands in it, and the text of a key.

use std::{collections::HashSet, path::PathBuf};

use flate2::Crc;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    http::{
        auth::{NoRandomness, certificate_named, is_name, random},
        kept_file::{KeptFile, KeptText, TextFault, toml_text},
    },
    metrics,
};

/// So that a scanner for secrets knows one.
pub const PREFIX: &str = "tgf_";
/// 131 bits.
const RANDOM: usize = 22;
const CHECK: usize = 6;
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Each entry has one way of being known: a key, a certificate, or a secret that requests are signed with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FeederKey {
    pub id: String,
    /// SHA-256 of the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// SHA-256 of a client certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Holds what requests are signed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,
    pub sources: Vec<String>,
    pub streams: Vec<String>,
    /// The first day on which it is no good any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Events in a minute; absent: as the configuration says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_minute: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FeederKeys {
    #[serde(default, rename = "key", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<FeederKey>,
}

/// The keys file on the disk.
pub type FeederKeyFile = KeptFile<FeederKeys>;

impl KeptText for FeederKeys {
    const CALLED: &'static str = "the keys of the inlet";
    const MADE_BY: &'static str = "tongguan inlet key add";

    fn show_broken(is_so: bool) {
        metrics::inlet_keys_broken(is_so);
    }

    fn from_text(text: &str) -> Result<Self, TextFault> {
        // Somebody is writing it: no key at all is a file with its head.
        if text.trim().is_empty() {
            let (what, remedy) = ("the file is empty".to_owned(), "make a key with `tongguan inlet key add`");
            return Err(TextFault { line: 1, what, remedy });
        }
        let keys: Self = toml_text(text, "see docs/inlet.md, or make the key anew with `tongguan inlet key add`")?;
        let mut ids = HashSet::new();
        for (index, key) in keys.keys.iter().enumerate() {
            let twice = (!ids.insert(key.id.as_str())).then_some(("stands there twice", "take one of the two out"));
            if let Some(fault) = key.fault().or(twice) {
                return Err(TextFault::of_table(text, "[[key]]", (index, &key.id), fault));
            }
        }
        Ok(keys)
    }

    fn to_text(&self) -> Result<String, toml::ser::Error> {
        let head = "# 接入口密钥，由 tongguan inlet key 写入 · Keys of the inlet, written by `tongguan inlet key`.\n";
        Ok(format!("{head}{}", toml::to_string(self)?))
    }
}

impl FeederKeys {
    pub fn of_text(&self, key: &str) -> Option<&FeederKey> {
        let hash = hash(key);
        self.keys.iter().find(|one| one.sha256.as_deref() == Some(&hash))
    }

    pub fn of_certificate(&self, fingerprint: &[u8; 32]) -> Option<&FeederKey> {
        let fingerprint = data_encoding::HEXLOWER.encode(fingerprint);
        self.keys.iter().find(|one| one.certificate.as_deref() == Some(&fingerprint))
    }

    pub fn signing(&self, id: &str) -> Option<&FeederKey> {
        self.keys.iter().find(|one| one.id == id && one.secret_file.is_some())
    }
}

impl FeederKey {
    pub fn has_ended(&self, today: Date) -> bool {
        self.expires.is_some_and(|day| day <= today)
    }

    fn fault(&self) -> Option<(&'static str, &'static str)> {
        let ways = [self.sha256.is_some(), self.certificate.is_some(), self.secret_file.is_some()];
        let is_hash = |text: &String| certificate_named(text).as_ref() == Some(text);
        let is_blank = |all: &[String]| all.is_empty() || all.iter().any(|one| one.trim().is_empty());
        [
            (!is_name(&self.id), "is no id", "use 1 to 64 letters, digits, `.`, `_`, `-` or `@`"),
            (
                ways.into_iter().filter(|is| *is).count() != 1,
                "is not known in one way",
                "write one of sha256, certificate and secret_file",
            ),
            (
                self.sha256.iter().chain(&self.certificate).any(|one| !is_hash(one)),
                "has no SHA-256 of 64 small hexadecimal digits",
                "make it anew with `tongguan inlet key add`",
            ),
            (is_blank(&self.sources), "speaks for no source", "write the sources of its events"),
            (is_blank(&self.streams), "speaks for no stream", "write the streams that it may send to"),
        ]
        .into_iter()
        .find_map(|(is_broken, what, remedy)| is_broken.then_some((what, remedy)))
    }
}

/// A new key.
pub fn fresh_key() -> Result<String, NoRandomness> {
    // What is above the last whole round of the letters would favour the first.
    let fair = |byte: &u8| usize::from(*byte) < 256 / LETTERS.len() * LETTERS.len();
    loop {
        let bytes = random::<64>()?.into_iter().filter(fair).take(RANDOM);
        let letters: String = bytes.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect();
        if letters.len() == RANDOM {
            return Ok(format!("{PREFIX}{letters}{}", check(&letters)));
        }
    }
}

pub fn hash(key: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(key))
}

/// Whether it is written like a key: a slip of the pen is told from a key that is not known.
pub fn is_well_written(key: &str) -> bool {
    let Some(rest) = key.strip_prefix(PREFIX) else { return false };
    rest.len() == RANDOM + CHECK && rest.is_ascii() && check(&rest[..RANDOM]) == rest[RANDOM..]
}

/// CRC-32 in the letters of the key.
fn check(letters: &str) -> String {
    let mut crc = Crc::new();
    crc.update(letters.as_bytes());
    let mut rest = crc.sum() as usize;
    let mut check = [b'0'; CHECK];
    for place in check.iter_mut().rev() {
        *place = LETTERS[rest % LETTERS.len()];
        rest /= LETTERS.len();
    }
    String::from_utf8_lossy(&check).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str) -> FeederKey {
        FeederKey {
            id: id.to_owned(),
            sha256: Some(hash("x")),
            certificate: None,
            secret_file: None,
            sources: vec!["hotline.example".to_owned()],
            streams: vec!["hotline".to_owned()],
            expires: Some(jiff::civil::date(2027, 1, 1)),
            per_minute: None,
        }
    }

    #[test]
    fn a_fresh_key_is_written_well_and_one_with_a_slip_is_not() {
        let fresh = fresh_key().unwrap();
        assert!(fresh.starts_with("tgf_") && fresh.len() == 32 && is_well_written(&fresh), "{fresh}");
        assert_ne!(fresh, fresh_key().unwrap());
        for at in 4..32 {
            let mut slip = fresh.clone().into_bytes();
            slip[at] = if slip[at] == b'a' { b'b' } else { b'a' };
            assert!(!is_well_written(&String::from_utf8(slip).unwrap()), "{at}");
        }
        for text in ["", "tgf_", "tgf_钥匙", &fresh[4..]] {
            assert!(!is_well_written(text), "{text}");
        }
    }

    #[test]
    fn a_file_is_written_as_it_is_read_and_finds_each_by_its_way() {
        let by_certificate = FeederKey { sha256: None, certificate: Some("ab".repeat(32)), ..key("b") };
        let signing = FeederKey { sha256: None, secret_file: Some("/etc/s".into()), ..key("c") };
        let keys = FeederKeys { keys: vec![key("a"), by_certificate, signing] };
        let text = keys.to_text().unwrap();
        assert_eq!(FeederKeys::from_text(&text).unwrap(), keys);
        let id = |found: Option<&FeederKey>| found.map(|one| one.id.clone());
        assert_eq!(id(keys.of_text("x")), Some("a".to_owned()));
        assert_eq!(id(keys.of_text("y")), None);
        assert_eq!(id(keys.of_certificate(&[0xab; 32])), Some("b".to_owned()));
        assert_eq!((id(keys.signing("c")), id(keys.signing("a"))), (Some("c".to_owned()), None));
        assert!(
            key("a").has_ended(jiff::civil::date(2027, 1, 1)) && !key("a").has_ended(jiff::civil::date(2026, 12, 31))
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_to_do() {
        let good = FeederKeys { keys: vec![key("a"), key("b")] }.to_text().unwrap();
        for (from, to, wanted) in [
            ("id = \"b\"", "id = \"a\"", "\"a\" stands there twice; take one"),
            ("id = \"b\"", "id = \"b c\"", "\"b c\" is no id; use 1 to 64"),
            ("id = \"b\"", "id = \"b\"\ncertificate = \"ab\"", "\"b\" is not known in one way; write one of"),
        ] {
            let at = good.rfind(from).unwrap();
            let text = format!("{}{to}{}", &good[..at], &good[at + from.len()..]);
            let TextFault { line, what, remedy } = FeederKeys::from_text(&text).unwrap_err();
            assert!(format!("{what}; {remedy}").starts_with(wanted), "{what}; {remedy}");
            assert_eq!(text.lines().nth(line - 1).unwrap(), "[[key]]");
        }
        let none = FeederKeys::from_text("[[key]]\nid = \"a\"\nsources = []\nstreams = [\"x\"]\nsha256 = \"1\"\n");
        assert!(none.unwrap_err().what.contains("SHA-256"));
    }
}
