//! What the store takes for an answer: only ClickHouse's own, only the whole, and only in time. Beside each, the same
//! question over a line where nothing is wrong.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tongguan::{
    domain::{
        event::{Envelope, Event, Place},
        fact::Fact,
        time::Millis,
    },
    store::{
        Store, StoreError,
        client::Address,
        error::Away,
        error_table::{ClickHouseAction, KNOWN, action},
        ledger, ledger_read,
        ledger_stream::{LedgerReader, LedgerSelection},
        query::Patience,
    },
};

use crate::{
    gateway::{Answer, Asked, Does, Gateway},
    town::Town,
};

const SECOND: Duration = Duration::from_secs(1);

fn store(town: &Town, url: &str, limit: Duration) -> Store {
    let (user, password) = ("default".to_owned(), String::new());
    let database = town.database.clone();
    let url = url.to_owned();
    let address = Address {
        url,
        tls: tongguan::tls::Files::default(),
        database,
        user,
        password,
        insert_timeout: limit,
        query_timeout: limit,
        lookup_timeout: limit,
    };
    Store::new(address).unwrap()
}

fn event(number: i64) -> Event {
    Event {
        place: Place { topic: "t".into(), partition: 0, offset: number },
        envelope: Envelope::Bare,
        ingested_at: Millis(1_700_000_000_000 + number),
        stream: "hotline".into(),
        case_id: format!("C-{:05}", number / 4).into(),
        source: "s".into(),
        id: format!("e-{number}").into(),
        occurred_at: Millis(1_700_000_000_000),
        recorded_at: (number % 2 == 0).then_some(Millis(1_700_000_000_000)),
        seq: 0,
        fact: Fact::Closed { how: "".into(), result: "".into() },
    }
}

fn events(count: i64) -> Vec<Event> {
    (0..count).map(event).collect()
}

/// What every kind of request comes to.
async fn each_kind(store: &Store) -> [(&'static str, Result<(), StoreError>); 5] {
    let first = [event(0)];
    let rows = store.rows::<One>(store.query("SELECT toUInt64(1) AS one").patience(Patience::Soon));
    [
        ("ping", store.ping().await),
        ("insert", ledger::insert(store, ledger::encode(first.iter())).await),
        ("look up", ledger_read::of_cases(store, &["C-00000"], &[]).await.map(|_| ())),
        ("statement", store.execute("CREATE TABLE IF NOT EXISTS {{database}}.t (n UInt8) ENGINE = Memory").await),
        ("query", rows.unwrap().next(|_| ()).await.map(|_| ())),
    ]
}

#[derive(clickhouse::Row, serde::Deserialize)]
struct One {
    #[allow(dead_code, reason = "only its arrival matters")]
    one: u64,
}

fn says(head: &str, body: &str) -> impl Fn(&Asked) -> Does + Send + Sync + 'static {
    let answer = Answer { head: head.to_owned(), body: body.as_bytes().to_vec() };
    move |_| Does::Say(answer.clone())
}

#[test]
fn what_a_gateway_says_by_itself_acknowledges_nothing() {
    let town = Town::without_topics();
    for (head, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html", "<html>Welcome</html>"),
        ("HTTP/1.1 200 OK", ""),
        ("HTTP/1.1 200 OK\r\nX-ClickHouse-Query-Id: of-another-question", ""),
        ("HTTP/1.1 204 No Content", ""),
        ("HTTP/1.1 301 Moved Permanently\r\nLocation: http://127.0.0.1:1/", ""),
        ("HTTP/1.1 502 Bad Gateway", "<html>502</html>"),
        ("HTTP/1.1 401 Unauthorized", "Code: 516. this is not said by ClickHouse"),
    ] {
        let gateway = Gateway::new(&town.url, says(head, body));
        for (kind, outcome) in town.wait(each_kind(&store(&town, &gateway.url, 20 * SECOND))) {
            let error = outcome.expect_err(&format!("{kind}: {head}"));
            assert!(matches!(error, StoreError::Unreachable { why: Away::Foreign, .. }), "{kind}: {head}: {error}");
            assert!(error.to_string().contains(head.lines().next().unwrap()), "{error}");
        }
    }
    assert_eq!(town.number("SELECT count() FROM {db}.events"), 0);
    let gateway = Gateway::new(&town.url, |_| Does::Pass);
    for (kind, outcome) in town.wait(each_kind(&store(&town, &gateway.url, 20 * SECOND))) {
        outcome.unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    assert_eq!(town.number("SELECT count() FROM {db}.events"), 1);
}

#[test]
fn nobody_waits_for_ever_for_an_answer() {
    let town = Town::without_topics();
    for does in [|| Does::Hang, || Does::Trickle] {
        let gateway = Gateway::new(&town.url, move |_| does());
        for (kind, outcome) in town.wait(each_kind(&store(&town, &gateway.url, SECOND))) {
            let error = outcome.expect_err(kind);
            assert!(matches!(error, StoreError::Unreachable { why: Away::Silent, .. }), "{kind}: {error}");
            assert!(error.to_string().contains("within "), "{error}");
        }
    }
}

#[test]
fn what_takes_as_long_as_it_takes_ends_when_nobody_is_there_beside_it() {
    let town = Town::without_topics();
    let gateway = Gateway::new(&town.url, |_| Does::Hang);
    let store = store(&town, &gateway.url, SECOND);
    let long = store.query("SELECT 1").patience(Patience::AsLongAsItTakes);
    let error = town.wait(store.run(long)).unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { why: Away::Silent, .. }), "{error}");
}

