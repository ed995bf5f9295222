//! One message as Kafka handed it over, lent to whoever reads it.

use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};

use super::decode::{Message, is_structured};
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

    /// Lends the message to `read`, without its headers where they say nothing: to parse them is a twentieth of the service.
    pub fn read<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        if self.0.payload().is_some_and(is_structured) {
            return read(&self.message(&[], arrived_at));
        }
        self.read_whole(arrived_at, read)
    }

    /// Lends the message to `read`, with its headers on the stack: no allocation on the hot path.
    pub fn read_whole<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        let mut headers: [(&str, &[u8]); HEADERS_MAX] = [("", &[]); HEADERS_MAX];
        let mut count = 0;
        if let Some(all) = self.0.headers() {
            for header in all.iter().take(HEADERS_MAX) {
                headers[count] = (header.key, header.value.unwrap_or_default());
                count += 1;
            }
        }
        read(&self.message(&headers[..count], arrived_at))
    }

    fn message<'a>(&'a self, headers: &'a [(&'a str, &'a [u8])], arrived_at: Millis) -> Message<'a> {
        Message {
            partition: self.0.partition(),
            offset: self.0.offset(),
            payload: self.0.payload(),
            headers,
            arrived_at,
        }
    }
}
