//! Creates and upgrades the schema: one statement a file, in order, each once, never edited afterwards.

use clickhouse::Row;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{client::Store, error::StoreError};

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
    "0008_create_mart_cases",
    "0009_create_mart_events",
    "0010_create_mart_cases_at",
    "0011_pack_times_of_cases",
    "0012_create_rebuilds",
    "0013_create_mart_kpi_flags",
    "0014_create_mart_kpi_clocks",
    "0015_create_mart_kpi_assignments",
    "0016_create_editions",
    "0017_create_edition_figures",
    "0018_create_edition_verdicts",
    "0019_create_edition_seals",
    "0020_create_mart_kpi_checks",
    "0021_create_topics",
    "0022_create_gaps",
    "0023_create_behind",
    "0024_create_verifications",
    "0026_create_swept",
    "0027_answered_cases",
    "0028_pauses_of_cases",
    "0029_mart_cases_with_pauses",
    "0030_mart_cases_at_with_answers",
    "0031_mart_kpi_flags_with_answers",
];

/// The files that make the table of applied files; they run before it can be asked.
const BEFORE_THE_BOOK: usize = 2;

#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Applied {
    pub name: String,
    pub is_new: bool,
}

#[derive(Row, Deserialize)]
struct Known {
    name: String,
    sha256: String,
}

#[derive(Row, Deserialize)]
struct Count {
    n: u64,
}

/// Applies what is missing. Running it again, or two at once, changes nothing.
pub async fn migrate(store: &Store) -> Result<Vec<Applied>, StoreError> {
    for (_, statement) in &MIGRATIONS[..BEFORE_THE_BOOK] {
        store.execute(statement).await?;
    }
    let known = known(store).await?;
    refuse_edited(&known)?;
    let mut applied = Vec::with_capacity(MIGRATIONS.len());
    for (index, (name, statement)) in MIGRATIONS.iter().enumerate() {
        let is_new = !known.iter().any(|row| row.name == *name);
        if is_new {
            if index >= BEFORE_THE_BOOK {
                store.execute(statement).await?;
            }
            write_down(store, name, statement).await?;
        }
        applied.push(Applied { name: (*name).to_owned(), is_new });
    }
    Ok(applied)
}

/// Is the schema the one that this program was made for? `run` only asks, it never changes anything.
pub async fn check(store: &Store) -> Result<(), StoreError> {
    let exists = store
        .query("SELECT count() AS n FROM system.tables WHERE database = '{{database}}' AND name = 'schema_migrations'");
    if store.fetch_one::<Count>(exists).await?.n == 0 {
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
    match known.iter().find(|row| !MIGRATIONS.iter().any(|(name, _)| *name == row.name)) {
        Some(row) => Err(StoreError::Migration(format!(
            "the schema is newer than this program: migration {} is unknown here. Use the version that applied it",
            row.name
        ))),
        None => Ok(()),
    }
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

async fn write_down(store: &Store, name: &str, statement: &str) -> Result<(), StoreError> {
    let insert = "INSERT INTO {{database}}.schema_migrations (name, sha256) VALUES ({name:String}, {sha256:String})";
    let query = store.query(insert).param("name", name).param("sha256", sha256(statement));
    store.run(query).await
}

/// Removes the database and its mart, for a demonstration or a test that begins anew.
pub async fn drop_all(store: &Store) -> Result<(), StoreError> {
    store.execute("DROP DATABASE IF EXISTS {{database}}_mart SYNC").await?;
    store.execute("DROP DATABASE IF EXISTS {{database}} SYNC").await
}

pub fn sha256(statement: &str) -> String {
    Sha256::digest(statement.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
