//! The cookbook is true: every block of SQL in docs/sql-cookbook.md runs.

use std::fs;

use crate::town::Town;

/// The SQL blocks of the cookbook that stand under headings that contain `heading`, for the town's database.
pub fn blocks(town: &Town, heading: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sql-cookbook.md");
    let text = fs::read_to_string(path).unwrap();
    let sections = text.split("\n## ").skip(1).filter(|section| section.lines().next().unwrap().contains(heading));
    let sql = sections.flat_map(|section| section.split("```sql\n").skip(1));
    let own = |block: &str| block.split("```").next().unwrap().replace("tongguan", &town.database);
    sql.map(own).collect()
}

#[test]
fn every_query_of_the_cookbook_runs_on_a_town_with_cases() {
    let town = Town::new();
    let expected = town.folder.path().join("expected.json");
    let ended = town.tongguan(&["generate", "--cases", "0.01", "--expected", expected.to_str().unwrap()], &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    town.run_until_caught_up();
    let blocks = blocks(&town, "");
    assert!(blocks.len() >= 10, "{} blocks", blocks.len());
    for sql in &blocks {
        town.query(sql);
    }
    let rates = town.query(&format!("{} FORMAT TSV", blocks[0]));
    assert_eq!(rates, "grid\t378\t378\t1\nhotline\t28\t28\t1");
}
