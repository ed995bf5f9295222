//! Rows of the task table, pulled as they change, are the same events and the same cases as the same rows exported and imported.

use std::collections::BTreeMap;

use crate::{
    database::{Database, Kind},
    imported::{imported, read},
    task::Task,
    town::Town,
};

const TIMES: [&str; 9] = [
    "ROWTIME",
    "DISCOVERTIME",
    "PERCREATETIME",
    "CREATETIME",
    "ENDTIME",
    "S_DISPATCHTIME",
    "S_SIGNTIME",
    "S_SUBMITTIME",
    "S_DEADLINE",
];

/// The statements that bring the table from one time of the export to the next.
fn stages(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut lines = csv.lines();
    let header: Vec<String> = lines.next().unwrap().split(',').map(str::to_owned).collect();
    let mut stages: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let quoted = |cell: &&str| if cell.is_empty() { "NULL".to_owned() } else { format!("'{cell}'") };
        let of = |name: &str| cells[header.iter().position(|known| known == name).unwrap()];
        let child = of("S_ID");
        let same =
            if child.is_empty() { "S_ID IS NULL".to_owned() } else { format!("(S_ID IS NULL OR S_ID = '{child}')") };
        let stage = stages.entry(cells[0]).or_default();
        stage.push(format!("DELETE FROM T_TASKINFO WHERE TASKID = '{}' AND {same}", of("TASKID")));
        let values: Vec<String> = cells.iter().map(quoted).collect();
        stage.push(format!("INSERT INTO T_TASKINFO VALUES ({})", values.join(", ")));
    }
    (header, stages.into_values().collect())
}

fn ledger(town: &Town) -> String {
    town.query("SELECT DISTINCT event_id, case_id, type, occurred_at, data FROM {db}.events ORDER BY ALL")
}

fn pulled_is_imported(kind: Kind) {
    let (town, database) = (Town::new(), Database::new(kind));
    let csv = read("tests/fixtures/import/citygrid/tasks.csv");
    let (header, stages) = stages(&csv);
    assert!(stages.len() > 2, "rows change");
    let time = if kind == Kind::Postgres { "timestamp(0)" } else { "DATETIME" };
    let columns: Vec<String> = header
        .iter()
        .map(|name| format!("{name} {}", if TIMES.contains(&name.as_str()) { time } else { "varchar(100)" }))
        .collect();
    database.run(&[&format!("CREATE TABLE T_TASKINFO ({})", columns.join(", "))]);
    let rows = "table = \"T_TASKINFO\"\ngrowing = \"ROWTIME\"\nkey = [\"TASKID\", \"S_ID\"]\noverlap = 0";
    let task = Task::with(&town, &database, &read("config/sources/citygrid.toml"), rows);
    let (mut sent, mut rejected) = (0, 0);
    for stage in &stages {
        let statements: Vec<&str> = stage.iter().map(String::as_str).collect();
        database.run(&statements);
        let ended = task.run(&["--once"]);
        assert!(matches!(ended.code, Some(0 | 5)), "{}", ended.stderr);
        let told = task.last_pass();
        sent += told["sent"].as_u64().unwrap();
        rejected += told["rejected"].as_u64().unwrap();
    }
    let refused = std::fs::read_to_string(task.state("rejects.csv")).unwrap();
    assert!(refused.contains("2103A0000006") && refused.contains("not listed in values.status"), "{refused}");
    assert!(!refused.contains("暴露垃圾"), "no other cell: {refused}");

    town.run_until_caught_up();
    let imported = imported();
    assert_eq!((sent, rejected), (imported.number("SELECT count() FROM {db}.events"), 1));
    assert_eq!(ledger(&town), ledger(&imported), "the same events under the same ids");
    assert_eq!(town.cases(), imported.cases(), "the same cases");
    assert!(town.cases().len() > 4);
}

#[test]
fn rows_pulled_from_postgres_are_the_same_cases_as_the_same_rows_imported() {
    pulled_is_imported(Kind::Postgres);
}

#[test]
fn rows_pulled_from_mariadb_are_the_same_cases_as_the_same_rows_imported() {
    pulled_is_imported(Kind::MariaDb);
}
