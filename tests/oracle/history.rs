//! What counts of the messages, and in which order.

use super::message::{Life, Message};

/// The usual order of the types at one instant.
const TYPES: [&str; 34] = [
    "reported",
    "accepted",
    "rejected",
    "verification_requested",
    "verified",
    "filed",
    "not_filed",
    "dispatched",
    "signed",
    "returned",
    "return_decided",
    "withdrawn",
    "contacted",
    "supervised",
    "urged",
    "extension_requested",
    "extension_decided",
    "suspension_requested",
    "suspended",
    "resumed",
    "submitted",
    "check_requested",
    "checked",
    "rework_ordered",
    "closed",
    "reopened",
    "revisited",
    "reviewed",
    "appeal_decided",
    "duplicate_linked",
    "duplicate_unlinked",
    "voided",
    "void_revoked",
    "corrected",
];

pub struct History<'a> {
    /// What had happened by then, in order.
    pub events: Vec<&'a Message>,
    pub duplicates: i64,
    pub conflicts: i64,
}

/// Each identity once: the first that came stands, whatever the others say.
pub fn history(life: &Life, as_of: i64) -> History<'_> {
    let mut events: Vec<&Message> = Vec::new();
    let (mut duplicates, mut conflicts) = (0, 0);
    for message in &life.messages {
        let known = life
            .messages
            .iter()
            .find(|first| first.source == message.source && first.id == message.id)
            .expect("itself");
        if known.at > as_of {
            continue;
        }
        if std::ptr::eq(known, message) {
            events.push(message);
        } else if known == message {
            duplicates += 1;
        } else {
            conflicts += 1;
        }
    }
    History { events: in_order(events), duplicates, conflicts }
}

pub fn in_order(mut events: Vec<&Message>) -> Vec<&Message> {
    events.sort_by_key(|event| {
        let rank = TYPES.iter().position(|kind| *kind == event.kind).expect("a known type");
        (event.at, event.sequence.unwrap_or(0), rank, event.source.clone(), event.id.clone())
    });
    events
}
