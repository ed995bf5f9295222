//! Messages in the exact form of Debezium's documentation.

use serde_json::json;

use super::*;
use crate::feed::import::{Mapping, Streams};

const MAPPING: &str = r#"
stream = "grid"
source = "urn:test:changes"
timezone = "Asia/Shanghai"
[time]
formats = ["%Y-%m-%d %H:%M:%S"]
[case]
id = "TASKID"
[fields]
title = "NOTE"
kind = "AMOUNT"
[[event]]
type = "case.accepted.v1"
time = "ROWTIME"
id = ["TASKID"]
"#;

fn mappings(columns: &[(&str, &str)]) -> ChangeMappings {
    let mapping = RowMapping::new(Mapping::parse("m.toml", MAPPING, Streams::Always("grid")).unwrap()).unwrap();
    let columns = columns.iter().map(|(column, name)| ((*column).to_owned(), (*name).to_owned())).collect();
    let mut all = ChangeMappings::default();
    all.add(&"grid".into(), ChangeMapping::new(mapping, &columns));
    all
}

fn row(rowtime: &Value) -> Value {
    json!({ "taskid": "A1", "rowtime": rowtime, "note": "路灯不亮", "amount": null, "other": [1] })
}

fn change(op: &str, after: &Value) -> Value {
    json!({
        "before": null, "after": after, "op": op, "ts_ms": 1_614_996_001_000_i64, "transaction": null,
        "source": { "version": "3.0.0.Final", "connector": "postgresql", "name": "city", "ts_ms": 1_614_996_000_500_i64,
            "snapshot": "false", "db": "city", "schema": "public", "table": "t_taskinfo", "txId": 1, "lsn": 2, "xmin": null },
    })
}

fn with_schema(payload: &Value, types: &[(&str, &str, Value)]) -> Value {
    let field = |(column, name, parameters): &(&str, &str, Value)| json!({ "type": "int64", "optional": true, "name": name, "version": 1, "field": column, "parameters": parameters });
    let fields: Vec<Value> = types.iter().map(field).collect();
    let of = |name: &str| json!({ "type": "struct", "fields": fields, "optional": true, "name": "city.public.t_taskinfo.Value", "field": name });
    json!({ "schema": { "type": "struct", "fields": [of("before"), of("after")], "optional": false, "name": "Envelope" }, "payload": payload })
}

fn read(mappings: &ChangeMappings, message: &Value) -> Result<Value, Rejection> {
    let made = mappings.event(&"grid".into(), &message.to_string()).expect("a change");
    made.map(|bytes| serde_json::from_slice(&bytes).unwrap())
}

#[test]
fn a_change_with_or_without_its_schema_is_the_event_of_its_row() {
    let civil = json!(1_614_996_000_000_i64 + 8 * 3_600_000);
    let bare = change("u", &row(&civil));
    let by_schema = with_schema(&bare, &[("rowtime", "io.debezium.time.Timestamp", json!({}))]);
    let found = [
        read(&mappings(&[("ROWTIME", "io.debezium.time.Timestamp")]), &bare).unwrap(),
        read(&mappings(&[]), &by_schema).unwrap(),
        read(&mappings(&[("ROWTIME", "io.debezium.time.Timestamp")]), &json!({ "payload": bare })).unwrap(),
    ];
    for event in &found {
        assert_eq!(event["time"], "2021-03-06T10:00:00+08:00", "a clock's time, as the town's clock shows it");
        assert_eq!((&event["subject"], &event["id"]), (&json!("A1"), &json!("A1:accepted:A1")));
        assert_eq!(event["data"], json!({ "title": "路灯不亮" }));
    }
}

