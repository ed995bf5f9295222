//! What the views of the mart show does not depend on what an analyst has set in her session.

use clickhouse::Row;
use serde::Deserialize;

use crate::{explain::drawn, scratch::Scratch};

#[derive(Row, Deserialize)]
struct View {
    name: String,
    text: String,
}

#[derive(Row, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    hash: u64,
    rows: u64,
}

/// What a case needs not to have.
const MESSAGE: &str = r#"INSERT INTO {{database}}.events (case_id, source, event_id, topic, type, data) VALUES
    ('C1', 's', 'e1', 't', 'dispatched', '{"dispatched": {"unit": "U", "level": 2, "due": {"at": 1, "is_exclusive": true}}}')"#;
const ALERT: &str = "INSERT INTO {{database}}.alerts (case_id, id, kind) VALUES ('C1', 'a1', 'overdue')";

/// The view with its parameters.
fn call(View { name, text }: &View) -> String {
    let given = [("from", "2020-01-01"), ("to", "2022-01-01"), ("as_of", "2021-04-01")];
    let given = given.iter().filter(|(parameter, _)| text.contains(&format!("{{{parameter}:")));
    let given: Vec<String> =
        given.map(|(name, day)| format!("{name} = toDateTime64('{day}', 3, 'Asia/Shanghai')")).collect();
    let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
    format!("{{{{database}}}}_mart.{name}{given}")
}

async fn shown(scratch: &Scratch, call: &str, prefers_columns: u8) -> Shown {
    let sql = format!(
        "SELECT sum(cityHash64(toString(tuple(*)))) AS hash, count() AS rows FROM {call} \
        SETTINGS prefer_column_name_to_alias = {prefers_columns}"
    );
    scratch.rows(&sql).await.remove(0)
}

/// As usual, and as such a session sees it. A pause that has not ended is a second longer each second: then once more.
async fn both(scratch: &Scratch, call: &str) -> (Shown, Shown) {
    const TURNS: usize = 20;
    let mut usual = shown(scratch, call, 0).await;
    for _ in 0..TURNS {
        let (other, again) = (shown(scratch, call, 1).await, shown(scratch, call, 0).await);
        if usual == again {
            return (usual, other);
        }
        usual = again;
    }
    panic!("{call} never stands still");
}

#[tokio::test]
async fn every_view_shows_the_same_to_a_session_that_prefers_columns_to_aliases() {
    let (scratch, _) = drawn("views").await;
    scratch.store.execute(MESSAGE).await.unwrap();
    scratch.store.execute(ALERT).await.unwrap();
    let installed = "SELECT name, create_table_query AS text FROM system.tables WHERE database = '{{database}}_mart'";
    let views: Vec<View> = scratch.rows(installed).await;
    assert!(views.len() > 8, "eight, and those of the town's own figures");
    let mut differ = Vec::new();
    for view in views {
        let call = call(&view);
        let (usual, other) = both(&scratch, &call).await;
        assert!(usual.rows > 0, "{}", view.name);
        if usual != other {
            differ.push((view.name, usual, other));
        }
    }
    assert!(differ.is_empty(), "{differ:#?}");
}
