//! What makes two alerts the same one.

use sha2::{Digest as _, Sha256};
use smol_str::SmolStr;

use super::Alert;
use crate::domain::time::Millis;

/// Nothing of it is a guess about what will be sent: the same facts give the same id, whoever reckons it.
pub(super) fn of(alert: &Alert, started_at: Millis) -> SmolStr {
    let Alert { kind, stream, case_id, clock, assignment, round, due, .. } = alert;
    let (assignment, started, round) = (assignment.to_string(), started_at.0.to_string(), round.to_string());
    let due = due.map_or_else(String::new, |due| due.0.to_string());
    hashed(&[kind.name(), stream, case_id, clock, &assignment, &started, &round, &due])
}

pub(super) fn of_quarantine(stream: &str, reason: &str, hour: Millis) -> SmolStr {
    hashed(&["quarantined", stream, reason, &hour.0.to_string()])
}

/// Each with its length, so that no two lists are one text.
fn hashed(parts: &[&str]) -> SmolStr {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let hex: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("al-{hex}").into()
}
