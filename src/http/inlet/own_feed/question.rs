//! What a feeder asks of his own events.

use std::sync::Arc;

use axum::http::{Extensions, HeaderMap};

use super::InletSite;
use crate::{
    domain::stream::Stream,
    feed::own_feed::FeedFrom,
    http::{
        Peer,
        inlet::{
            head::{feeder, parameters, stream},
            refusal::Refusal,
            who::Feeder,
        },
    },
};

pub(super) const HOURS: i64 = 24;
pub(super) const HOURS_MAX: i64 = 168;

#[derive(Debug)]
pub(super) struct CheckQuestion {
    pub(super) feeder: Feeder,
    pub(super) stream: Arc<Stream>,
    pub(super) hours: i64,
}

#[derive(Debug)]
pub(super) struct TailQuestion {
    pub(super) feeder: Feeder,
    pub(super) stream: Arc<Stream>,
    /// None: from now on.
    pub(super) after: Option<FeedFrom>,
}

impl CheckQuestion {
    pub(super) fn read(
        site: &InletSite,
        pairs: &[(String, String)],
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<Self, Refusal> {
        let given = parameters(pairs, &["stream", "hours", "key"])?;
        let feeder = looking(feeder(site, headers, extensions.get::<Peer>().copied(), given("key"))?)?;
        let stream = Arc::clone(stream(site, &feeder, given("stream"))?);
        let hours = given("hours").map_or(Ok(HOURS), |text| hours(text).ok_or_else(wrong_hours))?;
        Ok(Self { feeder, stream, hours })
    }
}

/// There is no body that could be signed.
fn looking(feeder: Feeder) -> Result<Feeder, Refusal> {
    match feeder {
        Feeder::Signing(_) => Err(Refusal::NotYours("an entry that signs cannot look; ask for a key".to_owned())),
        other => Ok(other),
    }
}

pub(super) fn hours(text: &str) -> Option<i64> {
    text.parse().ok().filter(|hours| (1..=HOURS_MAX).contains(hours))
}

pub(super) fn wrong_hours() -> Refusal {
    Refusal::Parameter(format!("hours is a number from 1 to {HOURS_MAX}"))
}

impl TailQuestion {
    pub(super) fn read(
        site: &InletSite,
        pairs: &[(String, String)],
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<Self, Refusal> {
        let given = parameters(pairs, &["stream", "after", "key"])?;
        let feeder = looking(feeder(site, headers, extensions.get::<Peer>().copied(), given("key"))?)?;
        let stream = Arc::clone(stream(site, &feeder, given("stream"))?);
        let wrong = || Refusal::Parameter("after is what the answer before gave as `after`".to_owned());
        let after = given("after").map(|text| FeedFrom::from_text(text).ok_or_else(wrong)).transpose()?;
        Ok(Self { feeder, stream, after })
    }
}
