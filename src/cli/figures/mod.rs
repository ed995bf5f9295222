//! `tongguan figures`: the town's own figures.

mod atoms;
mod check;

use std::{io::Write, path::PathBuf};

use clap::Subcommand;

use super::Exit;
use crate::{
    config::{Settings, figures},
    domain::kpi::catalogue,
};

#[derive(Debug, Subcommand)]
pub enum FiguresCommand {
    /// Whether the files can be used, and whether every worked example holds; no server is asked
    Check {
        /// The folder [default: figures.dir of the configuration]
        #[arg(value_name = "FOLDER")]
        dir: Option<PathBuf>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// What an expression may ask for: atoms, dimensions, and what a figure may sum up
    Atoms {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

pub fn run(command: &FiguresCommand, settings: &Settings, out: &mut impl Write) -> anyhow::Result<Exit> {
    match command {
        FiguresCommand::Check { dir, json } => {
            check::run(dir.as_deref().or(settings.figures.dir.as_deref()), settings, *json, out)
        }
        FiguresCommand::Atoms { json } => {
            atoms::run(*json, out)?;
            Ok(Exit::Ok)
        }
    }
}

/// Before anything is asked.
pub fn adopt(settings: &Settings) -> anyhow::Result<()> {
    Ok(catalogue::adopt(figures::load(settings.figures.dir.as_deref())?)?)
}
