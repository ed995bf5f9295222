//! `tongguan migrate`: creates or upgrades the schema.

use std::io::Write;

use super::{Exit, setup::Setup};
use crate::store::migrate::migrate;

pub async fn run(setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let applied = migrate(&setup.store()?).await?;
    for one in applied.iter().filter(|one| one.is_new) {
        writeln!(out, "applied {}", one.name)?;
    }
    let new = applied.iter().filter(|one| one.is_new).count();
    writeln!(out, "schema of `{}`: {} migrations, {new} new", setup.settings.clickhouse.database, applied.len())?;
    Ok(Exit::Ok)
}
