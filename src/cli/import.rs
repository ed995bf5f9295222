//! `tongguan import`: a foreign table, CSV or workbook, becomes events on Kafka, by a mapping.

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;

use super::{Exit, import_question, import_text, usage::no_such};
use crate::{
    feed::{
        cluster::Cluster,
        import::{ImportError, Importer, Mapping, MappingError, Outgoing, Progress, Streams, Summary},
        producer::{ProduceError, Producer, Wrapping},
    },
    report::count::grouped,
};

/// How long the brokers may take to acknowledge the last messages.
const PATIENCE: Duration = Duration::from_secs(60);

/// Turn a table of cases, CSV or workbook, into events on Kafka, by a mapping
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file: CSV, .xlsx or .xls, plain, gzip or alone in a ZIP
    file: PathBuf,
    /// What its columns mean; see docs/import.md
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// Do everything except sending
    #[arg(long)]
    pub dry_run: bool,
    /// Where rejected rows go, with reasons [default: <FILE>.rejects.csv]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Send to this stream instead of the one that the mapping names
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// Show the first N events, one JSON a line
    #[arg(long, value_name = "N", default_value_t = 0)]
    print: u64,
}

/// A stream that is configured, and the topic of its events.
#[derive(Clone, Copy, Debug)]
pub struct StreamTarget<'a> {
    pub name: &'a str,
    pub topic: &'a str,
    /// In which its days are counted, unless a question says otherwise.
    pub zone: &'a TimeZone,
}

/// How an import that came to its end ended.
#[derive(Debug)]
pub enum Outcome {
    Complete,
    SomeRejected,
    /// Rows are there, and no event came of them.
    NothingTaken,
    MappingInvalid(MappingError),
    /// The command line cannot be right.
    Usage(String),
}

