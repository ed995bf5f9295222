//! A pair of servers of the test's own, which may be killed; gone when the test ends, however it ends.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub struct Pair {
    pub folder: PathBuf,
    ports: Vec<(String, String)>,
    pub brokers: String,
    pub url: String,
}

impl Pair {
    /// Starts from nothing.
    pub fn start(name: &str) -> Self {
        let local = env::var_os("TONGGUAN_LOCAL_DIR").map_or_else(|| root().join(".local"), PathBuf::from);
        let folder = std::path::absolute(local.join("chaos").join(name)).unwrap();
        let mut pair = Self { folder, ports: Vec::new(), brokers: String::new(), url: String::new() };
        pair.script("down", &[]); // what a killed test left behind
        let _ = std::fs::remove_dir_all(&pair.folder);
        std::fs::create_dir_all(&pair.folder).unwrap();
        pair.ports = exports(&pair.script("free-ports", &[]));
        pair.script("up", &[]);
        for (name, value) in exports(&pair.script("env", &[])) {
            match name.as_str() {
                "TONGGUAN__KAFKA__BROKERS" => pair.brokers = value,
                "TONGGUAN__CLICKHOUSE__URL" => pair.url = value,
                _ => {}
            }
        }
        pair
    }

    /// Runs a script of deploy/local; what it complains of is what the test fails with.
    pub fn script(&self, name: &str, arguments: &[&str]) -> String {
        let output = self.output(name, arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "deploy/local/{name} {}: {complaint}", arguments.join(" "));
        String::from_utf8(output.stdout).unwrap()
    }

    fn output(&self, name: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(root().join("deploy/local").join(name));
        command.args(arguments).env("TONGGUAN_LOCAL_DIR", &self.folder).envs(self.ports.iter().cloned());
        if env::var_os("TONGGUAN_LOCAL_READY_SECONDS").is_none() {
            command.env("TONGGUAN_LOCAL_READY_SECONDS", "60");
        }
        command.output().unwrap_or_else(|error| panic!("deploy/local/{name}: {error}"))
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let output = self.output("down", &[]);
        if !output.status.success() {
            eprintln!("deploy/local/down: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

fn exports(text: &str) -> Vec<(String, String)> {
    let pairs = text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
