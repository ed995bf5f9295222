//! What a request may hold, unpacked; docs/inlet.md publishes it.

use crate::feed::producer::PAYLOAD_MAX;

pub(super) const REQUEST_BYTES_MAX: usize = 5 * 1024 * 1024;
pub(super) const EVENTS_MAX: usize = 500;
/// What Kafka takes in one message.
pub(super) const EVENT_BYTES_MAX: usize = PAYLOAD_MAX;
