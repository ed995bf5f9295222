//! An inlet that others could reach without a key does not open, and a damaged file of keys takes nobody in or out.

use std::fs;

use crate::{
    client::Ask,
    events::event,
    inlet::{Feeders, Inlet, LONG},
    keys::{Keyed, refused},
    service::wait_for,
};

#[test]
fn on_another_address_than_this_machines_it_does_not_open_without_keys() {
    let feeders = Feeders::new();
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:9602"] {
        let ended = Inlet::spawn(&feeders.0, &[("INLET__LISTEN", listen)]).ended(LONG);
        assert_eq!(ended.code, Some(3), "{listen}: {}", ended.stderr);
        for part in ["inlet.listen", "keys_file"] {
            assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
        }
        assert!(!ended.stdout.contains(':'), "{}", ended.stdout);
    }
    let keyed = Keyed::new();
    let mut open = Inlet::spawn(&keyed.feeders.0, &[("INLET__LISTEN", "0.0.0.0:0"), ("INLET__KEYS_FILE", &keyed.file)]);
    wait_for("it to open with keys", LONG, || {
        assert!(open.is_running(), "{}", open.stderr());
        open.stdout().contains('\n')
    });
}

#[test]
fn a_damaged_file_keeps_the_keys_from_before_and_is_told_in_log_and_metric() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[]);
    let known = |number: usize| Ask::json(&event("A", number)).key(&keyed.hotline).to(&inlet);
    known(1).is(202);
    let (before, metrics) = (fs::read_to_string(&keyed.file).unwrap(), metrics(&inlet));
    for damage in ["nonsense", &before[..before.len() - 10], "[[key]]\nid = \"k\"\n"] {
        let lines = inlet.log().lines().count();
        fs::write(&keyed.file, damage).unwrap();
        wait_for(&format!("the log to tell of {damage:?}"), LONG, || {
            known(1).is(200);
            inlet.log().lines().skip(lines).any(|line| line.contains("keys"))
        });
        refused(&Ask::json(&event("A", 2)).to(&inlet));
    }
    assert_ne!(self::metrics(&inlet), metrics, "a metric tells of it");
    fs::write(&keyed.file, before).unwrap();
    known(1).is(200);
}

/// Those that speak of keys.
fn metrics(inlet: &Inlet) -> Vec<String> {
    let text = inlet.get("/metrics").text();
    text.lines().filter(|line| line.contains("key") && !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn a_file_that_is_damaged_or_absent_at_the_start_is_refused() {
    let keyed = Keyed::new();
    let absent = keyed.feeders.path("absent.toml");
    fs::write(&keyed.file, "nonsense").unwrap();
    for file in [&absent, &keyed.file] {
        let ended = Inlet::spawn(&keyed.feeders.0, &[("INLET__KEYS_FILE", file)]).ended(LONG);
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains(file.as_str()), "{}", ended.stderr);
    }
}
