//! One message as Kafka handed it over, lent to whoever reads it.

use rdkafka::message::{BorrowedMessage, Message as _};

use super::{
    decode::{Header, Message, is_structured},
    headers::Headers as Lent,
    packed::Record,
};
use crate::domain::time::Millis;

/// A message: still in librdkafka's memory, or of a batch that we unpack.
#[derive(Debug)]
pub struct Taken<'a>(Body<'a>);

#[derive(Debug)]
enum Body<'a> {
    Lent(BorrowedMessage<'a>),
    Unpacked(Record<'a>),
}

/// So many headers find room on the stack: no allocation on the hot path.
const USUAL: usize = 32;

impl<'a> Taken<'a> {
    pub(super) fn lent(message: BorrowedMessage<'a>) -> Self {
        Self(Body::Lent(message))
    }

    pub(super) fn unpacked(record: Record<'a>) -> Self {
        Self(Body::Unpacked(record))
    }

    pub fn topic(&self) -> &str {
        match &self.0 {
            Body::Lent(message) => message.topic(),
            Body::Unpacked(record) => record.topic,
        }
    }

    pub fn partition(&self) -> i32 {
        match &self.0 {
            Body::Lent(message) => message.partition(),
            Body::Unpacked(record) => record.partition,
        }
    }

    pub fn offset(&self) -> i64 {
        match &self.0 {
            Body::Lent(message) => message.offset(),
            Body::Unpacked(record) => record.offset,
        }
    }

    pub fn key(&self) -> Option<&[u8]> {
        match &self.0 {
            Body::Lent(message) => message.key(),
            Body::Unpacked(record) => record.key,
        }
    }

    pub fn payload(&self) -> Option<&[u8]> {
        match &self.0 {
            Body::Lent(message) => message.payload(),
            Body::Unpacked(record) => record.value,
        }
    }

    /// When the producer or the broker stamped it.
    pub fn timestamp(&self) -> Option<Millis> {
        match &self.0 {
            Body::Lent(message) => message.timestamp().to_millis(),
            Body::Unpacked(record) => record.time,
        }
        .map(Millis)
    }

    /// In bytes, of a message that is larger than what is taken: it has neither key, headers nor payload here.
    pub fn too_large(&self) -> Option<u64> {
        match &self.0 {
            Body::Lent(_) => None,
            Body::Unpacked(record) => record.too_large,
        }
    }

    /// Bytes of key and headers that librdkafka holds and does not count. To weigh headers is to parse them.
    pub fn beside_payload(&self) -> usize {
        let Body::Lent(message) = &self.0 else { return 0 };
        let headers = Lent::of(message).ok();
        let weight = |header: Header<'_>| header.name.len() + header.value.unwrap_or_default().len();
        let of_headers = headers.iter().flat_map(|all| (0..all.count()).filter_map(|place| all.get(place)).map(weight));
        message.key().map_or(0, <[u8]>::len) + of_headers.sum::<usize>()
    }

    /// Lends the message to `read`, without its headers where they say nothing: to parse them is a twentieth of the service.
    pub fn read<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        if self.payload().is_some_and(is_structured) {
            return read(&self.message(Some(&[]), arrived_at));
        }
        self.read_whole(arrived_at, read)
    }

    /// Lends the message to `read` with all its headers.
    pub fn read_whole<T>(&self, arrived_at: Millis, read: impl FnOnce(&Message<'_>) -> T) -> T {
        match &self.0 {
            Body::Lent(message) => self.read_lent(message, arrived_at, read),
            Body::Unpacked(record) => read(&self.message(record.headers.all().as_deref(), arrived_at)),
        }
    }

    fn read_lent<T>(
        &self,
        message: &BorrowedMessage<'_>,
        arrived_at: Millis,
        read: impl FnOnce(&Message<'_>) -> T,
    ) -> T {
        let Ok(headers) = Lent::of(message) else {
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

    fn message<'m>(&'m self, headers: Option<&'m [Header<'m>]>, arrived_at: Millis) -> Message<'m> {
        Message { partition: self.partition(), offset: self.offset(), payload: self.payload(), headers, arrived_at }
    }
}
