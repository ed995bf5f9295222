//! The ledger against the cases, and identities against each other.

use std::collections::HashMap;

use super::{Verify, VerifyError, VerifyPart, VerifyProgress};
use crate::{
    domain::verify::{Finding, Kind, Note, Verdict},
    pipeline::generation::FIRST,
    store::{
        StoreError,
        rebuilds::{self, Generation, Scope},
        verify::{
            cases::{self, Chunk, ComparedCase, Least},
            identities,
        },
    },
};

/// Cases that are looked at a second time. Where there are more, they are not just being folded.
const TWICE_MAX: usize = 10_000;

/// All rebuilds there may be.
const GENERATIONS: u64 = 100_000;

/// Ids in one query.
const IDS: usize = 1_000;

pub(super) async fn look(
    of: &Verify,
    rows: u64,
    verdict: &mut Verdict,
    progress: &mut impl FnMut(VerifyProgress),
) -> Result<(), VerifyError> {
    let streams = of.stream_names();
    let generations = rebuilds::latest(&of.store, GENERATIONS).await?;
    let newest = generations.first().map_or(FIRST, |newest| newest.generation);
    let least = least(&streams, &generations);
    if let Some(cut_off) = generations.first().filter(|newest| newest.finished_at.is_none()) {
        verdict.notes.push(Note::Unfinished { generation: cut_off.generation });
    }
    for one in cases::undeclared(&of.store, &streams).await?.into_iter().filter(|_| of.is_every_stream) {
        verdict.notes.push(Note::Undeclared { stream: one.stream, messages: one.messages });
    }
    let (mut suspects, mut more) = (Vec::new(), 0u64);
    let mut chunk = None;
    while let Some(next) = Chunk::following(&of.store, chunk.as_ref(), of.since).await? {
        let mut is_repeated = false;
        cases::compare(&of.store, &next, &least, newest, |one| {
            is_repeated |= one.is_repeated;
            match kind(&one, newest) {
                Some(_) if suspects.len() < TWICE_MAX => suspects.push(one),
                Some(kind) => {
                    more += 1;
                    verdict.tally.add(kind, 1);
                }
                None => {}
            }
        })
        .await?;
        if is_repeated {
            cases::within(&of.store, &next, &streams, |one| {
                let cases = vec![(one.stream, one.case_id)];
                let (source, event_id) = (one.source, one.event_id);
                verdict.add(Finding::Identity { kind: Kind::WithinCase, source, event_id, cases });
            })
            .await?;
        }
        verdict.cases += cases::count(&of.store, &next, &streams).await?;
        chunk = Some(next);
        let done = verdict.cases.min(rows);
        progress(VerifyProgress { part: VerifyPart::Cases, done, all: rows });
    }
    if more == 0 && !suspects.is_empty() {
        suspects = seen_twice(of, suspects, &least, newest).await?;
    }
    for one in suspects {
        if let Some(kind) = kind(&one, newest) {
            verdict.add(finding(kind, one));
        }
    }
    Ok(())
}

/// Which generation the cases of each stream have at least, by the rebuilds that have ended.
fn least(streams: &[String], generations: &[Generation]) -> Vec<Least> {
    let ended = |stream: &str, scopes: &[Scope]| {
        let of_stream = generations.iter().filter(|one| one.finished_at.is_some() && scopes.contains(&one.scope));
        let of_stream = of_stream.filter(|one| one.stream.is_empty() || one.stream == stream);
        of_stream.map(|one| one.generation).max().unwrap_or(0)
    };
    let of_stream = |stream: &String| Least {
        stream: stream.clone(),
        of_all: ended(stream, &[Scope::All]),
        of_open: ended(stream, &[Scope::All, Scope::Open]),
    };
    streams.iter().map(of_stream).collect()
}

fn kind(of: &ComparedCase, newest: u32) -> Option<Kind> {
    match of {
        one if !one.is_there => Some(Kind::Missing),
        one if one.folded < one.in_ledger => Some(Kind::Stale),
        one if one.folded > one.in_ledger => Some(Kind::Surplus),
        one if one.generation > newest || one.generation < one.least => Some(Kind::Generation),
        _ => None,
    }
}

fn finding(kind: Kind, of: ComparedCase) -> Finding {
    let ComparedCase { stream, case_id, in_ledger, folded, generation, least, .. } = of;
    let detail = match kind {
        Kind::Missing => format!("{in_ledger} messages in the ledger"),
        Kind::Generation => format!("generation {generation}, expected {least} or later and one that exists"),
        _ => format!("{in_ledger} messages in the ledger, folded from {folded}"),
    };
    Finding::Case { kind, stream, case_id, detail }
}

