//! The export of Shanghai's task table, imported: what the same rows have to come to by any other door.

use crate::{local::root, town::Town};

pub fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

/// A town that was given the file, with everything in its cases.
pub fn imported() -> Town {
    let imported = Town::new();
    let path = |name: &str| root().join(name).to_str().unwrap().to_owned();
    let (data, mapping) = (path("tests/fixtures/import/citygrid/tasks.csv"), path("config/sources/citygrid.toml"));
    let rejects = imported.folder.path().join("rejects.csv");
    let args = ["import", &data, "--mapping", &mapping, "--rejects", rejects.to_str().unwrap()];
    assert_eq!(imported.tongguan(&args, &[]).code, Some(5));
    imported.run_until_caught_up();
    imported
}
