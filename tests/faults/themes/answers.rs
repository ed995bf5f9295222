//! Answers of ClickHouse and Kafka that are errors, come from somebody else, are lost, cut or never come.

use rand::{Rng as _, seq::SliceRandom as _};

use crate::{
    proxy::{Act, page},
    round::{Round, To},
};

const REQUESTS: &[&str] = &["events", "quarantine", "look-up", "cases", "generation", "sweep"];

/// Codes of ClickHouse that were seen in production, and what they are called there.
const CODES: &[(u32, &str)] = &[
    (16, "NO_SUCH_COLUMN_IN_TABLE"),
    (27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED"),
    (33, "CANNOT_READ_ALL_DATA"),
    (46, "UNKNOWN_FUNCTION"),
    (47, "UNKNOWN_IDENTIFIER"),
    (60, "UNKNOWN_TABLE"),
    (62, "SYNTAX_ERROR"),
    (74, "CANNOT_READ_FROM_FILE_DESCRIPTOR"),
    (75, "CANNOT_WRITE_TO_FILE_DESCRIPTOR"),
    (76, "CANNOT_OPEN_FILE"),
    (81, "UNKNOWN_DATABASE"),
    (117, "INCORRECT_DATA"),
    (159, "TIMEOUT_EXCEEDED"),
    (160, "TOO_SLOW"),
    (164, "READONLY"),
    (173, "CANNOT_ALLOCATE_MEMORY"),
    (192, "UNKNOWN_USER"),
    (193, "WRONG_PASSWORD"),
    (194, "REQUIRED_PASSWORD"),
    (201, "QUOTA_EXCEEDED"),
    (202, "TOO_MANY_SIMULTANEOUS_QUERIES"),
    (203, "NO_FREE_CONNECTION"),
    (209, "SOCKET_TIMEOUT"),
    (210, "NETWORK_ERROR"),
    (236, "ABORTED"),
    (241, "MEMORY_LIMIT_EXCEEDED"),
    (242, "TABLE_IS_READ_ONLY"),
    (243, "NOT_ENOUGH_SPACE"),
    (246, "CORRUPTED_DATA"),
    (252, "TOO_MANY_PARTS"),
    (279, "ALL_CONNECTION_TRIES_FAILED"),
    (285, "TOO_FEW_LIVE_REPLICAS"),
    (307, "TOO_MANY_BYTES"),
    (319, "UNKNOWN_STATUS_OF_INSERT"),
    (394, "QUERY_WAS_CANCELLED"),
    (425, "SYSTEM_ERROR"),
    (439, "CANNOT_SCHEDULE_TASK"),
    (473, "DEADLOCK_AVOIDED"),
    (497, "ACCESS_DENIED"),
    (499, "S3_ERROR"),
    (516, "AUTHENTICATION_FAILED"),
    (667, "NOT_INITIALIZED"),
    (745, "SERVER_OVERLOADED"),
    (999, "KEEPER_EXCEPTION"),
    (1000, "POCO_EXCEPTION"),
    (1001, "STD_EXCEPTION"),
    (1002, "UNKNOWN_EXCEPTION"),
];

/// What a gateway says in ClickHouse's place.
const PAGES: &[&str] = &[
    "200 OK",
    "204 No Content",
    "301 Moved Permanently",
    "400 Bad Request",
    "401 Unauthorized",
    "403 Forbidden",
    "404 Not Found",
    "407 Proxy Authentication Required",
    "408 Request Timeout",
    "413 Content Too Large",
    "429 Too Many Requests",
    "500 Internal Server Error",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "504 Gateway Timeout",
];

const HTML: &str = "<html><h1>please try again later</h1></html>";

fn status(code: u32) -> &'static str {
    match code {
        60 | 81 => "404 Not Found",
        192..=194 | 516 => "403 Forbidden",
        497 => "403 Forbidden",
        _ => "500 Internal Server Error",
    }
}

