//! Bytes that could not be understood may hold anything, so they are kept sealed. The seal is a function of key, place
//! and bytes: sealing a message again at its place gives the same bytes, as idempotent writes need.

use chacha20poly1305::{
    Key as CipherKey, KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use hmac::Mac as _;

use super::key::Key;

const VERSION: u8 = 1;
const ID: usize = 8;
const NONCE: usize = 24;

/// Why a seal stays closed. What is sealed is lost with its key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was another key: open it with that one.
    #[error("sealed with the key `{id}`: give that key")]
    WrongKey {
        /// Id of the key that sealed it.
        id: String,
    },
    /// This release does not know the seal.
    #[error("sealed by a newer release (seal version {version}): use that release")]
    NewerVersion {
        /// First byte of the seal.
        version: u8,
    },
    /// Not what was sealed there: nothing of it can be believed.
    #[error("damaged, moved to another place, or sealed with another key of the same id: fetch the message again")]
    Damaged,
}

/// Version, key id, nonce, ciphertext. The nonce is a keyed hash of all that is sealed, so it repeats only when place
/// and bytes do, and then nothing is learned but that they are the same.
pub(crate) fn seal(key: &Key, place: &str, bytes: &[u8]) -> Vec<u8> {
    let header = header(key);
    let nonce = nonce(key, place, bytes);
    let bound = bound(&header, place);
    let sealed = cipher(key).encrypt(XNonce::from_slice(&nonce), Payload { msg: bytes, aad: &bound });
    // The cipher refuses only what is longer than 256 GB.
    let sealed = sealed.unwrap_or_else(|_| unreachable!("a message is shorter than 256 GB"));
    [&header[..], &nonce, &sealed].concat()
}

/// What was sealed. `place` is what it was sealed for; under another it does not open.
pub fn open(key: &Key, place: &str, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let (head, rest) = sealed.split_at_checked(1 + ID).ok_or(OpenError::Damaged)?;
    let (nonce, ciphertext) = rest.split_at_checked(NONCE).ok_or(OpenError::Damaged)?;
    match head[0] {
        VERSION => {}
        version if version > VERSION => return Err(OpenError::NewerVersion { version }),
        _ => return Err(OpenError::Damaged),
    }
    if head != header(key) {
        let id = head[1..].split(|byte| *byte == 0).next().unwrap_or_default();
        return Err(OpenError::WrongKey { id: id.escape_ascii().to_string() });
    }
    let bound = bound(head, place);
    let opened = cipher(key).decrypt(XNonce::from_slice(nonce), Payload { msg: ciphertext, aad: &bound });
    opened.map_err(|_| OpenError::Damaged)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(CipherKey::from_slice(&key.seal))
}

fn header(key: &Key) -> [u8; 1 + ID] {
    let mut header = [0; 1 + ID];
    header[0] = VERSION;
    for (slot, byte) in header[1..].iter_mut().zip(key.id().bytes()) {
        *slot = byte;
    }
    header
}

/// What is not hidden but must be right: version, key id and place.
fn bound(header: &[u8], place: &str) -> Vec<u8> {
    [header, place.as_bytes()].concat()
}

fn nonce(key: &Key, place: &str, bytes: &[u8]) -> [u8; NONCE] {
    let length = (place.len() as u64).to_le_bytes(); // ("a", "bc") must differ from ("ab", "c")
    let hash = key.seal_nonce.clone().chain_update(length).chain_update(place).chain_update(bytes).finalize();
    let mut nonce = [0; NONCE];
    nonce.copy_from_slice(&hash.into_bytes()[..NONCE]);
    nonce
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(id: &str) -> Key {
        Key::from_bytes(Some(id), b"a secret of sixteen bytes").unwrap()
    }

    #[test]
    fn sealing_again_gives_the_same_bytes_and_another_place_gives_others() {
        let message = "张三 13812345678".as_bytes();
        let sealed = seal(&key("a"), "cases/0/17", message);
        assert_eq!(sealed, seal(&key("a"), "cases/0/17", message));
        assert_ne!(sealed[1 + ID..], seal(&key("a"), "cases/0/18", message)[1 + ID..]);
        assert_ne!(nonce(&key("a"), "a", b"bc"), nonce(&key("a"), "ab", b"c"));
    }

    #[test]
    fn a_seal_says_which_key_it_needs() {
        let sealed = seal(&key("2025"), "p", b"bytes");
        assert_eq!(open(&key("2026"), "p", &sealed), Err(OpenError::WrongKey { id: "2025".into() }));
    }

    #[test]
    fn a_seal_moved_or_changed_or_of_another_key_is_damaged() {
        let sealed = seal(&key("a"), "p", b"bytes");
        assert_eq!(open(&key("a"), "q", &sealed), Err(OpenError::Damaged));
        let namesake = Key::from_bytes(Some("a"), b"another secret of sixteen").unwrap();
        assert_eq!(open(&namesake, "p", &sealed), Err(OpenError::Damaged));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 64;
            assert!(open(&key("a"), "p", &changed).is_err(), "byte {place}");
            assert!(open(&key("a"), "p", &sealed[..place]).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn a_seal_of_a_newer_release_says_so() {
        let mut sealed = seal(&key("a"), "p", b"bytes");
        sealed[0] = 2;
        assert_eq!(open(&key("a"), "p", &sealed), Err(OpenError::NewerVersion { version: 2 }));
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(place in ".*", bytes in any::<Vec<u8>>()) {
            let sealed = seal(&key("a"), &place, &bytes);
            prop_assert_eq!(open(&key("a"), &place, &sealed), Ok(bytes));
        }

        #[test]
        fn opening_anything_never_panics(sealed in any::<Vec<u8>>()) {
            prop_assert!(open(&key("a"), "p", &sealed).is_err());
        }
    }
}
