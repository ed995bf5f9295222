//! Creates and upgrades the schema: tables by one statement a file, in order, each once, never edited afterwards; then the views.

use clickhouse::Row;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{client::Store, error::StoreError, views};

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Name and statement of each file, in the order of their numbers.
        pub const MIGRATIONS: &[(&str, &str)] = &[$(($name, include_str!(concat!("migrations/", $name, ".sql")))),*];
    };
}

migrations![
    "0001_create_database",
    "0002_create_schema_migrations",
    "0003_create_events",
    "0004_create_cases",
    "0005_create_quarantine",
    "0006_create_mart",
    "0007_index_cases_by_time",
    "0011_pack_times_of_cases",
    "0012_create_rebuilds",
    "0016_create_editions",
    "0017_create_edition_figures",
    "0018_create_edition_verdicts",
    "0019_create_edition_seals",
    "0021_create_topics",
    "0022_create_gaps",
    "0023_create_behind",
    "0024_create_verifications",
    "0026_create_swept",
    "0027_answered_cases",
    "0028_pauses_of_cases",
    "0032_create_views",
    "0033_index_cases_by_lists",
    "0034_note_of_quarantine",
    "0035_create_alerts",
    "0036_create_alerts_reached",
    "0037_index_cases_by_ingestion",
];

/// Of former releases: views, which are definitions now (`views`). A schema that has them is not newer than this program.
const RETIRED: &[&str] = &[
    "0008_create_mart_cases",
    "0009_create_mart_events",
    "0010_create_mart_cases_at",
    "0013_create_mart_kpi_flags",
    "0014_create_mart_kpi_clocks",
    "0015_create_mart_kpi_assignments",
    "0020_create_mart_kpi_checks",
    "0029_mart_cases_with_pauses",
    "0030_mart_cases_at_with_answers",
    "0031_mart_kpi_flags_with_answers",
];

/// The files that make the table of applied files; they run before it can be asked.
const BEFORE_THE_BOOK: usize = 2;
const BOOK: &str = "schema_migrations";

/// One thing to do, and the row that says that it is done.
#[derive(Debug, PartialEq, Eq)]
pub struct MigrationStep {
    pub(crate) act: MigrationAct,
    pub(crate) name: String,
    /// With `{{database}}` in it.
    pub(crate) statement: String,
    /// Of the file or the definition; empty where it goes.
    sha256: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MigrationAct {
    Migrate,
    InstallView,
    DropView,
}

impl MigrationStep {
    fn migration(name: &str, statement: &str) -> Self {
        Self::new(MigrationAct::Migrate, name, statement, sha256(statement))
    }

    pub(super) fn view(name: &str, definition: &str) -> Self {
        Self::new(MigrationAct::InstallView, name, definition, sha256(definition))
    }

    pub(super) fn drop_view(name: &str) -> Self {
        let statement = format!("DROP VIEW IF EXISTS {{{{database}}}}_mart.{name}");
        Self::new(MigrationAct::DropView, name, &statement, String::new())
    }

    fn new(act: MigrationAct, name: &str, statement: &str, sha256: String) -> Self {
        Self { act, name: name.to_owned(), statement: statement.to_owned(), sha256 }
    }

    async fn write_down(&self, store: &Store) -> Result<(), StoreError> {
        let table = match self.act {
            MigrationAct::Migrate => BOOK,
            MigrationAct::InstallView | MigrationAct::DropView => "views",
        };
        let insert =
            format!("INSERT INTO {{{{database}}}}.{table} (name, sha256) VALUES ({{name:String}}, {{sha256:String}})");
        store.run(store.query(&insert).param("name", &self.name).param("sha256", &self.sha256)).await
    }
}

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

pub(crate) fn sha256(statement: &str) -> String {
    Sha256::digest(statement.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
