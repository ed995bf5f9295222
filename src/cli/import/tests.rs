use clap::Parser;
use jiff::tz::TimeZone;

use super::*;
use crate::domain::time::Millis;

const MAPPING: &str = "stream = \"hotline\"\nsource = \"urn:test\"\ntimezone = \"Asia/Shanghai\"\n\
    time.formats = [\"%Y-%m-%d\"]\ncase.id = \"id\"\n[[event]]\ntype = \"case.accepted.v1\"\ntime = \"opened\"\n";

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: ImportArgs,
}

/// Of the service as it comes.
const TIMES: TimeLimits = TimeLimits { earliest: Millis(0), future_max_ms: 86_400_000 };

fn known() -> [Arc<Stream>; 2] {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    [("hotline", "t1"), ("grid", "t2")].map(|(name, topic)| Arc::new(Stream::new(name, topic, zone.clone())))
}

/// Runs the command over a folder with a mapping and the given data; the outcome and what was printed.
fn dry_run(data: &str, mapping: &str, options: &[&str]) -> (ImportOutcome, String, tempfile::TempDir) {
    let (outcome, printed, folder) = tried(data, mapping, options);
    (outcome.unwrap(), printed, folder)
}

fn failed(data: &str) -> String {
    tried(data, MAPPING, &[]).0.unwrap().problem().unwrap()
}

fn tried(data: &str, mapping: &str, options: &[&str]) -> (anyhow::Result<ImportOutcome>, String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("data.csv"), data).unwrap();
    std::fs::write(path("mapping.toml"), mapping).unwrap();
    let options: Vec<String> = options.iter().map(|option| option.replace("FOLDER", &path(""))).collect();
    let line = ["import".to_owned(), path("data.csv"), "--mapping".to_owned(), path("mapping.toml")];
    let line = line.into_iter().chain(["--dry-run".to_owned()]).chain(options);
    let args = Line::parse_from(line).args;
    let known = known();
    let mut out = Vec::new();
    let outcome = run(&args, &known, &Cluster::plain("nowhere:1"), TIMES, &mut out);
    (outcome, String::from_utf8(out).unwrap(), folder)
}

#[test]
fn a_good_file_leaves_no_rejects_file_and_exits_with_0() {
    let (outcome, printed, folder) = dry_run("id,opened\n1,2021-03-01\n", MAPPING, &["--print", "1"]);
    assert_eq!(outcome.exit(), Exit::Ok);
    assert!(printed.starts_with("{\"specversion\":\"1.0\",\"id\":\"1:accepted:20210228T160000Z\""), "{printed}");
    assert!(printed.contains("dry run: nothing was sent to topic t1"), "{printed}");
    assert!(!folder.path().join("data.csv.rejects.csv").exists());
}

#[test]
fn rejected_rows_are_beside_the_file_for_its_owner_and_exit_with_5() {
    let (outcome, printed, folder) = dry_run("id,opened\n1,soon\n", MAPPING, &[]);
    assert_eq!(outcome.exit(), Exit::Rejected);
    assert!(printed.contains("first at line 2: column opened"), "{printed}");
    let rejects = folder.path().join("data.csv.rejects.csv");
    assert!(std::fs::read_to_string(&rejects).unwrap().ends_with("2,opened,fits none of time.formats,1,soon\n"));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&rejects.metadata().unwrap()) & 0o777, 0o600);
}

#[test]
fn a_mapping_that_is_wrong_or_for_another_file_exits_with_3() {
    let wrong = MAPPING.replace("accepted", "acepted");
    assert_eq!(dry_run("id,opened\n", &wrong, &[]).0.exit(), Exit::Config);
    assert_eq!(dry_run("id,closed\n", MAPPING, &[]).0.exit(), Exit::Config);
}

#[test]
fn a_header_alone_is_said_and_rows_of_which_nothing_was_taken_are_no_success() {
    let (outcome, printed, _) = dry_run("id,opened\n", MAPPING, &[]);
    assert_eq!(outcome.exit(), Exit::Ok);
    assert!(printed.contains("not one row") && printed.contains("没有数据行"), "{printed}");
    let filtered = format!("{MAPPING}[[filter]]\ncolumn = \"id\"\nequals = \"2\"\n");
    let (outcome, printed, _) = dry_run("id,opened\n1,2021-03-01\n", &filtered, &[]);
    assert_eq!(outcome.exit(), Exit::Rejected);
    assert!(printed.contains("filtered out"), "{printed}");
}

#[test]
fn where_every_date_fails_the_format_is_at_fault_and_not_the_rows() {
    let rows = "id,opened\n1,2021/3/1 8:30\n2,2021/3/2 9:00\n";
    let (outcome, printed, _) = dry_run(rows, MAPPING, &[]);
    assert_eq!(outcome.exit(), Exit::Rejected);
    for part in
        ["all the dates of opened fit none of time.formats", "like 9999/9/9 9:99", "\"%Y/%m/%d %H:%M\" would read"]
    {
        assert!(printed.contains(part), "{printed}");
    }
    assert!(printed.contains("The mapping is at fault") && !printed.contains("Put them right there"), "{printed}");
}

