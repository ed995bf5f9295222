//! The one judge: what was sent, by topic, partition, offset and bytes, against what the tables hold. The cases are folded here,
//! from everything that was sent.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use tokio::time::{Instant, sleep};
use tongguan::{
    cli::setup::Setup,
    domain::{case::Case, event::Event, fold::fold},
    feed::{
        decode::{self, decode},
        door::Door,
        privacy::{Key, open},
    },
    store::{Store, cases, client::Address, ledger},
};

use super::{sender::Sent, store::Tables, stream::Expected};

/// How many of each kind, and the first of each in words.
#[derive(Debug, Default)]
pub struct Verdict {
    pub lost: u64,
    pub doubled: u64,
    pub wrong: u64,
    pub details: Vec<String>,
}

pub type Place = (String, i32, i64);

pub struct Oracle<'a> {
    pub url: &'a str,
    pub database: &'a str,
    pub setup: &'a Setup,
    pub key: Key,
    /// Taken by retention before anybody read them.
    pub gone: &'a HashSet<Place>,
}

/// One row of one place: the reason in quarantine, None in the ledger.
type Kept = HashMap<Place, Vec<Option<String>>>;

const DETAILS: usize = 12;

impl Verdict {
    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.wrong == 0
    }

    fn say(&mut self, text: String) {
        if self.details.len() < DETAILS {
            self.details.push(text);
        }
    }
}

impl Oracle<'_> {
    /// Cases may take until the sweep to be whole; everything else is there or not.
    pub async fn judge(self, sent: &[Sent], patience: Duration) -> Verdict {
        let tables = Tables::new(self.url, self.database);
        let mut verdict = Verdict::default();
        let mut kept = kept(&tables).await;
        let mut events = Vec::with_capacity(sent.len());
        let mut door = Door::new(self.key.clone());
        for one in sent {
            let place = (one.topic.clone(), one.partition, one.offset);
            let rows = kept.remove(&place).unwrap_or_default();
            let expected = self.decoded(one, &mut door);
            self.place(&mut verdict, one, &rows, &expected, &place);
            if let Ok(event) = expected
                && !(rows.is_empty() && self.gone.contains(&place))
                && !(one.message.expected == Expected::Either && rows.iter().any(Option::is_some))
            {
                events.push(event);
            }
        }
        for (place, rows) in kept {
            verdict.wrong += 1;
            verdict.say(format!("{place:?}: never sent; there is {rows:?}"));
        }
        self.sealed(&mut verdict, &tables, sent).await;
        self.rows(&mut verdict, &tables, &events, patience).await;
        verdict
    }

    fn place(
        &self,
        verdict: &mut Verdict,
        one: &Sent,
        rows: &[Option<String>],
        expected: &Result<Event, String>,
        place: &Place,
    ) {
        let wanted = match (one.message.expected, expected) {
            (Expected::Refused, _) => "quarantine".to_owned(),
            (Expected::Either, _) => "ledger or quarantine".to_owned(),
            (_, Ok(event)) => format!("ledger: {} of case {:?}", event.fact.kind().name(), event.case_id),
            (_, Err(reason)) => format!("quarantine: {reason}"),
        };
        match rows {
            [] if self.gone.contains(place) => {}
            [] => {
                verdict.lost += 1;
                verdict.say(format!("{place:?}: lost; expected in {wanted}"));
            }
            [only] => {
                let right = match (one.message.expected, expected, only) {
                    (Expected::Either, ..) | (Expected::Refused, _, Some(_)) => true,
                    (Expected::AsDecoded, Ok(_), None) => true,
                    (Expected::AsDecoded, Err(reason), Some(there)) => reason == there,
                    _ => false,
                };
                if !right {
                    verdict.wrong += 1;
                    let there = only.as_ref().map_or("ledger".to_owned(), |reason| format!("quarantine: {reason}"));
                    verdict.say(format!("{place:?}: expected in {wanted}; there is {there}"));
                }
            }
            more => {
                verdict.doubled += 1;
                verdict.say(format!("{place:?}: expected once in {wanted}; there is {more:?} (None: ledger)"));
            }
        }
    }

    fn decoded(&self, one: &Sent, door: &mut Door) -> Result<Event, String> {
        let stream = &self.setup.streams[self.setup.streams.iter().position(|of| of.topic == one.topic).unwrap()];
        let headers: Vec<decode::Header<'_>> = one
            .message
            .headers
            .iter()
            .map(|(name, value)| decode::Header { name: name.as_bytes(), value: value.as_deref() })
            .collect();
        let message = decode::Message {
            partition: one.partition,
            offset: one.offset,
            payload: one.message.payload.as_deref(),
            headers: Some(&headers),
            arrived_at: tongguan::pipeline::clock::now(),
        };
        let decoded = decode(&message, stream, door, &self.setup.times());
        decoded.map(|decoded| decoded.event).map_err(|why| why.reason.name().to_owned())
    }

    /// Are the bytes of what was refused still those that were sent?
    async fn sealed(&self, verdict: &mut Verdict, tables: &Tables, sent: &[Sent]) {
        let by_place: HashMap<Place, &Sent> =
            sent.iter().map(|one| ((one.topic.clone(), one.partition, one.offset), one)).collect();
        let sql = "SELECT topic, partition, offset, hex(payload) FROM {db}.quarantine FINAL";
        for line in tables.lines(sql).await {
            let fields: Vec<&str> = line.split('\t').collect();
            let place: Place = (fields[0].to_owned(), fields[1].parse().unwrap(), fields[2].parse().unwrap());
            let sealed: Vec<u8> = (0..fields[3].len() / 2)
                .map(|at| u8::from_str_radix(&fields[3][2 * at..2 * at + 2], 16).unwrap())
                .collect();
            let Some(one) = by_place.get(&place) else { continue };
            let name = format!("{}/{}/{}", place.0, place.1, place.2);
            let opened = open(&self.key, &name, &sealed).unwrap_or_default();
            if opened != one.message.payload.as_deref().unwrap_or_default() {
                verdict.wrong += 1;
                verdict.say(format!("{place:?}: in quarantine with other bytes than were sent ({})", opened.len()));
            }
        }
    }

    /// Ledger and cases, row by row, against rows that are written here beside them.
    async fn rows(&self, verdict: &mut Verdict, tables: &Tables, events: &[Event], patience: Duration) {
        let beside = format!("{}_oracle", self.database);
        tables.execute(&format!("DROP DATABASE IF EXISTS {beside} SYNC")).await;
        tables.execute(&format!("CREATE DATABASE {beside}")).await;
        for table in ["events", "cases"] {
            tables.execute(&format!("CREATE TABLE {beside}.{table} AS {{db}}.{table}")).await;
        }
        let wait = Duration::from_secs(60);
        let (url, user, password) = (self.url.to_owned(), "default".to_owned(), String::new());
        let address = Address {
            url,
            tls: tongguan::tls::Files::default(),
            database: beside.clone(),
            user,
            password,
            insert_timeout: wait,
            query_timeout: wait,
            lookup_timeout: wait,
        };
        let store = Store::new(address).unwrap();
        for some in events.chunks(10_000) {
            ledger::insert(&store, ledger::encode(some.iter())).await.expect("the oracle's own rows");
        }
        for some in self.folded(events).chunks(2_000) {
            cases::insert(&store, cases::encode(some.iter(), 1)).await.expect("the oracle's own rows");
        }
        let wanted = [
            ("events", "ingested_at", "topic, partition, offset"),
            ("cases", "version, last_ingested_at, last_recorded_at", "stream, case_id"),
        ];
        for (table, without, key) in wanted {
            let of = |database: &str| format!("SELECT * EXCEPT ({without}) FROM {database}.{table} FINAL");
            let (there, here) = (of(self.database), of(&beside));
            let sql = format!(
                "SELECT DISTINCT {key} FROM (({there} EXCEPT {here}) UNION ALL ({here} EXCEPT {there})) ORDER BY {key}"
            );
            let deadline = Instant::now() + patience;
            let differing = loop {
                let differing = tables.lines(&sql).await;
                if differing.is_empty() || Instant::now() > deadline {
                    break differing;
                }
                sleep(Duration::from_millis(500)).await;
            };
            verdict.wrong += differing.len() as u64;
            for line in differing.iter().take(3) {
                let values: Vec<String> = line.split('\t').map(|value| format!("'{value}'")).collect();
                let condition: Vec<String> =
                    key.split(", ").zip(values).map(|(name, value)| format!("toString({name}) = {value}")).collect();
                let row = |of: String| format!("{of} WHERE {} FORMAT JSONEachRow", condition.join(" AND "));
                let (here, there) = (tables.lines(&row(here.clone())).await, tables.lines(&row(there.clone())).await);
                verdict.say(format!("{table} {line}\n    expected {}", difference(&here, &there)));
            }
        }
        tables.execute(&format!("DROP DATABASE {beside} SYNC")).await;
    }

    fn folded(&self, events: &[Event]) -> Vec<Case> {
        let rules = self.setup.rules();
        let mut by_case: BTreeMap<(&str, &str), Vec<&Event>> = BTreeMap::new();
        for event in events {
            by_case.entry((&event.stream, &event.case_id)).or_default().push(event);
        }
        by_case.iter().map(|((stream, _), rows)| fold(&rules[*stream], rows)).collect()
    }
}