/// Those that are no better off after a while. What came meanwhile does not count against a case.
async fn seen_twice(
    of: &Verify,
    suspects: Vec<ComparedCase>,
    least: &[Least],
    newest: u32,
) -> Result<Vec<ComparedCase>, StoreError> {
    tokio::time::sleep(of.grace).await;
    let mut now = HashMap::new();
    for some in suspects.chunks(IDS) {
        let only: Vec<String> = some.iter().map(|one| one.case_id.clone()).collect();
        let chunk = Chunk { only, ..Chunk::default() };
        let keep = |one: ComparedCase| {
            now.insert((one.stream.clone(), one.case_id.clone()), one);
        };
        cases::compare(&of.store, &chunk, least, newest, keep).await?;
    }
    let is_still = |before: &ComparedCase| {
        let now = now.get(&(before.stream.clone(), before.case_id.clone()));
        now.is_some_and(|now| is_no_better(before, now, newest))
    };
    Ok(suspects.into_iter().filter(is_still).collect())
}

fn is_no_better(before: &ComparedCase, now: &ComparedCase, newest: u32) -> bool {
    match kind(before, newest) {
        Some(Kind::Missing | Kind::Stale) => !now.is_there || now.folded < before.in_ledger,
        Some(Kind::Surplus) => now.in_ledger < before.folded,
        Some(_) => kind(now, newest) == Some(Kind::Generation),
        None => false,
    }
}

/// One (source, event id) in several cases.
pub(super) async fn identities(
    of: &Verify,
    verdict: &mut Verdict,
    progress: &mut impl FnMut(VerifyProgress),
) -> Result<(), VerifyError> {
    let streams = of.stream_names();
    for part in identities::IdentitiesPart::all(&of.store, of.since).await? {
        identities::across(&of.store, &part, |one| {
            if of.is_every_stream || one.cases.iter().any(|(stream, _)| streams.contains(stream)) {
                let (source, event_id, cases) = (one.source, one.event_id, one.cases);
                verdict.add(Finding::Identity { kind: Kind::AcrossCases, source, event_id, cases });
            }
        })
        .await?;
        progress(VerifyProgress { part: VerifyPart::Identities, done: part.part + 1, all: part.parts });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Millis;

    fn case(in_ledger: u64, folded: u64, generation: u32, least: u32) -> ComparedCase {
        ComparedCase {
            stream: "s".into(),
            case_id: "c".into(),
            in_ledger,
            folded,
            generation,
            least,
            is_there: generation > 0,
            is_repeated: false,
        }
    }

    #[test]
    fn a_case_agrees_when_its_row_has_as_many_messages_and_a_generation_that_fits() {
        for (of, wanted) in [
            (case(3, 3, 1, 0), None),
            (case(3, 3, 2, 2), None),
            (case(3, 0, 0, 0), Some(Kind::Missing)),
            (case(3, 2, 1, 0), Some(Kind::Stale)),
            (case(2, 3, 1, 0), Some(Kind::Surplus)),
            (case(0, 3, 1, 0), Some(Kind::Surplus)),
            (case(3, 3, 1, 2), Some(Kind::Generation)),
            (case(3, 3, 9, 0), Some(Kind::Generation)),
        ] {
            assert_eq!(kind(&of, 2), wanted, "{of:?}");
        }
    }

    #[test]
    fn a_case_that_caught_up_with_what_was_seen_is_no_finding_although_more_has_come() {
        for (before, now, is_still) in [
            (case(3, 2, 1, 0), case(5, 3, 1, 0), false),
            (case(3, 2, 1, 0), case(5, 2, 1, 0), true),
            (case(3, 0, 0, 0), case(3, 0, 0, 0), true),
            (case(3, 0, 0, 0), case(4, 3, 1, 0), false),
            (case(2, 3, 1, 0), case(3, 4, 1, 0), false),
            (case(2, 3, 1, 0), case(2, 3, 1, 0), true),
        ] {
            assert_eq!(is_no_better(&before, &now, 2), is_still, "{before:?} {now:?}");
        }
    }

    #[test]
    fn only_rebuilds_that_have_ended_say_how_old_a_row_may_be() {
        let made = |generation, scope, stream: &str, is_ended: bool| Generation {
            generation,
            scope,
            stream: stream.into(),
            policy: "p".into(),
            calendar: "c".into(),
            started_at: Millis(0),
            finished_at: is_ended.then_some(Millis(1)),
            cases: 0,
            events: 0,
        };
        let generations = [
            made(6, Scope::All, "", false),
            made(5, Scope::Open, "grid", true),
            made(4, Scope::Open, "", true),
            made(3, Scope::All, "hotline", true),
            made(1, Scope::Founding, "", true),
        ];
        let least = least(&["hotline".into(), "grid".into()], &generations);
        let numbers: Vec<(u32, u32)> = least.iter().map(|one| (one.of_all, one.of_open)).collect();
        assert_eq!(numbers, [(3, 4), (0, 5)]);
    }
}
