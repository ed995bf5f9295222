//! The interface for programs, in this process: whatever is asked it ends in an answer or a problem, and never in a fault.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use jiff::tz::TimeZone;
use rand::{Rng as _, SeedableRng as _, seq::IndexedRandom as _};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use tongguan::{
    ask::{LIST_PARAMETERS, PARAMETERS},
    domain::{case::Case, kpi::CATALOGUE, rules::Rules, stream::Stream, time::Millis},
    http::{page::Site, site_router},
    store::Store,
};
use tower_service::Service as _;

use crate::{
    histories::{cases, runner, sample},
    scratch::Scratch,
    site::site,
};

fn served(store: Store) -> Router {
    let zone = || TimeZone::get("Asia/Shanghai").unwrap();
    let stream = |name: &str| (name.into(), Rules::of_stream(Stream::usual(name, zone())));
    site_router(Arc::new(Site {
        streams: ["hotline", "grid"].map(|name| Arc::new(Stream::usual(name, zone()))).into(),
        rules: HashMap::from(["hotline", "grid"].map(stream)),
        now: || Millis(1_640_966_400_000),
        ..site(store)
    }))
}

async fn get(router: &Router, address: &str) -> (StatusCode, Vec<u8>) {
    let request = Request::get(address).header("host", "localhost").body(Body::empty()).unwrap();
    let answer = router.clone().call(request).await.unwrap();
    let status = answer.status();
    (status, to_bytes(answer.into_body(), 64 << 20).await.unwrap().to_vec())
}

async fn filled(purpose: &str) -> Scratch {
    let scratch = Scratch::new(purpose).await;
    let (mut runner, strategy) = (runner(), cases());
    let numbered = |number: usize| Case { case_id: format!("C{number:04}").into(), ..sample(&mut runner, &strategy) };
    let drawn: Vec<Case> = (0..300).map(numbered).collect();
    scratch.insert(drawn.iter(), 0).await;
    scratch
}

const VALUES: &[&str] = &[
    "2021-06",
    "2021-Q2",
    "2021",
    "2021-06-01",
    "2021-07-01T08:00",
    "0001-01-01",
    "9999-12-31",
    "9999-12",
    "-009999-01-01",
    "2021-02-30",
    "town",
    "town,unit",
    "day,week,month,year",
    "unit,unit",
    "yoy",
    "pop,yoy",
    "kind=投诉",
    "unit=",
    "=",
    "month=2021-06",
    "1",
    "0",
    "-1",
    "true",
    "18446744073709551616",
    "9223372036854775807",
    "due",
    "duration",
    "not-met",
    "numerator",
    "case,due",
    "n,d,met",
    "json",
    "csv",
    "jsonl",
    "arrow",
    "UTC",
    "Asia/Shanghai",
    "Mars/Base",
    "grid",
    "next-1.W10.x",
    "next-9.",
    "'; DROP TABLE cases; --",
    "{as_of:String}",
    "{{database}}",
    "\u{0}",
    "<script>",
    "\\",
    "%",
    "𠮷",
];

#[tokio::test]
async fn whatever_is_asked_there_is_an_answer_or_a_problem_and_never_a_fault() {
    let scratch = filled("fuzz").await;
    let router = served(scratch.store.clone());
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random::<u64>);
    let mut lot = ChaCha8Rng::seed_from_u64(seed);
    let mut names: Vec<&str> = PARAMETERS.iter().map(|(name, _)| *name).collect();
    names.extend(LIST_PARAMETERS.iter().map(|(name, _)| *name));
    names.extend(["columns", "format", "stream", "reason", "all", "", "_"]);
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    for _ in 0..600 {
        let figure = &CATALOGUE[lot.random_range(0..CATALOGUE.len())].id;
        let path = match lot.random_range(0..8) {
            0 => format!("figures/{figure}/explain"),
            1 | 2 => format!("figures/{figure}/cases"),
            3 => "quarantine".to_owned(),
            4 => "cases/grid/x".to_owned(),
            5 => "figures/closure".to_owned(),
            _ => format!("figures/{figure}"),
        };
        let mut pairs: Vec<(&str, &str)> = (0..lot.random_range(0..4))
            .map(|_| (*names.choose(&mut lot).unwrap(), *VALUES.choose(&mut lot).unwrap()))
            .collect();
        if lot.random_bool(0.7) {
            pairs.push(("month", "2021-06"));
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let address = format!("/api/v1/{path}?{query}");
        let (status, body) = get(&router, &address).await;
        let body = String::from_utf8_lossy(&body);
        assert!(!status.is_server_error(), "SEED={seed} {address}: {status} {body}");
        assert!(!body.contains("broken off"), "SEED={seed} {address}: {body}");
        if status.is_client_error() {
            let problem: Value =
                serde_json::from_str(&body).unwrap_or_else(|_| panic!("SEED={seed} {address}: {body}"));
            assert_eq!(problem["status"], status.as_u16(), "SEED={seed} {address}");
        }
        *seen.entry(status.as_u16()).or_default() += 1;
    }
    assert!(seen[&200] > 50 && seen[&400] > 50, "too one-sided to show anything: {seen:?}");
}

#[tokio::test]
async fn a_table_without_rows_has_its_columns_in_every_form() {
    let scratch = Scratch::new("no_rows").await;
    let router = served(scratch.store.clone());
    for path in [
        "quarantine?",
        "editions?",
        "figures/K05a/cases?month=2021-06&limit=5&",
        "figures/K05a?month=2021-06&group-by=town&",
    ] {
        let (status, arrow) = get(&router, &format!("/api/v1/{path}format=arrow")).await;
        assert_eq!((status, &arrow[..4]), (StatusCode::OK, &[0xff; 4][..]), "{path}");
        let (_, csv) = get(&router, &format!("/api/v1/{path}format=csv")).await;
        let csv = String::from_utf8(csv).unwrap();
        assert!(csv.lines().count() == 1 && csv.contains(','), "{path}: {csv}");
        let (_, json) = get(&router, &format!("/api/v1/{path}format=json")).await;
        let json: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!((&json["answers"], &json["next"]), (&Value::Array(Vec::new()), &Value::Null), "{path}");
    }
}

#[tokio::test]
async fn an_answer_of_more_rows_than_a_reader_may_have_is_refused_with_what_would_be_less() {
    let scratch = filled("reader_rows").await;
    let store = scratch.store.clone().for_readers(3, std::time::Duration::from_secs(20));
    let router = served(store);
    let question = "from=2000-01-01&to=2030-01-01&as-of=2030-01-01";
    let (status, body) = get(&router, &format!("/api/v1/figures/K01?{question}&group-by=day")).await;
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status.as_u16(), &problem["type"]), (400, &"urn:tongguan:problem:too-long".into()), "{problem}");
    assert_eq!(get(&router, &format!("/api/v1/figures/K01?{question}")).await.0, 200);
}

#[derive(clickhouse::Row, serde::Deserialize)]
struct Nice {
    nice: i64,
}

#[tokio::test]
async fn what_readers_ask_gives_way_to_what_is_taken_in() {
    let scratch = Scratch::new("reader_nice").await;
    let nice = async |store: &Store| {
        let asked = store.query("SELECT toInt64(getSetting('os_thread_priority')) AS nice");
        store.fetch_one::<Nice>(asked).await.unwrap().nice
    };
    assert_eq!(nice(&scratch.store).await, 0);
    assert_eq!(nice(&scratch.store.clone().for_readers(3, std::time::Duration::from_secs(20))).await, 10);
}
