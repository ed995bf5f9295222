//! Who there is: the accounts file, as it stands in it. It is read whole or not at all.

use std::{collections::HashSet, net::IpAddr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{password, range::AddressRange, role::AuthRole, token, totp};
use crate::{
    http::kept_file::{KeptFile, KeptText, TextFault, toml_text},
    store::kpi::Dimension,
};

/// A name is shown, logged and typed.
const NAME_MAX: usize = 64;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    #[serde(default, rename = "account", skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonAccount>,
    #[serde(default, rename = "wall", skip_serializing_if = "Vec::is_empty")]
    pub walls: Vec<WallAccount>,
}

#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PersonAccount {
    pub name: String,
    pub role: AuthRole,
    /// Whose cases a case worker sees: of any of these units, or of any of these towns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub towns: Vec<String>,
    /// Argon2id, in the form of PHC.
    pub password: String,
    /// Day of the password.
    pub changed: Date,
    /// Secret of the second factor; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub totp: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// Fingerprints of his certificates: SHA-256, as 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<String>,
    /// The password was made by somebody else, so it is only for the first log-in.
    #[serde(default, skip_serializing_if = "is_false")]
    pub must_change: bool,
}

/// A screen: figures only, from its own address or network.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WallAccount {
    pub name: String,
    /// SHA-256 of the token.
    pub token: String,
    pub from: String,
}

fn is_false(is: &bool) -> bool {
    !is
}

/// Neither hash nor secret.
impl std::fmt::Debug for PersonAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonAccount").field("name", &self.name).field("role", &self.role).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WallAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WallAccount").field("name", &self.name).field("from", &self.from).finish_non_exhaustive()
    }
}

/// The accounts file on the disk.
pub type AccountFile = KeptFile<Accounts>;

impl KeptText for Accounts {
    const CALLED: &'static str = "the accounts";
    const MADE_BY: &'static str = "tongguan account add";

    fn from_text(text: &str) -> Result<Self, TextFault> {
        let remedy = "see docs/security.md, or make the account anew with `tongguan account add`";
        let accounts: Self = toml_text(text, remedy)?;
        accounts.check(text)?;
        Ok(accounts)
    }

    fn to_text(&self) -> Result<String, toml::ser::Error> {
        let head = "# 网页账号，由 tongguan account 写入 · Accounts of the page, written by `tongguan account`.\n";
        Ok(format!("{head}{}", toml::to_string(self)?))
    }
}

impl Accounts {
    pub fn person(&self, name: &str) -> Option<&PersonAccount> {
        self.people.iter().find(|person| person.name == name)
    }

    pub(super) fn with_certificate(&self, fingerprint: &[u8; 32]) -> Option<&PersonAccount> {
        let fingerprint = hex(fingerprint);
        self.people.iter().find(|person| person.certificates.contains(&fingerprint))
    }

    pub(super) fn wall(&self, token: &str, from: IpAddr) -> Option<&WallAccount> {
        let hash = hex(&token::hash(token));
        let is_from = |wall: &WallAccount| wall.from.parse::<AddressRange>().is_ok_and(|range| range.has(from));
        self.walls.iter().find(|wall| wall.token == hash && is_from(wall))
    }

    fn check(&self, text: &str) -> Result<(), TextFault> {
        let (mut names, mut certificates) = (HashSet::new(), HashSet::new());
        for (index, person) in self.people.iter().enumerate() {
            let is_new = names.insert(person.name.as_str());
            let is_own = person.certificates.iter().all(|one| certificates.insert(one.as_str()));
            let shared = [(!is_new, TWICE), (!is_own, SHARED)].into_iter().find_map(|(is, fault)| is.then_some(fault));
            if let Some((what, remedy)) = person.fault().or(shared) {
                return Err(TextFault::of_table(text, "[[account]]", (index, &person.name), (what, remedy)));
            }
        }
        for (index, wall) in self.walls.iter().enumerate() {
            if let Some((what, remedy)) = wall.fault() {
                return Err(TextFault::of_table(text, "[[wall]]", (index, &wall.name), (what, remedy)));
            }
        }
        Ok(())
    }
}

const TWICE: (&str, &str) = ("stands there twice", "take one of the two out");
const SHARED: (&str, &str) =
    ("has a certificate that stands there already", "a certificate is one person's: take one out");

impl PersonAccount {
    fn fault(&self) -> Option<(&'static str, &'static str)> {
        // A case without a unit is nobody's own.
        let is_blank = self.units.iter().chain(&self.towns).any(|code| code.trim().is_empty());
        let is_narrowed = !self.units.is_empty() || !self.towns.is_empty();
        let is_worker = self.role == AuthRole::CaseWorker;
        [
            (!is_name(&self.name), "is no name", "use 1 to 64 letters, digits, `.`, `_`, `-` or `@`"),
            (!password::is_hash(&self.password), "has no password of argon2id", "tongguan account password NAME"),
            (
                !self.totp.is_empty() && !totp::is_secret(&self.totp),
                "has a second factor that cannot be read",
                "tongguan account totp NAME",
            ),
            (
                self.certificates.iter().any(|one| certificate_named(one).as_ref() != Some(one)),
                "has a certificate that is no fingerprint",
                "tongguan account certificate NAME FILE",
            ),
            (is_blank, "has a unit or a town that is empty", "take it out"),
            (
                is_worker && !is_narrowed,
                "is a case worker without units or towns",
                "write the units whose cases are his",
            ),
            (!is_worker && is_narrowed, "has units or towns, but is no case worker", "leave units and towns out"),
        ]
        .into_iter()
        .find_map(|(is_broken, what, remedy)| is_broken.then_some((what, remedy)))
    }

