//! `tongguan import`: a foreign table, CSV or workbook, becomes events on Kafka, by a mapping.

mod propose;
#[cfg(test)]
mod tests;

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Exit, feeder, import_question, import_text};
use crate::{
    ask::unclear::{STREAM, no_such},
    config::ConfigError,
    domain::stream::Stream,
    feed::{
        cluster::Cluster,
        decode::TimeLimits,
        import::{
            ImportError, ImportProgress, ImportSending, Importer, Mapping, MappingError, Outgoing, Streams, Summary,
            is_the_mapping_at_fault,
        },
        producer::ProduceError,
    },
    pipeline::clock,
    report::count::grouped,
};

/// Turn a table of cases, CSV or workbook, into events on Kafka, by a mapping
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The file: CSV, .xlsx or .xls, plain, gzip or alone in a ZIP
    file: PathBuf,
    /// What its columns mean; see docs/import.md
    #[arg(long, value_name = "FILE", required_unless_present = "propose")]
    mapping: Option<PathBuf>,
    /// Write the mapping that the file probably needs, and do nothing else
    #[arg(long, conflicts_with_all = ["mapping", "dry_run", "rejects", "print"])]
    pub propose: bool,
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

/// How an import that came to its end ended.
#[derive(Debug)]
pub enum ImportOutcome {
    Complete,
    SomeRejected,
    /// Rows are there, and no event came of them.
    NothingTaken,
    /// Not to its end, or not at all; why, and what was sent until then.
    Unreadable(String),
    MappingInvalid(MappingError),
    /// The command line cannot be right.
    Usage(String),
    /// A mapping is proposed, and something of it is open.
    Proposed(String),
}

impl ImportArgs {
    /// As a watched folder gives a file.
    pub(super) fn watched(file: PathBuf, mapping: &Path, rejects: PathBuf, stream: Option<&str>) -> Self {
        Self {
            file,
            mapping: Some(mapping.to_owned()),
            propose: false,
            dry_run: false,
            rejects: Some(rejects),
            stream: stream.map(str::to_owned),
            print: 0,
        }
    }
}

impl ImportOutcome {
    /// Of one that is told on standard error, and not by its summary.
    pub(super) fn problem(&self) -> Option<String> {
        match self {
            Self::MappingInvalid(error) => Some(error.to_string()),
            Self::Usage(text) | Self::Unreadable(text) | Self::Proposed(text) => Some(text.clone()),
            Self::Complete | Self::SomeRejected | Self::NothingTaken => None,
        }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Complete => Exit::Ok,
            Self::Usage(_) => Exit::Usage,
            Self::MappingInvalid(_) | Self::Proposed(_) => Exit::Config,
            Self::SomeRejected | Self::NothingTaken => Exit::Rejected,
            Self::Unreadable(_) => Exit::Failed,
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

/// The caller has made sure that the topics of `known` exist, unless nothing is sent. `times` are those that the service takes.
pub fn run(
    args: &ImportArgs,
    known: &[Arc<Stream>],
    cluster: &Cluster,
    times: TimeLimits,
    out: &mut impl Write,
) -> anyhow::Result<ImportOutcome> {
    let Some(mapping_file) = &args.mapping else {
        return propose::run(&args.file, args.stream.as_deref(), known, out);
    };
    let names: Vec<&str> = known.iter().map(|stream| stream.name.as_str()).collect();
    let streams = match args.stream.as_deref() {
        Some(name) if names.contains(&name) => Streams::Always(name),
        Some(name) => return Ok(ImportOutcome::Usage(no_such(STREAM, name, &names).to_string())),
        None => Streams::Known(&names),
    };
    let mapping = match Mapping::load_for(mapping_file, streams) {
        Ok(mapping) => mapping,
        Err(error) => return Ok(ImportOutcome::MappingInvalid(error)),
    };
    let stream = known.iter().find(|stream| stream.name == mapping.stream()).context("the stream is unknown")?;
    if !args.dry_run {
        feeder::check(stream, &cluster.feeder, Some(mapping.source())).map_err(ConfigError::from)?;
    }
    let mapping = mapping.held_to(times, clock::now);
    let rejects_path = args.rejects.clone().unwrap_or_else(|| with_suffix(&args.file, ".rejects.csv"));
    if is_same_file(&rejects_path, &args.file) || is_same_file(&rejects_path, mapping_file) {
        return Ok(ImportOutcome::Usage("--rejects would overwrite what is read; name another file".to_owned()));
    }
    let file = File::open(&args.file).with_context(|| format!("cannot open {}", args.file.display()))?;
    let mut sending = match args.dry_run {
        true => None,
        false => Some(ImportSending::to(cluster, &stream.topic)?),
    };
    let mut rejects = LazyFile { path: rejects_path, file: None };
    let imported = import(args, file, &mapping, sending.as_mut(), &mut rejects, out);
    let again = || again(sending.as_ref().map_or(0, ImportSending::sent));
    let summary = match imported {
        Ok(summary) => summary,
        Err(ImportError::Mapping(error)) => return Ok(ImportOutcome::MappingInvalid(error)),
        Err(ImportError::Unreadable(problem)) => {
            return Ok(ImportOutcome::Unreadable(format!("cannot read {}: {problem}{}", args.file.display(), again())));
        }
        Err(error) => bail!("{error}{}", again()),
    };
    let delivered = sending.map(ImportSending::finish).transpose()?;
    report(&summary, delivered, stream, &rejects, out)?;
    Ok(match summary.rejected {
        _ if summary.took_nothing() => ImportOutcome::NothingTaken,
        0 => ImportOutcome::Complete,
        _ => ImportOutcome::SomeRejected,
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
    args: &ImportArgs,
    file: File,
    mapping: &Mapping,
    mut sending: Option<&mut ImportSending>,
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
        if let Some(sending) = &mut sending {
            sending.send(event)?;
        }
        Ok(())
    };
    let mut show = |progress: ImportProgress| {
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
    stream: &Stream,
    rejects: &LazyFile,
    out: &mut impl Write,
) -> io::Result<()> {
    import_text::write(summary, out)?;
    match delivered {
        Some(count) => writeln!(out, "sent to topic {} and acknowledged: {count}", stream.topic)?,
        None => writeln!(out, "dry run: nothing was sent to topic {}", stream.topic)?,
    }
    let path = rejects.path.display();
    if rejects.file.is_some() {
        let advice = match is_the_mapping_at_fault(summary) {
            true => "The mapping is at fault and not the rows: mend it, and import the file itself again.",
            false => "Put them right there and import that file.",
        };
        writeln!(out, "rejected rows, with reasons: {path}. {advice}")?;
    } else if rejects.path.exists() {
        writeln!(out, "nothing was rejected; {path} is from an earlier run")?;
    }
    if let Some(note) = import_text::zone_note(summary, &stream.name, &stream.zone) {
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
