//! `GET /v1/feed/tail`: a loop loses nothing between two requests, and sees nobody else's.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use serde_json::{Value, json};

use crate::{
    client::Answer,
    events::{SOURCE, without_unit},
    inlet::Inlet,
    keyed::{Keyed, TAIL, is_not_kept, look},
    records::{Record, instant, now, put},
    sample::{LONGER, good, own},
    service::pause,
};

/// Number of the event in its case, of each message of an answer.
fn numbers(said: &Value) -> Vec<usize> {
    messages(said).iter().map(of).collect()
}

fn messages(said: &Value) -> &Vec<Value> {
    said["messages"].as_array().unwrap_or_else(|| panic!("no messages: {said}"))
}

fn of(message: &Value) -> usize {
    let id = message["id"].as_str().and_then(|id| id.strip_prefix("T-"));
    id.unwrap_or_else(|| panic!("not what was asked for: {message}")).parse().unwrap()
}

fn after(said: &Value) -> String {
    said["after"].as_str().unwrap_or_else(|| panic!("where to go on: {said}")).to_owned()
}

/// `after` as it stands in the address of the next request.
fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

fn on(inlet: &Inlet, key: &str, said: &Value) -> Answer {
    look(inlet, &format!("{TAIL}&after={}", escaped(&after(said))), key)
}

#[test]
fn who_asks_when_nothing_comes_is_answered_with_nothing_and_where_to_go_on_and_loses_nothing_then() {
    let keyed = Keyed::new();
    let (key, other) = (keyed.key("mine", &[SOURCE]), keyed.key("other", &[LONGER]));
    put(keyed.town(), "hotline", &own("T", 1..=20));
    let inlet = keyed.inlet(&[]);
    let answer = look(&inlet, TAIL, &key);
    let mut said = answer.is(200);
    is_not_kept(&answer);
    assert_eq!(numbers(&said), Vec::<usize>::new(), "what was there before is not from now on");
    // Between two requests, on two partitions, and another's between them.
    let rest: Vec<Record> = own("T", 201..=250).into_iter().map(|record| record.on(1)).collect();
    put(keyed.town(), "hotline", &[own("T", 21..=150), good(LONGER, "O", 1..=150), own("T", 151..=200), rest].concat());
    let (first, mut all) = (said.clone(), Vec::new());
    for _ in 0..10 {
        let answer = on(&inlet, &key, &said);
        said = answer.is(200);
        let own = numbers(&said);
        assert!(own.len() <= 100, "at most a hundred: {}", own.len());
        assert!(!answer.text().contains("\"O-"), "nobody else's: {}", answer.text());
        all.extend(own);
        if all.len() >= 230 {
            break;
        }
    }
    all.sort_unstable();
    assert_eq!(all, (21..=250).collect::<Vec<_>>(), "each once");
    // The place of one key shows another only his own.
    let answer = on(&inlet, &other, &first);
    assert!([200, 400, 403].contains(&answer.status), "{}", answer.text());
    assert!(!answer.text().contains("\"T-"), "{}", answer.text());
}

#[test]
fn as_soon_as_there_is_one_it_is_answered_with_what_became_of_it() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let (inlet, is_over) = (keyed.inlet(&[]), AtomicBool::new(false));
    let said = thread::scope(|scope| {
        let (town, is_over, inlet, key) = (keyed.town(), &is_over, &inlet, &key);
        let asked = scope.spawn(move || {
            let said = look(inlet, TAIL, key).is(200);
            is_over.store(true, Ordering::SeqCst);
            said
        });
        for number in (1..).step_by(2) {
            if is_over.load(Ordering::SeqCst) {
                break;
            }
            put(
                town,
                "hotline",
                &[own("T", number..=number), vec![Record::structured(&without_unit("T", number + 1))]].concat(),
            );
            pause(100);
        }
        asked.join().unwrap()
    });
    assert!(!numbers(&said).is_empty(), "not nothing after ten seconds: {said:#}");
    let more = on(&inlet, &key, &said).is(200);
    for message in messages(&said).iter().chain(messages(&more)) {
        let is_refused = of(message).is_multiple_of(2);
        let detail = "required, and not there or empty";
        let wanted = if is_refused {
            json!({ "status": "refused", "reason": "missing_field", "pointer": "/data/unit", "detail": detail })
        } else {
            json!({ "status": "taken" })
        };
        for (name, wanted) in wanted.as_object().unwrap() {
            assert_eq!(&message[name], wanted, "{name}: {message}");
        }
        assert_eq!((&message["source"], &message["case_id"]), (&json!(SOURCE), &json!("T")), "{message}");
        assert_eq!(
            (&message["partition"], message["offset"].as_u64()),
            (&json!(0), Some(of(message) as u64 - 1)),
            "{message}"
        );
        assert!((now() - 120_000..=now() + 1_000).contains(&instant(message["at"].as_str().unwrap())), "{message}");
        assert!(is_refused || message.get("reason").is_none(), "{message}");
        assert!(!message.to_string().contains("市容所"), "no value: {message}");
    }
}

#[test]
fn where_to_go_on_stays_good_however_often_it_is_given() {
    let keyed = Keyed::new();
    let key = keyed.key("mine", &[SOURCE]);
    let inlet = keyed.inlet(&[]);
    let first = look(&inlet, TAIL, &key).is(200);
    put(keyed.town(), "hotline", &own("T", 1..=5));
    for _ in 0..2 {
        let mut said = on(&inlet, &key, &first).is(200);
        let mut all = numbers(&said);
        while all.len() < 5 {
            said = on(&inlet, &key, &said).is(200);
            let more = numbers(&said);
            assert!(!more.is_empty(), "{all:?} is not all");
            all.extend(more);
        }
        assert_eq!(all, [1, 2, 3, 4, 5]);
    }
}
