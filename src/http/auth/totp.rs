//! The second factor: a code of six digits that changes every 30 seconds (RFC 6238, HMAC-SHA-1, as every authenticator counts).

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;

use super::token::{NoRandomness, random};
use crate::domain::time::Millis;

const STEP_MS: i64 = 30_000;
const DIGITS: usize = 6;

/// 160 bits, as text for the accounts file and the authenticator.
pub fn secret() -> Result<String, NoRandomness> {
    Ok(BASE32_NOPAD.encode(&random::<20>()?))
}

/// What an authenticator reads, mostly as a picture.
pub fn uri(issuer: &str, name: &str, secret: &str) -> String {
    let text = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    format!(
        "otpauth://totp/{}:{}?secret={secret}&issuer={}&algorithm=SHA1&digits={DIGITS}&period=30",
        text(issuer),
        text(name),
        text(issuer)
    )
}

pub(super) fn is_secret(text: &str) -> bool {
    bytes(text).is_some_and(|bytes| bytes.len() >= 16)
}

/// The step whose code it is: the present one, or one before or after it. None: it is none of theirs.
pub(super) fn step(secret: &str, code: &str, now: Millis) -> Option<i64> {
    let secret = bytes(secret)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let present = now.0.div_euclid(STEP_MS);
    [present, present - 1, present + 1].into_iter().find(|step| of_step(&secret, *step).as_deref() == Some(&code))
}

fn bytes(secret: &str) -> Option<Vec<u8>> {
    BASE32_NOPAD.decode(secret.as_bytes()).ok()
}

fn of_step(secret: &[u8], step: i64) -> Option<String> {
    let mac = Hmac::<Sha1>::new_from_slice(secret).ok()?.chain_update(u64::try_from(step).ok()?.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let from = usize::from(hash[19] & 15);
    let four = [hash[from] & 127, hash[from + 1], hash[from + 2], hash[from + 3]];
    Some(format!("{:0DIGITS$}", u32::from_be_bytes(four) % 1_000_000))
}

/// The code of an instant, for tests.
#[cfg(test)]
pub(super) fn code(secret: &str, at: Millis) -> String {
    of_step(&bytes(secret).unwrap(), at.0 / STEP_MS).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix B of RFC 6238, of which we take the last six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = BASE32_NOPAD.encode(b"12345678901234567890");
        for (second, wanted) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code(&secret, Millis(second * 1000)), wanted, "{second}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_before_and_after() {
        let (secret, at) = (secret().unwrap(), Millis(1_700_000_010_000));
        let code = code(&secret, at);
        let begun = at.0 / STEP_MS * STEP_MS;
        for (seconds, is_good) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let now = Millis(begun + seconds * 1000);
            assert_eq!(step(&secret, &code, now).is_some(), is_good, "{seconds}");
        }
        assert_eq!(step(&secret, &format!(" {} {}", &code[..3], &code[3..]), at), Some(at.0 / STEP_MS));
        for wrong in ["", "12345", "1234567", "abcdef", "００００００"] {
            assert_eq!(step(&secret, wrong, at), None, "{wrong}");
        }
    }

    #[test]
    fn every_secret_is_another() {
        assert_ne!(secret().unwrap(), secret().unwrap());
    }

    #[test]
    fn an_authenticator_reads_the_address() {
        let uri = uri("庙行 城运", "li.na", "ABC");
        assert!(
            uri.starts_with("otpauth://totp/%E5%BA%99%E8%A1%8C%20%E5%9F%8E%E8%BF%90:li%2Ena?secret=ABC&issuer="),
            "{uri}"
        );
    }
}
