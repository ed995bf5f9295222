//! Cases of March 2021, for what other limits would make of them.

use serde_json::json;

use crate::messages::{Message, event};

fn day(day: u32) -> String {
    format!("2021-03-{day:02}T10:00:00+08:00")
}

/// Dispatched on the 1st; answered and closed on the day given, if any.
pub fn life(case: &str, answered: Option<u32>) -> Vec<Message> {
    let mut messages = vec![
        event(case, "accepted", "2021-03-01T09:00:00+08:00", json!({ "place": { "town": "310113112" } })),
        event(case, "dispatched", &day(1), json!({ "unit": "U" })),
    ];
    if let Some(answered) = answered {
        messages.push(event(case, "submitted", &day(answered), json!({})));
        messages.push(event(case, "closed", &day(answered), json!({})));
    }
    messages
}
