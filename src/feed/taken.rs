//! One message as Kafka handed it over, lent to whoever reads it.

use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};

use super::decode::Message;
use crate::domain::time::Millis;

/// A message, still in librdkafka's memory.
#[derive(Debug)]
pub struct Taken<'a>(pub(super) BorrowedMessage<'a>);

const HEADERS_MAX: usize = 32;

impl Taken<'_> {
    pub fn topic(&self) -> &str {
        self.0.topic()
    }

    pub fn partition(&self) -> i32 {
        self.0.partition()
    }

    pub fn offset(&self) -> i64 {
        self.0.offset()
    }

    pub fn key(&self) -> Option<&[u8]> {
        self.0.key()
    }

    pub fn payload(&self) -> Option<&[u8]> {
        self.0.payload()
    }

    /// When the producer or the broker stamped it.
    pub fn timestamp(&self) -> Option<Millis> {
        self.0.timestamp().to_millis().map(Millis)
    }

    /// Lends the message to `read`, with its headers on the stack: no allocation on the hot path.
    pub fn read<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        let mut headers: [(&str, &[u8]); HEADERS_MAX] = [("", &[]); HEADERS_MAX];
        let mut count = 0;
        if let Some(all) = self.0.headers() {
            for header in all.iter().take(HEADERS_MAX) {
                headers[count] = (header.key, header.value.unwrap_or_default());
                count += 1;
            }
        }
        read(&Message {
            partition: self.0.partition(),
            offset: self.0.offset(),
            payload: self.0.payload(),
            headers: &headers[..count],
            arrived_at,
        })
    }
}
