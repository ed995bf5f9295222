//! `tongguan contract`: the schemas as files, and a check of messages for whoever is going to send them.

mod check;
pub mod descriptions;
pub mod pages;
mod together;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Subcommand;

use super::Exit;
use crate::feed::contract::schema;

#[derive(Debug, Subcommand)]
pub enum ContractCommand {
    /// Write the JSON Schemas of all event types and envelopes into a folder
    Schema {
        #[arg(long, value_name = "DIR", default_value = "contracts/schemas")]
        out: PathBuf,
    },
    /// Write the descriptions of the interface for programs and of the inlet (OpenAPI 3.1) into a folder
    Openapi {
        #[arg(long, value_name = "DIR", default_value = "contracts")]
        out: PathBuf,
    },
    /// Write the description of the topics (AsyncAPI 3.0) into a folder
    Asyncapi {
        #[arg(long, value_name = "DIR", default_value = "contracts")]
        out: PathBuf,
    },
    /// Write all three descriptions as pages (Markdown) into a folder
    Pages {
        #[arg(long, value_name = "DIR", default_value = "docs/reference")]
        out: PathBuf,
    },
    /// Check messages: each file holds one JSON message, or one a line (.jsonl); `-` or none is standard input, one a line
    Check {
        files: Vec<PathBuf>,
        /// One JSON object instead of lines
        #[arg(long)]
        json: bool,
    },
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
        ContractCommand::Openapi { out: folder } => write_all(folder, &descriptions::openapi(), out),
        ContractCommand::Asyncapi { out: folder } => write_all(folder, &[descriptions::asyncapi()?], out),
        ContractCommand::Pages { out: folder } => write_all(folder, &pages::all()?, out),
        ContractCommand::Check { files, json } => check::run(files, *json, out),
    }
}

fn write_all(folder: &Path, files: &[(&str, String)], out: &mut impl Write) -> anyhow::Result<Exit> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, written) in files {
        let file = folder.join(name);
        fs::write(&file, written).with_context(|| format!("cannot write {}", file.display()))?;
        writeln!(out, "wrote {}", file.display())?;
    }
    Ok(Exit::Ok)
}