/// The rows of the ledger as they lie in an answer, without the last `n`.
fn without_last(answer: &[u8], rows: usize) -> Vec<u8> {
    let mut at = 0;
    let number = |at: &mut usize| {
        let (mut value, mut shift) = (0usize, 0);
        loop {
            let byte = answer[*at];
            *at += 1;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                return value;
            }
        }
    };
    let text = |at: &mut usize| *at += number(at);
    let columns = number(&mut at);
    (0..2 * columns).for_each(|_| text(&mut at));
    let mut ends = vec![at];
    while at < answer.len() {
        (0..4).for_each(|_| text(&mut at)); // case, source, id, topic
        at += 4 + 8;
        (0..2).for_each(|_| text(&mut at)); // stream, envelope
        at += 8;
        at += if answer[at] == 1 { 1 } else { 9 };
        at += 8 + 8;
        text(&mut at);
        ends.push(at);
    }
    answer[..ends[ends.len() - 1 - rows]].to_vec()
}

#[test]
fn an_answer_cut_between_two_rows_is_not_taken_for_the_whole() {
    let town = Town::without_topics();
    town.wait(async { ledger::insert(&town.store(), ledger::encode(events(400).iter())).await.unwrap() });
    let read = async |store: &Store| {
        let found = ledger_read::of_cases(store, &["C-00000", "C-00007"], &[]).await?;
        let mut reader = LedgerReader::open(store, &LedgerSelection::all(), "")?;
        let mut streamed = 0;
        while reader.next().await?.is_some() {
            streamed += 1;
        }
        Ok::<_, StoreError>((found.len(), streamed))
    };
    let whole = Gateway::new(&town.url, |_| Does::Pass);
    assert_eq!(town.wait(read(&store(&town, &whole.url, 20 * SECOND))).unwrap(), (8, 400));
    type Cut = fn(Vec<u8>) -> Vec<u8>;
    let cuts: [(Cut, &str); 3] = [
        (|answer| without_last(&answer, 1), "a row less"),
        (|answer| without_last(&answer, 5), "five rows less"),
        (|answer| answer[..answer.len() - 3].to_vec(), "in the middle of a row"),
    ];
    for (cut, how) in cuts {
        for kind in ["IN (JSONExtract(", "ORDER BY case_id"] {
            let is_meant = move |asked: &Asked| String::from_utf8_lossy(&asked.body).contains(kind);
            let gateway =
                Gateway::new(&town.url, move |asked| if is_meant(asked) { Does::Change(cut) } else { Does::Pass });
            let error = town.wait(read(&store(&town, &gateway.url, 20 * SECOND))).expect_err(how);
            assert!(matches!(error, StoreError::Unreachable { why: Away::Cut, .. }), "{how}, {kind}: {error}");
        }
    }
}

fn is_insert(asked: &Asked) -> bool {
    asked.line.contains("query=INSERT")
}

/// How many rows a body says it has; all have fewer than 128 columns.
fn rows_in(body: &[u8]) -> usize {
    let (low, high) = (usize::from(body[1] & 0x7f), body.get(2).copied().unwrap_or(0));
    if body[1] & 0x80 == 0 { low } else { low | usize::from(high & 0x7f) << 7 }
}

