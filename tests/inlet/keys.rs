//! Who may send what: keys, as `tongguan inlet key` writes them.

use std::fs;

use serde_json::json;

use crate::{
    client::{Answer, Ask, EVENTS},
    events::{SOURCE, changed, event},
    inlet::{Feeders, Inlet, LONG},
    service::wait_for,
};

/// The key that was shown.
pub fn added(feeders: &Feeders, file: &str, id: &str, more: &[&str]) -> String {
    let args = [&["inlet", "key", "add", "--id", id], more].concat();
    let ended = feeders.0.tongguan(&args, &[("INLET__KEYS_FILE", file)]);
    assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.stderr);
    let shown: Vec<&str> = words(&ended.stdout).filter(|word| word.starts_with("tgf_")).collect();
    assert_eq!(shown.len(), 1, "shown once: {}", ended.stdout);
    assert_eq!(shown[0].len(), "tgf_".len() + 22 + 6, "{}", shown[0]);
    shown[0].to_owned()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

pub fn said(feeders: &Feeders, file: &str, args: &[&str]) -> String {
    let args = [&["inlet", "key"], args].concat();
    let ended = feeders.0.tongguan(&args, &[("INLET__KEYS_FILE", file)]);
    assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.stderr);
    ended.stdout
}

/// A file with a key for the hotline, and one for the grid.
pub struct Keyed {
    pub feeders: Feeders,
    pub file: String,
    pub hotline: String,
    pub grid: String,
}

impl Keyed {
    pub fn new() -> Self {
        let feeders = Feeders::new();
        let file = feeders.path("keys.toml");
        let hotline = added(&feeders, &file, "hotline-2026", &["--source", SOURCE, "--stream", "hotline"]);
        let grid = added(&feeders, &file, "grid-2026", &["--source", "grid.example", "--stream", "grid"]);
        Self { feeders, file, hotline, grid }
    }

    pub fn inlet(&self, more: &[(&str, &str)]) -> Inlet {
        self.feeders.inlet(&[&[("INLET__KEYS_FILE", self.file.as_str())], more].concat())
    }
}

pub fn refused(answer: &Answer) {
    answer.problem(401);
    let wanted = answer.header("www-authenticate");
    assert!(wanted.as_deref().is_some_and(|value| value.starts_with("Bearer")), "{}", answer.text());
}

#[test]
fn who_has_a_key_is_let_in_by_either_header_and_nobody_else() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[]);
    let ask = |number: usize| Ask::json(&event("A", number));
    ask(1).key(&keyed.hotline).to(&inlet).is(202);
    ask(2).header("x-api-key", &keyed.hotline).to(&inlet).is(202);
    ask(3).header("Authorization", &format!("bearer {}", keyed.hotline)).to(&inlet).is(202);
    refused(&ask(4).to(&inlet));
    refused(&ask(4).path(&format!("{EVENTS}&key={}", keyed.hotline)).to(&inlet));
    for wrong in
        ["", "tgf_", "nonsense", &keyed.hotline[..31], &format!("{}x", keyed.hotline), &keyed.hotline.to_lowercase()]
    {
        refused(&ask(4).key(wrong).to(&inlet));
        refused(&ask(4).header("x-api-key", wrong).to(&inlet));
    }
    refused(&ask(4).header("authorization", &format!("Basic {}", keyed.hotline)).to(&inlet));
    assert_eq!(keyed.feeders.stood("hotline").len(), 3);
}

#[test]
fn a_slip_of_the_pen_and_a_key_of_another_file_are_refused_and_told_from_each_other() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[]);
    let other = keyed.feeders.path("other.toml");
    let unknown = added(&keyed.feeders, &other, "o", &["--source", SOURCE, "--stream", "hotline"]);
    let slipped: String = {
        let (head, rest) = keyed.hotline.split_at(10);
        let next = if rest.starts_with('a') { 'b' } else { 'a' };
        format!("{head}{next}{}", &rest[1..])
    };
    let told = [&unknown, &slipped].map(|key| {
        let answer = Ask::json(&event("A", 1)).key(key).to(&inlet);
        refused(&answer);
        assert!(!answer.text().contains(&key[4..]), "{}", answer.text());
        answer.json()["detail"].clone()
    });
    assert_ne!(told[0], told[1], "the check sum tells them apart");
    assert!(keyed.feeders.stood("hotline").is_empty());
}

#[test]
fn a_key_is_revoked_and_another_added_while_the_inlet_runs() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[]);
    let first = Ask::json(&event("A", 1));
    first.clone().key(&keyed.hotline).to(&inlet).is(202);
    // Two for one source, so that there is no gap.
    let next = added(&keyed.feeders, &keyed.file, "hotline-2027", &["--source", SOURCE, "--stream", "hotline"]);
    wait_for("the new key to be known", LONG, || first.clone().key(&next).to(&inlet).status == 200);
    first.clone().key(&keyed.hotline).to(&inlet).is(200);
    said(&keyed.feeders, &keyed.file, &["revoke", "hotline-2026"]);
    wait_for("the revocation to be seen", LONG, || first.clone().key(&keyed.hotline).to(&inlet).status == 401);
    refused(&first.clone().key(&keyed.hotline).to(&inlet));
    first.key(&next).to(&inlet).is(200);
    Ask::json(&event("A", 2)).key(&next).to(&inlet).is(202);
}

