//! Personal data stops at the door: planted in every place, looked for in every place.

use serde_json::{Value, json};
use tongguan::{domain::fact::FactKind, feed::contract::Data};

use crate::{
    messages::{Message, at, event, flat, raw},
    service::Service,
    town::Town,
};

const NAME: &str = "欧阳测试";
const PHONE: &str = "13800001234";
const ID_NUMBER: &str = "11010519491231002X";
const PLATE: &str = "沪A12345";
const E_MAIL: &str = "ouyang.test@example.com";
const SECRETS: [&str; 5] = [NAME, PHONE, ID_NUMBER, PLATE, E_MAIL];

/// What is kept as it comes: codes, numbers of cases, names of units. Any other text must pass the door scrubbed.
const KEPT: [&str; 18] = [
    "kind",
    "channel",
    "urgency",
    "external_no",
    "repeat_of",
    "parent",
    "duplicate_of",
    "filing_condition",
    "unit",
    "unit_name",
    "role",
    "level",
    "result",
    "how",
    "reason_code",
    "field",
    "value",
    "old_value",
];

fn patterns() -> String {
    format!("电话{PHONE}，身份证{ID_NUMBER}，车牌{PLATE}，邮箱{E_MAIL}")
}

/// An event of every type, with patterns in each free text that its schema has, and a person in fields that it has not.
fn of_every_type() -> Vec<Message> {
    let messages = FactKind::ALL.iter().enumerate().map(|(index, (kind, name))| {
        let schema = Data::schema(*kind);
        let mut data = json!({ "inspector": NAME, "contact": PHONE, "visitor": { "id_number": ID_NUMBER } });
        for (field, kind) in schema["properties"].as_object().unwrap() {
            let is_needed = schema["required"].as_array().is_some_and(|all| all.contains(&json!(field)));
            let is =
                |name| kind["type"] == name || kind["type"].as_array().is_some_and(|all| all.contains(&json!(name)));
            let is_free = is("string") && kind.get("enum").is_none() && kind.get("format").is_none();
            match field.as_str() {
                "field" => data[field] = json!("town"),
                "status" => data[field] = json!("open"),
                kept if KEPT.contains(&kept) && is_needed => data[field] = json!("310113112"),
                kept if KEPT.contains(&kept) => {}
                _ if is_free => data[field] = json!(patterns()),
                _ if is("boolean") => data[field] = json!(true),
                _ => {}
            }
        }
        let (case, time) = (format!("every-{index}"), at(index + 10));
        if index % 2 == 0 { event(&case, name, &time, data) } else { flat(&case, name, &time, data) }
    });
    messages.collect()
}

