//! A folder into which somebody lays files: each is imported once and moved, whatever it is and whatever happens meanwhile.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    service::{Service, pause, wait_for},
    town::Town,
};

const LONG: Duration = Duration::from_secs(60);

const MAPPING: &str = r#"
stream = "hotline"
source = "urn:test:folder"
timezone = "Asia/Shanghai"
[time]
formats = ["%Y-%m-%d %H:%M"]
[case]
id = "工单编号"
[[event]]
type = "case.accepted.v1"
time = "受理时间"
"#;

struct Laid {
    town: Town,
    folder: PathBuf,
    mapping: PathBuf,
}

impl Laid {
    fn new() -> Self {
        let town = Town::new();
        let (folder, mapping) = (town.folder.path().join("laid"), town.folder.path().join("mapping.toml"));
        fs::create_dir(&folder).unwrap();
        fs::write(&mapping, MAPPING).unwrap();
        Self { town, folder, mapping }
    }

    fn args(&self, more: &[&str]) -> Vec<String> {
        let own = ["watch", self.folder.to_str().unwrap(), "--mapping", self.mapping.to_str().unwrap(), "--every", "1"];
        own.iter().chain(more).map(|text| (*text).to_owned()).collect()
    }

    fn lay(&self, name: &str, rows: std::ops::Range<u32>) {
        let rows: String = rows.map(|row| format!("GD{row},2021-03-01 09:{:02}\n", row % 60)).collect();
        fs::write(self.folder.join(name), format!("工单编号,受理时间\n{rows}")).unwrap();
    }

    fn spawn(&self, settings: &[(&str, &str)]) -> Service {
        let args = self.args(&[]);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Service::spawn(&self.town, &args, settings)
    }

    /// Without the stamps before them.
    fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = files(&self.folder.join(folder))
            .iter()
            .map(|path| path.file_name().unwrap().to_str().unwrap().split_once('-').unwrap().1.to_owned())
            .collect();
        names.sort();
        names
    }

    fn waiting(&self) -> usize {
        files(&self.folder).iter().filter(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.')).count()
    }

    fn cases(&self) -> u64 {
        self.town.run_until_caught_up();
        self.town.number("SELECT count() FROM {db}.cases FINAL")
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.is_file()).collect()
}

fn text_of(folder: &Path, ending: &str) -> String {
    let path = files(folder).into_iter().find(|path| path.to_str().unwrap().ends_with(ending)).unwrap();
    fs::read_to_string(path).unwrap()
}

#[test]
fn each_file_is_imported_and_moved_with_its_report_and_what_was_refused_is_laid_back_mended() {
    let laid = Laid::new();
    laid.lay("a.csv", 0..100);
    laid.lay("b.csv", 100..150);
    fs::write(laid.folder.join("c.csv"), "工单编号,受理时间\nGD900,2021-03-01 09:00\nGD901,soon\n").unwrap();
    fs::write(laid.folder.join("d.csv"), [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F']).unwrap();
    fs::write(laid.folder.join("e.csv.part"), "half").unwrap();
    let args = laid.args(&["--once"]);
    let ended = laid.town.tongguan(&args.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    assert_ne!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert_eq!(laid.names("done"), ["a.csv", "a.csv.report.txt", "b.csv", "b.csv.report.txt"]);
    let refused = ["c.csv", "c.csv.rejects.csv", "c.csv.report.txt", "d.csv", "d.csv.report.txt"];
    assert_eq!(laid.names("refused"), refused);
    assert!(text_of(&laid.folder.join("done"), "a.csv.report.txt").contains("acknowledged: 100"));
    assert!(text_of(&laid.folder.join("refused"), "d.csv.report.txt").contains("cannot read"));
    let rejects = text_of(&laid.folder.join("refused"), "c.csv.rejects.csv");
    assert!(rejects.contains("fits none of time.formats") && rejects.contains("GD901"), "{rejects}");
    assert_eq!(laid.waiting(), 1, "what is half is left alone");
    assert_eq!(laid.cases(), 151);

    fs::write(laid.folder.join("c2.csv"), rejects.replace("soon", "2021-03-01 10:00")).unwrap();
    // And a file that came before, once more.
    laid.lay("a.csv", 0..100);
    let ended = laid.town.tongguan(&args.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert_eq!(laid.cases(), 152, "nothing is doubled");
    assert_eq!(laid.names("done").iter().filter(|name| *name == "a.csv").count(), 2);
}

#[test]
fn a_file_stays_while_kafka_is_away_and_a_watcher_that_is_killed_loses_and_doubles_nothing() {
    let laid = Laid::new();
    laid.lay("a.csv", 0..20);
    let mut away = laid.spawn(&[("KAFKA__BROKERS", "127.0.0.1:1")]);
    away.wait_for_log("not imported yet");
    let second = laid.town.tongguan(&laid.args(&["--once"]).iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    assert!(second.stderr.contains("another tongguan watches"), "{}", second.stderr);
    away.stop();
    assert_eq!(laid.waiting(), 1);

    for round in 0..3_u32 {
        laid.lay(&format!("r{round}.csv"), 1000 * (round + 1)..1000 * (round + 1) + 900);
        let killed = laid.spawn(&[]);
        pause(1_100 + u64::from(round) * 200);
        killed.signal("-KILL");
        drop(killed);
    }
    let mut last = laid.spawn(&[]);
    wait_for("the folder to be empty", LONG, || laid.waiting() == 0);
    last.stop();
    assert_eq!(laid.cases(), 20 + 3 * 900);
    assert_eq!(laid.town.number("SELECT uniqExact(event_id) FROM {db}.events"), 20 + 3 * 900);
}