impl Outcome {
    pub fn exit(&self) -> Exit {
        match self {
            Self::Complete => Exit::Ok,
            Self::Usage(_) => Exit::Usage,
            Self::MappingInvalid(_) => Exit::Config,
            Self::SomeRejected | Self::NothingTaken => Exit::Rejected,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error(transparent)]
    Kafka(#[from] ProduceError),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// The caller has made sure that the topics of `known` exist, unless nothing is sent.
pub fn run(
    args: &Args,
    known: &[StreamTarget<'_>],
    cluster: &Cluster,
    out: &mut impl Write,
) -> anyhow::Result<Outcome> {
    let names: Vec<&str> = known.iter().map(|target| target.name).collect();
    let streams = match args.stream.as_deref() {
        Some(name) if names.contains(&name) => Streams::Always(name),
        Some(name) => return Ok(Outcome::Usage(no_such("stream", name, &names).to_string())),
        None => Streams::Known(&names),
    };
    let mapping = match Mapping::load_for(&args.mapping, streams) {
        Ok(mapping) => mapping,
        Err(error) => return Ok(Outcome::MappingInvalid(error)),
    };
    let target = known.iter().find(|target| target.name == mapping.stream()).context("the stream is unknown")?;
    let rejects_path = args.rejects.clone().unwrap_or_else(|| with_suffix(&args.file, ".rejects.csv"));
    if is_same_file(&rejects_path, &args.file) || is_same_file(&rejects_path, &args.mapping) {
        return Ok(Outcome::Usage("--rejects would overwrite what is read; name another file".to_owned()));
    }
    let file = File::open(&args.file).with_context(|| format!("cannot open {}", args.file.display()))?;
    let producer = if args.dry_run { None } else { Some(Producer::new(cluster)?) };
    let mut rejects = LazyFile { path: rejects_path, file: None };
    let mut sent = 0;
    let summary = match import(
        args,
        file,
        &mapping,
        producer.as_ref().map(|one| (one, target.topic, &mut sent)),
        &mut rejects,
        out,
    ) {
        Ok(summary) => summary,
        Err(ImportError::Mapping(error)) => return Ok(Outcome::MappingInvalid(error)),
        Err(ImportError::Unreadable(problem)) => {
            bail!("cannot read {}: {problem}{}", args.file.display(), again(sent))
        }
        Err(error) => bail!("{error}{}", again(sent)),
    };
    let delivered = producer.map(|producer| producer.finish(PATIENCE)).transpose()?;
    report(&summary, delivered, target, &rejects, out)?;
    Ok(match summary.rejected {
        _ if summary.took_nothing() => Outcome::NothingTaken,
        0 => Outcome::Complete,
        _ => Outcome::SomeRejected,
    })
}

/// What a run that broke off leaves behind.
fn again(sent: u64) -> String {
    match sent {
        0 => String::new(),
        sent => format!(
            ". {} events were sent; they are the same when they are sent again: nothing is doubled",
            grouped(sent)
        ),
    }
}

fn import(
    args: &Args,
    file: File,
    mapping: &Mapping,
    mut producer: Option<(&Producer, &str, &mut u64)>,
    rejects: &mut LazyFile,
    out: &mut impl Write,
) -> Result<Summary, ImportError<SendError>> {
    let bar = progress_bar(file.metadata().map_or(0, |data| data.len()));
    let mut left_to_print = args.print;
    let mut send = |event: Outgoing<'_>| -> Result<(), SendError> {
        if left_to_print > 0 {
            left_to_print -= 1;
            out.write_all(event.payload)?;
            out.write_all(b"\n")?;
        }
        if let Some((producer, topic, sent)) = &mut producer {
            producer.send(topic, event.case_id, event.payload, Wrapping::Structured)?;
            **sent += 1;
        }
        Ok(())
    };
    let mut show = |progress: Progress| {
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} rows", progress.rows));
    };
    let summary = Importer::run(file, mapping, &mut send, rejects, &mut show);
    bar.finish_and_clear();
    summary
}

fn report(
    summary: &Summary,
    delivered: Option<u64>,
    target: &StreamTarget<'_>,
    rejects: &LazyFile,
    out: &mut impl Write,
) -> io::Result<()> {
    import_text::write(summary, out)?;
    match delivered {
        Some(count) => writeln!(out, "sent to topic {} and acknowledged: {count}", target.topic)?,
        None => writeln!(out, "dry run: nothing was sent to topic {}", target.topic)?,
    }
    let path = rejects.path.display();
    if rejects.file.is_some() {
        let advice = match import_question::is_the_mapping_at_fault(summary) {
            true => "The mapping is at fault and not the rows: mend it, and import the file itself again.",
            false => "Put them right there and import that file.",
        };
        writeln!(out, "rejected rows, with reasons: {path}. {advice}")?;
    } else if rejects.path.exists() {
        writeln!(out, "nothing was rejected; {path} is from an earlier run")?;
    }
    if let Some(note) = import_text::zone_note(summary, target.name, target.zone) {
        writeln!(out, "{note}")?;
    }
    match import_question::question(summary) {
        Some(question) => writeln!(out, "\n{question}"),
        None => Ok(()),
    }
}

/// On standard error and only on a terminal, so that neither output nor logs have it.
fn progress_bar(bytes: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {bytes_per_sec}  {msg}  {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Made at the first byte: no rejects, no file. Readable for its owner only, because rows may be personal data.
#[derive(Debug)]
struct LazyFile {
    path: PathBuf,
    file: Option<File>,
}

impl LazyFile {
    fn open(&mut self) -> io::Result<&mut File> {
        let file = match self.file.take() {
            Some(file) => file,
            None => {
                let mut options = OpenOptions::new();
                options.write(true).create(true).truncate(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                options.open(&self.path)?
            }
        };
        Ok(self.file.insert(file))
    }
}

impl Write for LazyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    const MAPPING: &str = "stream = \"hotline\"\nsource = \"urn:test\"\ntimezone = \"Asia/Shanghai\"\n\
        time.formats = [\"%Y-%m-%d\"]\ncase.id = \"id\"\n[[event]]\ntype = \"case.accepted.v1\"\ntime = \"opened\"\n";

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    /// Runs the command over a folder with a mapping and the given data; the outcome and what was printed.
    fn dry_run(data: &str, mapping: &str, options: &[&str]) -> (Outcome, String, tempfile::TempDir) {
        let (outcome, printed, folder) = tried(data, mapping, options);
        (outcome.unwrap(), printed, folder)
    }

    fn failed(data: &str) -> String {
        format!("{:#}", tried(data, MAPPING, &[]).0.unwrap_err())
    }

    fn tried(data: &str, mapping: &str, options: &[&str]) -> (anyhow::Result<Outcome>, String, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("data.csv"), data).unwrap();
        std::fs::write(path("mapping.toml"), mapping).unwrap();
        let options: Vec<String> = options.iter().map(|option| option.replace("FOLDER", &path(""))).collect();
        let line = ["import".to_owned(), path("data.csv"), "--mapping".to_owned(), path("mapping.toml")];
        let line = line.into_iter().chain(["--dry-run".to_owned()]).chain(options);
        let args = Line::parse_from(line).args;
        let zone = &TimeZone::get("Asia/Shanghai").unwrap();
        let known =
            [StreamTarget { name: "hotline", topic: "t1", zone }, StreamTarget { name: "grid", topic: "t2", zone }];
        let mut out = Vec::new();
        let outcome = run(&args, &known, &Cluster::plain("nowhere:1"), &mut out);
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
        assert!(matches!(outcome, Outcome::Complete) && printed.contains("topic t2"), "{printed}");
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
}
