//! `tongguan` as a process that can be killed.

use std::{
    env,
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::timeout,
};

use super::{proxy::signal, servers::logs, tested::tested};

pub type Settings = Vec<(&'static str, String)>;

fn pids() -> PathBuf {
    logs().join("pids")
}

#[derive(Debug)]
pub struct Instance {
    child: Child,
    log: PathBuf,
    /// Where its own words begin: those of its forerunners stand before.
    from: u64,
}

impl Instance {
    pub fn spawn(arguments: &[&str], settings: &Settings, log: &Path) -> Self {
        let file = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let from = file.metadata().unwrap().len();
        let mut command = Command::new(tested());
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("TONGGUAN__") || name == "RUST_LOG") {
            command.env_remove(name);
        }
        for (name, value) in settings {
            match name.strip_prefix('$') {
                Some(plain) => command.env(plain, value),
                None => command.env(format!("TONGGUAN__{name}"), value),
            };
        }
        command.args(arguments).stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file).kill_on_drop(true);
        let child = command.spawn().unwrap();
        let pid = child.id().unwrap_or_default();
        let mut pids = OpenOptions::new().create(true).append(true).open(pids()).unwrap();
        writeln!(pids, "{pid}").unwrap();
        Self { child, log: log.to_owned(), from }
    }

    /// What a killed run of this suite left behind ends.
    pub async fn end_leftovers() {
        let text = fs::read_to_string(pids()).unwrap_or_default();
        for pid in text.lines().filter_map(|line| line.parse::<u32>().ok()) {
            // A number may belong to somebody else by now.
            let program = fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
            if program.to_string_lossy().starts_with(&*tested().to_string_lossy()) {
                signal(pid, "KILL").await;
            }
        }
        let _ = fs::remove_file(pids());
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    pub async fn kill(&mut self) {
        let _ = self.child.kill().await;
    }

    pub async fn signal(&self, name: &str) {
        if let Some(pid) = self.child.id() {
            signal(pid, name).await;
        }
    }

    /// None when it still runs after so long.
    pub async fn end(&mut self, within: Duration) -> Option<ExitStatus> {
        timeout(within, self.child.wait()).await.ok().map(Result::unwrap)
    }

    /// The end of what it said.
    pub fn last_words(&self, lines: usize) -> String {
        let text = String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned();
        let all: Vec<&str> = text.get(self.from as usize..).unwrap_or(&text).lines().collect();
        let clip = |line: &&str| line.chars().take(400).collect::<String>();
        let last: Vec<String> = all[all.len().saturating_sub(lines)..].iter().map(clip).collect();
        last.join("\n")
    }
}
