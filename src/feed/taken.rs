//! One message as Kafka handed it over, lent to whoever reads it.

use rdkafka::message::{BorrowedMessage, Message as _};

use super::{
    decode::{Header, Message, is_structured},
    headers::Headers,
};
use crate::domain::time::Millis;

/// A message, still in librdkafka's memory.
#[derive(Debug)]
pub struct Taken<'a>(pub(super) BorrowedMessage<'a>);

/// So many headers find room on the stack: no allocation on the hot path.
const USUAL: usize = 32;

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

    /// Bytes of key and headers, which librdkafka does not count among what it keeps ready. To weigh headers is to parse them.
    pub fn beside_payload(&self) -> usize {
        let headers = Headers::of(&self.0).ok();
        let weight = |header: Header<'_>| header.name.len() + header.value.unwrap_or_default().len();
        let of_headers = headers.iter().flat_map(|all| (0..all.count()).filter_map(|place| all.get(place)).map(weight));
        self.0.key().map_or(0, <[u8]>::len) + of_headers.sum::<usize>()
    }

    /// Lends the message to `read`, without its headers where they say nothing: to parse them is a twentieth of the service.
    pub fn read<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        if self.0.payload().is_some_and(is_structured) {
            return read(&self.message(Some(&[]), arrived_at));
        }
        self.read_whole(arrived_at, read)
    }

    /// Lends the message to `read` with all its headers.
    pub fn read_whole<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        let Ok(headers) = Headers::of(&self.0) else {
            return read(&self.message(None, arrived_at));
        };
        let count = headers.count();
        if count > USUAL {
            let all: Vec<Header<'_>> = (0..count).filter_map(|place| headers.get(place)).collect();
            return read(&self.message(Some(&all), arrived_at));
        }
        let mut all = [Header::default(); USUAL];
        for (place, slot) in all.iter_mut().enumerate().take(count) {
            *slot = headers.get(place).unwrap_or_default();
        }
        read(&self.message(Some(&all[..count]), arrived_at))
    }

    fn message<'a>(&'a self, headers: Option<&'a [Header<'a>]>, arrived_at: Millis) -> Message<'a> {
        Message {
            partition: self.0.partition(),
            offset: self.0.offset(),
            payload: self.0.payload(),
            headers,
            arrived_at,
        }
    }
}
