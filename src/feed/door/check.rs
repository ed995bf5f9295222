//! What the door would refuse, asked before a message is sent.

use jiff::tz::TimeZone;

use super::{correction, snapshot, steps};
use crate::{
    domain::stream::Stream,
    feed::{contract::Data, rejection::Rejection},
};

/// The rules that the types alone cannot state. Times and needed fields are whoever makes the data's own business.
pub(in crate::feed) fn check(data: &Data, zone: &TimeZone) -> Result<(), Rejection> {
    match data {
        Data::Corrected(one) | Data::Reviewed(one) => {
            correction::read(&one.field, &one.value, &Stream::new("check", "", zone.clone())).map(drop)
        }
        Data::Snapshot(row) => snapshot::states_enough(row),
        Data::DuplicateLinked(linked) => steps::parent(linked.clone()).map(drop),
        _ => Ok(()),
    }
}
