//! `tongguan account`: who may see the page, and what.

mod desk;

use std::io::Write;

use clap::Subcommand;

pub(super) use self::desk::fingerprint;
use self::desk::{Desk, KnownBy, list};
use super::Exit;
use crate::{
    ask::unclear::no_such,
    config::Settings,
    http::auth::{AddressRange, AuthRole},
};

#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Add somebody. A password is made and printed, for the first log-in only
    Add {
        name: String,
        /// viewer 查看 (figures), case-worker 经办 (and cases of own units or towns), analyst 分析 (and all cases and exports), feeder 录入 (and files), operator 运维 (and changes)
        #[arg(long, value_parser = role)]
        role: AuthRole,
        /// A unit whose cases a case worker sees; may be given several times. Whether there is such a code is not known here: one
        /// that no case has shows none
        #[arg(long = "unit", value_name = "CODE", value_parser = code)]
        units: Vec<String>,
        /// A town whose cases a case worker sees; may be given several times. Not checked against the data either
        #[arg(long = "town", value_name = "CODE", value_parser = code)]
        towns: Vec<String>,
        /// Type the password instead: unseen, or as a line of the standard input
        #[arg(long)]
        ask: bool,
        /// Who comes by certificate has no password: its file (PEM), or its fingerprint (SHA-256)
        #[arg(long, value_name = "FILE", conflicts_with = "ask")]
        certificate: Option<String>,
    },
    /// Who there is
    List,
    /// Nobody logs in by it any more, and whoever has is out at once
    Disable { name: String },
    /// May log in again
    Enable { name: String },
    /// A new password; it is made and printed, for the first log-in only
    Password {
        name: String,
        /// Type the password instead: unseen, or as a line of the standard input
        #[arg(long)]
        ask: bool,
    },
    /// A second factor: prints the address that an authenticator reads
    Totp {
        name: String,
        /// Take it away instead
        #[arg(long)]
        remove: bool,
    },
    /// A certificate by which somebody comes (http.auth.mode = "certificates"); an account may have several
    Certificate {
        name: String,
        /// Its file (PEM; the first of a chain), or its fingerprint (SHA-256, as `openssl x509 -fingerprint -sha256` prints it)
        #[arg(value_name = "FILE")]
        certificate: String,
        /// Take it away instead
        #[arg(long)]
        remove: bool,
    },
    /// A token by which a screen shows the wall, from its own address or network only
    WallToken {
        name: String,
        /// Address or network of the screen, such as 10.1.2.0/24
        #[arg(long, value_name = "NETWORK")]
        from: AddressRange,
    },
}

/// The contract sets no limit; no town's codes come near this one.
const CODE_MAX: usize = 200;

/// By its form only.
fn code(text: &str) -> Result<String, String> {
    let is_code = !text.trim().is_empty() && text.chars().count() <= CODE_MAX && !text.chars().any(char::is_control);
    if is_code {
        return Ok(text.to_owned());
    }
    Err(format!("a code has 1 to {CODE_MAX} characters, not all of them blank and none of them a control character"))
}

fn role(name: &str) -> Result<AuthRole, String> {
    let names = AuthRole::ALL.map(|(_, name, _)| name);
    AuthRole::from_name(name).ok_or_else(|| no_such(("角色", "role"), name, &names).to_string())
}

pub fn run(command: &AccountCommand, settings: &Settings, out: &mut impl Write) -> anyhow::Result<Exit> {
    let desk = Desk::of(settings)?;
    match command {
        AccountCommand::Add { name, role, units, towns, ask, certificate } => {
            let known_by = KnownBy { ask: *ask, certificate: certificate.as_deref() };
            desk.add(name, (*role, units.clone(), towns.clone()), known_by, out)?;
        }
        AccountCommand::List => list(&desk.file.read()?, out)?,
        AccountCommand::Disable { name } => {
            desk.change(name, "disabled", |account| account.disabled = true)?;
            writeln!(out, "{name} is disabled, and logged out everywhere")?;
        }
        AccountCommand::Enable { name } => {
            desk.change(name, "enabled", |account| account.disabled = false)?;
            writeln!(out, "{name} may log in again")?;
        }
        AccountCommand::Password { name, ask } => desk.password(name, *ask, out)?,
        AccountCommand::Totp { name, remove } => desk.totp(name, *remove, out)?,
        AccountCommand::Certificate { name, certificate, remove } => {
            desk.certificate(name, certificate, *remove, out)?
        }
        AccountCommand::WallToken { name, from } => desk.wall(name, *from, out)?,
    }
    Ok(Exit::Ok)
}
