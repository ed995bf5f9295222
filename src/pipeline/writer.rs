//! The writer task: each batch in the order ledger, look up, fold, cases, commit, and no batch before the one that came
//! before it. The order is what makes any crash harmless: what is committed is folded, and what is folded is in the ledger.
//! While a batch is folded, the next one goes into the ledger and the cases of the one before go in.

use std::{collections::HashMap, sync::Arc, time::Duration};

use smol_str::SmolStr;
use tokio::{
    sync::mpsc::Receiver,
    task::{JoinError, JoinSet},
};

use super::{
    batch::{Batch, TakenRanges},
    begun::{Begun, NextBegun},
    cache::{Cache, CaseKey},
    checks::{CheckFound, Checks, answered},
    closing::{Closed, Closing},
    counting::count,
    generation::{self, Current, Outdated},
    handover::Work,
    notes::{News, Notes},
    part::BatchPart,
    progress::Progress,
    retry::Retry,
    touched::Touched,
};
use crate::{
    domain::rules::Rules,
    feed::{consumer::Committer, ours::Ours, rejected::RejectionTopic},
    store::{
        Store,
        behind::Noted,
        cases, ledger,
        rebuilds::{self, Generation},
        sweep,
    },
};

/// How long an idle writer may not know of a rebuild. Nothing rests on it but how soon it stops, if it has other rules.
const ASK_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Writer {
    pub store: Store,
    pub(super) rules: HashMap<SmolStr, Rules>,
    pub(super) cache: Cache,
    pub retry: Retry,
    /// None where nothing comes from Kafka (a replay).
    pub committer: Option<Committer>,
    /// Where it is told what was refused; None: nowhere.
    pub notified: Option<RejectionTopic>,
    /// Which partitions nobody else writes.
    pub ours: Ours,
    /// As often as something was taken from us when the memory was last looked through for it.
    pub(super) cached_at_losses: u64,
    pub notes: Notes,
    pub progress: Arc<Progress>,
    checks: Checks,
    /// Under which its rows are written.
    pub current: Current,
    /// The end of the batch before, one at most.
    closing: JoinSet<Closed>,
    /// How many cases are folded at once.
    pub(super) part: BatchPart,
    /// Where rows are written down, batch after batch.
    pub(super) ledger_rows: ledger::LedgerRows,
    pub(super) case_rows: cases::CaseRows,
}

/// What a writer keeps in memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Of cases, for the batches to come.
    pub cached: usize,
    /// Of the cases that are folded at once, and their rows.
    pub folded: usize,
}

impl Writer {
    /// That has no partition, and commits nothing; [`Self::of_kafka`] is the one that does.
    pub fn new(
        (store, retry): (Store, Retry),
        rules: HashMap<SmolStr, Rules>,
        current: Current,
        checks: Checks,
        room: Room,
    ) -> Self {
        Self {
            store,
            rules,
            cache: Cache::new(room.cached),
            retry,
            committer: None,
            notified: None,
            ours: Ours::default(),
            cached_at_losses: 0,
            notes: Notes::default(),
            progress: Arc::default(),
            checks,
            current,
            closing: JoinSet::new(),
            part: BatchPart::new(room.folded),
            ledger_rows: ledger::LedgerRows::default(),
            case_rows: cases::CaseRows::new(0),
        }
    }

    pub fn of_kafka(self, committer: Committer, ours: Ours) -> Self {
        Self { committer: Some(committer), ours, ..self }
    }

    /// Before anything is written: is this process one that may?
    pub async fn begin(&mut self) -> Result<(), Outdated> {
        let founding = || generation::newest_or_founded(&self.store, &self.current.judges);
        let newest = self.retry.until_done("generation", founding).await;
        self.current.adopt(&newest)?;
        self.notes.begin(&self.store, &self.retry).await;
        tracing::info!(generation = newest.generation, policy = %newest.policy, calendar = %newest.calendar, "cases are judged");
        Ok(())
    }

