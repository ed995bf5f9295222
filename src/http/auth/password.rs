//! Passwords: which may be set, and how they are kept. Figures and sources: docs/security.md.

use std::{collections::HashSet, sync::LazyLock};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};

use super::token::{NoRandomness, random};

/// NIST SP 800-63B-4: where it is all that is asked for, and beside a second factor.
const LEAST_ALONE: usize = 15;
const LEAST_BESIDE: usize = 8;
/// What is longer costs us time and makes nothing safer.
pub(super) const BYTES_MAX: usize = 256;
/// Fewer different characters are a row of the same.
const DIFFERENT_LEAST: usize = 5;

/// OWASP's second set, which is argon2's default: 19 MiB, two rounds, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// What holds for every password of a town.
#[derive(Clone, Debug, Default)]
pub struct PasswordRules {
    /// Three classes of characters, because an assessor of 等保 asks for them.
    pub is_dengbao: bool,
    /// Words that everybody here would try: product and town.
    pub words: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("too short: at least {0} characters")]
    TooShort(usize),
    #[error("too long: at most {BYTES_MAX} bytes")]
    TooLong,
    #[error("one of the passwords that are tried first")]
    Common,
    #[error("contains `{0}`, which whoever guesses would try")]
    Contains(String),
    #[error("needs three of: lower case, upper case, digits, other characters")]
    Classes,
    #[error("the same as before")]
    Same,
}

impl PasswordRules {
    pub fn check(&self, password: &str, name: &str, has_second_factor: bool) -> Result<(), PasswordFault> {
        let least = if has_second_factor || self.is_dengbao { LEAST_BESIDE } else { LEAST_ALONE };
        if password.chars().count() < least {
            return Err(PasswordFault::TooShort(least));
        }
        if password.len() > BYTES_MAX {
            return Err(PasswordFault::TooLong);
        }
        let lower = password.to_lowercase();
        if is_common(&lower) {
            return Err(PasswordFault::Common);
        }
        let own = ["tongguan", "统管", "12345"];
        let all = [name].into_iter().chain(own).chain(self.words.iter().map(String::as_str));
        let mut told = all.filter(|word| word.chars().count() > 1 && lower.contains(&word.to_lowercase()));
        if let Some(word) = told.next() {
            return Err(PasswordFault::Contains(word.to_owned()));
        }
        if self.is_dengbao && classes(password) < 3 {
            return Err(PasswordFault::Classes);
        }
        Ok(())
    }
}

/// Also with figures and signs behind it, and a row of few characters.
fn is_common(lower: &str) -> bool {
    let stem = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let different = lower.chars().collect::<HashSet<_>>().len();
    COMMON.contains(lower) || COMMON.contains(stem) || different < DIFFERENT_LEAST
}

fn classes(password: &str) -> usize {
    let is: [fn(char) -> bool; 4] = [
        |c| c.is_lowercase(),
        |c| c.is_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit(),
    ];
    is.iter().filter(|is| password.chars().any(is)).count()
}

