//! What is wrong with a request as a whole: then nothing of it is taken.

use serde_json::{Value, json};

use crate::{
    client::{Ask, EVENTS},
    events::event,
    inlet::Feeders,
    wrappings::{BATCH, JSON, NDJSON, STRUCTURED, gzip, zstd},
};

fn detail(said: &Value) -> String {
    said["detail"].as_str().unwrap().replace(['_', ','], "")
}

#[test]
fn a_type_or_a_packing_that_is_not_understood_is_a_415_with_those_that_are() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let body = event("W", 1).to_string();
    for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"] {
        let said = Ask::post(kind, body.clone()).to(&inlet).problem(415);
        for right in [STRUCTURED, BATCH, JSON, NDJSON] {
            assert!(said["detail"].as_str().unwrap().contains(right), "{right}: {said}");
        }
    }
    Ask::new("POST", EVENTS).to(&inlet).problem(415);
    for packing in ["br", "deflate", "gzip, br"] {
        let said = Ask::post(JSON, body.clone()).header("content-encoding", packing).to(&inlet).problem(415);
        assert!(detail(&said).contains("gzip") && detail(&said).contains("zstd"), "{said}");
    }
    assert!(feeders.stood("hotline").is_empty());
}

#[test]
fn a_body_that_cannot_be_read_as_a_whole_is_a_400() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for kind in [STRUCTURED, BATCH, JSON, NDJSON] {
        Ask::post(kind, "").to(&inlet).problem(400);
    }
    let cut = format!("[{}, {{\"type\":", event("W", 1));
    Ask::post(JSON, cut.clone()).to(&inlet).problem(400);
    Ask::post(BATCH, cut).to(&inlet).problem(400);
    let packed = |bytes: Vec<u8>, packing: &str| Ask::post(NDJSON, bytes).header("content-encoding", packing);
    let line = event("W", 1).to_string();
    for (packing, whole) in [("gzip", gzip(line.as_bytes())), ("zstd", zstd(line.as_bytes()))] {
        packed(whole[..whole.len() - 6].to_vec(), packing).to(&inlet).problem(400);
        packed(line.clone().into_bytes(), packing).to(&inlet).problem(400);
        packed(Vec::new(), packing).to(&inlet).problem(400);
    }
    assert!(feeders.stood("hotline").is_empty());
}

#[test]
fn a_parameter_that_is_wrong_is_a_400_with_the_nearest_right_word() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for (query, word) in [
        ("steam=hotline", "stream"),
        ("stream=hotline&reprot=all", "report"),
        ("stream=hotlin", "hotline"),
        ("stream=hotline&report=everything", "all"),
    ] {
        let said = Ask::json(&event("W", 1)).path(&format!("/v1/events?{query}")).to(&inlet).problem(400);
        assert!(said["detail"].as_str().unwrap().contains(word), "{query}: {said}");
    }
    assert!(feeders.stood("hotline").is_empty());
}

#[test]
fn more_than_a_request_may_hold_is_a_413_with_the_limit() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let many: Vec<Value> = (1..502).map(|number| event("W", number)).collect();
    for ask in [Ask::lines(&many), Ask::json(&json!(many)), Ask::post(BATCH, json!(many).to_string())] {
        let said = ask.to(&inlet).problem(413);
        assert!(detail(&said).contains("500"), "{said}");
    }
    let long = |bytes: usize| {
        let line = format!("{}\n", crate::events::told("W", 1, "urged", json!({ "reason": "x".repeat(100_000) })));
        let mut body = line.repeat(bytes / line.len());
        body += &"\n".repeat(bytes - body.len());
        body
    };
    for body in [long(5 * 1024 * 1024 + 1), long(20_000_000)] {
        let said = Ask::post(NDJSON, body).to(&inlet).problem(413);
        assert!(["5 MiB", "5242880"].iter().any(|limit| detail(&said).contains(limit)), "{said}");
    }
    assert!(feeders.stood("hotline").is_empty());
    // What is just within the limits is taken.
    assert_eq!(Ask::lines(&many[1..]).to(&inlet).counts(), [500, 0, 0, 0, 0]);
    // The same line again and again is one event that is known from then on.
    let most = long(5 * 1024 * 1024);
    let lines = most.lines().filter(|line| !line.is_empty()).count() as u64;
    assert_eq!(Ask::post(NDJSON, most).to(&inlet).counts(), [1, lines - 1, 0, 0, 0]);
}

#[test]
fn limits_are_measured_unpacked() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    let body = "\n".repeat(5 * 1024 * 1024 + 1);
    Ask::post(NDJSON, gzip(body.as_bytes())).header("content-encoding", "gzip").to(&inlet).problem(413);
    Ask::post(NDJSON, zstd(body.as_bytes())).header("content-encoding", "zstd").to(&inlet).problem(413);
}

#[test]
fn events_are_posted_to_one_address_only() {
    let feeders = Feeders::new();
    let inlet = feeders.inlet(&[]);
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        Ask::new(method, EVENTS).to(&inlet).problem(405);
    }
    for path in ["/v1", "/v1/event", "/v1/events/", "/v2/events?stream=hotline", "/v1/events/1"] {
        Ask::json(&event("W", 1)).path(path).to(&inlet).problem(404);
    }
    assert!(inlet.get("/v1/openapi.json").is(200)["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, status) in [("/livez", 200), ("/readyz", 200), ("/metrics", 200)] {
        inlet.wait_until_ready();
        assert_eq!(inlet.get(path).status, status, "{path}");
    }
    assert!(inlet.get("/metrics").text().contains("\ntongguan_inlet_ready 1\n"));
    assert!(feeders.stood("hotline").is_empty());
}
