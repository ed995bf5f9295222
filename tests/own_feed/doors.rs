//! `[producers]` and those who put events on Kafka for others: the inlet, `send`, `import`.

use std::fs;

use serde_json::json;

use crate::{
    client::Ask,
    events::{SOURCE, attributes, changed, event},
    inlet::Inlet,
    keyed::added,
    producers::{Bound, HEADER},
    records::got,
    service::Ended,
};

/// Values of the header on what stands on the topic, one for each message.
fn said_by(bound: &Bound) -> Vec<String> {
    let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
    got(&bound.town, "hotline").iter().map(|one| text(one.header(HEADER))).collect()
}

fn inlet(bound: &Bound, file: &str) -> Inlet {
    let inlet = Inlet::start(&bound.town, &[("INLET__KEYS_FILE", file), ("STREAMS__DIR", &bound.dir)]);
    inlet.wait_until_ready();
    inlet
}

#[test]
fn the_inlet_writes_the_id_of_the_key_that_it_has_checked_and_nobody_can_say_another() {
    let bound = Bound::new(&[("hotline-2026", &[SOURCE]), ("grid-vendor", &["grid.example"])]);
    let file = bound.path("keys.toml");
    let key = added(&bound.town, &file, "hotline-2026", &[SOURCE], &["hotline"]);
    let inlet = inlet(&bound, &file);
    Ask::json(&event("I", 1)).key(&key).to(&inlet).is(202);
    Ask::json(&event("I", 2)).key(&key).header(HEADER, "grid-vendor").to(&inlet).is(202);
    let binary = Ask::post("application/json", event("I", 3)["data"].to_string()).key(&key);
    let binary = attributes(&event("I", 3)).iter().fold(binary, |ask, (name, value)| ask.header(name, value));
    binary.header(HEADER, "grid-vendor").header("ce-tongguan-feeder", "grid-vendor").to(&inlet);
    assert_eq!(Ask::lines(&[event("I", 4), event("I", 5)]).key(&key).to(&inlet).counts()[0], 2);
    let said = said_by(&bound);
    assert!(said.len() >= 4 && said.iter().all(|one| one == "hotline-2026"), "{said:?}");
    assert_eq!(bound.run().len(), 0, "none is foreign");
    assert_eq!(bound.town.ledger_places(), said.len() as u64);
}

#[test]
fn a_stream_that_binds_nobody_has_no_header_from_the_inlet() {
    let bound = Bound::new(&[("hotline-2026", &[SOURCE])]);
    let file = bound.path("keys.toml");
    let key = added(&bound.town, &file, "hotline-2026", &[SOURCE], &["hotline", "grid"]);
    let inlet = inlet(&bound, &file);
    for stream in ["hotline", "grid"] {
        Ask::json(&event("I", 1)).path(&format!("/v1/events?stream={stream}")).key(&key).to(&inlet).is(202);
        let all = got(&bound.town, stream);
        assert_eq!((all.len(), all[0].has_header(HEADER)), (1, stream == "hotline"), "{all:?}");
    }
}

/// One event by `tongguan send`.
fn sent(bound: &Bound, feeder: &str, number: usize) -> Ended {
    let file = bound.path("one.json");
    fs::write(&file, event("I", number).to_string()).unwrap();
    let settings = [("STREAMS__DIR", bound.dir.as_str()), ("KAFKA__FEEDER", feeder)];
    bound.town.tongguan(&["send", &file, "--stream", "hotline"], &settings)
}

const IMPORTED: &str = "urn:example:12345";

/// A file of two cases, and its mapping.
fn imported(bound: &Bound) -> (String, String) {
    let (data, mapping) = (bound.path("cases.csv"), bound.path("mapping.toml"));
    fs::write(&data, "no,at\n1001,2021-03-01 08:30:00\n1002,2021-03-01 10:00:00\n").unwrap();
    let text = format!(
        "stream = \"hotline\"\nsource = \"{IMPORTED}\"\ntimezone = \"Asia/Shanghai\"\n\
         [time]\nformats = [\"%Y-%m-%d %H:%M:%S\"]\n[case]\nid = \"no\"\n\
         [[event]]\ntype = \"case.accepted.v1\"\ntime = \"at\"\n"
    );
    fs::write(&mapping, text).unwrap();
    (data, mapping)
}

