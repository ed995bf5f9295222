//! The clients that ship in contracts/clients, run as they stand there, each where its tool is on this machine.

use std::process::{Command, Stdio};

use crate::{inlet::Feeders, keys::added};

/// The tool, and how it takes the file.
const CLIENTS: [(&str, &[&str], &str); 5] = [
    ("python3", &[], "send.py"),
    ("node", &[], "send.mjs"),
    ("java", &[], "Send.java"),
    ("go", &["run"], "send.go"),
    ("dotnet", &["run"], "Send.cs"),
];

fn is_here(tool: &str) -> bool {
    let version = if tool == "go" { "version" } else { "--version" };
    let asked = Command::new(tool).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

#[test]
fn each_client_that_ships_sends_its_event_once_and_hears_of_a_key_that_is_not_good() {
    let feeders = Feeders::new();
    let file = feeders.path("keys.toml");
    let key = added(&feeders, &file, "clients", &["--source", "urn:example:12345", "--stream", "hotline"]);
    let inlet = feeders.inlet(&[("INLET__KEYS_FILE", &file)]);
    inlet.wait_until_ready();
    let address = format!("http://{}", inlet.address);
    let mut here = 0;
    for (tool, how, name) in CLIENTS {
        if !is_here(tool) {
            eprintln!("{name} is not tried: there is no {tool} on this machine");
            continue;
        }
        here += 1;
        let run = |key: &str| {
            let path = format!("{}/contracts/clients/{name}", env!("CARGO_MANIFEST_DIR"));
            let mut command = Command::new(tool);
            command.args(how).arg(path).env("INLET", &address).env("KEY", key).env("no_proxy", "*");
            let ended = command.output().unwrap();
            let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
            (ended.status.success(), said)
        };
        for turn in 1..=2 {
            let (is_done, said) = run(&key);
            assert!(is_done, "{name}, turn {turn}: {said}");
        }
        let (is_done, said) = run("tgf_nobody");
        assert!(!is_done && said.contains("not written like a key"), "{name}: {said}");
        assert_eq!(feeders.stood("hotline").len(), here, "{name} sends its event once");
    }
    assert!(here > 0, "not one of the tools is on this machine");
}
