//! The secret that pseudonyms and seals are made with, and the name it goes by.

use std::{fmt, io, path::PathBuf};

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use smol_str::{SmolStr, format_smolstr};

pub(super) type HmacSha256 = Hmac<Sha256>;

const MIN_BYTES: usize = 16;
/// A seal keeps eight bytes for the id.
const MAX_ID: usize = 8;

/// Where one purpose's outputs must not be comparable with another's, each has a sub-key of its own.
#[derive(Clone)]
pub struct Key {
    id: SmolStr,
    /// Keyed once: a pseudonym then costs two blocks of SHA-256 less.
    pub(super) name: HmacSha256,
    pub(super) phone: HmacSha256,
    pub(super) id_number: HmacSha256,
    pub(super) seal_nonce: HmacSha256,
    pub(super) seal: [u8; 32],
}

/// Why there is no key. A person has to change something; each text says what.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Fewer than 16 bytes can be guessed.
    #[error("the key has {bytes} bytes, too few: use 16 or more, for example what `openssl rand -hex 32` prints")]
    TooShort {
        /// How many it has.
        bytes: usize,
    },
    /// Long, and no secret.
    #[error("the key is one byte repeated: use random bytes, for example what `openssl rand -hex 32` prints")]
    Repeated,
    /// The id goes into seals and the log, so that it has to be a short plain word.
    #[error("the key id must be 1 to {MAX_ID} letters, digits, `-` or `_`")]
    BadId,
    /// The file is not there, or is not for this user.
    #[error("cannot read the key file {path}: {source}; it must exist and be readable by this user")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// There was no file, and none could be made.
    #[error("cannot create the key file {path}: {source}; make its folder writable or create the file yourself")]
    NotCreated {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file was read, and its content is no key.
    #[error("key file {path}: {reason}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        reason: Box<KeyError>,
    },
    /// No new key can be made.
    #[error("the system gives no random bytes: {0}")]
    NoRandomness(String),
}

impl Key {
    /// `id` is the name to go by; without one the key is named by a hash of itself.
    pub fn from_bytes(id: Option<&str>, secret: &[u8]) -> Result<Self, KeyError> {
        if secret.len() < MIN_BYTES {
            return Err(KeyError::TooShort { bytes: secret.len() });
        }
        if secret.iter().all(|byte| *byte == secret[0]) {
            return Err(KeyError::Repeated);
        }
        let id = match id {
            Some(id) if is_id(id) => id.into(),
            Some(_) => return Err(KeyError::BadId),
            None => id_of(secret),
        };
        let keyed = |purpose| keyed(&derived(secret, purpose));
        Ok(Self {
            id,
            name: keyed("tongguan pseudonym v1 name"),
            phone: keyed("tongguan pseudonym v1 phone"),
            id_number: keyed("tongguan pseudonym v1 id number"),
            seal_nonce: keyed("tongguan seal v1 nonce"),
            seal: derived(secret, "tongguan seal v1"),
        })
    }

    /// Not secret; stored beside every pseudonym and in every seal, so that keys can be changed.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

fn is_id(id: &str) -> bool {
    (1..=MAX_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn id_of(secret: &[u8]) -> SmolStr {
    let hash = Sha256::new().chain_update("tongguan key id").chain_update(secret).finalize();
    format_smolstr!("{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3])
}

fn derived(secret: &[u8], purpose: &str) -> [u8; 32] {
    keyed(secret).chain_update(purpose).finalize().into_bytes().into()
}

fn keyed(secret: &[u8]) -> HmacSha256 {
    // HMAC takes keys of every length; the error is there for other MACs.
    HmacSha256::new_from_slice(secret).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_the_id_and_nothing_else() {
        let key = Key::from_bytes(Some("2026-q1"), b"a secret of sixteen bytes").unwrap();
        assert_eq!(format!("{key:?}"), r#"Key { id: "2026-q1", .. }"#);
    }

    #[test]
    fn a_key_without_a_name_is_named_by_its_hash() {
        let key = Key::from_bytes(None, b"a secret of sixteen bytes").unwrap();
        assert_eq!(key.id().len(), 8);
        assert_eq!(key.id(), Key::from_bytes(None, b"a secret of sixteen bytes").unwrap().id());
        assert_ne!(key.id(), Key::from_bytes(None, b"another secret of sixteen").unwrap().id());
    }

    #[test]
    fn a_weak_key_or_a_bad_name_is_refused() {
        assert!(matches!(Key::from_bytes(None, b"fifteen bytes.."), Err(KeyError::TooShort { bytes: 15 })));
        assert!(matches!(Key::from_bytes(None, &[0; 32]), Err(KeyError::Repeated)));
        for id in ["", "nine-long", "钥匙", "a b"] {
            assert!(matches!(Key::from_bytes(Some(id), b"a secret of sixteen bytes"), Err(KeyError::BadId)), "{id}");
        }
    }
}