/// A task of a database that is not there: it is not asked.
fn pulled(bound: &Bound, mapping: &str) -> String {
    let (task, state) = (bound.path("task.toml"), bound.path("state"));
    let text = format!(
        "mapping = \"{mapping}\"\nstate = \"{state}\"\n[database]\nkind = \"postgres\"\nhost = \"127.0.0.1\"\nport = 9\n\
         database = \"d\"\nuser = \"u\"\npassword_file = \"{task}\"\n[rows]\ntable = \"t\"\ngrowing = \"g\"\n"
    );
    fs::write(&task, text).unwrap();
    task
}

#[test]
fn what_is_sent_or_imported_has_the_name_of_the_centre() {
    let bound = Bound::new(&[("centre", &[SOURCE, IMPORTED])]);
    assert_eq!(sent(&bound, "centre", 1).code, Some(0));
    let (data, mapping) = imported(&bound);
    let settings = [("STREAMS__DIR", bound.dir.as_str()), ("KAFKA__FEEDER", "centre")];
    let ended = bound.town.tongguan(&["import", &data, "--mapping", &mapping], &settings);
    assert_eq!(ended.code, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert_eq!(said_by(&bound), ["centre"; 3]);
    assert_eq!(bound.run().len(), 0);
    assert_eq!(bound.town.ledger_places(), 3);
}

/// Whoever sends for the centre would only fill the quarantine: `send`, `import`, `watch` and `pull` say so before anything is sent.
#[test]
fn a_centre_that_is_not_in_the_list_sends_nothing_and_is_told_the_setting() {
    let bound = Bound::new(&[("hotline-2026", &[SOURCE])]);
    let (data, mapping) = imported(&bound);
    let (task, watched) = (pulled(&bound, &mapping), bound.path("watched"));
    fs::create_dir(&watched).unwrap();
    let ways: [&[&str]; 3] = [
        &["import", &data, "--mapping", &mapping],
        &["watch", &watched, "--mapping", &mapping, "--once"],
        &["pull", &task, "--once"],
    ];
    for feeder in ["", "centre"] {
        let settings = [("STREAMS__DIR", bound.dir.as_str()), ("KAFKA__FEEDER", feeder)];
        let ways = ways.iter().map(|words| bound.town.tongguan(words, &settings));
        for ended in ways.chain([sent(&bound, feeder, 1)]) {
            let said = ended.stdout + &ended.stderr;
            assert_eq!(ended.code, Some(3), "{said}");
            assert!(said.contains("kafka.feeder") && said.contains("hotline"), "{said}");
        }
    }
    let listed = [("STREAMS__DIR", bound.dir.as_str()), ("KAFKA__FEEDER", "hotline-2026")];
    let ended = bound.town.tongguan(&["import", &data, "--mapping", &mapping], &listed);
    assert!(ended.code == Some(3) && ended.stderr.contains(IMPORTED), "not for this source: {}", ended.stderr);
    assert!(got(&bound.town, "hotline").is_empty());
}

#[test]
fn a_key_speaks_for_its_sources_over_http_whatever_the_list_says() {
    let bound = Bound::new(&[("hotline-2026", &[SOURCE, "grid.example"])]);
    let file = bound.path("keys.toml");
    let key = added(&bound.town, &file, "hotline-2026", &[SOURCE], &["hotline"]);
    let inlet = inlet(&bound, &file);
    let foreign = changed(event("G", 1), |event| event["source"] = json!("grid.example"));
    Ask::json(&foreign).key(&key).to(&inlet).problem(403);
    assert!(got(&bound.town, "hotline").is_empty());
}