/// 20 characters that are read out without mistakes: about 98 bits. Always three classes.
pub fn made() -> Result<String, NoRandomness> {
    const CHARACTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    loop {
        // What is above the last whole round of them would favour the first.
        let few =
            random::<64>()?.into_iter().filter(|byte| usize::from(*byte) < 256 / CHARACTERS.len() * CHARACTERS.len());
        let made: String =
            few.take(20).map(|byte| char::from(CHARACTERS[usize::from(byte) % CHARACTERS.len()])).collect();
        if made.len() == 20 && classes(&made) == 3 {
            return Ok(made);
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum NoHash {
    #[error(transparent)]
    Random(#[from] NoRandomness),
    #[error("argon2: {0}")]
    Argon2(String),
}

pub fn hash(password: &str) -> Result<String, NoHash> {
    let fault = |error: &dyn std::fmt::Display| NoHash::Argon2(error.to_string());
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None).map_err(|error| fault(&error))?;
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|error| fault(&error))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon2.hash_password(password.as_bytes(), &salt).map_err(|error| fault(&error))?.to_string())
}

/// Of a password that nobody has: an unknown name takes as long as a known one.
pub(super) const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(super) fn is_right(hash: &str, password: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// Whether it can be used at all, and does not ask for more memory than a log-in may take.
pub(super) fn is_hash(text: &str) -> bool {
    let Ok(hash) = PasswordHash::new(text) else { return false };
    let params = Params::try_from(&hash);
    hash.algorithm == Algorithm::Argon2id.ident()
        && hash.hash.is_some()
        && params.is_ok_and(|params| params.m_cost() <= 256 * 1024 && params.t_cost() <= 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_characters_or_eight_beside_a_second_factor() {
        let rules = PasswordRules { is_dengbao: false, words: vec!["庙行镇".to_owned(), "Miaohang".to_owned()] };
        let dengbao = PasswordRules { is_dengbao: true, ..rules.clone() };
        for (rules, password, has_second, wanted) in [
            (&rules, "corner lamp and", false, Ok(())),
            (&rules, "corner lamp an", false, Err(PasswordFault::TooShort(15))),
            (&rules, "路灯坏了三天没人来修报给谁好呢", false, Ok(())),
            (&rules, "cornlamp", true, Ok(())),
            (&rules, "cornlam", true, Err(PasswordFault::TooShort(8))),
            (&rules, "password", true, Err(PasswordFault::Common)),
            (&rules, "PassWord2021!!!!", false, Err(PasswordFault::Common)),
            (&rules, "aaaaaaaaaaaaaaaaaaa", false, Err(PasswordFault::Common)),
            (&rules, "corner Li.Na lamps", false, Err(PasswordFault::Contains("li.na".to_owned()))),
            (&rules, "corner tongguan lamp", false, Err(PasswordFault::Contains("tongguan".to_owned()))),
            (&rules, "corner MIAOHANG lamp", false, Err(PasswordFault::Contains("Miaohang".to_owned()))),
            (&rules, "庙行镇的路灯坏了三天没人来修理", false, Err(PasswordFault::Contains("庙行镇".to_owned()))),
            (&dengbao, "cornlamp", true, Err(PasswordFault::Classes)),
            (&dengbao, "corn lamp", true, Err(PasswordFault::Classes)),
            (&dengbao, "Corn lamp", true, Ok(())),
            (&dengbao, "Cornlam7", true, Ok(())),
        ] {
            assert_eq!(rules.check(password, "li.na", has_second), wanted, "{password}");
        }
        assert_eq!(rules.check(&"a lamp ".repeat(40), "li.na", false), Err(PasswordFault::TooLong));
    }

    #[test]
    fn a_password_is_kept_as_argon2id_and_found_right_again() {
        let kept = hash("corner lamp and bench").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_hash(&kept) && is_hash(NOBODYS));
        assert!(is_right(&kept, "corner lamp and bench"));
        assert!(!is_right(&kept, "corner lamp and bencH") && !is_right("nonsense", ""));
        assert_ne!(kept, hash("corner lamp and bench").unwrap());
        for wrong in [
            "",
            "secret",
            "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=9000000,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert!(!is_hash(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_made_password_keeps_every_rule() {
        for rules in [PasswordRules::default(), PasswordRules { is_dengbao: true, words: Vec::new() }] {
            let made = made().unwrap();
            assert_eq!(rules.check(&made, "li.na", false), Ok(()), "{made}");
        }
        assert_ne!(made().unwrap(), made().unwrap());
    }

    #[test]
    fn the_list_has_the_three_thousand_that_are_tried_first() {
        assert!(COMMON.len() >= 3_000, "{}", COMMON.len());
        assert!(COMMON.iter().all(|word| word.chars().count() >= LEAST_BESIDE));
    }
}
