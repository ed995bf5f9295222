//! Fields that the contract does not name: the event is taken, and its sender is told their names (docs/inlet.md, What is answered).

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{accepted, changed, flat},
    inlet::Feeders,
    wrappings::binary,
};

fn with(event: Value, name: &str) -> Value {
    changed(event, |event| event["data"][name] = json!("x"))
}

#[test]
fn an_event_is_taken_and_its_unknown_fields_are_named_where_they_stand_in_what_was_sent() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let one = with(accepted("U", 1), "chanel");
    assert_eq!(Ask::json(&one).to(&inlet).is(202)["unknown"], json!(["/data/chanel (channel?)"]));
    assert_eq!(Ask::json(&one).to(&inlet).is(200)["unknown"], json!(["/data/chanel (channel?)"]));
    let beside = Ask::json(&flat(&with(accepted("U", 2), "chanel"))).to(&inlet).is(202);
    assert_eq!(beside["unknown"], json!(["/chanel (channel?)"]));
    let alone = binary(&with(accepted("U", 3), "chanel")).to(&inlet).is(202);
    assert_eq!(alone["unknown"], json!(["/chanel (channel?)"]));
    assert_eq!(Ask::json(&with(accepted("U", 4), "13800138000 某")).to(&inlet).is(202)["unknown"], json!(["/data/…"]));
    assert_eq!(Ask::json(&accepted("U", 5)).to(&inlet).is(202).get("unknown"), None);
    assert_eq!(feeders.stood("hotline").len(), 5);
}

/// Fifty of a request, each once, whatever else it holds, and that there are more; every event is taken.
#[test]
fn a_batch_names_fifty_once_each_of_what_was_taken() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let mut same: Vec<Value> = (0..60).map(|n| with(accepted("S", n), "constant")).collect();
    same[59] = with(same[59].clone(), "chanel");
    let said = Ask::lines(&same).to(&inlet).is(207);
    assert_eq!((&said["taken"], &said["unknown"]), (&json!(60), &json!(["/data/chanel (channel?)", "/data/constant"])));
    let others: Vec<Value> = (0..60).map(|n| with(accepted("T", n), &format!("zzzz{n:02}"))).collect();
    let said = Ask::lines(others.iter().chain(&[accepted("V", 1)])).to(&inlet).is(207);
    let named: Vec<String> = (0..50).map(|n| format!("/data/zzzz{n:02}")).chain(["…".to_owned()]).collect();
    assert_eq!((&said["taken"], &said["unknown"]), (&json!(61), &json!(named)));
    let all = Ask::lines(&same[..2]).path("/v1/events?stream=hotline&report=all").to(&inlet).is(207);
    assert_eq!(all["items"][1]["unknown"], json!(["/data/constant"]));
    // The same id with another content, which is not taken.
    let other = with(changed(same[0].clone(), |event| event["data"]["channel"] = json!("other")), "another");
    let said = Ask::lines([&other]).to(&inlet).is(207);
    assert_eq!((&said["refused"], said.get("unknown")), (&json!(1), None));
}

/// `occurred_at` is its own, also where the data stand beside it and have fields that are written almost so.
#[test]
fn what_a_flat_event_says_of_itself_is_not_unknown() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let said = Ask::json(&json!({
        "type": "case.snapshot.v1", "case_id": "SN-1", "occurred_at": "2021-06-01T09:00:00+08:00", "source": "hotline.example",
        "recorded_at": "2021-06-01T09:00:01+08:00", "id": "sn-1", "status": "open", "accepted_at": "2021-06-01T09:00:00+08:00",
        "partial": true, "my_column": 1
    }));
    assert_eq!(said.to(&inlet).is(202)["unknown"], json!(["/my_column"]));
}
