//! The views of the mart: definitions, not history. `migrate` installs each whose text is not the one that stands, in the order in
//! which they build on each other, and drops what is not defined any more.

use std::sync::LazyLock;

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    migration_step::{MigrationStep, sha256},
    relation,
};
use crate::domain::kpi::catalogue;

/// Name and definition of each, in the order in which they build on each other; then those of the town's own figures.
pub static VIEWS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let relations = relation::all().into_iter().map(|one| (one.name.to_owned(), one.view()));
    let own = catalogue::own().map(|figure| (relation::own_name(figure), relation::of(figure.grain).own_view(figure)));
    relations.chain(own).collect()
});

/// A view that stands.
#[derive(Debug, Row, Deserialize)]
pub struct Installed {
    name: String,
    sha256: String,
}

/// The views that stand in the database, with the hash of what each was made from.
pub async fn installed(store: &Store) -> Result<Vec<Installed>, StoreError> {
    store.fetch_all(store.query(include_str!("queries/views_installed.sql"))).await
}

/// What makes the views that stand those that are defined.
pub fn steps(installed: &[Installed]) -> Vec<MigrationStep> {
    let stands = |name: &str, definition: &str| {
        installed.iter().any(|view| view.name == name && view.sha256 == sha256(definition))
    };
    let is_defined = |view: &&Installed| VIEWS.iter().any(|(name, _)| *name == view.name);
    let gone = installed.iter().filter(|view| !is_defined(view)).map(|view| MigrationStep::drop_view(&view.name));
    let new = VIEWS.iter().filter(|(name, definition)| !stands(name, definition));
    gone.chain(new.map(|(name, definition)| MigrationStep::view(name, definition))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Installed> {
        let row = |(name, text): &(String, String)| Installed { name: name.clone(), sha256: sha256(text) };
        VIEWS.iter().map(row).collect()
    }

    fn names(installed: &[Installed]) -> Vec<String> {
        steps(installed).into_iter().map(|step| step.name).collect()
    }

    #[test]
    fn only_what_differs_is_installed_and_what_is_gone_is_dropped_first() {
        assert!(names(&all()).is_empty());
        assert_eq!(names(&[]), VIEWS.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
        let mut other = all();
        other[3].sha256 = "another".to_owned();
        other.push(Installed { name: "kpi_of_old".to_owned(), sha256: "x".to_owned() });
        assert_eq!(names(&other), ["kpi_of_old", "cases_at"]);
        assert_eq!(steps(&other)[0].statement, "DROP VIEW IF EXISTS {{database}}_mart.kpi_of_old");
    }
}
