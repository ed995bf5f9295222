//! Each event is checked as the service would check it: what the contract's examples say must be refused is refused here, for the
//! same reason, and does not come to Kafka.

use std::{fs, path::PathBuf};

use crate::{
    client::Ask,
    inlet::{Feeders, Inlet},
    local::root,
    town::Town,
    wrappings::{JSON, NDJSON, STRUCTURED},
};

/// `invalid_field--light.json` names its reason.
fn invalid() -> Vec<(String, PathBuf)> {
    let files = fs::read_dir(root().join("contracts/examples/invalid")).unwrap();
    let named = files.map(|file| file.unwrap().path()).map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name.split("--").next().unwrap().to_owned(), path)
    });
    named.filter(|(reason, _)| reason != "empty").collect()
}

#[test]
fn what_the_contract_refuses_is_refused_for_the_same_reason() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let mut wrong = Vec::new();
    for (reason, path) in invalid() {
        let bytes = fs::read(&path).unwrap();
        let is_list = bytes.starts_with(b"[");
        for kind in [JSON, STRUCTURED].into_iter().filter(|kind| !(is_list && *kind == JSON)) {
            let answer = Ask::post(kind, bytes.clone()).to(&inlet);
            // Of what is no event at all the document does not say which of both it is.
            if ![400, 422].contains(&answer.status) || answer.problem(answer.status)["reason"] != reason.as_str() {
                wrong.push(format!("{kind} {}: {}", path.display(), answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(feeders.stood("hotline").is_empty());
}

/// By the service itself: nothing that the inlet takes goes to the quarantine.
#[test]
fn what_the_inlet_takes_the_service_takes() {
    let town = Town::new();
    let inlet = Inlet::start(&town, &[]);
    let mut taken = 0;
    for folder in ["valid", "invalid"] {
        for file in fs::read_dir(root().join("contracts/examples").join(folder)).unwrap() {
            let bytes = fs::read(file.unwrap().path()).unwrap();
            for kind in [JSON, STRUCTURED] {
                let answer = Ask::post(kind, bytes.clone()).to(&inlet);
                taken += u64::from(answer.status == 202);
            }
            let line: Vec<u8> = bytes.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }).collect();
            if let answer @ crate::client::Answer { status: 207, .. } = Ask::post(NDJSON, line).to(&inlet) {
                taken += answer.counts()[0];
            }
        }
    }
    assert!(taken > 40, "{taken} only");
    town.run_until_caught_up();
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine"), 0);
    assert_eq!(town.ledger_places(), taken);
}
