//! `tongguan inlet key`: who may send what, written into `inlet.keys_file`.

use std::{io::Write, path::PathBuf};

use anyhow::Context as _;
use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;

use crate::{
    ask::unclear::no_such,
    cli::{Exit, account::fingerprint, setup::Setup, usage::usage},
    http::{
        auth::is_name,
        inlet::{FeederKey, FeederKeyFile, FeederKeys, fresh_key, hash},
    },
    pipeline::clock,
};

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Add a key; it is made and printed, once
    Add(Box<KeyAdd>),
    /// Which there are
    List,
    /// No request comes in by it any more
    Revoke { id: String },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("way").args(["certificate", "secret_file"]))]
pub struct KeyAdd {
    /// What it is called: letters, digits, `.`, `_`, `-` or `@`
    #[arg(long)]
    id: String,
    /// A source whose events it may send; may be given several times
    #[arg(long = "source", required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    /// A stream that it may send to; may be given several times
    #[arg(long = "stream", required = true, value_name = "STREAM")]
    streams: Vec<String>,
    /// The first day on which it is no good any more
    #[arg(long, value_name = "DAY")]
    expires: Option<Date>,
    /// Events in a minute; else as inlet.per_minute says
    #[arg(long, value_name = "EVENTS")]
    per_minute: Option<u64>,
    /// Known by a client certificate instead: its file (PEM), or its fingerprint (SHA-256)
    #[arg(long, value_name = "FILE")]
    certificate: Option<String>,
    /// Known by its signature instead (Standard Webhooks): the file with the secret
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

pub(super) fn run(command: &KeyCommand, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let settings = &setup.settings;
    let path = settings.inlet.keys_file.as_deref();
    let file = FeederKeyFile::new(path.context("no keys file: set inlet.keys_file")?);
    match command {
        KeyCommand::Add(args) => {
            args.streams.iter().try_for_each(|stream| setup.stream(stream).map(drop))?;
            add(&file, args, out)?;
        }
        KeyCommand::List => list(&file.read()?, clock::now().date(&settings.timezone), out)?,
        KeyCommand::Revoke { id } => {
            file.change(|keys| {
                let place = keys.keys.iter().position(|key| key.id == *id).ok_or_else(|| {
                    let ids: Vec<&str> = keys.keys.iter().map(|key| key.id.as_str()).collect();
                    no_such(("密钥", "key"), id, &ids)
                })?;
                keys.keys.remove(place);
                Ok::<_, anyhow::Error>(())
            })?;
            writeln!(out, "{id} is revoked: no request comes in by it any more")?;
        }
    }
    Ok(Exit::Ok)
}

fn add(file: &FeederKeyFile, args: &KeyAdd, out: &mut impl Write) -> anyhow::Result<()> {
    if !is_name(&args.id) {
        return Err(usage("an id has 1 to 64 letters, digits, `.`, `_`, `-` or `@`").into());
    }
    let certificate = args.certificate.as_deref().map(fingerprint).transpose()?;
    let is_by_key = certificate.is_none() && args.secret_file.is_none();
    let made = if is_by_key { Some(fresh_key()?) } else { None };
    let key = FeederKey {
        id: args.id.clone(),
        sha256: made.as_deref().map(hash),
        certificate,
        secret_file: args.secret_file.clone(),
        sources: args.sources.clone(),
        streams: args.streams.clone(),
        expires: args.expires,
        per_minute: args.per_minute,
    };
    file.change(|keys| {
        if keys.keys.iter().any(|one| one.id == key.id) {
            let text =
                format!("there is a key {:?} already; give this one another id, and revoke the old one later", key.id);
            return Err(usage(text).into());
        }
        keys.keys.push(key);
        Ok::<_, anyhow::Error>(())
    })?;
    writeln!(out, "{} is added in {}", args.id, file.path().display())?;
    if let Some(made) = made {
        writeln!(out, "its key, which is shown this once:\n{made}")?;
    }
    Ok(())
}

fn list(keys: &FeederKeys, today: Date, out: &mut impl Write) -> anyhow::Result<()> {
    for key in &keys.keys {
        let way = match (&key.certificate, &key.secret_file) {
            (Some(_), _) => "certificate",
            (_, Some(_)) => "signature",
            _ => "key",
        };
        let end = key.expires.map(|day| {
            let word = if key.has_ended(today) { "ended" } else { "until" };
            format!("  {word} {day}")
        });
        let line = format!(
            "{:<24} {way:<12} {} -> {}{}",
            key.id,
            key.sources.join(", "),
            key.streams.join(", "),
            end.unwrap_or_default()
        );
        writeln!(out, "{line}")?;
    }
    Ok(())
}
