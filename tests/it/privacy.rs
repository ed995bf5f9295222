//! Personal data stops at the door: planted in every place, looked for in every place.

use serde_json::json;

use crate::{
    messages::{Message, at, event, raw},
    service::Service,
    town::Town,
};

const NAME: &str = "欧阳测试";
const PHONE: &str = "13800001234";
const ID_NUMBER: &str = "11010519491231002X";
const PLATE: &str = "沪A12345";
const E_MAIL: &str = "ouyang.test@example.com";
const SECRETS: [&str; 5] = [NAME, PHONE, ID_NUMBER, PLATE, E_MAIL];

fn planted() -> Vec<Message> {
    let text = format!("来电人{NAME}，电话{PHONE}，身份证{ID_NUMBER}，车牌{PLATE}，邮箱{E_MAIL}");
    let reporter = json!({ "name": NAME, "phone": PHONE, "id_number": ID_NUMBER });
    let intake = json!({
        "reporter": reporter, "title": text, "description": text, "place": { "address": format!("{NAME}家") },
    });
    let again = json!({ "reporter": { "phone": "+86 138-0000-1234" } });
    let only_patterns = format!("电话{PHONE}，身份证{ID_NUMBER}，车牌{PLATE}，邮箱{E_MAIL}");
    let cut_off = format!(r#"{{"reporter":{{"name":"{NAME}","phone":"{PHONE}","id_number":"{ID_NUMBER}""#);
    let mut in_headers = raw("h", br#"{"passed":"yes"}"#);
    in_headers.headers = [("specversion", "1.0"), ("id", "h"), ("source", "s"), ("type", NAME), ("subject", PHONE)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    vec![
        event("p-1", "reported", &at(1), intake),
        event("p-2", "reported", &at(1), again),
        event("p-1", "submitted", &at(2), json!({ "note": only_patterns })),
        event("p-1", "voided", &at(3), json!({ "reason": only_patterns })),
        // Understood as JSON, and wrong: in a value, under an unknown key, as a type, as a number.
        event("p-3", "reported", &at(1), json!({ "media_count": text, "reporter": { "name": NAME, "phone": PHONE } })),
        event("p-3", "checked", &at(1), json!({ "passed": NAME, "contact": PHONE, "note": text })),
        event("p-3", NAME, &at(1), json!({ "x": PHONE })),
        event("p-3", "closed", NAME, json!({ "x": [13_800_001_234_u64] })),
        // Not understood at all.
        raw("x", cut_off.as_bytes()),
        raw("x", text.as_bytes()),
        in_headers,
    ]
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