#[test]
fn a_key_speaks_for_its_streams_and_sources_only() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[]);
    Ask::json(&event("A", 1)).path("/v1/events?stream=grid").key(&keyed.hotline).to(&inlet).problem(403);
    let batch = [event("A", 1), event("A", 2)];
    Ask::lines(&batch).path("/v1/events?stream=grid").key(&keyed.hotline).to(&inlet).problem(403);
    // The stream may be left out by whose key speaks for one only.
    Ask::json(&event("A", 1)).path("/v1/events").key(&keyed.hotline).to(&inlet).is(202);
    let foreign = changed(event("B", 1), |event| event["source"] = json!("grid.example"));
    let said = Ask::json(&foreign).key(&keyed.hotline).to(&inlet).problem(403);
    assert_eq!(said["id"], "B-1");
    let answer = Ask::lines([&event("C", 1), &foreign, &event("B", 2), &event("C", 2)]).key(&keyed.hotline).to(&inlet);
    assert_eq!((answer.counts(), answer.items()), ([2, 0, 1, 1, 0], vec![(1, 403), (2, 424)]), "{}", answer.text());
    let keys: Vec<String> = keyed.feeders.stood("hotline").into_iter().map(|one| one.key).collect();
    assert_eq!(keys.iter().filter(|key| *key == "B").count(), 0);
    assert_eq!((keys.len(), keyed.feeders.stood("grid").len()), (3, 0));
    Ask::json(&foreign).path("/v1/events").key(&keyed.grid).to(&inlet).is(202);
    assert_eq!(keyed.feeders.stood("grid").len(), 1);
}

#[test]
fn the_list_names_the_keys_and_shows_none_and_the_file_holds_none() {
    let keyed = Keyed::new();
    let list = said(&keyed.feeders, &keyed.file, &["list"]);
    for part in ["hotline-2026", "grid-2026", SOURCE, "grid.example"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let file = fs::read_to_string(&keyed.file).unwrap();
    for key in [&keyed.hotline, &keyed.grid] {
        assert!(!list.contains(&key[4..]) && !file.contains(&key[4..]), "{list}\n{file}");
        assert!(file.contains(&sha256(key)), "{file}");
    }
    assert_ne!(keyed.hotline[4..], keyed.grid[4..]);
    let args = ["inlet", "key", "add", "--id", "grid-2026", "--source", SOURCE, "--stream", "grid"];
    let again = keyed.feeders.0.tongguan(&args, &[("INLET__KEYS_FILE", &keyed.file)]);
    assert!(again.code != Some(0) && again.stderr.contains("grid-2026"), "an id is one key's: {}", again.stderr);
    let args = ["inlet", "key", "revoke", "grid-2062"];
    let absent = keyed.feeders.0.tongguan(&args, &[("INLET__KEYS_FILE", &keyed.file)]);
    assert!(absent.code != Some(0) && absent.stderr.contains("grid-2062"), "{}", absent.stderr);
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_key_that_has_ended_is_refused() {
    let keyed = Keyed::new();
    let more = ["--source", SOURCE, "--stream", "hotline", "--expires", "2098-07-06"];
    let key = added(&keyed.feeders, &keyed.file, "ends", &more);
    let inlet = keyed.inlet(&[]);
    Ask::json(&event("A", 1)).key(&key).to(&inlet).is(202);
    let file = fs::read_to_string(&keyed.file).unwrap();
    assert!(file.contains("2098-07-06"), "{file}");
    fs::write(&keyed.file, file.replace("2098-07-06", "2021-07-06")).unwrap();
    wait_for("the end to be seen", LONG, || Ask::json(&event("A", 1)).key(&key).to(&inlet).status == 401);
    refused(&Ask::json(&event("A", 2)).key(&key).to(&inlet));
    Ask::json(&event("A", 1)).key(&keyed.hotline).to(&inlet).is(200);
}

#[test]
fn authorization_is_bearer_and_nothing_else_and_a_file_that_is_just_being_written_changes_nothing() {
    let keyed = Keyed::new();
    let inlet = keyed.inlet(&[]);
    refused(&Ask::json(&event("A", 1)).header("authorization", &keyed.hotline).to(&inlet));
    fs::write(&keyed.file, "").unwrap();
    Ask::json(&event("A", 2)).key(&keyed.hotline).to(&inlet).is(202);
    wait_for("the metric", LONG, || inlet.get("/metrics").text().contains("tongguan_inlet_keys_broken 1"));
}
