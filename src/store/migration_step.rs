//! What is done to a schema, one statement at a time, and the row that remembers it.

use sha2::{Digest, Sha256};

use super::{client::Store, error::StoreError, migrations::BOOK};

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
    pub(super) fn migration(name: &str, statement: &str) -> Self {
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

    pub(super) async fn write_down(&self, store: &Store) -> Result<(), StoreError> {
        let table = match self.act {
            MigrationAct::Migrate => BOOK,
            MigrationAct::InstallView | MigrationAct::DropView => "views",
        };
        let insert =
            format!("INSERT INTO {{{{database}}}}.{table} (name, sha256) VALUES ({{name:String}}, {{sha256:String}})");
        store.run(store.query(&insert).param("name", &self.name).param("sha256", &self.sha256)).await
    }
}

pub(crate) fn sha256(statement: &str) -> String {
    Sha256::digest(statement.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
