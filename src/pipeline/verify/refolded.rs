//! Each row against a fresh fold of its messages: in a scratch database, which is dropped again.

use std::future::Future;

use super::{Verify, VerifyError, VerifyPart, VerifyProgress, VerifyRefold};
use crate::{
    domain::verify::{Finding, Kind, Note, Verdict},
    pipeline::{refold::RefoldTally, scratch::ScratchFold},
    store::{
        Store,
        ledger_stream::{self, Chosen, LedgerSelection},
        verify::{cases::Chunk, differing},
    },
};

pub(super) async fn look(
    of: &Verify,
    refold: VerifyRefold,
    stop: impl Future<Output = ()>,
    verdict: &mut Verdict,
    progress: &mut impl FnMut(VerifyProgress),
) -> Result<(), VerifyError> {
    let VerifyRefold { rules, judges } = refold;
    let judged_by_others = differing::judged_by_others(&of.store, &judges.policy, &judges.calendar).await?;
    if judged_by_others > 0 {
        verdict.notes.push(Note::JudgedByOthers { cases: judged_by_others });
    }
    let is_asked = |name: &str| of.streams.iter().any(|stream| stream.name == name);
    let rules = rules.into_iter().filter(|(name, _)| is_asked(name)).collect();
    let stream = match of.streams.as_slice() {
        [one] => Some(one.name.to_string()),
        _ => None,
    };
    let selection = LedgerSelection { chosen: Chosen::All, stream, known_by: None };
    let all = ledger_stream::size(&of.store, &selection).await?.events;
    let fold = ScratchFold { live: of.store.clone(), selection, rules, retry: of.retry.clone() };
    let told = |tally: &RefoldTally| progress(VerifyProgress { part: VerifyPart::Refold, done: tally.events, all });
    fold.ask(stop, told, async |scratch| compare(of, &scratch, verdict).await).await
}

async fn compare(of: &Verify, scratch: &Store, verdict: &mut Verdict) -> Result<(), VerifyError> {
    let columns = differing::columns(&of.store).await?;
    let streams = of.stream_names();
    let mut chunk = None;
    while let Some(next) = Chunk::following(&of.store, chunk.as_ref(), of.since).await? {
        differing::differing(&of.store, scratch, &next, &streams, &columns, |one| {
            let detail = String::new();
            verdict.add(Finding::Case { kind: Kind::Differs, stream: one.stream, case_id: one.case_id, detail });
        })
        .await?;
        chunk = Some(next);
    }
    Ok(())
}
