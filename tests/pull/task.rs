//! A task in a town's folder, and the program that does it.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::{
    database::{Database, Kind},
    service::{Ended, Service},
    town::Town,
};

/// Rows of `id`, `v` and the growing `g`.
pub const SIMPLE: &str = r#"
stream = "hotline"
source = "urn:test:pull"
timezone = "Asia/Shanghai"
[time]
formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f"]
[case]
id = "P{id}"
[fields]
title = "v"
[[event]]
type = "case.accepted.v1"
time = { value = "2021-03-01 08:00:00" }
id = ["g", "v"]
"#;

pub struct Task<'t> {
    pub town: &'t Town,
    pub file: PathBuf,
    text: String,
}

impl<'t> Task<'t> {
    pub fn new(town: &'t Town, database: &Database, rows: &str) -> Self {
        Self::with(town, database, SIMPLE, rows)
    }

    pub fn with(town: &'t Town, database: &Database, mapping: &str, rows: &str) -> Self {
        let folder = town.folder.path();
        fs::write(folder.join("mapping.toml"), mapping).unwrap();
        write_secret(&folder.join("password"), "tongguan\n");
        let kind = if database.kind == Kind::Postgres { "postgres" } else { "mysql" };
        let (name, port) = (&database.name, database.port);
        let text = format!(
            "mapping = \"mapping.toml\"\nevery_s = 1\n[database]\nkind = \"{kind}\"\nhost = \"127.0.0.1\"\nport = {port}\n\
             database = \"{name}\"\nuser = \"tongguan\"\npassword_file = \"password\"\n[rows]\n{rows}\n"
        );
        let task = Self { town, file: folder.join("task.toml"), text };
        task.write();
        task
    }

    fn write(&self) {
        fs::write(&self.file, &self.text).unwrap();
    }

    pub fn change(&mut self, from: &str, to: &str) {
        assert!(self.text.contains(from), "{from} in {}", self.text);
        self.text = self.text.replace(from, to);
        self.write();
    }

    pub fn args<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["pull", "--config", self.file.to_str().unwrap()], more].concat()
    }

    pub fn run(&self, more: &[&str]) -> Ended {
        self.town.tongguan(&self.args(more), &[])
    }

    /// One pass that comes to its end; what it says of itself.
    pub fn once(&self, code: i32) -> Value {
        let ended = self.run(&["--once"]);
        assert_eq!(ended.code, Some(code), "{}{}", ended.stdout, ended.stderr);
        self.last_pass()
    }

    pub fn spawn(&self) -> Service {
        Service::spawn(self.town, &self.args(&[]), &[])
    }

    pub fn state(&self, name: &str) -> PathBuf {
        self.town.folder.path().join("task.state").join(name)
    }

    pub fn last_pass(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.state("last-pass")).unwrap()).unwrap()
    }

    /// The numbers of a pass: rows, sent, known, rejected, left.
    pub fn counts(&self, code: i32) -> [u64; 5] {
        let told = self.once(code);
        ["rows", "sent", "known", "rejected", "left"].map(|name| told[name].as_u64().unwrap())
    }
}

pub fn write_secret(path: &std::path::Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