    /// Whose cases: nothing for who sees all, or none.
    pub fn own(&self) -> Vec<(Dimension, Vec<String>)> {
        let own = [(Dimension::Unit, self.units.clone()), (Dimension::Town, self.towns.clone())];
        own.into_iter().filter(|(_, values)| !values.is_empty()).collect()
    }

    /// Another one as soon as anything of the account is.
    pub(super) fn stamp(&self) -> [u8; 32] {
        let all = toml::to_string(self).unwrap_or_default();
        Sha256::digest(all).into()
    }
}

impl WallAccount {
    pub fn new(name: &str, token: &str, from: AddressRange) -> Self {
        Self { name: name.to_owned(), token: hex(&token::hash(token)), from: from.to_string() }
    }

    fn fault(&self) -> Option<(&'static str, &'static str)> {
        const ANEW: &str = "make it anew with `tongguan account wall-token`";
        let is_hash = self.token.len() == 64 && self.token.bytes().all(|byte| byte.is_ascii_hexdigit());
        [
            (!is_name(&self.name), "is no name", "use 1 to 64 letters, digits, `.`, `_`, `-` or `@`"),
            (!is_hash, "has no hash of a token", ANEW),
            (self.from.parse::<AddressRange>().is_err(), "is from no address or network", ANEW),
        ]
        .into_iter()
        .find_map(|(is_broken, what, remedy)| is_broken.then_some((what, remedy)))
    }
}

/// Letters of every language: 李娜 is a name.
pub fn is_name(name: &str) -> bool {
    let legal = |c: char| c.is_alphanumeric() || ['.', '_', '-', '@'].contains(&c);
    (1..=NAME_MAX).contains(&name.chars().count()) && name.chars().all(legal)
}

/// The fingerprint in a text, as openssl writes it (`3F:2A:…`) or as the accounts file does.
pub fn certificate_named(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != ':').map(|c| c.to_ascii_lowercase()).collect();
    (digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digits)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = password::NOBODYS;

    fn person(more: &str) -> String {
        format!(
            "\n[[account]]\nname = \"li.na\"\nrole = \"viewer\"\npassword = \"{HASH}\"\nchanged = \"2026-11-29\"\n{more}"
        )
    }

    fn one_with(byte: &str) -> String {
        person(&format!("certificates = [\"{}\"]\n", byte.repeat(32)))
    }

    #[test]
    fn a_certificate_is_known_by_its_whole_fingerprint() {
        let accounts = Accounts::from_text(&one_with("ab")).unwrap();
        assert_eq!(accounts.with_certificate(&[0xab; 32]).unwrap().name, "li.na");
        assert!(accounts.with_certificate(&[0; 32]).is_none());
        assert_eq!(certificate_named(&["AB"; 32].join(":")), Some("ab".repeat(32)));
        for wrong in ["", "ab", &"xy".repeat(32), &"ab".repeat(33), "li.pem"] {
            assert_eq!(certificate_named(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = format!(
            "{}{}",
            person("totp = \"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\"\nmust_change = true\n"),
            "[[wall]]\nname = \"lobby\"\nfrom = \"10.0.0.0/8\"\ntoken = \"".to_owned() + &"0".repeat(64) + "\"\n"
        );
        let accounts = Accounts::from_text(&text).unwrap();
        assert!(accounts.person("li.na").unwrap().must_change);
        assert_eq!(Accounts::from_text(&accounts.to_text().unwrap()).unwrap(), accounts);
        assert!(!format!("{accounts:?}").contains("argon2"), "a hash is not shown");
    }

    #[test]
    fn a_fault_is_told_with_its_line_and_what_to_do() {
        let two = |other: &str| format!("{}{}", person(""), person("").replace("li.na", other));
        for (text, line, what) in [
            ("[[account]]\nname = 1\n".to_owned(), 2, "string"),
            (person("admin = true\n"), 7, "unknown field"),
            (person("").replace("viewer", "chief"), 4, "unknown variant"),
            (person("").replace("argon2id", "argon2i"), 2, "no password of argon2id"),
            (person("totp = \"12345\"\n"), 2, "second factor"),
            (person("units = [\"MH-02\"]\n"), 2, "no case worker"),
            (person("units = [\"\"]\n").replace("viewer", "case-worker"), 2, "is empty"),
            (person("").replace("viewer", "case-worker"), 2, "without units or towns"),
            (two("li.na"), 8, "twice"),
            (person("certificates = [\"3f2a\"]\n"), 2, "no fingerprint"),
            (person(&format!("certificates = [\"{}\"]\n", "A".repeat(64))), 2, "no fingerprint"),
            (
                format!("{}{}", one_with("ab"), one_with("ab").replace("li.na", "wang")),
                9,
                "certificate that stands there already",
            ),
            (two("li na"), 8, "is no name"),
            (two("<script>"), 8, "is no name"),
            (two(""), 8, "is no name"),
            ("nonsense".to_owned(), 1, ""),
        ] {
            let fault = Accounts::from_text(&text).unwrap_err();
            assert_eq!(fault.line, line, "{fault:?}\n{text}");
            assert!(fault.what.contains(what) && !fault.remedy.is_empty(), "{fault:?}");
            assert!(!fault.what.contains("AAAA"), "no hash is repeated: {fault:?}");
        }
    }

    #[test]
    fn a_wall_is_known_by_its_token_and_only_from_its_place() {
        let wall = WallAccount::new("lobby", "token", "10.1.0.0/16".parse().unwrap());
        let accounts = Accounts { walls: vec![wall], ..Accounts::default() };
        let from = |address: &str| address.parse().unwrap();
        assert!(accounts.wall("token", from("10.1.9.9")).is_some());
        assert!(accounts.wall("token", from("10.2.9.9")).is_none());
        assert!(accounts.wall("Token", from("10.1.9.9")).is_none());
    }
}
