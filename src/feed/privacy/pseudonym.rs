//! Keyed pseudonyms: equal values have equal pseudonyms, and nobody without the key finds the value by trying all.

use hmac::Mac;
use smol_str::SmolStr;

use super::{check_digit, key::Key, normalise};

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PersonalKind {
    Name,
    Phone,
    IdNumber,
}

impl Key {
    /// 22 characters, or `None` when the value says nothing (empty, `匿名`, all zeros). A value of one kind never has
    /// the pseudonym of another kind's value.
    pub(crate) fn pseudonym(&self, kind: PersonalKind, value: &str) -> Option<SmolStr> {
        let (keyed, normalised) = match kind {
            PersonalKind::Name => (&self.name, normalise::name(value)?),
            PersonalKind::Phone => (&self.phone, normalise::phone(value)?),
            PersonalKind::IdNumber => (&self.id_number, normalise::id_number(value)?),
        };
        let tag = keyed.clone().chain_update(normalised).finalize().into_bytes();
        Some(short_text(&tag[..16]))
    }
}

/// The region (first six digits) of an ID number that looks valid: the only part that is kept in clear.
pub(crate) fn id_region(value: &str) -> Option<SmolStr> {
    let number = normalise::id_number(value)?;
    let is_valid = normalise::id_digits(&number).is_some_and(|digits| check_digit::is_id_18(&digits));
    is_valid.then(|| number[..6].into())
}

/// 16 bytes as 22 characters of base64url: the most that a `SmolStr` holds without an allocation, 32 hexadecimal
/// digits would not fit, and 128 bits are far beyond what a nation's phone numbers need not to collide.
fn short_text(bytes: &[u8]) -> SmolStr {
    let mut text = [0; 22];
    for (place, letter) in text.iter_mut().enumerate() {
        let bit = place * 6;
        let pair = u16::from_be_bytes([bytes[bit / 8], bytes.get(bit / 8 + 1).copied().unwrap_or(0)]);
        *letter = BASE64URL[usize::from(pair >> (10 - bit % 8)) & 63];
    }
    text.iter().map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::from_bytes(None, b"a secret of sixteen bytes").unwrap()
    }

    #[test]
    fn one_person_has_one_pseudonym_however_spelled() {
        let first = key().pseudonym(PersonalKind::Phone, "+86 138-1234-5678");
        assert_eq!(first, key().pseudonym(PersonalKind::Phone, "13812345678"));
        assert_ne!(first, key().pseudonym(PersonalKind::Phone, "13812345679"));
        assert_eq!(first.unwrap().len(), 22);
    }

    #[test]
    fn kinds_and_keys_do_not_meet() {
        let other = Key::from_bytes(None, b"another secret of sixteen").unwrap();
        let number = "110105491231002";
        let all = [
            key().pseudonym(PersonalKind::Phone, number),
            key().pseudonym(PersonalKind::IdNumber, number),
            other.pseudonym(PersonalKind::Phone, number),
        ];
        assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2]);
    }

    #[test]
    fn pseudonyms_of_version_1_do_not_change() {
        // A change here breaks the link to everybody already stored: it needs a new version, not a new expectation.
        assert_eq!(key().pseudonym(PersonalKind::Phone, "13812345678").unwrap(), "fiJ1sDh56qEOR4ZgrV6APg");
        assert_eq!(key().pseudonym(PersonalKind::Name, "张三").unwrap(), "BcGUoKhJEVxqLeAAu4GtHw");
    }

    #[test]
    fn short_text_is_base64url() {
        assert_eq!(short_text(&[0; 16]), "AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(short_text(&[255; 16]), "_____________________w");
        assert_eq!(short_text(b"0123456789abcdef"), "MDEyMzQ1Njc4OWFiY2RlZg");
    }

    #[test]
    fn only_a_valid_id_number_has_a_region() {
        assert_eq!(id_region("11010519491231002x").unwrap(), "110105");
        assert_eq!(id_region("110105491231002").unwrap(), "110105");
        for value in ["110105194912310021", "E12345678", "", "310113112001005", "身份证"] {
            assert_eq!(id_region(value), None, "{value}");
        }
    }
}
