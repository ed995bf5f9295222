//! What a feeder asks of his own events.

use std::sync::Arc;

use axum::http::{Extensions, HeaderMap};

use super::InletSite;
use crate::{
    domain::stream::Stream,
    feed::own_feed::FeedFrom,
    http::{
        Peer,
        auth::Arrival,
        inlet::{
            head::{feeder, parameters, stream},
            refusal::Refusal,
            who::Feeder,
        },
    },
};

pub(super) const HOURS: i64 = 24;
pub(super) const HOURS_MAX: i64 = 168;

/// Who asks, and of which stream.
#[derive(Debug)]
pub(super) struct Asker {
    pub(super) feeder: Feeder,
    pub(super) stream: Arc<Stream>,
}

#[derive(Debug)]
pub(super) struct CheckQuestion {
    pub(super) asker: Asker,
    pub(super) hours: i64,
}

#[derive(Debug)]
pub(super) struct TailQuestion {
    pub(super) asker: Asker,
    /// None: from now on.
    pub(super) after: Option<FeedFrom>,
}

/// What a request says, with one parameter of its own.
pub(super) type Given<'a> = (&'a [(String, String)], &'a HeaderMap, &'a Extensions);

impl Asker {
    pub(super) fn of(site: &InletSite, feeder: Feeder, stream_name: Option<&str>) -> Result<Self, Refusal> {
        let stream = Arc::clone(stream(site, &feeder, stream_name)?);
        Ok(Self { feeder, stream })
    }

    /// With the value of the parameter that is called `own`.
    fn read<'a>(
        site: &InletSite,
        (pairs, headers, extensions): Given<'a>,
        own: &str,
    ) -> Result<(Self, Option<&'a str>), Refusal> {
        let given = parameters(pairs, &["stream", own, "key"])?;
        let feeder = feeder(site, headers, extensions.get::<Peer>().copied(), given("key"))?;
        of_this_machine(&feeder, headers, extensions, &["none"])?;
        // There is no body that could be signed.
        if let Feeder::Signing(_) = feeder {
            return Err(Refusal::NotYours("an entry that signs cannot look; ask for a key".to_owned()));
        }
        Ok((Self::of(site, feeder, given("stream"))?, given(own)))
    }
}

/// Where there are no keys whoever is at this machine may look, and a page that his browser has open may not: it would call us by a
/// name of its own (DNS rebinding), or the browser says from where it asks.
pub(super) fn of_this_machine(
    feeder: &Feeder,
    headers: &HeaderMap,
    extensions: &Extensions,
    sites: &[&str],
) -> Result<(), Refusal> {
    let site = headers.get("sec-fetch-site");
    let is_site = site.is_none_or(|site| site.to_str().is_ok_and(|site| sites.contains(&site)));
    let is_named = || Arrival::of(headers, extensions, &[]).is_called_by_this_machines_name();
    match feeder {
        Feeder::Anybody if !is_site || !is_named() => Err(Refusal::NotYours(STRANGE.to_owned())),
        _ => Ok(()),
    }
}

const STRANGE: &str =
    "without keys only who is at this machine may look: call it localhost or 127.0.0.1, from no other page";

impl CheckQuestion {
    pub(super) fn read(site: &InletSite, given: Given<'_>) -> Result<Self, Refusal> {
        let (asker, hours) = Asker::read(site, given, "hours")?;
        Self::of(asker, hours)
    }

    pub(super) fn of(asker: Asker, hours: Option<&str>) -> Result<Self, Refusal> {
        let read = |text: &str| text.parse().ok().filter(|hours| (1..=HOURS_MAX).contains(hours));
        let wrong = || Refusal::Parameter(format!("hours is a number from 1 to {HOURS_MAX}"));
        let hours = hours.map_or(Ok(HOURS), |text| read(text).ok_or_else(wrong))?;
        Ok(Self { asker, hours })
    }
}

impl TailQuestion {
    pub(super) fn read(site: &InletSite, given: Given<'_>) -> Result<Self, Refusal> {
        let (asker, after) = Asker::read(site, given, "after")?;
        let wrong = || Refusal::Parameter("after is what the answer before gave as `after`".to_owned());
        let after = after.filter(|text| !text.is_empty());
        let after = after.map(|text| FeedFrom::from_text(text).ok_or_else(wrong)).transpose()?;
        Ok(Self { asker, after })
    }
}
