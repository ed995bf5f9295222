//! The other streams of the town's year: petitions, mediation, proposals, lawsuits, and everything that is only counted.
//! Few and slow compared with tickets and grid cases, so that they are made up all at once and sent in order of time.

pub mod expected;
mod lives;
mod plan;
mod steps;
mod words;

use smol_str::{SmolStr, format_smolstr};

use self::plan::WORKS;
pub use self::{expected::AffairExpected, plan::streams};
use super::{wording::wire, working::SimulatedWorking, wrap::SimulatedMessage};
use crate::{
    domain::{fact::FactKind, time::Millis},
    feed::{
        contract::{Data, envelope::Structured},
        producer,
    },
};

/// One event of one case.
#[derive(Debug)]
struct Event {
    stream: &'static str,
    case_id: SmolStr,
    at: Millis,
    number: usize,
    kind: FactKind,
    data: Data,
}

/// Sends every message in order of time; how many there were.
pub fn send<E: From<serde_json::Error>>(
    working: &SimulatedWorking,
    seed: u64,
    send: &mut impl FnMut(&SimulatedMessage<'_>) -> Result<(), E>,
) -> Result<u64, E> {
    let mut events: Vec<Event> =
        WORKS.iter().enumerate().flat_map(|(lane, work)| lives::of(work, lane, working, seed)).collect();
    events.sort_by(|a, b| (a.at, a.stream, &a.case_id, a.number).cmp(&(b.at, b.stream, &b.case_id, b.number)));
    let mut payload = Vec::with_capacity(1024);
    for event in &events {
        let id = format!("{}-{:02}", event.case_id, event.number);
        let structured = Structured {
            specversion: "1.0",
            id: &id,
            source: &format!("/shanghai/baoshan/miaohang/{}", event.stream),
            kind: &event.kind.type_name(),
            subject: &event.case_id,
            time: wire(event.at),
            recordedtime: Some(wire(event.at)),
            sequence: Some(format_smolstr!("{}", event.number)),
            datacontenttype: None,
            data: &event.data,
        };
        payload.clear();
        serde_json::to_writer(&mut payload, &structured)?;
        send(&SimulatedMessage {
            stream: event.stream,
            at: event.at,
            key: &event.case_id,
            wrapping: producer::Wrapping::Structured,
            payload: &payload,
        })?;
    }
    Ok(events.len() as u64)
}
