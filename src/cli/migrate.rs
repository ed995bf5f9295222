//! `tongguan migrate`: creates or upgrades the schema.

use std::io::Write;

use super::{Exit, setup::Setup};
use crate::store::{
    Store,
    migrate::{migrate, plan},
    migration_step::{MigrationAct, MigrationStep},
};

/// Create or upgrade the schema in ClickHouse: tables, and the views of the mart
#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    /// Print the SQL of what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(args: &MigrateArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    if args.dry_run {
        let steps = plan(&store).await?;
        steps.iter().try_for_each(|step| print(step, &store, out))?;
        return Ok(Exit::Ok);
    }
    let steps = migrate(&store).await?;
    for step in &steps {
        writeln!(out, "{} {}", done(step.act), step.name)?;
    }
    writeln!(out, "schema of `{}`: {} new", setup.settings.clickhouse.database, steps.len())?;
    Ok(Exit::Ok)
}

fn done(act: MigrationAct) -> &'static str {
    match act {
        MigrationAct::Migrate => "applied",
        MigrationAct::InstallView => "installed view",
        MigrationAct::DropView => "dropped view",
    }
}

/// A statement that can be pasted.
fn print(step: &MigrationStep, store: &Store, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "-- {}\n{};\n", step.name, store.sql(&step.statement).trim_end())
}