/// Everything that an answer can be.
fn answers(kind: &str) -> Vec<(String, Act)> {
    let mut all: Vec<(String, Act)> = CODES
        .iter()
        .map(|(code, name)| {
            let text = format!("Code: {code}. DB::Exception: made by a test. ({name}) (version 26.7.3.1)\n");
            (format!("code {code} {name}"), Act::Answer(page(status(*code), Some(*code), &text)))
        })
        .collect();
    all.extend(PAGES.iter().map(|status| (format!("a page of {status}"), Act::Answer(page(status, None, HTML)))));
    all.extend([
        ("done, and a page of 200 OK".to_owned(), Act::Pretend(page("200 OK", None, HTML))),
        ("done, and a page of 502".to_owned(), Act::Pretend(page("502 Bad Gateway", None, HTML))),
        ("an empty 200 OK".to_owned(), Act::Answer(page("200 OK", None, ""))),
        ("lost before".to_owned(), Act::LoseBefore),
        ("lost after it was done".to_owned(), Act::LoseAfter),
        ("cut request".to_owned(), Act::CutRequest(500)),
        ("request cut at its last byte".to_owned(), Act::CutRequest(1000)),
        ("cut answer".to_owned(), Act::CutAnswer(500)),
        ("answer cut at its last byte".to_owned(), Act::CutAnswer(1000)),
        ("late".to_owned(), Act::Late(1500)),
        ("never answered".to_owned(), Act::Never),
    ]);
    if matches!(kind, "look-up" | "sweep") {
        all.push(("cut at the end of a row".to_owned(), Act::CutAtRow));
    }
    all
}

/// Each answer at each request, or so many of them.
pub async fn of_clickhouse(round: &mut Round<'_>, most: usize) {
    let mut all: Vec<(&'static str, String, Act)> = Vec::new();
    for kind in REQUESTS {
        all.extend(answers(kind).into_iter().map(|(what, act)| (*kind, what, act)));
    }
    all.shuffle(&mut round.random);
    // A sweep comes once a second: few of them.
    let mut sweeps = 0;
    all.retain(|(kind, ..)| {
        *kind != "sweep" || {
            sweeps += 1;
            sweeps <= most / 20 + 1
        }
    });
    for (number, (kind, what, act)) in all.into_iter().take(most).enumerate() {
        let slot = round.any_live();
        round.strike(slot, To::ClickHouse, kind, &what, act).await;
        if number % 40 == 39 {
            round.settle().await;
        }
    }
}

/// Kafka's own codes, where each can come.
const KAFKA: &[(&str, &[(i16, &str)])] = &[
    (
        "heartbeat",
        &[
            (15, "no coordinator"),
            (16, "not coordinator"),
            (22, "illegal generation"),
            (25, "unknown member"),
            (27, "rebalance in progress"),
        ],
    ),
    (
        "commit",
        &[
            (7, "timed out"),
            (14, "coordinator loads"),
            (15, "no coordinator"),
            (16, "not coordinator"),
            (22, "illegal generation"),
            (25, "unknown member"),
            (27, "rebalance in progress"),
            (28, "commit too large"),
            (29, "topic not authorised"),
        ],
    ),
    ("fetch", &[(70, "no such session"), (71, "wrong session epoch")]),
    ("offsets", &[(14, "coordinator loads"), (16, "not coordinator")]),
    ("join", &[(14, "coordinator loads"), (15, "no coordinator"), (16, "not coordinator"), (25, "unknown member")]),
    (
        "sync",
        &[(16, "not coordinator"), (22, "illegal generation"), (25, "unknown member"), (27, "rebalance in progress")],
    ),
    ("coordinator", &[(15, "no coordinator")]),
];

pub async fn of_kafka(round: &mut Round<'_>, most: usize) {
    let mut all: Vec<(&'static str, String, Act)> = Vec::new();
    for (kind, codes) in KAFKA {
        all.extend(codes.iter().map(|(code, name)| (*kind, format!("code {code} {name}"), Act::Code(*code))));
        all.extend([
            (*kind, "lost before".to_owned(), Act::LoseBefore),
            (*kind, "lost after it was done".to_owned(), Act::LoseAfter),
            (*kind, "cut request".to_owned(), Act::CutRequest(500)),
            (*kind, "cut answer".to_owned(), Act::CutAnswer(500)),
            (*kind, "late".to_owned(), Act::Late(1500)),
        ]);
    }
    all.shuffle(&mut round.random);
    for (number, (kind, what, act)) in all.into_iter().take(most).enumerate() {
        let slot = round.any_live();
        if matches!(kind, "join" | "sync" | "offsets" | "coordinator") {
            // These come when somebody comes or goes.
            if round.random.random_bool(0.5) { round.restart(slot).await } else { round.gate(slot, To::Kafka).cut() }
        }
        round.strike(slot, To::Kafka, kind, &what, act).await;
        if number % 20 == 19 {
            round.settle().await;
        }
    }
}
