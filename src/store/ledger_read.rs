//! Reads ledger rows back into events: what the fold needs of cases that are not in memory.

use clickhouse::Row;
use serde::Deserialize;
use smol_str::SmolStr;

use super::{client::Store, error::StoreError, literal::quoted, query::Patience};
use crate::domain::{
    event::{Envelope, Event, Place},
    events::Events,
    time::Millis,
};

/// A row as it lies in the table; the names are the columns'.
#[derive(Row, Deserialize, Debug)]
pub(super) struct EventRow<'a> {
    case_id: &'a str,
    source: &'a str,
    event_id: &'a str,
    topic: &'a str,
    partition: i32,
    offset: i64,
    stream: &'a str,
    envelope: &'a str,
    occurred_at: i64,
    recorded_at: Option<i64>,
    ingested_at: i64,
    seq: u64,
    data: &'a str,
}

/// Case ids in one query; more would make the text of the query larger than it needs to be.
const IDS_MAX: usize = 10_000;

/// Messages of one partition that the caller has in hand already.
#[derive(Clone, Copy, Debug)]
pub struct OffsetRange<'a> {
    pub(crate) topic: &'a str,
    pub(crate) partition: i32,
    pub(crate) first: i64,
    pub(crate) next: i64,
}

/// Words that every event repeats, each held once. There are a few: topics, streams, sources.
#[derive(Default)]
struct Words(Vec<SmolStr>);

/// Beyond that they are not repeated.
const WORDS_MAX: usize = 32;

impl Words {
    fn share(&mut self, event: &mut Event) {
        for word in [&mut event.place.topic, &mut event.stream, &mut event.source] {
            match self.0.iter().find(|known| *known == word) {
                Some(known) => *word = known.clone(),
                None if self.0.len() < WORDS_MAX => self.0.push(word.clone()),
                None => {}
            }
        }
    }
}

/// Every ledger row of the given cases except those `in_hand`, in no order; a redelivered message may come twice.
pub async fn of_cases(store: &Store, case_ids: &[&str], in_hand: &[OffsetRange<'_>]) -> Result<Events, StoreError> {
    let others: String = in_hand
        .iter()
        .map(|OffsetRange { topic, partition, first, next }| {
            let topic = quoted(topic);
            format!(" AND NOT (partition = {partition} AND offset >= {first} AND offset < {next} AND topic = {topic})")
        })
        .collect();
    let mut events = Events::default();
    let mut words = Words::default();
    for ids in case_ids.chunks(IDS_MAX) {
        // One literal: ten thousand of them are parsed, and checked one by one, for longer than the look-up takes.
        let list = serde_json::Value::from(ids).to_string();
        let sql =
            include_str!("queries/of_cases.sql").replace("{{ids}}", &quoted(&list)).replace("{{others}}", &others);
        // Ids come in the query's text, because as parameters they would have to fit into a URL.
        let query = store.query(&sql).with_setting("max_query_size", "67108864");
        let mut rows = store.rows::<EventRow<'static>>(query.patience(Patience::LookUp))?;
        while let Some(event) = rows.next(|row| row.event()).await? {
            let mut event = event?;
            words.share(&mut event);
            events.push(event);
        }
    }
    Ok(events)
}

impl EventRow<'_> {
    /// The row behind the last one, which only `ledger_in_order.sql` has: no message is without a topic.
    pub(super) fn is_end(&self) -> bool {
        self.topic.is_empty()
    }

    pub(super) fn event(&self) -> Result<Event, StoreError> {
        let unreadable = |what: &str, why: &str| StoreError::Other {
            code: 0,
            detail: format!(
                "the ledger row at {}[{}]@{} has a {what} that cannot be read{why}: was it written by a newer version?",
                self.topic, self.partition, self.offset
            ),
        };
        Ok(Event {
            place: Place { topic: self.topic.into(), partition: self.partition, offset: self.offset },
            envelope: Envelope::from_name(self.envelope).ok_or_else(|| unreadable("wrapping", ""))?,
            ingested_at: Millis(self.ingested_at),
            stream: self.stream.into(),
            case_id: self.case_id.into(),
            source: self.source.into(),
            id: self.event_id.into(),
            occurred_at: Millis(self.occurred_at),
            recorded_at: self.recorded_at.map(Millis),
            seq: self.seq,
            fact: serde_json::from_str(self.data).map_err(|error| unreadable("fact", &format!(" ({error})")))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_event_repeats_is_held_once() {
        let mut words = Words::default();
        let read = |words: &mut Words, offset| {
            // Longer than what lies within a SmolStr itself.
            let mut event = Event { source: "urn:a:source:with:a:long:name".into(), ..Event::any(0, offset) };
            words.share(&mut event);
            event
        };
        let (one, other) = (read(&mut words, 0), read(&mut words, 1));
        assert_eq!(one.source, other.source);
        assert_eq!(one.source.as_ptr(), other.source.as_ptr());
        // The topic, the stream and the source.
        assert_eq!(words.0.len(), 3);
    }
}