    /// Works until the channel is closed and empty, or the cases are judged by other rules than its own.
    pub async fn run(mut self, work: Receiver<Work>) -> Result<(), Outdated> {
        let worked = self.work(work).await;
        // What is reached is reached, whatever comes now.
        self.last_word().await?;
        worked
    }

    async fn work(&mut self, mut work: Receiver<Work>) -> Result<(), Outdated> {
        let mut next: Option<NextBegun> = None;
        loop {
            if next.is_none() {
                tokio::select! {
                    biased;
                    item = work.recv() => match item {
                        Some(item) => next = Some(self.begin_next(item)),
                        None => return Ok(()),
                    },
                    // Until the next batch comes, which may be never, nobody else asks what became of the last one.
                    Some(closed) = self.closing.join_next() => self.has_closed(closed).await?,
                    found = self.checks.next() => self.act_on(found).await?,
                    () = tokio::time::sleep(ASK_EVERY) => self.look().await?,
                }
            }
            match next.take() {
                Some(NextBegun::Batch(mut begun)) => {
                    let first = self.first_part(&mut begun).await;
                    next = work.try_recv().ok().map(|item| self.begin_next(item));
                    self.fold_and_close(begun, first).await?;
                }
                Some(NextBegun::Revoked) => {
                    self.closed().await?;
                    self.assignment();
                }
                None => {}
            }
            // Under load the writer never idles; a check comes between two batches then.
            if let Some(found) = self.checks.now() {
                self.act_on(found).await?;
            }
        }
    }

    fn begin_next(&mut self, item: Work) -> NextBegun {
        match item {
            Work::Batch(batch) => NextBegun::Batch(self.hand_in(batch)),
            Work::Revoked => NextBegun::Revoked,
        }
    }

    /// Folds anew what the ledger and the cases disagree on.
    async fn act_on(&mut self, found: CheckFound) -> Result<(), Outdated> {
        self.closed().await?;
        self.look().await?;
        let (keys, ahead) = found.told();
        self.refold(&keys).await?;
        if let Some(ahead) = ahead {
            answered(sweep::remember(&self.store, &ahead).await, "the sweep");
        }
        Ok(())
    }

    /// Looks for a newer generation and for what others noted, once: with nothing in hand it can be known later as well, and an
    /// idle writer must not hang on a ClickHouse that is away.
    async fn look(&mut self) -> Result<(), Outdated> {
        let reader = self.notes.reader();
        let (newest, news) = tokio::join!(rebuilds::newest(&self.store), reader.read(&self.store));
        match news {
            Ok(news) => self.heed(news),
            Err(error) => tracing::warn!(%error, "cannot read what other instances noted, later then"),
        }
        match newest {
            Ok(Some(newest)) => self.adopt(&newest).map(|_| ()),
            Ok(None) => Ok(()),
            Err(error) => {
                self.retry.put_off("generation", &error);
                Ok(())
            }
        }
    }

    /// Lets go of the cases that others noted: what is held of them may be a part.
    fn heed(&mut self, news: News) {
        let (noted, reader) = news.into_parts();
        match noted {
            Noted::Cases(keys) => keys.iter().for_each(|key| drop(self.cache.take(key))),
            Noted::TooMany => self.cache.clear(),
        }
        self.notes.have_read(reader);
    }

    /// Goes over to the newest generation; true when it was another one until now.
    fn adopt(&mut self, newest: &Generation) -> Result<bool, Outdated> {
        let is_new = self.current.adopt(newest)?;
        if is_new {
            tracing::info!(generation = newest.generation, "a rebuild has begun, going on under its generation");
        }
        Ok(is_new)
    }

    /// Commits once more and waits, because the process ends before an answer could come by itself. On a thread that may
    /// wait: without Kafka this takes long, and the deadline of the stop has to be kept meanwhile.
    async fn last_word(mut self) -> Result<(), Outdated> {
        let closed = self.closed().await;
        if let Some(committer) = self.committer {
            let _ = tokio::task::spawn_blocking(move || committer.finish()).await;
        }
        closed
    }

