//! A process of the program under test, and the small things to watch it with.
#![allow(clippy::disallowed_methods, reason = "tests wait for other processes, in real time")]

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::town::Town;

/// Lines of its log that a failed test shows.
const SAID_MAX: usize = 60;

pub struct Service {
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Service {
    /// `tongguan run` with http on a free port, ready to be asked.
    pub fn start(town: &Town, settings: &[(&str, &str)]) -> Self {
        let mut all = vec![("HTTP__LISTEN", "127.0.0.1:0")];
        all.extend(settings);
        Self::spawn(town, &["run"], &all)
    }

    /// The same with so many file descriptors and no more.
    pub fn start_with_files(town: &Town, files: u32, settings: &[(&str, &str)]) -> Self {
        let program = town.command(&[]);
        let mut command = Command::new("bash");
        command.arg("-c").arg(format!("ulimit -n {files}; exec \"$0\" run")).arg(program.get_program());
        command.current_dir(town.folder.path()).env("TONGGUAN__HTTP__LISTEN", "127.0.0.1:0");
        for (name, value) in program.get_envs().filter(|(name, _)| *name != "TONGGUAN__HTTP__LISTEN") {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::begin(town, command, settings)
    }

    pub fn spawn(town: &Town, args: &[&str], settings: &[(&str, &str)]) -> Self {
        Self::begin(town, town.command(args), settings)
    }

    /// With whatever else the command has in its environment.
    pub fn begin(town: &Town, mut command: Command, settings: &[(&str, &str)]) -> Self {
        for (key, value) in settings {
            command.env(format!("TONGGUAN__{key}"), value);
        }
        let file = |end: &str| town.folder.path().join(format!("{:08x}.{end}", rand::random::<u32>()));
        let (out, err) = (file("out"), file("err"));
        command.stdin(Stdio::null()).stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        Self { child: command.spawn().expect("the program starts"), out, err }
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.out).unwrap()).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.err).unwrap()).into_owned()
    }

    pub fn wait_for_log(&self, text: &str) {
        wait_for(&format!("the log to say {text}"), Duration::from_secs(30), || self.stderr().contains(text));
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.wait_for_log("http is listening");
        let log = self.stderr();
        let line = log.lines().find(|line| line.contains("http is listening")).unwrap();
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["address"].as_str().unwrap().to_owned()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks the running service over http.
    pub fn get(&self, path: &str) -> (u16, String) {
        let (status, body) = http(&self.address(), "GET", path, b"");
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    pub fn wait_until_ready(&self) {
        wait_for("readiness", Duration::from_secs(30), || self.get("/readyz").0 == 200);
    }

    /// A counter or gauge by its full name with labels.
    pub fn metric(&self, name: &str) -> f64 {
        self.metric_so_far(name).unwrap_or_else(|| panic!("no metric {name} in\n{}", self.get("/metrics").1))
    }

    /// None before it was first counted.
    pub fn metric_so_far(&self, name: &str) -> Option<f64> {
        let text = self.get("/metrics").1;
        let line = text.lines().find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with(' ')))?;
        Some(line.trim().parse().unwrap())
    }

    /// The most memory that it ever had resident.
    pub fn peak_mb(&self) -> u64 {
        self.memory_mb("VmHWM:")
    }

    /// The most that it ever held: without its code, which stays the same and is more than twice as large where it was not optimised.
    pub fn peak_held_mb(&self) -> u64 {
        self.peak_mb() - self.memory_mb("RssFile:")
    }

    fn memory_mb(&self, line: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|told| told.strip_prefix(line)).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// SIGTERM, and its end.
    pub fn stop(&mut self) -> Ended {
        self.signal("-TERM");
        self.ended(Duration::from_secs(30))
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub fn ended(&mut self, patience: Duration) -> Ended {
        let deadline = Instant::now() + patience;
        while self.is_running() {
            assert!(Instant::now() < deadline, "it does not end\n{}", self.stderr());
            pause(10);
        }
        Ended { code: self.child.wait().unwrap().code(), stdout: self.stdout(), stderr: self.stderr() }
    }
}

impl Drop for Service {
    /// Where the test failed, what the service said may tell why.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            let log = self.stderr();
            let last: Vec<&str> = log.lines().rev().take(SAID_MAX).collect();
            eprintln!("the service said last:\n{}", last.into_iter().rev().collect::<Vec<_>>().join("\n"));
        }
    }
}

pub fn pause(ms: u64) {
    thread::sleep(Duration::from_millis(ms));
}

pub fn wait_for(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited {patience:?} in vain for {what}");
        pause(30);
    }
}

/// A statement to ClickHouse. Status and body.
pub fn post(url: &str, sql: &str) -> (u16, Vec<u8>) {
    http(url.trim_start_matches("http://").trim_end_matches('/'), "POST", "/", sql.as_bytes())
}

/// Sends a body to a path with a query, for inserting a file.
pub fn post_body(url: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    http(url.trim_start_matches("http://").trim_end_matches('/'), "POST", path, body)
}

pub fn http(address: &str, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    try_http(address, method, path, body).unwrap_or_else(|error| panic!("{address} does not answer: {error}"))
}

/// HTTP/1.0, so that the end of the answer is the end of the connection.
pub fn try_http(address: &str, method: &str, path: &str, body: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Ok((status, answer[end + 4..].to_vec()))
}
