//! `tongguan contract`: the schemas as files, and a check of messages for whoever is going to send them.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Subcommand;
use jiff::tz::TimeZone;

use super::Exit;
use crate::{
    domain::{stream::Stream, time::Millis},
    feed::{
        contract::schema,
        decode::{Decoded, Limits, Message, decode},
        door::Door,
        privacy::Key,
        rejection::Rejection,
    },
    pipeline::clock,
};

#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// Write the JSON Schemas of all event types and envelopes into a folder
    Schema {
        #[arg(long, value_name = "DIR", default_value = "contracts/schemas")]
        out: PathBuf,
    },
    /// Check messages: each file holds one JSON message, or one a line (.jsonl)
    Check { files: Vec<PathBuf> },
}

pub fn run(command: &ContractCommand, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        ContractCommand::Schema { out: folder } => {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
            for (name, schema) in schema::all() {
                fs::write(folder.join(&name), serde_json::to_string_pretty(&schema)? + "\n")?;
            }
            writeln!(out, "wrote {} schemas to {}", schema::all().len(), folder.display())?;
            Ok(Exit::Ok)
        }
        ContractCommand::Check { files } => check(files, out),
    }
}

fn check(files: &[PathBuf], out: &mut impl Write) -> anyhow::Result<Exit> {
    // Nothing is kept, so any key will do.
    let mut door = Door::new(Key::from_bytes(None, b"nothing is kept under this key 1")?);
    let stream = Stream::usual("check", TimeZone::get("Asia/Shanghai")?);
    let (mut good, mut bad) = (0, 0);
    for file in files {
        for (label, bytes) in messages(file)? {
            match one(&bytes, &stream, &mut door) {
                Ok(decoded) => {
                    good += 1;
                    for remark in remarks(&decoded) {
                        writeln!(out, "{label}: accepted, {remark}")?;
                    }
                }
                Err(why) => {
                    bad += 1;
                    writeln!(out, "{label}: {why}")?;
                }
            }
        }
    }
    writeln!(out, "{good} accepted, {bad} rejected")?;
    Ok(if bad == 0 { Exit::Ok } else { Exit::Rejected })
}

fn messages(file: &PathBuf) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let name = file.display();
    if file.extension().is_some_and(|extension| extension == "jsonl") {
        let lines = BufReader::new(fs::File::open(file).with_context(|| format!("cannot read {name}"))?).split(b'\n');
        let lines = lines.enumerate().map(|(index, line)| Ok((format!("{name}:{}", index + 1), line?)));
        return lines.collect();
    }
    Ok(vec![(name.to_string(), fs::read(file).with_context(|| format!("cannot read {name}"))?)])
}

/// What is taken, and still worth a word.
fn remarks(decoded: &Decoded) -> Vec<String> {
    let Decoded { event, unknown_fields } = decoded;
    let mut remarks = Vec::new();
    if *unknown_fields > 0 {
        remarks.push(format!("{unknown_fields} fields that the contract does not name"));
    }
    if event.is_ahead() {
        let minutes = event.occurred_at.since(event.ingested_at) / 60_000;
        remarks.push(format!(
            "but its time is {} h {} min from now; local time written as Z?",
            minutes / 60,
            minutes % 60
        ));
    }
    remarks
}

fn one(bytes: &[u8], stream: &Stream, door: &mut Door) -> Result<Decoded, Rejection> {
    let limits = Limits { earliest: Millis(0), future_max_ms: 86_400_000 };
    let message =
        Message { partition: 0, offset: 0, payload: Some(bytes), headers: Some(&[]), arrived_at: clock::now() };
    decode(&message, stream, door, &limits)
}
