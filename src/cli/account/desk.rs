//! What is done to the accounts, and written down.

use std::{io::Write, path::Path};

use anyhow::Context as _;
use jiff::civil::Date;

use crate::{
    ask::unclear::no_such,
    cli::{auth::password_rules, typed, usage::usage},
    config::Settings,
    domain::time::Millis,
    http::auth::{
        self, AccountFile, Accounts, AddressRange, AuditLine, AuditLog, AuditWhat, AuthRole, PersonAccount,
        WallAccount, certificate_named, is_name,
    },
    pipeline::clock,
    tls,
};

/// The accounts, and the audit of what is done to them.
pub(super) struct Desk<'a> {
    settings: &'a Settings,
    pub(super) file: AccountFile,
    audit: Option<AuditLog>,
    now: Millis,
}

const NAME: &str = "a name has 1 to 64 letters, digits, `.`, `_`, `-` or `@`";

/// How an account that is added is known.
#[derive(Clone, Copy)]
pub(super) struct KnownBy<'a> {
    /// For the password; else it is made.
    pub(super) ask: bool,
    pub(super) certificate: Option<&'a str>,
}

/// A password, and whether it is only for the first log-in.
struct Given {
    password: String,
    is_made: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn of(settings: &'a Settings) -> anyhow::Result<Self> {
        let auth = &settings.http.auth;
        let path =
            auth.accounts().context("no accounts file: set http.auth.accounts_file, or XDG_STATE_HOME or HOME")?;
        let now = clock::now();
        let open = |folder: std::path::PathBuf| AuditLog::open(&folder, settings.timezone.clone(), now);
        Ok(Self { settings, file: AccountFile::new(&path), audit: auth.audit().map(open).transpose()?, now })
    }

    pub(super) fn add(
        &self,
        name: &str,
        (role, units, towns): (AuthRole, Vec<String>, Vec<String>),
        known_by: KnownBy<'_>,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let is_narrowed = !units.is_empty() || !towns.is_empty();
        let unclear = |text: &str| Err(usage(text).into());
        if !is_name(name) {
            return unclear(NAME);
        }
        if role == AuthRole::CaseWorker && !is_narrowed {
            return unclear("whose cases does a case worker see? give --unit or --town");
        }
        if role != AuthRole::CaseWorker && is_narrowed {
            return unclear("--unit and --town are of case workers only");
        }
        let rules = password_rules(self.settings);
        let is_by_password = known_by.certificate.is_none();
        let certificates = known_by.certificate.map(fingerprint).transpose()?.into_iter().collect();
        let given = self.given(name, rules.is_dengbao, known_by.ask)?;
        let totp = if rules.is_dengbao && is_by_password { auth::secret()? } else { String::new() };
        let account = PersonAccount {
            name: name.to_owned(),
            role,
            units,
            towns,
            password: auth::hash(&given.password)?,
            changed: self.today(),
            totp: totp.clone(),
            certificates,
            disabled: false,
            must_change: given.is_made && is_by_password,
        };
        self.write(name, &format!("added as {}", role.name()), |accounts| {
            if accounts.person(name).is_some() {
                let text = format!(
                    "there is an account {name:?} already; `tongguan account password {name}` gives it a new password"
                );
                return Err(usage(text).into());
            }
            for one in &account.certificates {
                nobodys(accounts, one)?;
            }
            accounts.people.push(account);
            Ok(())
        })?;
        writeln!(out, "{name} is added as {} in {}", role.name(), self.file.path().display())?;
        // A password that nobody has been told is none.
        if is_by_password {
            given.say(out)?;
        }
        if !totp.is_empty() {
            writeln!(out, "{}", auth::uri(&self.settings.page.title, name, &totp))?;
        }
        Ok(())
    }

    pub(super) fn certificate(
        &self,
        name: &str,
        certificate: &str,
        remove: bool,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let account = self.known(name)?;
        let fingerprint = fingerprint(certificate)?;
        if remove && !account.certificates.contains(&fingerprint) {
            let has: Vec<&str> = account.certificates.iter().map(String::as_str).collect();
            return Err(no_such(("证书", "certificate"), &fingerprint, &has).into());
        }
        if !remove {
            nobodys(&self.file.read()?, &fingerprint)?;
        }
        let what = format!("certificate {fingerprint} {}", if remove { "removed" } else { "added" });
        self.change(name, &what, |account| {
            account.certificates.retain(|one| *one != fingerprint);
            if !remove {
                account.certificates.push(fingerprint.clone());
            }
        })?;
        let word = if remove { "no longer comes" } else { "comes" };
        writeln!(out, "{name} {word} by the certificate {fingerprint}")?;
        Ok(())
    }

    pub(super) fn password(&self, name: &str, ask: bool, out: &mut impl Write) -> anyhow::Result<()> {
        let has_second = !self.known(name)?.totp.is_empty();
        let given = self.given(name, has_second, ask)?;
        let (hash, today, is_made) = (auth::hash(&given.password)?, self.today(), given.is_made);
        self.change(name, "password", |account| {
            account.password = hash;
            account.changed = today;
            account.must_change = is_made;
        })?;
        writeln!(out, "{name} has a new password, and is logged out everywhere")?;
        given.say(out)
    }

