//! The bytes of a request: no more than may be, unpacked where they came packed.

use std::io::Read;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, header},
};
use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{limits::REQUEST_BYTES_MAX, refusal::Refusal};

/// Permits are of so many bytes.
const UNIT: usize = 1024;
/// Of the packed body, the unpacked one, and its events.
const TIMES: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(named) = headers.get(header::CONTENT_ENCODING) else { return Ok(Self::Plain) };
        match named.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Plain),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            "zstd" => Ok(Self::Zstd),
            _ => Err(Refusal::Packing),
        }
    }
}

/// How much may be under way at once; permits in [`UNIT`]s.
pub(super) fn room(bytes: usize) -> Semaphore {
    // One request at least.
    Semaphore::new((bytes / UNIT).max(most()))
}

fn most() -> usize {
    REQUEST_BYTES_MAX * TIMES / UNIT
}

/// Room for what a request may need, before any of it is read. None is refused at once: whoever waits holds memory too.
pub(super) fn enter<'a>(
    room: &'a Semaphore,
    headers: &HeaderMap,
    packing: Packing,
) -> Result<SemaphorePermit<'a>, Refusal> {
    let stated = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let needs = match (stated, packing) {
        (Some(length), _) if length > REQUEST_BYTES_MAX => return Err(Refusal::TooLarge),
        (Some(length), Packing::Plain) => length * TIMES / UNIT + 1,
        _ => most(),
    };
    room.try_acquire_many(u32::try_from(needs).unwrap_or(u32::MAX)).map_err(|_| Refusal::Busy)
}

pub(super) async fn read(body: Body, packing: Packing) -> Result<Bytes, Refusal> {
    let bytes = to_bytes(body, REQUEST_BYTES_MAX).await.map_err(|error| {
        let is_too_long = std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("limit"));
        if is_too_long { Refusal::TooLarge } else { Refusal::Unreadable("the body broke off".to_owned()) }
    })?;
    match packing {
        Packing::Plain => Ok(bytes),
        Packing::Gzip => unpacked(MultiGzDecoder::new(&bytes[..])),
        Packing::Zstd => unpacked(zstd(&bytes)?),
    }
}

fn zstd(bytes: &[u8]) -> Result<impl Read, Refusal> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(bytes).map_err(|_| damaged())?;
    // What is further back than this may not be referred to.
    decoder.window_log_max(REQUEST_BYTES_MAX.next_power_of_two().ilog2()).map_err(|_| damaged())?;
    Ok(decoder)
}

fn unpacked(packed: impl Read) -> Result<Bytes, Refusal> {
    let mut bytes = Vec::new();
    packed.take(REQUEST_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
    if bytes.len() > REQUEST_BYTES_MAX { Err(Refusal::TooLarge) } else { Ok(bytes.into()) }
}

fn damaged() -> Refusal {
    Refusal::Unreadable("it cannot be unpacked; is content-encoding right?".to_owned())
}
