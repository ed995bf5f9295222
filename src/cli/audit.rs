//! `tongguan audit`: who did what on the page.

use std::io::{self, Write};

use anyhow::Context as _;
use jiff::civil::Date;

use super::{Exit, usage::usage};
use crate::{
    ask::unclear::no_such,
    config::Settings,
    http::auth::{AuditLine, AuditWhat, lines},
    report::table::printable,
};

/// Who logged in, looked at which case, exported or changed what
#[derive(Debug, clap::Args)]
pub struct AuditArgs {
    /// From that day on, such as 2026-11-29
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Of that account only
    #[arg(long)]
    account: Option<String>,
    /// Only that: log-in, case-seen, list-exported, account-changed and others
    #[arg(long)]
    what: Option<String>,
    /// The lines as they are kept
    #[arg(long)]
    json: bool,
}

pub fn run(args: &AuditArgs, settings: &Settings, out: &mut impl Write) -> anyhow::Result<Exit> {
    let auth = &settings.http.auth;
    let folder =
        auth.audit().context("no audit is kept: http.auth.mode is none, and http.auth.audit_dir names no folder")?;
    let since = args.since.as_deref().map(|day| {
        day.parse::<Date>().map_err(|_| usage(format!("--since is a day, such as 2026-11-29, not `{day}`")))
    });
    let since = since.transpose()?;
    let names = AuditWhat::ALL.map(|(_, name)| name);
    if let Some(what) = args.what.as_deref().filter(|what| !names.contains(what)) {
        return Err(no_such(("审计事项", "thing that is written down"), what, &names).into());
    }
    let mut damaged = 0;
    let is_meant = |line: &AuditLine| {
        args.account.as_ref().is_none_or(|account| *account == line.account)
            && args.what.as_ref().is_none_or(|what| *what == line.what)
    };
    lines(&folder, since, |line| match line {
        Some(line) if is_meant(&line) => write(&line, args.json, out),
        Some(_) => Ok(()),
        None => {
            damaged += 1;
            Ok(())
        }
    })
    .with_context(|| format!("the audit in {}", folder.display()))?;
    if damaged > 0 {
        writeln!(io::stderr(), "tongguan: {damaged} lines are damaged and left out")?;
    }
    Ok(if damaged > 0 { Exit::Rejected } else { Exit::Ok })
}

/// A terminal is shown no text that could steer it.
fn write(line: &AuditLine, is_json: bool, out: &mut impl Write) -> io::Result<()> {
    if is_json {
        return writeln!(out, "{}", serde_json::to_string(line)?);
    }
    let of = |text: &str| if text.is_empty() { "-".to_owned() } else { printable(text) };
    let AuditLine { at, account, address, role, what, about, result } = line;
    writeln!(
        out,
        "{}  {:<16} {:<12} {:<16} {:<15} {}  {}",
        of(at),
        of(account),
        of(role),
        of(address),
        of(what),
        of(about),
        of(result)
    )
}