async fn kept(tables: &Tables) -> Kept {
    let sql = "SELECT topic, partition, offset, '' FROM {db}.events FINAL UNION ALL \
         SELECT topic, partition, offset, reason FROM {db}.quarantine FINAL WHERE state != 'replayed'";
    let mut kept = Kept::new();
    for line in tables.lines(sql).await {
        let fields: Vec<&str> = line.split('\t').collect();
        let place = (fields[0].to_owned(), fields[1].parse().unwrap(), fields[2].parse().unwrap());
        let reason = (!fields[3].is_empty()).then(|| fields[3].to_owned());
        kept.entry(place).or_default().push(reason);
    }
    kept
}

/// Only the columns in which two rows differ.
fn difference(here: &[String], there: &[String]) -> String {
    let row = |lines: &[String]| lines.first().and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    match (row(here), row(there)) {
        (Some(serde_json::Value::Object(here)), Some(serde_json::Value::Object(there))) => {
            let differing = here.iter().filter(|(name, value)| there.get(*name) != Some(value));
            let text: Vec<String> = differing
                .map(|(name, value)| format!("{name} {value}, there is {}", there.get(name).unwrap_or_default()))
                .collect();
            text.join("; ").chars().take(1200).collect()
        }
        (Some(_), None) => "a row, there is none".to_owned(),
        (None, Some(_)) => "no row, there is one".to_owned(),
        _ => "another number of rows".to_owned(),
    }
}
