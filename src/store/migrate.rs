//! Creates and upgrades the schema: tables by one statement a file, in order, each once, never edited afterwards; then the views.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    migration_step::{MigrationStep, sha256},
    migrations::{BEFORE_THE_BOOK, BOOK, MIGRATIONS, RETIRED},
    views,
};

#[derive(Row, Deserialize)]
struct Known {
    name: String,
    sha256: String,
}

#[derive(Row, Deserialize)]
struct Table {
    name: String,
}

/// Does what is to be done, and says what that was. Running it again, or two at once, changes nothing.
pub async fn migrate(store: &Store) -> Result<Vec<MigrationStep>, StoreError> {
    for (_, statement) in &MIGRATIONS[..BEFORE_THE_BOOK] {
        store.execute(statement).await?;
    }
    let steps = plan(store).await?;
    for step in &steps {
        store.execute(&step.statement).await?;
        step.write_down(store).await?;
    }
    Ok(steps)
}

/// What is to be done, in order. Changes nothing.
pub(crate) async fn plan(store: &Store) -> Result<Vec<MigrationStep>, StoreError> {
    let tables = tables(store).await?;
    let has = |name: &str| tables.iter().any(|table| table.name == name);
    let known = if has(BOOK) { known(store).await? } else { Vec::new() };
    refuse_edited(&known)?;
    refuse_newer(&known)?;
    let installed = if has("views") { views::installed(store).await? } else { Vec::new() };
    let missing = MIGRATIONS.iter().filter(|(name, _)| !known.iter().any(|row| row.name == *name));
    let migrations = missing.map(|(name, statement)| MigrationStep::migration(name, statement));
    Ok(migrations.chain(views::steps(&installed)).collect())
}

/// Is the schema the one that this program was made for? `run` only asks, it never changes anything.
pub(crate) async fn check(store: &Store) -> Result<(), StoreError> {
    if !tables(store).await?.iter().any(|table| table.name == BOOK) {
        return Err(StoreError::NoSchema {
            code: 60,
            detail: format!("database `{}` has no schema", store.database()),
        });
    }
    let known = known(store).await?;
    refuse_edited(&known)?;
    if let Some((name, _)) = MIGRATIONS.iter().find(|(name, _)| !known.iter().any(|row| row.name == *name)) {
        return Err(StoreError::NoSchema { code: 0, detail: format!("migration {name} is not applied") });
    }
    refuse_newer(&known)
}

async fn tables(store: &Store) -> Result<Vec<Table>, StoreError> {
    store.fetch_all(store.query("SELECT name FROM system.tables WHERE database = '{{database}}'")).await
}

async fn known(store: &Store) -> Result<Vec<Known>, StoreError> {
    store.fetch_all(store.query("SELECT name, sha256 FROM {{database}}.schema_migrations FINAL ORDER BY name")).await
}

fn refuse_edited(known: &[Known]) -> Result<(), StoreError> {
    for (name, statement) in MIGRATIONS {
        if let Some(row) = known.iter().find(|row| row.name == *name)
            && row.sha256 != sha256(statement)
        {
            return Err(StoreError::Migration(format!(
                "migration {name} was edited after it had been applied. Put it back as it was and write a new file"
            )));
        }
    }
    Ok(())
}

fn refuse_newer(known: &[Known]) -> Result<(), StoreError> {
    let is_ours =
        |row: &&Known| MIGRATIONS.iter().any(|(name, _)| *name == row.name) || RETIRED.contains(&row.name.as_str());
    match known.iter().find(|row| !is_ours(row)) {
        Some(row) => Err(StoreError::Migration(format!(
            "the schema is newer than this program: migration {} is unknown here. Use the version that applied it",
            row.name
        ))),
        None => Ok(()),
    }
}

/// Removes the database and its mart, for a demonstration or a test that begins anew.
pub(crate) async fn drop_all(store: &Store) -> Result<(), StoreError> {
    store.execute("DROP DATABASE IF EXISTS {{database}}_mart SYNC").await?;
    store.execute("DROP DATABASE IF EXISTS {{database}} SYNC").await
}
