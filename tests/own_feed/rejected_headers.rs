//! The headers of what was refused, byte by byte, as Kafka Connect and Spring give them to a dead-letter topic.

use crate::{
    events::{SOURCE, without_unit},
    records::{Record, now, put},
    rejected::Refusing,
};

const ALL: [&str; 14] = [
    "__connect.errors.topic",
    "__connect.errors.partition",
    "__connect.errors.offset",
    "__connect.errors.stage",
    "__connect.errors.connector.name",
    "__connect.errors.exception.class.name",
    "__connect.errors.exception.message",
    "kafka_dlt-original-topic",
    "kafka_dlt-original-partition",
    "kafka_dlt-original-offset",
    "kafka_dlt-original-timestamp",
    "kafka_dlt-exception-fqcn",
    "kafka_dlt-exception-message",
    "tongguan-source",
];

#[test]
fn each_header_has_the_bytes_that_are_written_of_it() {
    let town = Refusing::new();
    let stamp = now() - 12_345;
    let before: Vec<Record> =
        (1..=300).map(|number| Record::structured(&crate::events::event("H", number)).on(2)).collect();
    let bad = Record::structured(&without_unit("H", 301)).on(2).stamped(stamp);
    put(&town.0, "hotline", before.iter().chain([&bad]));
    town.run(&[]);
    let all = town.told();
    assert_eq!(all.len(), 1);
    let one = &all[0];
    let topic = town.0.topic("hotline");
    let texts = [
        ("__connect.errors.topic", topic.as_str()),
        ("__connect.errors.partition", "2"),
        ("__connect.errors.offset", "300"),
        ("__connect.errors.stage", "VALUE_CONVERTER"),
        ("__connect.errors.connector.name", "tongguan"),
        ("__connect.errors.exception.class.name", "missing_field"),
        ("kafka_dlt-original-topic", &topic),
        ("kafka_dlt-exception-fqcn", "missing_field"),
        ("tongguan-source", SOURCE),
    ];
    for (name, wanted) in texts {
        assert_eq!(String::from_utf8_lossy(one.header(name)), wanted, "{name}");
    }
    assert_eq!(one.header("kafka_dlt-original-partition"), 2i32.to_be_bytes());
    assert_eq!(one.header("kafka_dlt-original-offset"), 300i64.to_be_bytes());
    assert_eq!(one.header("kafka_dlt-original-timestamp"), stamp.to_be_bytes());
    for name in ["__connect.errors.exception.message", "kafka_dlt-exception-message"] {
        let text = String::from_utf8(one.header(name).to_vec()).unwrap();
        assert!(text.contains("/data/unit") && text.contains("required, and not there or empty"), "{name}: {text}");
    }
    let ours =
        |name: &str| name.starts_with("__connect.") || name.starts_with("kafka_dlt-") || name.starts_with("tongguan-");
    let more: Vec<&String> =
        one.headers.iter().map(|(name, _)| name).filter(|name| ours(name) && !ALL.contains(&name.as_str())).collect();
    assert!(more.is_empty(), "none that the document does not name: {more:?}");
}

#[test]
fn where_the_source_cannot_be_read_its_header_is_not_there_and_the_others_are() {
    let town = Refusing::new();
    put(&town.0, "hotline", &[Record::raw("k", b"<xml>")]);
    town.run(&[]);
    let one = &town.told()[0];
    assert!(!one.has_header("tongguan-source"), "{:?}", one.headers);
    for name in &ALL[..13] {
        one.header(name);
    }
    assert_eq!(one.header("kafka_dlt-exception-fqcn"), b"not_json");
}