    /// Everything that one batch means.
    pub async fn write(&mut self, batch: Batch) -> Result<(), Outdated> {
        let mut begun = self.hand_in(batch);
        let first = self.first_part(&mut begun).await;
        self.fold_and_close(begun, first).await
    }

    /// First the messages themselves, understood or not.
    fn hand_in(&mut self, batch: Batch) -> Begun {
        count(&batch);
        Begun::begin(batch, &mut self.ledger_rows, (&self.store, &self.retry), self.notified.clone())
    }

    /// When the ledger has them: the first of their cases, with everything that it holds of them.
    async fn first_part(&mut self, begun: &mut Begun) -> Touched {
        self.recall_begun(begun).await;
        self.next_part(begun).await.unwrap_or_default()
    }

    async fn next_part(&mut self, begun: &mut Begun) -> Option<Touched> {
        let mut part = self.part.of(&mut begun.touched)?;
        self.look_up_split(&mut part, &begun.in_hand, &begun.basis.ours).await;
        Some(part)
    }

    /// Then the cases, part by part; with the last of them the batch is done.
    async fn fold_and_close(&mut self, mut begun: Begun, first: Touched) -> Result<(), Outdated> {
        let mut part = first;
        while !begun.touched.is_empty() {
            let rows = self.written_down(part);
            let (basis, ours) = (begun.basis.clone(), self.ours.clone());
            self.close(Closing { rows, next: Vec::new(), stamped: Vec::new(), messages: 0, basis, ours }).await?;
            part = self.next_part(&mut begun).await.unwrap_or_default();
        }
        let Begun { taken, stamped, messages, basis, .. } = begun;
        let rows = self.written_down(part);
        let next = taken.into_iter().map(|(partition, (_, next))| (partition, next)).collect();
        self.close(Closing { rows, next, stamped, messages, basis, ours: self.ours.clone() }).await
    }

    /// The cases of one batch are never overtaken by those of the next.
    async fn close(&mut self, closing: Closing) -> Result<(), Outdated> {
        self.closed().await?;
        let (store, retry) = (self.store.clone(), self.retry.clone());
        self.closing.spawn(closing.run(store, retry, self.committer.clone(), Arc::clone(&self.progress)));
        Ok(())
    }

    /// Waits until everything that was written is closed.
    pub async fn closed(&mut self) -> Result<(), Outdated> {
        while let Some(closed) = self.closing.join_next().await {
            self.has_closed(closed).await?;
        }
        Ok(())
    }

    async fn has_closed(&mut self, closed: Result<Closed, JoinError>) -> Result<(), Outdated> {
        match closed {
            Ok(Closed::Committed { body, news }) => {
                self.case_rows.give_back(body);
                news.into_iter().for_each(|news| self.heed(news));
            }
            Ok(Closed::Overtaken { newest, news, keys, rest }) => {
                self.heed(news);
                newest.map_or(Ok(false), |newest| self.adopt(&newest))?;
                self.refold(&keys).await?;
                rest.commit(self.committer.as_ref(), &self.progress);
            }
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
        Ok(())
    }

    /// Folds cases from the ledger alone, whatever is in memory, and once more if a rebuild began meanwhile.
    pub async fn refold(&mut self, keys: &[CaseKey]) -> Result<(), Outdated> {
        loop {
            let part = self.part;
            for keys in part.of_keys(keys) {
                self.refold_part(keys).await;
            }
            let newest = self.retry.until_done("generation", || rebuilds::newest(&self.store)).await;
            if !newest.map_or(Ok(false), |newest| self.adopt(&newest))? {
                return Ok(());
            }
        }
    }

    async fn refold_part(&mut self, keys: &[CaseKey]) {
        for key in keys {
            self.cache.take(key);
        }
        let ours = self.assignment();
        let mut touched = Touched::afresh(keys);
        self.look_up(&mut touched, &TakenRanges::default(), |_| true).await;
        touched.mark_split(&ours);
        if let Some(rows) = self.written_down(touched) {
            self.retry.until_done("cases", || cases::insert(&self.store, rows.body.clone())).await;
        }
    }
}
