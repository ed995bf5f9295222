//! Answers that were given, by `idempotency-key`: the same request again gets the same answer, and does nothing.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use lru::LruCache;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::{answer, refusal::Refusal};

/// Beside an answer that was given before.
pub(super) const REPLAYED: &str = "idempotent-replayed";

const KEYS_MAX: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();
/// Of all answers together.
const BYTES_MAX: usize = 32 * 1024 * 1024;
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

type Hash = [u8; 32];

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GivenAnswer {
    status: StatusCode,
    refused: Option<HeaderValue>,
    media: Option<HeaderValue>,
    body: Bytes,
}

#[derive(Debug)]
struct Kept {
    /// Of everything that the answer depends on.
    request: Hash,
    since: Instant,
    /// None: it is under way.
    answer: Option<GivenAnswer>,
}

#[derive(Debug)]
pub(super) struct Replays(Mutex<Table>);

#[derive(Debug)]
struct Table {
    /// By who asked, and the key.
    kept: LruCache<Hash, Kept>,
    bytes: usize,
}

/// What is to be done with a request.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    Does(UnderWay<'a>),
    Again(GivenAnswer),
}

/// A request under way; where it ends without an answer that may be kept, the key is free again.
#[derive(Debug)]
pub(super) struct UnderWay<'a> {
    of: &'a Replays,
    key: Option<Hash>,
}

impl Default for Replays {
    fn default() -> Self {
        Self(Mutex::new(Table { kept: LruCache::new(KEYS_MAX), bytes: 0 }))
    }
}

pub(super) fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

impl Replays {
    /// `named` is the key, and the request that it stands for; without one nothing is kept.
    pub(super) fn begin(&self, named: Option<(Hash, Hash)>, now: Instant) -> Result<Turn<'_>, Refusal> {
        let Some((key, request)) = named else { return Ok(Turn::Does(UnderWay { of: self, key: None })) };
        let mut table = self.table();
        match table.kept.get(&key).filter(|kept| kept.since + KEPT > now) {
            Some(kept) if kept.request != request => return Err(Refusal::OtherBody),
            Some(Kept { answer: None, .. }) => return Err(Refusal::UnderWay),
            Some(Kept { answer: Some(answer), .. }) => return Ok(Turn::Again(answer.clone())),
            None => {}
        }
        table.put(key, Kept { request, since: now, answer: None });
        Ok(Turn::Does(UnderWay { of: self, key: Some(key) }))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GivenAnswer {
    async fn copied(response: Response) -> (Self, Response) {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let header = |name: &str| parts.headers.get(name).cloned();
        let given = Self {
            status: parts.status,
            refused: header(answer::REFUSED),
            media: header(header::CONTENT_TYPE.as_str()),
            body: bytes.clone(),
        };
        (given, Response::from_parts(parts, Body::from(bytes)))
    }

    pub(super) fn again(self) -> Response {
        let Self { status, refused, media, body } = self;
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        for (name, value) in [(answer::REFUSED, refused), (header::CONTENT_TYPE.as_str(), media)] {
            if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Whether another try would not go otherwise.
fn is_final(response: &Response) -> bool {
    let status = response.status();
    let has_failed = response.headers().contains_key(header::RETRY_AFTER);
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS && !has_failed
}

impl UnderWay<'_> {
    /// Kept where it has a key, and another try would not go otherwise.
    pub(super) async fn answered(self, response: Response) -> Response {
        if self.key.is_none() || !is_final(&response) {
            return response;
        }
        let (given, response) = GivenAnswer::copied(response).await;
        self.keep(given);
        response
    }

    fn keep(mut self, answer: GivenAnswer) {
        let Some(key) = self.key.take() else { return };
        let mut table = self.of.table();
        if let Some(kept) = table.kept.peek(&key) {
            let kept = Kept { request: kept.request, since: kept.since, answer: Some(answer) };
            table.put(key, kept);
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.of.table().kept.pop(&key);
        }
    }
}

impl Table {
    fn put(&mut self, key: Hash, kept: Kept) {
        self.bytes += kept.size();
        if let Some((_, gone)) = self.kept.push(key, kept) {
            self.bytes -= gone.size();
        }
        while self.bytes > BYTES_MAX {
            let Some((_, gone)) = self.kept.pop_lru() else { break };
            self.bytes -= gone.size();
        }
    }
}

impl Kept {
    fn size(&self) -> usize {
        self.answer.as_ref().map_or(0, |answer| answer.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &'static str) -> GivenAnswer {
        GivenAnswer {
            status: StatusCode::ACCEPTED,
            refused: None,
            media: None,
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn the_same_again_is_answered_the_same_and_another_body_is_refused() {
        let (replays, now) = (Replays::default(), Instant::now());
        let (key, request) = (hash(&[b"who", b"key"]), hash(&[b"body"]));
        let Turn::Does(first) = replays.begin(Some((key, request)), now).unwrap() else { panic!() };
        assert!(matches!(replays.begin(Some((key, request)), now), Err(Refusal::UnderWay)));
        first.keep(answer("taken"));
        assert!(matches!(replays.begin(Some((key, request)), now), Ok(Turn::Again(given)) if given == answer("taken")));
        assert!(matches!(replays.begin(Some((key, hash(&[b"other"]))), now), Err(Refusal::OtherBody)));
        let tomorrow = now + Duration::from_secs(24 * 60 * 60);
        assert!(matches!(replays.begin(Some((key, hash(&[b"other"]))), tomorrow), Ok(Turn::Does(_))));
        assert!(matches!(replays.begin(None, now), Ok(Turn::Does(_))));
    }

    #[test]
    fn a_request_that_ends_without_an_answer_may_come_again() {
        let (replays, now) = (Replays::default(), Instant::now());
        let key = hash(&[b"key"]);
        drop(replays.begin(Some((key, hash(&[b"a"]))), now).unwrap());
        assert!(matches!(replays.begin(Some((key, hash(&[b"b"]))), now), Ok(Turn::Does(_))));
    }

    #[test]
    fn memory_is_bounded() {
        let (replays, now) = (Replays::default(), Instant::now());
        let large = Bytes::from(vec![b' '; 1024 * 1024]);
        for number in 0..100_u8 {
            let Ok(Turn::Does(way)) = replays.begin(Some((hash(&[&[number]]), hash(&[b"a"]))), now) else { panic!() };
            way.keep(GivenAnswer { body: large.clone(), ..answer("") });
        }
        let table = replays.table();
        assert_eq!((table.kept.len(), table.bytes), (32, 32 * 1024 * 1024));
    }
}
