//! The program, set up for the secure pair but for what a test changes.
#![allow(clippy::disallowed_methods, reason = "tests wait for other processes, in real time")]

use std::{
    fs::File,
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{pair::Pair, tested::tested};

pub type Changes<'a> = &'a [(&'a str, &'a str)];

pub struct Program<'a> {
    pair: &'a Pair,
    /// Of its logs and its privacy key.
    pub folder: TempDir,
}

impl<'a> Program<'a> {
    pub fn new(pair: &'a Pair) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("privacy.key"), format!("{:064x}\n", rand::random::<u128>())).unwrap();
        Self { pair, folder }
    }

    fn command(&self, args: &[&str], changes: Changes<'_>) -> Command {
        let mut command = Command::new(tested());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TONGGUAN__") || name == "RUST_LOG") {
            command.env_remove(name);
        }
        let key = self.folder.path().join("privacy.key").display().to_string();
        let ours = [("PRIVACY__KEY_FILE", key.as_str()), ("HTTP__LISTEN", ""), ("RETRY__BACKOFF_MAX_MS", "500")];
        let pair = self.pair.settings.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        for (key, value) in pair.chain(ours).chain(changes.iter().copied()) {
            command.env(format!("TONGGUAN__{key}"), value);
        }
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub fn output(&self, args: &[&str], changes: Changes<'_>) -> Output {
        self.command(args, changes).output().unwrap()
    }

    /// Runs it; what it says on standard error must hold all `parts`.
    pub fn fails(&self, args: &[&str], changes: Changes<'_>, code: i32, parts: &[&str]) {
        let output = self.output(args, changes);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?} {changes:?}: {said}");
        assert!(parts.iter().all(|part| said.contains(part)), "{args:?} {changes:?}: {parts:?} in: {said}");
    }

    pub fn succeeds(&self, args: &[&str], changes: Changes<'_>) -> String {
        let output = self.output(args, changes);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    }

    pub fn start(&self, changes: Changes<'_>) -> Service {
        let log = self.folder.path().join(format!("{:08x}.log", rand::random::<u32>()));
        let changes = [&[("HTTP__LISTEN", "127.0.0.1:0")], changes].concat();
        let mut command = self.command(&["run"], &changes);
        let child = command.stdout(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        Service { child, log }
    }
}

pub struct Service {
    child: Child,
    log: PathBuf,
}

impl Service {
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    pub fn get(&self, path: &str) -> Option<String> {
        let log = self.log();
        let line = log.lines().find(|line| line.contains("http is listening"))?;
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut stream = TcpStream::connect(line["address"].as_str()?).ok()?;
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    /// Waits until `/readyz` says something, then whether the log does too.
    pub fn says(&self, path: &str, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(90);
        while !self.get(path).is_some_and(|answer| answer.contains(text)) {
            assert!(Instant::now() < deadline, "{path} never says {text}: {:?}\n{}", self.get(path), self.log());
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