    pub(super) fn totp(&self, name: &str, remove: bool, out: &mut impl Write) -> anyhow::Result<()> {
        let secret = if remove { String::new() } else { auth::secret()? };
        let set = secret.clone();
        self.change(name, if remove { "second factor removed" } else { "second factor" }, |account| {
            account.totp = set
        })?;
        if remove {
            writeln!(out, "{name} has no second factor any more")?;
        } else {
            writeln!(out, "{}", auth::uri(&self.settings.page.title, name, &secret))?;
        }
        Ok(())
    }

    pub(super) fn wall(&self, name: &str, from: AddressRange, out: &mut impl Write) -> anyhow::Result<()> {
        if !is_name(name) {
            return Err(usage(NAME).into());
        }
        let token = auth::fresh()?;
        self.write(name, &format!("wall token from {from}"), |accounts| {
            accounts.walls.retain(|wall| wall.name != name);
            accounts.walls.push(WallAccount::new(name, &token, from));
            Ok(())
        })?;
        writeln!(out, "open once at the screen, from {from}; a token of {name:?} from before is no longer good:")?;
        writeln!(out, "/wall?token={token}")?;
        Ok(())
    }

    fn given(&self, name: &str, has_second: bool, ask: bool) -> anyhow::Result<Given> {
        if !ask {
            return Ok(Given { password: auth::made()?, is_made: true });
        }
        let password = typed::secret(&format!("password of {name}"))?;
        let fault = password_rules(self.settings).check(&password, name, has_second);
        fault.map_err(|fault| usage(format!("the password: {fault}")))?;
        Ok(Given { password, is_made: false })
    }

    fn known(&self, name: &str) -> anyhow::Result<PersonAccount> {
        let accounts = self.file.read()?;
        accounts.person(name).cloned().ok_or_else(|| unknown(&accounts, name))
    }

    pub(super) fn change(&self, name: &str, what: &str, change: impl FnOnce(&mut PersonAccount)) -> anyhow::Result<()> {
        self.known(name)?;
        self.write(name, what, |accounts| match accounts.people.iter_mut().find(|person| person.name == name) {
            Some(account) => {
                change(account);
                Ok(())
            }
            None => Err(unknown(accounts, name)),
        })
    }

    /// Written down before it is done, and not done where it cannot be written down.
    fn write(
        &self,
        name: &str,
        what: &str,
        change: impl FnOnce(&mut Accounts) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.file.change(|accounts| change(accounts).and_then(|()| self.note(name, what)))
    }

    fn note(&self, name: &str, what: &str) -> anyhow::Result<()> {
        let Some(audit) = &self.audit else { return Ok(()) };
        let line = AuditLine {
            account: format!("uid {}", rustix::process::getuid().as_raw()),
            address: "command line".to_owned(),
            about: name.to_owned(),
            result: what.to_owned(),
            ..AuditLine::default()
        };
        Ok(audit.write_now(AuditWhat::AccountChanged, line, self.now)?)
    }

    fn today(&self) -> Date {
        self.now.date(&self.settings.timezone)
    }
}

impl Given {
    fn say(&self, out: &mut impl Write) -> anyhow::Result<()> {
        if self.is_made {
            writeln!(out, "password for the first log-in: {}", self.password)?;
        }
        Ok(())
    }
}

fn unknown(accounts: &Accounts, name: &str) -> anyhow::Error {
    let names: Vec<&str> = accounts.people.iter().map(|person| person.name.as_str()).collect();
    no_such(("账号", "account"), name, &names).into()
}

/// That it is free to be somebody's.
fn nobodys(accounts: &Accounts, fingerprint: &str) -> anyhow::Result<()> {
    let Some(owner) = accounts.people.iter().find(|one| one.certificates.iter().any(|own| own == fingerprint)) else {
        return Ok(());
    };
    Err(usage(format!("{} has this certificate already; a certificate is one person's", owner.name)).into())
}

/// Of a file's first certificate, or as it is written.
pub(in crate::cli) fn fingerprint(text: &str) -> anyhow::Result<String> {
    if let Some(fingerprint) = certificate_named(text) {
        return Ok(fingerprint);
    }
    let first = tls::read(Path::new(text)).map_err(|error| usage(error.to_string()))?.into_iter().next();
    let first = first.context("no certificate")?;
    Ok(data_encoding::HEXLOWER.encode(&first.fingerprint))
}

pub(super) fn list(accounts: &Accounts, out: &mut impl Write) -> anyhow::Result<()> {
    for one in &accounts.people {
        let states = [
            (one.disabled, "disabled"),
            (one.must_change, "must change the password"),
            (!one.totp.is_empty(), "second factor"),
        ];
        let own = one
            .units
            .iter()
            .map(|unit| format!("unit {unit}"))
            .chain(one.towns.iter().map(|town| format!("town {town}")));
        let states = states.iter().filter(|(is, _)| *is).map(|(_, word)| (*word).to_owned());
        let certificates = one.certificates.iter().map(|one| format!("certificate {one}"));
        let more: Vec<String> = own.chain(states).chain(certificates).collect();
        let line = format!("{:<24} {:<12} {}  {}", one.name, one.role.name(), one.changed, more.join(", "));
        writeln!(out, "{}", line.trim_end())?;
    }
    for wall in &accounts.walls {
        writeln!(out, "{:<24} {:<12} from {}", wall.name, "wall", wall.from)?;
    }
    Ok(())
}
