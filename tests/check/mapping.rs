//! `tongguan import` tells all faults of a mapping at once, as docs/import.md shows.

use std::{fs, path::Path, process::Command};

fn dry_run(folder: &Path, mapping: &str) -> (Option<i32>, String) {
    let data = folder.join("data.csv");
    fs::write(&data, "工单编号,受理时间,派单时间\n1,2021-03-01 08:30:00,\n").unwrap();
    let arguments = ["import", data.to_str().unwrap(), "--mapping", mapping, "--dry-run"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_tongguan"));
    let done = command.args(arguments).current_dir(folder).output().unwrap();
    assert!(done.stdout.is_empty(), "{}", String::from_utf8_lossy(&done.stdout));
    (done.status.code(), String::from_utf8(done.stderr).unwrap())
}

#[test]
fn every_fault_of_a_mapping_is_told_at_once_with_its_place_and_what_to_do() {
    let faults = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import/faults");
    let folder = tempfile::tempdir().unwrap();
    fs::copy(faults.join("mapping.toml"), folder.path().join("mapping.toml")).unwrap();
    let told = fs::read_to_string(faults.join("told.txt")).unwrap();
    assert_eq!(dry_run(folder.path(), "mapping.toml"), (Some(3), format!("tongguan: {told}")));
}

#[test]
fn every_column_that_the_file_lacks_is_told_at_once_with_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let mapping = "stream = \"hotline\"\nsource = \"urn:test\"\ntimezone = \"Asia/Shanghai\"\n\
        time.formats = [\"%Y-%m-%d %H:%M:%S\"]\n[[event]]\ntype = \"case.accepted.v1\"\ntime = \"受理日期\"\n\
        data.kind = \"工单编号\"\n[case]\nid = \"编号\"\n";
    fs::write(folder.path().join("m.toml"), mapping).unwrap();
    let (code, said) = dry_run(folder.path(), "m.toml");
    assert_eq!(code, Some(3), "{said}");
    let there =
        "tongguan: the mapping does not fit the data file, which has the columns `工单编号`, `受理时间`, `派单时间`:";
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines,
        [
            there,
            "  m.toml, line 7, event[1].time: there is no column `受理日期`; the nearest right one is `受理时间`",
            "  m.toml, line 10, case.id: there is no column `编号`; the nearest right one is `工单编号`",
        ]
    );
}
