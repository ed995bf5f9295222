//! Many alerts at once: page by page, transaction by transaction.

use std::collections::BTreeSet;

use crate::{
    messages::Message,
    sender::{Alerted, accepted},
};

/// More than a page of cases and several transactions, with the longest case numbers that there may be.
const CASES: usize = 2_300;

#[test]
fn what_arises_at_once_is_sent_to_its_end() {
    let alerted = Alerted::new();
    alerted.at("05 18:00", &[]);
    let messages: Vec<Message> =
        (0..CASES).map(|number| accepted(&format!("{number:0>128}"), "05 09:00", "05 19:00")).collect();
    alerted.tell(&messages);
    // In one pass and in the next one nothing.
    alerted.at("05 19:01", &[]);
    alerted.at("05 19:02", &[]);
    let told = alerted.told();
    assert_eq!(told.len(), CASES);
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), CASES);
}
