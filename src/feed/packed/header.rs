//! What a record batch says of itself before its records: 61 bytes, Kafka's form since 0.11 ("magic 2").

use super::codec::Codec;

pub(super) const SIZE: usize = 61;
/// The length that a batch states begins behind itself.
const BEFORE_LENGTH: usize = 12;
const MAGIC: u8 = 2;
const STAMPED_BY_BROKER: i16 = 1 << 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) base: i64,
    pub(super) last_delta: i32,
    pub(super) codec: Codec,
    /// The broker's stamp holds for all of its records.
    pub(super) is_stamped_by_broker: bool,
    pub(super) first_time: i64,
    pub(super) last_time: i64,
    pub(super) records: i32,
}

impl Header {
    /// None: this is no batch of that form, whole and compressed.
    pub(super) fn of(batch: &[u8]) -> Option<Self> {
        let stated = i32::from_be_bytes(part(batch, 8)?) as usize;
        let attributes = i16::from_be_bytes(part(batch, 21)?);
        if batch.len() < SIZE || stated + BEFORE_LENGTH != batch.len() || batch[16] != MAGIC {
            return None;
        }
        Some(Self {
            base: i64::from_be_bytes(part(batch, 0)?),
            last_delta: i32::from_be_bytes(part(batch, 23)?),
            codec: Codec::of(attributes)?,
            is_stamped_by_broker: attributes & STAMPED_BY_BROKER != 0,
            first_time: i64::from_be_bytes(part(batch, 27)?),
            last_time: i64::from_be_bytes(part(batch, 35)?),
            records: i32::from_be_bytes(part(batch, 57)?),
        })
    }

    pub(super) fn next(&self) -> i64 {
        self.base + i64::from(self.last_delta) + 1
    }
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at + N)?.try_into().ok()
}
