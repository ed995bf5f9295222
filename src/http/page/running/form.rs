//! What an operator does with messages in quarantine: try again, or give up with a note. Each form carries a token, so that nobody else's
//! page can send it.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    entry::{self, EntryPath},
    quarantine::{EntriesWanted, PATH},
};
use crate::{
    ask::unclear::{AskError, Unclear},
    http::{
        auth::AuditWhat,
        page::{
            Form, Pairs, Shared,
            address::Address,
            answered, asked, guards,
            problem::{self, NO_AUDIT},
            sheet::state,
            site::Site,
            words::Lang,
        },
    },
    store::quarantine::{self, EntryState, QuarantineSelection},
};
use axum::{
    body::Bytes,
    extract::{OriginalUri, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Replay,
    Discard,
}

/// What was sent.
#[derive(Debug)]
struct Sent {
    act: Act,
    note: String,
    count: Option<u64>,
}

/// Longer is no note any more.
const NOTE_MAX: usize = 500;

impl Sent {
    fn read(fields: &BTreeMap<String, String>) -> Result<Self, Unclear> {
        let get = |name: &str| fields.get(name).map_or("", String::as_str);
        let act = match get("act") {
            "replay" => Act::Replay,
            "discard" => Act::Discard,
            other => return Err(Unclear::NotAct { text: other.to_owned() }),
        };
        let note = get("note").trim().to_owned();
        if note.chars().count() > NOTE_MAX {
            return Err(Unclear::NoteTooLong { most: NOTE_MAX as u64 });
        }
        if act == Act::Discard && note.is_empty() {
            return Err(Unclear::NoNote);
        }
        Ok(Self { act, note, count: get("count").parse().ok() })
    }
}

fn conflict(site: &Site, here: &Address, lang: Lang) -> Response {
    let detail = lang.of(
        "在您查看之后情况已有变化，没有做任何改动：请刷新后再试。",
        "It has changed since you looked; nothing was done. Load the page again.",
    );
    problem::shown(site, here, StatusCode::CONFLICT, detail.to_owned())
}

fn see(here: &Address) -> Response {
    (StatusCode::SEE_OTHER, guards(), [(header::LOCATION, here.href())]).into_response()
}

/// One message.
pub(super) async fn one(
    State(site): Shared,
    Path((topic, partition, offset)): EntryPath,
    Query(pairs): Pairs,
    body: Bytes,
) -> Response {
    let here = Address::new(PATH, pairs.clone());
    let place = match entry::at(&topic, &partition, &offset) {
        Ok(place) => place,
        Err(unclear) => return problem::of_page(&site, &here, &unclear.into()),
    };
    let here = entry::address(&place, pairs);
    let fields: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    answered(&site, &here, Form::Page, async {
        let (sent, lang) = (Sent::read(&fields)?, asked::lang(&here)?);
        let Some(found) = entry::found(&site, &place).await? else { return Ok(problem::not_found(&site, &here)) };
        if found.state != EntryState::Waiting {
            return Ok(conflict(&site, &here, lang));
        }
        let selection = QuarantineSelection { place: Some(place.clone()), ..QuarantineSelection::default() };
        let about = format!("{}/{}/{}", place.0, place.1, place.2);
        let stays = match done(&site, (selection, &about), &sent, lang).await? {
            Ok(stays) if stays.is_empty() => return Ok(see(&here)),
            Ok(stays) => stays,
            Err(why) => return Ok(problem::shown(&site, &here, StatusCode::SERVICE_UNAVAILABLE, why)),
        };
        let title = lang.of("仍看不懂，留在隔离区", "Still not understood; it stays");
        let states = stays.into_keys().map(|why| state("failed", title, why)).collect();
        Ok(entry::page(&site, &here, lang, &found, (StatusCode::UNPROCESSABLE_ENTITY, states)))
    })
    .await
}

/// All that meet the question of the address, if they are as many as the reader saw.
pub(super) async fn all(
    State(site): Shared,
    OriginalUri(uri): OriginalUri,
    Query(pairs): Pairs,
    body: Bytes,
) -> Response {
    let here = Address::new(uri.path(), pairs);
    let fields: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
    answered(&site, &here, Form::Page, async {
        let (sent, wanted) = (Sent::read(&fields)?, EntriesWanted::read(&site, &here)?);
        let tally = quarantine::tally(&site.store, &wanted.selection).await?;
        let now: u64 = tally.iter().map(|one| one.messages).sum();
        if sent.count != Some(now) || wanted.selection.state != Some(EntryState::Waiting) {
            return Ok(conflict(&site, &here, wanted.lang));
        }
        let stays = match done(&site, (wanted.selection, &wanted.here.href()), &sent, wanted.lang).await? {
            Ok(stays) if stays.is_empty() => return Ok(see(&here)),
            Ok(stays) => stays,
            Err(why) => return Ok(problem::shown(&site, &here, StatusCode::SERVICE_UNAVAILABLE, why)),
        };
        let stays: Vec<String> = stays.iter().map(|(why, n)| format!("{n} × {why}")).collect();
        let detail = format!("{} {}", wanted.lang.of("仍看不懂：", "Still not understood:"), stays.join("；"));
        Ok(problem::shown(&site, &here, StatusCode::UNPROCESSABLE_ENTITY, detail))
    })
    .await
}

/// Why messages stay, and how many for each reason.
type Stays = BTreeMap<String, usize>;

/// Written down before and after; or why it could not be tried. `about` is which messages.
async fn done(
    site: &Arc<Site>,
    (selection, about): (QuarantineSelection, &str),
    sent: &Sent,
    lang: Lang,
) -> Result<Result<Stays, String>, AskError> {
    let what = match sent.act {
        Act::Replay => AuditWhat::Replayed,
        Act::Discard => AuditWhat::Discarded,
    };
    let _turn = site.turns.acquire().await;
    if let Err(error) = site.auth.audit(what, about, &format!("asked: {}", sent.note)).await {
        tracing::error!(%error, "not done, because it cannot be written down");
        return Ok(Err(lang.of(NO_AUDIT.0, NO_AUDIT.1).to_owned()));
    }
    let outcome = acted(site, selection, sent).await;
    let result = match &outcome {
        Ok(Ok((count, _))) => format!("done: {count}"),
        Ok(Err(why)) => format!("failed: {why}"),
        Err(error) => format!("failed: {error}"),
    };
    if let Err(error) = site.auth.audit(what, about, &result).await {
        tracing::error!(%error, result, "what came of it was not written down");
    }
    Ok(outcome?.map(|(_, stays)| stays))
}

/// How many there were, and which stay.
async fn acted(
    site: &Arc<Site>,
    selection: QuarantineSelection,
    sent: &Sent,
) -> Result<Result<(u64, Stays), String>, AskError> {
    match sent.act {
        Act::Discard => {
            let told = Some((sent.note.as_str(), (site.now)()));
            let count = quarantine::discard(&site.store, &selection, |_| true, told).await?;
            tracing::info!(count, "messages in quarantine were discarded by the page");
            Ok(Ok((count as u64, Stays::new())))
        }
        Act::Replay => {
            let outcome = site.running.given.hands.replay(selection, sent.note.clone()).await;
            Ok(outcome.map(|outcome| {
                tracing::info!(replayed = outcome.replayed, "messages in quarantine were replayed by the page");
                (outcome.replayed as u64, outcome.still)
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discard_needs_a_note_and_only_two_acts_are_known() {
        let sent = |act: &str, note: &str| {
            let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            Sent::read(&[pair("act", act), pair("note", note), pair("count", "7")].into())
        };
        assert!(sent("discard", "  ").unwrap_err().to_string().contains("note is missing"));
        assert!(sent("drop", "x").unwrap_err().to_string().contains("replay or discard"));
        assert!(sent("discard", &"长".repeat(NOTE_MAX + 1)).is_err());
        let read = sent("replay", "").unwrap();
        assert_eq!((read.act, read.count), (Act::Replay, Some(7)));
    }
}
