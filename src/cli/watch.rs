//! `tongguan watch`: a folder into which somebody lays files; each is imported once and moved, with its report beside it.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;
use jiff::tz::TimeZone;
use rustix::fs::{FlockOperation, flock};

use super::{
    Exit,
    import::{self, ImportArgs, ImportOutcome},
    setup::Setup,
};
use crate::{
    domain::time::Millis,
    feed::import::{Mapping, Streams},
    pipeline::clock,
    shutdown::Shutdown,
    telemetry,
};

/// Import every file that is laid into a folder, by a mapping, and move it to `done` or `refused` with its report
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// The folder
    dir: PathBuf,
    /// What the columns mean; see docs/import.md
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// Send to this stream instead of the one that the mapping names
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// How often the folder is looked at (s); a file is taken when it has not changed between two looks
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    /// Take what is there, and end
    #[arg(long)]
    once: bool,
}

const DONE: &str = "done";
const REFUSED: &str = "refused";
const LOCK: &str = ".tongguan-watch.lock";
/// Of files that somebody is still writing, or a program keeps for itself.
const UNFINISHED: [&str; 5] = ["tmp", "part", "partial", "crdownload", "swp"];

/// Until it is asked to stop, or everything is taken.
pub async fn run(args: &WatchArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    telemetry::init(&setup.settings.log)?;
    let stop = Shutdown::on_signals()?.token();
    let folder = Folder::open(&args.dir)?;
    let names: Vec<&str> = setup.streams.iter().map(|stream| stream.name.as_str()).collect();
    let streams = args.stream.as_deref().map_or(Streams::Known(&names), Streams::Always);
    // Refused before the first file comes.
    args.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
    let mapping = Mapping::load_for(&args.mapping, streams)?;
    setup.may_feed(setup.stream(mapping.stream())?, Some(mapping.source()))?;
    let every = Duration::from_secs(args.every);
    let mut looked = folder.files()?;
    let mut worst = Exit::Ok;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(Exit::Ok),
            () = tokio::time::sleep(every) => {}
        }
        let now = folder.files()?;
        let ready: Vec<PathBuf> =
            now.iter().filter(|file| looked.contains(file)).map(|file| file.path.clone()).collect();
        for path in &ready {
            if stop.is_cancelled() {
                return Ok(Exit::Ok);
            }
            match taken(args, setup, &folder, path, out).await {
                Ok(Exit::Ok) => {}
                Ok(exit) => worst = exit,
                Err(error) if args.once => return Err(error),
                Err(error) => {
                    let file = path.display();
                    tracing::warn!(error = format!("{error:#}"), %file, "not imported yet; it stays, and is tried again");
                    break;
                }
            }
        }
        if args.once && ready.len() == now.len() {
            return Ok(worst);
        }
        looked = folder.files()?;
    }
}

/// One file, to where it belongs; an error is nobody's fault who laid it there.
async fn taken(
    args: &WatchArgs,
    setup: &Setup,
    folder: &Folder,
    path: &Path,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    setup.ensure_topics().await?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stamped = format!("{}-{name}", stamp(clock::now(), &setup.settings.timezone));
    let refused = folder.path.join(REFUSED);
    let rejects = refused.join(format!("{stamped}.rejects.csv"));
    let import = ImportArgs::watched(path.to_owned(), &args.mapping, rejects, args.stream.as_deref());
    let mut report = Vec::new();
    let run = || import::run(&import, &setup.streams, &setup.cluster(), setup.times(), &mut report);
    let outcome = tokio::task::block_in_place(run)?;
    // The mapping was good when we began: somebody is at it, and the file is not to blame.
    if let ImportOutcome::MappingInvalid(_) | ImportOutcome::Usage(_) = outcome {
        bail!(outcome.problem().unwrap_or_default());
    }
    if let Some(problem) = outcome.problem() {
        writeln!(report, "{problem}")?;
    }
    let to = match outcome {
        ImportOutcome::Complete => folder.path.join(DONE),
        _ => refused,
    };
    fs::write(to.join(format!("{stamped}.report.txt")), &report)?;
    fs::rename(path, to.join(&stamped)).with_context(|| format!("cannot move {}", path.display()))?;
    let shown = to.join(&stamped);
    writeln!(out, "{name} -> {}", shown.display())?;
    tracing::info!(file = name, moved_to = %shown.display(), "imported");
    Ok(outcome.exit())
}

/// `20261130T142233`, so that two files of one name stand beside each other.
fn stamp(at: Millis, zone: &TimeZone) -> String {
    let told = at.rfc3339(zone);
    told.chars().take(19).filter(|c| c.is_ascii_alphanumeric()).collect()
}

/// A file as it lay there.
#[derive(Debug, PartialEq)]
struct Laid {
    path: PathBuf,
    size: u64,
    changed: std::time::SystemTime,
}

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// One program at a time.
    _lock: File,
}

impl Folder {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display();
        if !path.is_dir() {
            bail!("there is no folder {shown}; make it, or name another");
        }
        for own in [DONE, REFUSED] {
            fs::create_dir_all(path.join(own)).with_context(|| format!("cannot make {shown}/{own}"))?;
        }
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK));
        let lock = lock.with_context(|| format!("cannot write into {shown}"))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            bail!("another tongguan watches {shown} already");
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// In the order of their names.
    fn files(&self) -> anyhow::Result<Vec<Laid>> {
        let unreadable = || format!("cannot read {}", self.path.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path).with_context(unreadable)? {
            let path = entry.with_context(unreadable)?.path();
            // Gone meanwhile: whoever laid it there has thought better of it.
            let Ok(data) = fs::metadata(&path) else { continue };
            if data.is_file() && is_finished(&path) {
                files.push(Laid { path, size: data.len(), changed: data.modified()? });
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }
}

/// By its name.
fn is_finished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    !name.starts_with(['.', '~']) && !name.ends_with('~') && !UNFINISHED.contains(&ending.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_is_still_writing_is_left_alone() {
        for name in ["a.csv", "工单.XLSX", "b.csv.gz", "noending"] {
            assert!(is_finished(Path::new(name)), "{name}");
        }
        for name in [".a.csv", "~$工单.xlsx", "a.csv~", "a.csv.part", "a.TMP", ".tongguan-watch.lock"] {
            assert!(!is_finished(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_stamp_is_of_the_towns_clock() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(stamp(Millis(1_795_924_800_123), &zone), "20261129T120000");
    }
}
