//! `deploy/local/up` for two users of one machine: each finds ports of his own, again and again, and nobody's links are followed.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::local::{complaint, local, root};

/// Those that are taken where nobody says otherwise.
const USUAL: [u16; 3] = [19092, 19093, 18123];

struct Pair(TempDir);

impl Pair {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, script: &str) -> Output {
        let mut command = Command::new(root().join("deploy/local").join(script));
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("TONGGUAN_LOCAL_")) {
            command.env_remove(name);
        }
        command.env("TONGGUAN_LOCAL_DIR", self.path()).env("TONGGUAN_LOCAL_KAFKA_HEAP", "256m");
        command.env("TONGGUAN_LOCAL_READY_SECONDS", "90").output().unwrap()
    }

    fn does(&self, script: &str) -> String {
        let output = self.run(script);
        assert!(output.status.success(), "{script}: {}", complaint(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        self.run("down");
    }
}

#[test]
fn where_the_usual_ports_are_taken_others_are_chosen_and_remembered() {
    // Or somebody has them already.
    let _taken: Vec<_> = USUAL.iter().filter_map(|port| TcpListener::bind(local(*port)).ok()).collect();
    let pair = Pair::new();
    pair.does("up");
    let found = pair.does("env");
    assert!(
        found.contains("KAFKA__BROKERS=127.0.0.1:") && found.contains("CLICKHOUSE__URL=http://127.0.0.1:"),
        "{found}"
    );
    for port in USUAL {
        assert!(!found.contains(&format!(":{port}")), "{found}");
    }
    pair.does("status");
    let remembered = fs::read_to_string(pair.path().join("ports")).unwrap();
    assert_eq!(remembered.lines().count(), USUAL.len(), "{remembered}");
    pair.does("down");
    pair.does("up");
    assert_eq!(pair.does("env"), found);
    assert_eq!(fs::read_to_string(pair.path().join("ports")).unwrap(), remembered);
    pair.does("down");
}

#[test]
fn a_link_in_the_folder_is_refused_and_not_followed() {
    for name in ["lock", "ports", "kafka", "clickhouse"] {
        let (pair, other) = (Pair::new(), tempfile::tempdir().unwrap());
        let target = other.path().join("of-somebody");
        match name {
            "lock" | "ports" => fs::write(&target, "mine").unwrap(),
            _ => fs::create_dir(&target).unwrap(),
        }
        symlink(&target, pair.path().join(name)).unwrap();
        let refused = pair.run("up");
        assert!(!refused.status.success());
        let said = complaint(&refused);
        assert!(said.contains(&format!("{name} is a symbolic link")), "{said}");
        if target.is_dir() {
            assert_eq!(fs::read_dir(&target).unwrap().count(), 0);
        } else {
            assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
        }
    }
}