#[test]
fn each_semantic_type_is_read() {
    let time = |name: &str, value: Value| {
        let message = with_schema(&change("c", &row(&value)), &[("rowtime", name, json!({}))]);
        read(&mappings(&[]), &message).unwrap()["time"].as_str().unwrap().to_owned()
    };
    for (name, value) in [
        ("io.debezium.time.MicroTimestamp", json!(1_615_024_800_000_000_i64)),
        ("io.debezium.time.NanoTimestamp", json!(1_615_024_800_000_000_000_i64)),
        ("org.apache.kafka.connect.data.Timestamp", json!(1_615_024_800_000_i64)),
        ("io.debezium.time.ZonedTimestamp", json!("2021-03-06T02:00:00.000000Z")),
        ("io.debezium.time.IsoTimestamp", json!("2021-03-06T10:00:00Z")),
    ] {
        assert_eq!(time(name, value), "2021-03-06T10:00:00+08:00", "{name}");
    }
    for (name, value) in [("io.debezium.time.Date", json!(18_692)), ("io.debezium.time.IsoDate", json!("2021-03-06Z"))]
    {
        assert_eq!(time(name, value), "2021-03-06T00:00:00+08:00", "{name}");
    }
    let kind = |name: &str, value: Value, parameters: Value| {
        let mut after = row(&json!("2021-03-06 10:00:00"));
        after["amount"] = value;
        let message = with_schema(&change("r", &after), &[("amount", name, parameters)]);
        read(&mappings(&[]), &message).map(|event| event["data"]["kind"].clone())
    };
    let decimal = "org.apache.kafka.connect.data.Decimal";
    assert_eq!(kind(decimal, json!("AMjg"), json!({ "scale": "2" })).unwrap(), "514.24");
    assert_eq!(kind(decimal, json!("/w=="), json!({ "scale": "2" })).unwrap(), "-0.01");
    let own = json!({ "scale": 1, "value": "Dw==" });
    assert_eq!(kind("io.debezium.data.VariableScaleDecimal", own, json!({})).unwrap(), "1.5");
    assert_eq!(kind("io.debezium.data.Json", json!("{\"a\":1}"), json!({})).unwrap(), "{\"a\":1}");
    assert_eq!(kind("x", json!("__debezium_unavailable_value"), json!({})).unwrap(), Value::Null);
    let wrong = kind(decimal, json!("not base64"), json!({ "scale": "2" })).unwrap_err();
    assert_eq!((wrong.reason, wrong.field.as_str()), (RejectReason::InvalidField, "/after/AMOUNT"));
}

#[test]
fn where_the_row_has_no_time_it_is_when_the_database_wrote_it() {
    let event = read(&mappings(&[]), &change("r", &row(&Value::Null))).unwrap();
    assert_eq!(event["time"], "2021-03-06T10:00:00.500+08:00");
}

#[test]
fn what_says_nothing_of_a_case_is_refused_with_the_connectors_setting() {
    for (op, said) in [("d", "skipped.operations = d,t"), ("t", "skipped.operations"), ("m", "only c, u and r")] {
        let refused = read(&mappings(&[]), &change(op, &Value::Null)).unwrap_err();
        assert_eq!((refused.reason, refused.field.as_str()), (RejectReason::InvalidField, "/op"));
        assert!(refused.detail.contains(said), "{}", refused.detail);
    }
    let mut without = row(&json!("soon"));
    let refused = read(&mappings(&[]), &change("u", &without)).unwrap_err();
    assert_eq!((refused.reason, refused.field.as_str()), (RejectReason::InvalidField, "/after/ROWTIME"));
    without.as_object_mut().unwrap().remove("taskid");
    let refused = read(&mappings(&[]), &change("u", &without)).unwrap_err();
    assert_eq!((refused.reason, refused.field.as_str()), (RejectReason::MissingField, "/after/TASKID"));
}

#[test]
fn what_is_no_change_is_read_as_any_other_message() {
    let all = mappings(&[]);
    for message in [
        json!({ "type": "case.closed.v1", "case_id": "A1", "occurred_at": "2021-03-06T10:00:00+08:00" }),
        json!({ "specversion": "1.0", "op": "c" }),
        json!([1]),
    ] {
        assert!(all.event(&"grid".into(), &message.to_string()).is_none(), "{message}");
    }
    assert!(all.event(&"hotline".into(), &change("u", &json!({})).to_string()).is_none());
}

#[test]
fn a_mapping_by_which_a_message_would_not_be_one_event_is_refused() {
    for (from, to, said) in [
        ("[[event]]", "[[filter]]\ncolumn = \"A\"\nnot_empty = true\n[[event]]", "[[filter]]"),
        ("time = \"ROWTIME\"", "time = \"ROWTIME\"\nwhen = { column = \"A\", not_empty = true }", "`when`"),
        ("[[event]]", "[[event]]\ntype = \"case.closed.v1\"\ntime = \"A\"\n[[event]]", "several [[event]]"),
    ] {
        let mapping = Mapping::parse("m.toml", &MAPPING.replace(from, to), Streams::Always("grid")).unwrap();
        let refused = RowMapping::new(mapping).unwrap_err();
        assert!(refused.contains(said), "{refused}");
    }
}
