//! What a request says before its body is read: who sends, to which stream, and how the body is to be read.

use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::{InletSite, body::Packing, events::Wrapped, refusal::Refusal, who::Feeder};
use crate::{
    ask::unclear::{STREAM, Unclear, Wording, no_such},
    domain::stream::Stream,
    http::Peer,
};

pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";
pub(super) const IDEMPOTENCY_KEY_MAX: usize = 128;
const BROWSER: &str = "without keys no page of a browser may send (the request has an origin)";
const PARAMETERS: [&str; 3] = ["stream", "report", "key"];

/// A request as far as it is known before its body is read.
pub(super) struct Head<'a> {
    pub(super) feeder: Feeder,
    pub(super) stream: &'a Stream,
    pub(super) with_taken: bool,
    pub(super) packing: Packing,
    pub(super) wrapped: Wrapped,
    pub(super) idempotency: Option<String>,
}

impl<'a> Head<'a> {
    pub(super) fn read(
        site: &'a InletSite,
        pairs: &[(String, String)],
        headers: &HeaderMap,
        peer: Option<Peer>,
    ) -> Result<Head<'a>, Refusal> {
        let parameter = parameters(pairs, &PARAMETERS)?;
        let with_taken = match parameter("report") {
            None => false,
            Some("all") => true,
            Some(other) => return Err(told(no_such(("取值", "report"), other, &["all"]))),
        };
        let feeder = feeder(site, headers, peer, parameter("key"))?;
        Ok(Head {
            stream: stream(site, &feeder, parameter("stream"))?,
            feeder,
            with_taken,
            packing: Packing::of(headers)?,
            wrapped: Wrapped::of(headers)?,
            idempotency: idempotency(headers)?,
        })
    }
}

fn told(unclear: Unclear) -> Refusal {
    Refusal::Parameter(unclear.told(Wording::English))
}

/// What the address says of each that it may name, once.
pub(super) fn parameters<'p>(
    pairs: &'p [(String, String)],
    known: &[&str],
) -> Result<impl Fn(&str) -> Option<&'p str> + use<'p>, Refusal> {
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        return Err(told(no_such(("参数", "parameter"), unknown, known)));
    }
    if let Some((twice, _)) = pairs.iter().find(|(name, _)| pairs.iter().filter(|(one, _)| one == name).count() > 1) {
        return Err(Refusal::Parameter(format!("{twice} stands there twice")));
    }
    Ok(move |name: &str| pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()))
}

/// `signing`: the entry that the address names.
pub(super) fn feeder(
    site: &InletSite,
    headers: &HeaderMap,
    peer: Option<Peer>,
    signing: Option<&str>,
) -> Result<Feeder, Refusal> {
    match &site.keys {
        // A page that a browser has open on this machine is not whoever is at it.
        None if headers.contains_key(header::ORIGIN) => Err(Refusal::NotYours(BROWSER.to_owned())),
        None => Ok(Feeder::Anybody),
        Some(file) => Feeder::of(&file.now(), headers, peer, signing, (site.now)().date(&site.zone)),
    }
}

/// Those that a feeder may send to.
pub(super) fn own_streams<'a>(site: &'a InletSite, feeder: &Feeder) -> Vec<&'a Arc<Stream>> {
    site.streams.iter().filter(|stream| feeder.sends_to(&stream.name)).collect()
}

/// The one that is named; or the only one that there is for this sender.
pub(super) fn stream<'a>(
    site: &'a InletSite,
    feeder: &Feeder,
    named: Option<&str>,
) -> Result<&'a Arc<Stream>, Refusal> {
    let own = own_streams(site, feeder);
    let names = || own.iter().map(|stream| stream.name.as_str()).collect::<Vec<_>>();
    match (named, &own[..]) {
        (None, [only]) => Ok(only),
        (None, _) => {
            Err(Refusal::Parameter(format!("which stream? write ?stream= and one of: {}", names().join(", "))))
        }
        (Some(name), _) => match own.iter().find(|stream| stream.name == name) {
            Some(stream) => Ok(stream),
            None if site.streams.iter().any(|stream| stream.name == name) => {
                Err(Refusal::NotYours(format!("this key does not send to the stream {name}")))
            }
            None => Err(told(no_such(STREAM, name, &names()))),
        },
    }
}

fn idempotency(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match value.to_str().map(|text| text.trim().trim_matches('"')) {
        Ok(text) if (1..=IDEMPOTENCY_KEY_MAX).contains(&text.len()) => Ok(Some(text.to_owned())),
        _ => Err(Refusal::Parameter(format!("idempotency-key is a text of 1 to {IDEMPOTENCY_KEY_MAX} visible bytes"))),
    }
}
