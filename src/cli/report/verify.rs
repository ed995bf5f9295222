//! `tongguan report verify`: is everything that was published as it was?

use std::io::Write;

use anyhow::ensure;

use super::which::WhichReport;
use crate::{
    cli::{Exit, lines::write_json, setup::Setup},
    report::publish::{self, Wanted, filed, json, text},
};

/// Hash and count everything that was published once more, and say what is not as it was
#[derive(Debug, clap::Args)]
pub struct ReportVerifyArgs {
    #[command(flatten)]
    which: WhichReport,
    /// Only this edition [default: every one]
    #[arg(long, value_name = "N")]
    edition: Option<u32>,
    /// The SHA-256 that stands on the paper: must be that of the edition, or of the newest
    #[arg(long, value_name = "HEX")]
    hash: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &ReportVerifyArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let report = args.which.span()?.as_ref().map(filed);
    let is_one = report.is_some() || (args.edition.is_none() && args.hash.is_none());
    ensure!(is_one, "of which report? give --month, --quarter or --year with --edition and --hash");
    let wanted = Wanted { report, edition: args.edition, hash: args.hash.clone() };
    let verified = publish::verify(&setup.store()?, &wanted).await?;
    if args.json {
        write_json(&json::verified(&verified), out)?;
    } else {
        text::write_verified(&verified, out)?;
    }
    // Who asks for an edition and finds none has not verified it.
    let is_there = !verified.editions.is_empty() || wanted.report.is_none();
    Ok(if verified.problems.is_empty() && is_there { Exit::Ok } else { Exit::Failed })
}