#[test]
fn a_body_that_is_too_large_goes_in_parts_that_stay_the_same_also_when_an_answer_is_lost() {
    let town = Town::without_topics();
    let refuse = Answer { head: "HTTP/1.1 413 Request Entity Too Large".to_owned(), body: Vec::new() };
    let is_lost = AtomicBool::new(false);
    let gateway = Gateway::new(&town.url, move |asked| match rows_in(&asked.body) {
        rows if is_insert(asked) && rows > 300 => Does::Say(refuse.clone()),
        // A part is written, and its acknowledgement lost, once.
        250 if is_insert(asked) && asked.body.windows(6).any(|text| text == b"\x05e-499") => {
            if is_lost.swap(true, Ordering::SeqCst) { Does::Pass } else { Does::Lose }
        }
        _ => Does::Pass,
    });
    let store = store(&town, &gateway.url, 20 * SECOND);
    let body = ledger::encode(events(1_000).iter());
    let first = town.wait(ledger::insert(&store, body.clone()));
    assert!(matches!(first, Err(StoreError::Unreachable { .. })), "{first:?}");
    town.wait(ledger::insert(&store, body)).unwrap();
    let asked = gateway.asked.lock().unwrap();
    let rows: Vec<usize> = asked.iter().filter(|one| is_insert(one)).map(|one| rows_in(&one.body)).collect();
    let refused = rows.iter().filter(|rows| **rows > 300).count();
    assert_eq!(refused, 2, "the whole and a half, once each; the other half was not tried: {rows:?}");
    assert_eq!(rows.iter().filter(|rows| **rows == 250).count(), 5, "four parts, one of them twice: {rows:?}");
    let mut parts: Vec<&[u8]> =
        asked.iter().filter(|one| is_insert(one) && rows_in(&one.body) == 250).map(|one| one.body.as_slice()).collect();
    parts.sort_unstable();
    parts.dedup();
    assert_eq!(parts.len(), 4, "sent again it was not the same bytes");
    assert_eq!(town.number("SELECT count() FROM {db}.events FINAL"), 1_000);
    let right = "case_id = concat('C-', leftPad(toString(intDiv(offset, 4)), 5, '0')) AND event_id = concat('e-', toString(offset))";
    assert_eq!(town.number(&format!("SELECT uniqExact(offset) FROM {{db}}.events WHERE {right}")), 1_000);
}

#[test]
fn what_clickhouse_has_no_memory_for_goes_in_parts() {
    let town = Town::without_topics();
    let gateway = Gateway::new(&town.url, |asked| {
        if is_insert(asked) { Does::PassWith("max_memory_usage=9000000&max_untracked_memory=0") } else { Does::Pass }
    });
    let store = store(&town, &gateway.url, 30 * SECOND);
    let body = ledger::encode(events(100_000).iter());
    // A refusal may get lost where the rest of the body is still on its way; the service would try again.
    let sent = (0..10).any(|_| town.wait(ledger::insert(&store, body.clone())).is_ok());
    assert!(sent, "it never went through");
    assert_eq!(town.number("SELECT uniqExact(offset) FROM {db}.events"), 100_000);
    let asked = gateway.asked.lock().unwrap();
    assert!(asked.iter().filter(|one| is_insert(one)).count() > 2, "it was not too much for it");
}

#[test]
fn a_row_that_alone_is_too_large_is_named_and_waits() {
    let town = Town::without_topics();
    let gateway = Gateway::new(&town.url, says("HTTP/1.1 413 Request Entity Too Large", ""));
    let body = ledger::encode([event(1)].iter());
    let error = town.wait(ledger::insert(&store(&town, &gateway.url, 20 * SECOND), body)).unwrap_err();
    assert!(error.passes() && error.to_string().contains("1 row of "), "{error}");
    assert!(error.to_string().contains("`events`"), "{error}");
}

/// Every row of the table at every kind of request: what is said, and what is to be done.
#[test]
fn every_code_of_the_table_is_known_at_every_kind_of_request() {
    let town = Town::without_topics();
    for known in KNOWN {
        let name = town.query(&format!("SELECT errorCodeToName({})", known.code));
        assert_eq!(name, known.name, "ClickHouse calls {} otherwise", known.code);
        let head = format!("HTTP/1.1 500 Internal Server Error\r\nX-ClickHouse-Exception-Code: {}", known.code);
        let body = format!("Code: {}. DB::Exception: as in the table. ({name}) (version 26.7.2.1)\n", known.code);
        let gateway = Gateway::new(&town.url, says(&head, &body));
        for (kind, outcome) in town.wait(each_kind(&store(&town, &gateway.url, 20 * SECOND))) {
            let error = outcome.expect_err(kind);
            assert_eq!(error.label(), known.code.to_string(), "{kind}: {error}");
            let is_right = match known.action {
                ClickHouseAction::Wait => matches!(error, StoreError::Busy { .. }),
                ClickHouseAction::Cut => matches!(error, StoreError::TooLarge { .. }),
                ClickHouseAction::Account => matches!(error, StoreError::Denied { .. }),
                ClickHouseAction::Schema => matches!(error, StoreError::NoSchema { .. }),
                ClickHouseAction::Person => matches!(error, StoreError::Other { .. }),
            };
            assert!(is_right, "{} at {kind}: {error}", known.code);
            assert_eq!(
                error.passes(),
                matches!(known.action, ClickHouseAction::Wait | ClickHouseAction::Cut),
                "{error}"
            );
        }
    }
    assert_eq!(action(4_711), ClickHouseAction::Person);
}
