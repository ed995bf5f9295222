//! What was sent: the copy of the topic, and how far its sender has come.

use std::collections::{BTreeMap, HashSet};

use clickhouse::Row;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::{
    domain::{
        alert::{Alert, AlertPlace, SentAlert},
        time::Millis,
    },
    store::{
        Store, StoreError,
        literal::{instant, quoted},
        native::{
            Column, Table,
            Type::{Bool, I32, I64, Low, MaybeTime, Text, Time, U16, U32, U64},
        },
    },
};

type Placed = (SentAlert, AlertPlace);

/// Of one topic.
#[rustfmt::skip]
const COLUMNS: &[Column<Placed, str>] = &[
    Column("case_id", Text, |row, (sent, _), _| row.text(&sent.alert.case_id)),
    Column("id", Text, |row, (sent, _), _| row.text(&sent.alert.id)),
    Column("kind", Low, |row, (sent, _), _| row.low(sent.alert.kind.name())),
    Column("stream", Low, |row, (sent, _), _| row.low(&sent.alert.stream)),
    Column("clock", Low, |row, (sent, _), _| row.low(&sent.alert.clock)),
    Column("assignment", U16, |row, (sent, _), _| row.u16(sent.alert.assignment)),
    Column("light", Low, |row, (sent, _), _| row.low(sent.alert.light.map_or("", |light| light.name()))),
    Column("round", U32, |row, (sent, _), _| row.u32(sent.alert.round)),
    Column("unit", Low, |row, (sent, _), _| row.low(&sent.alert.unit)),
    Column("unit_name", Low, |row, (sent, _), _| row.low(&sent.alert.unit_name)),
    Column("due_at", MaybeTime, |row, (sent, _), _| row.maybe_time(sent.alert.due)),
    Column("arose_at", Time, |row, (sent, _), _| row.time(sent.alert.arose_at)),
    Column("sent_at", Time, |row, (sent, _), _| row.time(sent.sent_at)),
    Column("is_late", Bool, |row, (sent, _), _| row.bool(sent.is_late)),
    Column("reason", Low, |row, (sent, _), _| row.low(&sent.alert.reason)),
    Column("messages", U64, |row, (sent, _), _| row.u64(sent.alert.messages)),
    Column("topic", Low, |row, _, topic| row.low(topic)),
    Column("partition", I32, |row, (_, place), _| row.i32(place.partition)),
    Column("offset", I64, |row, (_, place), _| row.i64(place.offset)),
];

/// One insert; only where ClickHouse has no room for some hundred rows it may come to be there in part.
pub async fn insert(store: &Store, topic: &str, sent: &[(SentAlert, AlertPlace)]) -> Result<(), StoreError> {
    store.insert_native("alerts", &Table::of(COLUMNS, sent, topic)).await
}

#[derive(Row, Deserialize)]
struct IdRow {
    id: String,
}

/// Which of these were sent. They come in the query's text, because as parameters they would have to fit into a URL.
pub async fn known(store: &Store, alerts: &[&Alert]) -> Result<HashSet<SmolStr>, StoreError> {
    let cases: Vec<&str> = alerts.iter().map(|alert| alert.case_id.as_str()).collect();
    let ids: Vec<&str> = alerts.iter().map(|alert| alert.id.as_str()).collect();
    let list = |texts: Vec<&str>| quoted(&serde_json::Value::from(texts).to_string());
    let sql =
        include_str!("../queries/alerts_known.sql").replace("{{cases}}", &list(cases)).replace("{{ids}}", &list(ids));
    let rows: Vec<IdRow> = store.fetch_all(store.query(&sql).with_setting("max_query_size", "16777216")).await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// Behind the last place of each partition of the topic.
pub async fn positions(store: &Store, topic: &str) -> Result<BTreeMap<i32, i64>, StoreError> {
    #[derive(Row, Deserialize)]
    struct PositionRow {
        partition: i32,
        next: i64,
    }
    let query = store.query(include_str!("../queries/alerts_positions.sql")).param("topic", topic);
    let rows: Vec<PositionRow> = store.fetch_all(query).await?;
    Ok(rows.into_iter().map(|row| (row.partition, row.next)).collect())
}

/// How far the sender has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertReached {
    pub since: Millis,
    pub clock_at: Millis,
    pub taken_in_at: Millis,
    pub sender: u64,
    /// By ClickHouse's clock.
    pub noted_at: Millis,
}

/// None before the first start.
pub async fn reached(store: &Store, topic: &str) -> Result<Option<AlertReached>, StoreError> {
    #[derive(Row, Deserialize)]
    struct ReachedRow {
        since_first: i64,
        clock_last: i64,
        taken_in_last: i64,
        sender_last: u64,
        noted_last: i64,
    }
    let query = store.query(include_str!("../queries/alerts_reached.sql")).param("topic", topic);
    let rows: Vec<ReachedRow> = store.fetch_all(query).await?;
    Ok(rows.into_iter().next().map(|row| AlertReached {
        since: Millis(row.since_first),
        clock_at: Millis(row.clock_last),
        taken_in_at: Millis(row.taken_in_last),
        sender: row.sender_last,
        noted_at: Millis(row.noted_last),
    }))
}

pub async fn note_reached(store: &Store, topic: &str, reached: &AlertReached) -> Result<(), StoreError> {
    let query = store
        .query(include_str!("../queries/alerts_reach.sql"))
        .param("topic", topic)
        .param("since", instant(reached.since))
        .param("clock_at", instant(reached.clock_at))
        .param("taken_in_at", instant(reached.taken_in_at))
        .param("sender", reached.sender);
    store.run(query).await
}

/// What is listed. Empty texts: any.
#[derive(Clone, Debug)]
pub struct AlertSelection {
    pub since: Millis,
    pub until: Millis,
    pub case_id: String,
    pub stream: String,
    pub kind: String,
    pub unit: String,
    pub limit: u64,
}

/// A row of the list.
#[derive(Row, Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct AlertRow {
    pub id: String,
    pub kind: String,
    pub stream: String,
    pub case_id: String,
    pub clock: String,
    pub assignment: u16,
    pub light: String,
    pub round: u32,
    pub unit: String,
    pub unit_name: String,
    pub due_at: Option<i64>,
    pub arose_at: i64,
    pub sent_at: i64,
    pub is_late: bool,
    pub reason: String,
    pub messages: u64,
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
}

/// The last ones, in the order in which they were sent.
pub async fn listed(store: &Store, selection: &AlertSelection) -> Result<Vec<AlertRow>, StoreError> {
    let AlertSelection { since, until, case_id, stream, kind, unit, limit } = selection;
    let query = store
        .query(include_str!("../queries/alerts_list.sql"))
        .param("since", instant(*since))
        .param("until", instant(*until))
        .param("case_id", case_id.as_str())
        .param("stream", stream.as_str())
        .param("kind", kind.as_str())
        .param("unit", unit.as_str())
        .param("most", *limit);
    store.fetch_all(query).await
}
