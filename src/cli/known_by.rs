//! What could be known at an instant: figures over cases folded only from the messages that had been recorded by then.

use std::io::Write;

use anyhow::Context as _;

use super::{
    kpi::{self, Ask},
    setup::Setup,
};
use crate::{
    domain::time::Millis,
    pipeline::{
        clock,
        generation::{Current, Judges},
        scratch::ScratchFold,
    },
    shutdown::Shutdown,
    store::{
        ledger_stream::{Chosen, LedgerSelection},
        rebuilds,
    },
};

pub async fn run(args: &Ask, setup: &Setup, known_by: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    let live = setup.store()?;
    // By other rules than those of the rows, the figures would differ by more than by what was known.
    if let Some(newest) = rebuilds::newest(&live).await? {
        Current::new(Judges::of(&setup.limits)).adopt(&newest)?;
    }
    let shutdown = Shutdown::on_signals().context("signals")?;
    let fold = ScratchFold {
        live,
        selection: LedgerSelection { chosen: Chosen::LearntSince(known_by), stream: None, known_by: Some(known_by) },
        rules: setup.rules(),
        retry: setup.retry(),
    };
    if args.is_text() {
        writeln!(out, "所知截至 known by {}", known_by.rfc3339(&setup.settings.timezone))?;
    }
    fold.ask(shutdown.requested(), |_| {}, async |scratch| kpi::run(args, setup, &scratch, clock::now(), out).await)
        .await
}
