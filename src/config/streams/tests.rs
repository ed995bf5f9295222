use std::fs;

use tempfile::TempDir;

use super::*;

const EVENT_TYPES: &[&str] = &["reported", "accepted", "closed", "voided", "rejected", "not_filed"];

fn load_with(files: &[(&str, &str)]) -> Result<Vec<StreamFile>, String> {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    load(Some(dir.path()), "hotline, grid", EVENT_TYPES).map_err(|error| error.to_string())
}

fn changed(from: &str, to: &str) -> String {
    assert!(HOTLINE.contains(from), "{from}");
    HOTLINE.replace(from, to)
}

#[test]
fn hotline_and_grid_are_built_in() {
    let streams = load(None, "hotline, grid", EVENT_TYPES).unwrap();
    let names: Vec<_> = streams.iter().map(|stream| stream.name.as_str()).collect();
    assert_eq!(names, ["grid", "hotline"]);
    assert_eq!(streams[1].means.received, ["accepted"]);
    assert_eq!(streams[1].title.zh, "12345 热线工单");
}

#[test]
fn a_folder_replaces_a_stream_by_name_and_adds_others() {
    let own = changed(r#"received = ["accepted"]"#, r#"received = ["reported"]"#);
    let added = changed("hotline\"", "river\"").replace("void = [\"voided\"]\n", "");
    let streams = load_with(&[("a.toml", &own), ("b.toml", &added), ("notes.txt", "x")]).unwrap();
    let names: Vec<_> = streams.iter().map(|stream| stream.name.as_str()).collect();
    assert_eq!(names, ["grid", "hotline", "river"]);
    assert_eq!(streams[1].means.received, ["reported"]);
    assert!(streams[2].means.void.is_empty());
}

#[test]
fn an_unknown_event_type_or_key_is_refused_with_the_nearest_right_one() {
    let message = load_with(&[("a.toml", &changed("[\"closed\"]", "[\"closd\"]"))]).unwrap_err();
    assert!(message.contains("a.toml, means.closed: unknown event type \"closd\""), "{message}");
    assert!(message.contains("the nearest right one is \"closed\""), "{message}");
    let message = load_with(&[("a.toml", &changed("\ntopic =", "\ntopik ="))]).unwrap_err();
    assert!(message.contains("unknown key `topik`; the nearest right one is `topic`"), "{message}");
}

#[test]
fn names_topics_and_meanings_are_not_shared() {
    let other_topic = changed("case-events.hotline", "other");
    let message = load_with(&[("a.toml", HOTLINE), ("b.toml", &other_topic)]).unwrap_err();
    assert!(message.contains("name \"hotline\" is already taken by"), "{message}");
    let message = load_with(&[("a.toml", &changed("name = \"hotline", "name = \"river"))]);
    assert!(message.unwrap_err().contains("already belongs to stream \"hotline\""));
    let message = load_with(&[("a.toml", &changed("[\"voided\"]", "[\"closed\"]"))]).unwrap_err();
    assert!(message.contains("\"closed\" is already in means.closed"), "{message}");
}

#[test]
fn what_is_missing_or_cannot_be_is_named() {
    for (from, to, wanted) in [
        ("source_default = \"urn:tongguan:hotline\"\n", "", "missing field `source_default`"),
        ("received = [\"accepted\"]", "received = []", "need an event type each"),
        ("name = \"hotline\"", "name = \"Hot line\"", "name must be lower-case"),
        ("case-events.hotline", "case events", "Kafka allows no others"),
        ("\"Asia/Shanghai\"", "\"Asia/Miaohang\"", "Asia/Miaohang"),
        ("\"Asia/Shanghai\"", "8", "expected a text in quotes, got 8"),
        ("finish = \"auto\"", "finish = \"done\"", "counting.finish is none of auto"),
        ("[\"closed\"]", "\"closed\"", "expected a list of texts, got \"closed\""),
    ] {
        let message = load_with(&[("a.toml", &changed(from, to))]).unwrap_err();
        assert!(message.contains(wanted) && message.contains("a.toml"), "{message}");
    }
    let missing = load(Some(Path::new("/nowhere/streams")), "", EVENT_TYPES).unwrap_err();
    assert!(missing.to_string().contains("cannot read /nowhere/streams"));
}