#[test]
fn the_times_that_a_condition_left_are_told_with_what_stood_there() {
    let closed = "[[event]]\ntype = \"case.closed.v1\"\ntime = \"closed\"\nwhen = { column = \"status\", equals = \"已办结\" }\n";
    let rows = (0..404).map(|row| {
        let status = if row < 115 { "已办结" } else { ["办结", "已归档", "办结"][row % 3] };
        format!("{row},2021-03-01,2021-03-02,{status}\n")
    });
    let data = "id,opened,closed,status\n".to_owned() + &rows.collect::<String>();
    let (outcome, printed, _) = dry_run(&data, &format!("{MAPPING}{closed}"), &[]);
    assert_eq!(outcome.exit(), Exit::Ok);
    for part in [
        "closed: filled in 289 rows where the condition of case.closed.v1 is false",
        "status is then: 办结 192, 已归档 97",
        "Question 问题: closed is filled in 289 rows",
        " 2021-03-01 00:00:00 … 2021-03-02 00:00:00",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    assert!(printed.lines().any(|line| line.split_whitespace().eq(["cases", "404"])), "{printed}");
}

#[test]
fn a_file_of_another_zone_than_its_streams_is_told_how_to_ask() {
    let rows = "id,opened\n1,2021-03-01\n";
    let (_, printed, _) = dry_run(rows, &MAPPING.replace("Asia/Shanghai", "America/New_York"), &[]);
    assert!(printed.contains("kpi --timezone America/New_York"), "{printed}");
    let (_, printed, _) = dry_run(rows, &MAPPING.replace("Asia/Shanghai", "Asia/Taipei"), &[]);
    assert!(!printed.contains("--timezone"), "{printed}");
}

#[test]
fn a_row_that_no_message_holds_is_rejected_in_the_dry_run_too() {
    let mapping = format!("{MAPPING}[fields]\ndescription = \"text\"\n");
    let data = format!("id,opened,text\n1,2021-03-01,{}\n2,2021-03-02,x\n", "x".repeat(1_500_000));
    let (outcome, printed, _) = dry_run(&data, &mapping, &[]);
    assert_eq!(outcome.exit(), Exit::Rejected);
    assert!(printed.contains("too_long") && printed.contains("first at line 2: column text"), "{printed}");
    assert!(printed.len() < 5_000);
}

#[test]
fn what_cannot_be_read_is_named_with_its_file_and_without_its_content() {
    let said = failed("张三,13800138000\n李四,13900139000\n");
    assert!(said.contains("data.csv") && said.contains("csv.header") && !said.contains("13800138000"), "{said}");
}

#[test]
fn the_stream_can_be_chosen_and_must_be_known() {
    let elsewhere = MAPPING.replace("hotline", "elsewhere");
    let (outcome, printed, _) = dry_run("id,opened\n", &elsewhere, &["--stream", "grid"]);
    assert!(matches!(outcome, ImportOutcome::Complete) && printed.contains("topic t2"), "{printed}");
    assert_eq!(dry_run("id,opened\n", MAPPING, &["--stream", "gird"]).0.exit(), Exit::Usage);
}

#[test]
fn the_rejects_never_overwrite_what_is_read() {
    for name in ["data.csv", "mapping.toml"] {
        let options = ["--rejects".to_owned(), format!("FOLDER{name}")];
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let (outcome, _, folder) = dry_run("id,opened\n1,soon\n", MAPPING, &options);
        assert_eq!(outcome.exit(), Exit::Usage);
        assert!(std::fs::read_to_string(folder.path().join("data.csv")).unwrap().starts_with("id,opened"));
    }
}

fn proposed(data: &str, options: &[&str]) -> (ImportOutcome, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.csv").display().to_string();
    std::fs::write(&path, data).unwrap();
    let args = Line::parse_from([&["import", &path, "--propose"], options].concat()).args;
    let known = known();
    let mut out = Vec::new();
    let outcome = run(&args, &known, &Cluster::plain("nowhere:1"), TIMES, &mut out).unwrap();
    (outcome, String::from_utf8(out).unwrap())
}

#[test]
fn a_mapping_that_is_proposed_imports_its_file_and_what_is_open_exits_with_3() {
    let data = "工单编号,受理时间,办结时间,状态,备注\n1,2021-03-01 08:30,2021-03-02 09:00,已办结,x\n";
    let (outcome, mapping) = proposed(data, &["--stream", "hotline"]);
    assert_eq!((outcome.exit(), outcome.problem()), (Exit::Ok, None));
    assert!(mapping.contains("#   受理时间 = accepted exact\n") && mapping.contains("#   备注 = -\n"), "{mapping}");
    let (outcome, printed, _folder) = dry_run(data, &mapping, &[]);
    assert_eq!(outcome.exit(), Exit::Ok, "{printed}");
    assert!(printed.contains("case.closed.v1"), "{printed}");

    let (outcome, _) = proposed("工单编号,受理时间,办结时间,结案时间\n1,2021-03-01,,\n", &["--stream", "grid"]);
    assert_eq!(outcome.exit(), Exit::Config);
    assert!(outcome.problem().unwrap().contains("it was not chosen what 办结时间 is"), "{outcome:?}");
    let (outcome, _) = proposed(data, &[]);
    assert!(matches!(&outcome, ImportOutcome::Usage(text) if text.contains("--stream hotline | grid")), "{outcome:?}");
    assert!(matches!(proposed(data, &["--stream", "gird"]).0, ImportOutcome::Usage(_)));
    assert!(matches!(proposed("", &["--stream", "grid"]).0, ImportOutcome::Unreadable(_)));
}