fn planted() -> Vec<Message> {
    let text = format!("来电人{NAME}，电话{PHONE}，身份证{ID_NUMBER}，车牌{PLATE}，邮箱{E_MAIL}");
    let reporter = json!({ "name": NAME, "phone": PHONE, "id_number": ID_NUMBER });
    let intake = json!({
        "reporter": reporter, "title": text, "description": text, "place": { "address": format!("{NAME}家") },
    });
    let again = json!({ "reporter": { "phone": "+86 138-0000-1234" } });
    let only_patterns = patterns();
    let cut_off = format!(r#"{{"reporter":{{"name":"{NAME}","phone":"{PHONE}","id_number":"{ID_NUMBER}""#);
    let mut in_headers = raw("h", br#"{"passed":"yes"}"#);
    in_headers.headers = [("specversion", "1.0"), ("id", "h"), ("source", "s"), ("type", NAME), ("subject", PHONE)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let mut messages = vec![
        event("p-1", "reported", &at(1), intake.clone()),
        event("p-2", "reported", &at(1), again),
        event("p-1", "submitted", &at(2), json!({ "note": only_patterns })),
        event("p-1", "voided", &at(3), json!({ "reason": only_patterns })),
        event("p-4", "snapshot", &at(1), json!({ "status": "open", "details": intake })),
        event("p-4", "supervised", &at(2), json!({ "by": format!("区城运中心，手机{PHONE}"), "level": "district" })),
        // Understood as JSON, and wrong: in a value, under an unknown key, as a type, as a number.
        event("p-3", "reported", &at(1), json!({ "media_count": text, "reporter": { "name": NAME, "phone": PHONE } })),
        event("p-3", "checked", &at(1), json!({ "passed": NAME, "contact": PHONE, "note": text })),
        event("p-3", NAME, &at(1), json!({ "x": PHONE })),
        event("p-3", "closed", NAME, json!({ "x": [13_800_001_234_u64] })),
        // Not understood at all.
        raw("x", cut_off.as_bytes()),
        raw("x", text.as_bytes()),
        in_headers,
    ];
    messages.extend(of_every_type());
    messages
}

fn assert_clean(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what} shows {secret}:\n{text}");
    }
}

#[test]
fn what_is_planted_at_the_door_is_found_nowhere_behind_it() {
    let town = Town::new();
    let messages = planted();
    let sent = town.send("hotline", &messages);
    let mut service = Service::start(&town, &[("LOG__LEVEL", "debug")]);
    town.until(
        "SELECT uniqExact(topic, partition, offset) + (SELECT count() FROM {db}.quarantine) FROM {db}.events",
        sent,
    );
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine FINAL"), 7);
    assert_clean("metrics", &service.get("/metrics").1);
    let ended = service.stop();
    assert_clean("the log", &ended.stderr);
    assert_clean("the output", &ended.stdout);
    let tables = "SELECT database || '.' || name AS t FROM system.tables \
                  WHERE database IN ('{db}', '{db}_mart') AND name NOT LIKE 'kpi_%' AND name != 'cases_at' ORDER BY t";
    let tables = town.rows(tables);
    assert!(tables.len() >= 5, "{tables:?}");
    for table in tables {
        let table = table["t"].as_str().unwrap();
        assert_clean(table, &town.query(&format!("SELECT * FROM {table} FORMAT JSONEachRow")));
    }
    let list = town.tongguan(&["quarantine", "list", "--all"], &[]);
    assert_clean("quarantine list", &list.stdout);
    for entry in crate::quarantine::listed(&town, &[]) {
        assert_clean(
            "quarantine show",
            &town.tongguan(&["quarantine", "show", &crate::quarantine::place(&entry)], &[]).stdout,
        );
    }
}

#[test]
fn one_number_written_in_two_ways_is_one_pseudonym() {
    let town = Town::new();
    town.send("hotline", &planted()[..2]);
    town.run_until_caught_up();
    let sql = "SELECT uniqExact(reporter_phone), min(length(reporter_phone)) > 20, any(reporter_id_region) != '' \
               FROM {db}.cases FINAL FORMAT TSV";
    assert_eq!(town.query(sql), "1\ttrue\ttrue".replace("true", "1"));
    let description =
        town.query("SELECT description FROM {db}_mart.events WHERE case_id = 'p-1' AND type = 'reported'");
    assert!(description.contains("来电人") && description.contains("〔"), "{description}");
}

#[test]
fn the_free_text_of_every_type_keeps_its_words_and_loses_its_numbers() {
    let town = Town::new();
    let sent = town.send("hotline", &of_every_type());
    town.send("hotline", &planted()[4..6]);
    town.run_until_caught_up();
    assert_eq!(town.number("SELECT count() FROM {db}.quarantine FINAL"), 0);
    assert_eq!(town.number("SELECT uniqExact(type) FROM {db}_mart.events"), sent);
    let clean = "电话〔手机号〕，身份证〔身份证号〕，车牌〔车牌号〕，邮箱〔邮箱〕";
    let texts = ["reason", "note", "title", "description", "pressed_by"];
    for text in texts {
        let sql = format!(
            "SELECT count() > 0 AND countIf({text} != '{clean}') = 0 FROM {{db}}_mart.events \
             WHERE startsWith(case_id, 'every-') AND {text} != ''"
        );
        assert_eq!(town.query(&sql), "1", "{text}");
    }
    let with_reason = FactKind::ALL.iter().filter(|(kind, _)| {
        let reason: Value = Data::schema(*kind)["properties"]["reason"].take();
        !reason.is_null()
    });
    let sql = "SELECT count() FROM {db}_mart.events WHERE startsWith(case_id, 'every-') AND reason != ''";
    assert_eq!(town.number(sql), with_reason.count() as u64);
    let office = town.query("SELECT pressed_by FROM {db}_mart.events WHERE case_id = 'p-4' AND type = 'supervised'");
    assert_eq!(office, "区城运中心，手机〔手机号〕");
}
