//! What a task shows to whoever watches over it (docs/pull.md, Watching it): its checks, its metrics, and the file of them.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
};

use jiff::Timestamp;

use super::stop::PullStop;
use crate::{
    domain::time::Millis,
    health::{Health, HealthCheck},
    metrics::{self, Metrics},
    pipeline::clock,
    pull::{PullCounts, PullFolder, PullTask},
};

/// So begin the metrics of a task.
const OURS: &str = "tongguan_pull_";

/// What a task may wait for.
const CHECKS: [HealthCheck; 3] = [HealthCheck::Kafka, HealthCheck::Database, HealthCheck::Disk];

pub(super) struct PullWatch {
    task: String,
    pub(super) health: Health,
    metrics: Metrics,
    file: Option<PathBuf>,
}

impl PullWatch {
    /// Of a task whose state folder is open.
    pub(super) fn new(task: &PullTask, folder: &PullFolder) -> anyhow::Result<Self> {
        let metrics = metrics::install(env!("CARGO_PKG_VERSION"))?;
        let watch =
            Self { task: task.name.clone(), health: Health::of(&CHECKS), metrics, file: task.metrics_file.clone() };
        metrics::pull_every(&watch.task, task.every_s);
        metrics::pull_passed(&watch.task, folder.passed_at().map_or(0.0, seconds));
        // Before the database answers for the first time, so that they are always there.
        watch.on_record(folder.counts(), None);
        CHECKS.iter().for_each(|check| metrics::pull_trouble(&watch.task, check.name(), false));
        watch.answers(HealthCheck::Disk);
        Ok(watch)
    }

    /// Before anything is read, so that a file that cannot be written, or is another's, is told where somebody looks.
    pub(super) fn begin(&self) -> Result<(), PullStop> {
        let mistake = |said: String| {
            let path = self.file.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
            PullStop::mistake(format!("metrics_file {path}: {said}"))
        };
        if let Some(said) = self.taken_by() {
            return Err(mistake(said));
        }
        self.write().map_err(|error| mistake(error.to_string()))
    }

    /// Whose the file is, where it is not this task's: two would take turns in it.
    fn taken_by(&self) -> Option<String> {
        let there = fs::read(self.file.as_ref()?).ok()?;
        let text = String::from_utf8_lossy(&there);
        let mut series = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        // A name that is written otherwise there is not compared.
        let ours = (!self.task.contains(['"', '\\'])).then(|| format!("task=\"{}\"", self.task));
        let is_other = |line: &&str| !line.starts_with(OURS) || ours.as_ref().is_some_and(|ours| !line.contains(ours));
        let line = series.find(is_other)?;
        let task = line.strip_prefix(OURS).and_then(|line| line.split_once("task=\"")?.1.split('"').next());
        Some(match task {
            Some(task) => format!(
                "the task {task} writes it; each task has one of its own (a task that is no more: remove its file)"
            ),
            None => "it holds something else, which would be lost; name another file".to_owned(),
        })
    }

    pub(super) fn answers(&self, check: HealthCheck) {
        self.set(check, Ok("answers"));
    }

    pub(super) fn on_record(&self, counts: PullCounts, newest: Option<Timestamp>) {
        let PullCounts { rows, events, rejected } = counts;
        metrics::pull_counts(&self.task, rows, events, rejected);
        if let Some(at) = newest {
            metrics::pull_newest(&self.task, seconds(at));
        }
    }

    /// What became of a pass.
    pub(super) fn note<T>(&self, passed: &Result<T, PullStop>) {
        match passed {
            Ok(_) => {
                let Millis(now) = clock::now();
                metrics::pull_passed(&self.task, now as f64 / 1000.0);
                CHECKS.into_iter().for_each(|check| self.answers(check));
            }
            Err(PullStop::Waits { check, said, .. }) => self.set(*check, Err(said)),
            // The process ends.
            Err(PullStop::Mistake { .. } | PullStop::Busy { .. }) => {}
        }
        if let Err(error) = self.write() {
            let path = self.file.as_ref().map(|path| path.display().to_string());
            tracing::warn!(%error, path, "the file of metrics cannot be written");
        }
    }

    fn set(&self, check: HealthCheck, outcome: Result<&str, &str>) {
        self.health.set(check, outcome);
        metrics::pull_trouble(&self.task, check.name(), outcome.is_err());
    }

    /// Whole and then renamed: the collector never sees half of it.
    fn write(&self) -> io::Result<()> {
        let Some(path) = &self.file else { return Ok(()) };
        let draft = path.with_extension("prom.new");
        fs::write(&draft, self.metrics.render_of(OURS))?;
        fs::set_permissions(&draft, Permissions::from_mode(0o644))?;
        fs::rename(&draft, path)
    }
}

fn seconds(at: Timestamp) -> f64 {
    at.as_millisecond() as f64 / 1000.0
}
