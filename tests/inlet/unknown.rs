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

/// Those of ten events of a request, each once, whatever else it holds; every event is taken.
#[test]
fn a_batch_names_each_once_and_those_of_ten_events_only() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let same: Vec<Value> = (0..30).map(|n| with(accepted("S", n), "chanel")).collect();
    let said = Ask::lines(&same).to(&inlet).is(207);
    assert_eq!((&said["taken"], &said["unknown"]), (&json!(30), &json!(["/data/chanel (channel?)"])));
    let others: Vec<Value> = (0..30).map(|n| with(accepted("T", n), &format!("zzzz{n:02}"))).collect();
    let said = Ask::lines(others.iter().chain(&[accepted("V", 1)])).to(&inlet).is(207);
    let named: Vec<String> = (0..10).map(|n| format!("/data/zzzz{n:02}")).collect();
    assert_eq!((&said["taken"], &said["unknown"]), (&json!(31), &json!(named)));
    let all = Ask::lines(&same[..2]).path("/v1/events?stream=hotline&report=all").to(&inlet).is(207);
    assert_eq!(all["items"][1]["unknown"], json!(["/data/chanel (channel?)"]));
    let refused = Ask::lines([&crate::events::without_unit("W", 1), &accepted("X", 1)]).to(&inlet).is(207);
    assert_eq!(refused.get("unknown"), None);
}
