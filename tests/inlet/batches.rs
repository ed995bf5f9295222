//! A batch: each event is answered by itself, in order within its case, and what was taken stands on Kafka.

use serde_json::{Value, json};

use crate::{
    client::Ask,
    events::{accepted, bare, changed, event, without_unit},
    inlet::Feeders,
    stood::of_case,
    wrappings::{BATCH, NDJSON, gzip},
};

const ALL: &str = "/v1/events?stream=hotline&report=all";

#[test]
fn after_a_refused_event_the_later_ones_of_its_case_are_not_tried_and_other_cases_go_on() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let mut body = String::new();
    for event in [event("A", 1), without_unit("A", 2), event("A", 3), event("B", 1)] {
        body += &format!("{event}\n");
    }
    body += "no json\n";
    for event in [event("B", 2), bare(&event("A", 4)), event("C", 1)] {
        body += &format!("{event}\n");
    }
    let answer = Ask::post(NDJSON, body).to(&inlet);
    assert_eq!(answer.counts(), [4, 0, 2, 2, 0], "{}", answer.text());
    assert_eq!(answer.items(), [(1, 422), (2, 424), (4, 422), (6, 424)]);
    assert_eq!(answer.header("tongguan-refused").as_deref(), Some("4"));
    let said = answer.json();
    let items = said["items"].as_array().unwrap();
    let ids: Vec<&Value> = items.iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, [&json!("A-2"), &json!("A-3"), &Value::Null, &json!("A-4")]);
    assert!(items.iter().all(|item| item["detail"].as_str().is_some_and(|detail| !detail.is_empty())), "{said}");
    let all = feeders.stood("hotline");
    assert_eq!(all.len(), 4);
    assert_eq!(of_case(&all, "A"), ["A-1"]);
    assert_eq!(of_case(&all, "B"), ["B-1", "B-2"]);
    assert_eq!(of_case(&all, "C"), ["C-1"]);

    // Mended and sent again as a whole, the rest is taken, in its order.
    let again = [event("A", 1), crate::events::dispatched("A", 2), event("A", 3), bare(&event("A", 4))];
    assert_eq!(Ask::lines(&again).to(&inlet).counts(), [3, 1, 0, 0, 0]);
    assert_eq!(of_case(&feeders.stood("hotline"), "A"), ["A-1", "A-2", "A-3", "A-4"]);
}

#[test]
fn a_batch_that_was_taken_whole_is_a_207_too_and_says_nothing_of_single_events_unless_asked() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let batch = json!([event("A", 1), bare(&event("A", 2)), event("B", 1)]);
    let answer = Ask::post(BATCH, batch.to_string()).to(&inlet);
    assert_eq!((answer.counts(), answer.items()), ([3, 0, 0, 0, 0], vec![]));
    assert_eq!(answer.header("tongguan-refused").as_deref(), Some("0"));
    let more = json!([event("A", 1), without_unit("A", 2), event("C", 1), event("A", 3)]);
    let answer = Ask::json(&more).path(ALL).to(&inlet);
    assert_eq!(answer.counts(), [1, 1, 1, 1, 0], "{}", answer.text());
    assert_eq!(answer.items(), [(0, 200), (1, 422), (2, 202), (3, 424)]);
    let ids: Vec<Value> = answer.json()["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert_eq!(ids, ["A-1", "A-2", "C-1", "A-3"]);
    assert_eq!(Ask::json(&json!([event("C", 1)])).to(&inlet).items(), [], "what is known was taken once");
}

#[test]
fn five_hundred_events_of_many_cases_stand_in_the_order_in_which_they_were_sent() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for round in 0..4 {
        let of = |number: usize| event(&format!("案件-{}", number % 13), number / 13 + 1);
        let batch: Vec<Value> = (round * 500..(round + 1) * 500).map(of).collect();
        let ask = if round % 2 == 0 { Ask::lines(&batch) } else { packed(&batch) };
        assert_eq!(ask.to(&inlet).counts(), [500, 0, 0, 0, 0]);
    }
    let all = feeders.stood("hotline");
    assert_eq!(all.len(), 2_000);
    for case in 0..13_usize {
        let name = format!("案件-{case}");
        let wanted: Vec<String> = (1..=(2_000 - case).div_ceil(13)).map(|number| format!("{name}-{number}")).collect();
        assert_eq!(of_case(&all, &name), wanted);
    }
}

fn packed(batch: &[Value]) -> Ask {
    Ask::post(BATCH, gzip(json!(batch).to_string().as_bytes())).header("content-encoding", "gzip")
}

#[test]
fn an_event_whose_case_cannot_be_read_holds_no_other_back() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let nameless = |number: usize| crate::events::without(&accepted("A", number), "subject");
    let numbered = changed(accepted("A", 9), |event| event["subject"] = json!(5));
    let answer = Ask::lines([&nameless(1), &nameless(2), &numbered, &event("A", 3), &nameless(4)]).to(&inlet);
    assert_eq!(answer.counts(), [1, 0, 4, 0, 0], "{}", answer.text());
    assert_eq!(answer.items(), [(0, 422), (1, 422), (2, 422), (4, 422)]);
    assert_eq!(of_case(&feeders.stood("hotline"), "A"), ["A-3"]);
}

#[test]
fn a_case_that_was_held_back_in_one_batch_is_free_in_the_next() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    assert_eq!(Ask::lines([&without_unit("A", 1), &event("A", 2)]).to(&inlet).counts(), [0, 0, 1, 1, 0]);
    assert_eq!(Ask::lines([&event("A", 2)]).to(&inlet).counts(), [1, 0, 0, 0, 0], "untried is not known");
}

#[test]
fn an_array_in_which_something_is_no_event_is_taken_but_for_that() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let batch = json!([event("A", 1), 5, "text", null, [], {}, event("A", 2)]);
    let answer = Ask::json(&batch).to(&inlet);
    assert_eq!(answer.counts(), [2, 0, 5, 0, 0], "{}", answer.text());
    assert_eq!(answer.items(), [1, 2, 3, 4, 5].map(|index| (index, 422)));
    let said = answer.json();
    assert_eq!(said["items"][0]["reason"], "not_an_object");
    assert_eq!(said["items"][4]["reason"], "missing_field");
}
