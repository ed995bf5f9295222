//! The writer task: each batch in the order ledger, look up, fold, cases, commit, and no batch before the one that came
//! before it. The order is what makes any crash harmless: what is committed is folded, and what is folded is in the ledger.
//! While a batch is folded, the next one goes into the ledger and the cases of the one before go in.

use std::{
    collections::HashMap,
    sync::{Arc, atomic::AtomicU64, mpsc::Sender},
    time::Duration,
};

use foldhash::fast::RandomState;
use smol_str::SmolStr;
use tokio::{task::JoinSet, time::Instant};

use super::{
    batch::{Batch, TakenRanges},
    begun::{Begun, Next},
    cache::{Cache, CaseKey, Held},
    closing::{Closed, Closing, Rows},
    generation::{self, Current, Outdated},
    handover::Works,
    retry::Retry,
    sweep::Sweep,
    touched::{Touch, Touched},
};
use crate::{
    domain::{case::Case, event::Event, fold::fold, rules::Rules},
    feed::consumer::{Committer, Partition},
    metrics::{self, Stage},
    store::{
        Store, cases, ledger,
        ledger_read::{self, OffsetRange},
        rebuilds::{self, Generation},
    },
};

/// How long an idle writer may not know of a rebuild. Nothing rests on it but how soon it stops, if it has other rules.
const ASK_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub enum Work {
    Batch(Batch),
    Revoked(Vec<Partition>),
}

/// What was done, for the closing word.
#[derive(Debug, Default)]
pub struct Done {
    /// Messages given to the writer, written or not.
    pub handed_over: AtomicU64,
    /// Times that Kafka was polled.
    pub polls: AtomicU64,
    /// Messages written.
    pub messages: AtomicU64,
    pub batches: AtomicU64,
}

#[derive(Debug)]
pub struct Writer {
    pub store: Store,
    pub rules: HashMap<SmolStr, Rules>,
    pub cache: Cache,
    pub retry: Retry,
    /// None where nothing comes from Kafka (a replay).
    pub committer: Option<Committer>,
    pub done: Arc<Done>,
    pub sweep: Sweep,
    /// Under which its rows are written.
    pub current: Current,
    /// The end of the batch before, one at most.
    pub closing: JoinSet<Closed>,
    /// Where rows are written down, batch after batch.
    pub ledger_rows: ledger::Rows,
    pub case_rows: cases::Rows,
}

impl Writer {
    /// Before anything is written: is this process one that may?
    pub async fn begin(&mut self) -> Result<(), Outdated> {
        let founding = || generation::newest_or_founded(&self.store, &self.current.judges);
        let newest = self.retry.until_done("generation", founding).await;
        self.current.adopt(&newest)?;
        tracing::info!(generation = newest.generation, policy = %newest.policy, calendar = %newest.calendar, "cases are judged");
        Ok(())
    }

    /// Works until the channel is closed and empty, or the cases are judged by other rules than its own.
    pub async fn run(mut self, works: Works) -> Result<(), Outdated> {
        let worked = self.work(works).await;
        // What is reached is reached, whatever comes now.
        self.last_word().await?;
        worked
    }

    async fn work(&mut self, works: Works) -> Result<(), Outdated> {
        let Works { mut work, rooms } = works;
        let mut next: Option<Next> = None;
        loop {
            if next.is_none() {
                let next_sweep = self.sweep.next_at();
                tokio::select! {
                    biased;
                    item = work.recv() => match item {
                        Some(item) => next = Some(self.begin_next(item, &rooms)),
                        None => return Ok(()),
                    },
                    () = tokio::time::sleep_until(next_sweep) => self.swept().await?,
                    () = tokio::time::sleep(ASK_EVERY) => self.look().await?,
                }
            }
            match next.take() {
                Some(Next::Batch(mut begun)) => {
                    self.look_up_begun(&mut begun).await;
                    next = work.try_recv().ok().map(|item| self.begin_next(item, &rooms));
                    self.fold(begun).await?;
                }
                Some(Next::Revoked(partitions)) => {
                    self.closed().await?;
                    self.cache.forget(&partitions);
                }
                None => {}
            }
            if self.sweep.is_overdue() {
                self.swept().await?;
            }
        }
    }

    fn begin_next(&mut self, item: Work, rooms: &Sender<Vec<Event>>) -> Next {
        match item {
            Work::Batch(batch) => {
                let (begun, room) = self.hand_in(batch);
                let _ = rooms.send(room);
                Next::Batch(begun)
            }
            Work::Revoked(partitions) => Next::Revoked(partitions),
        }
    }

    /// Looks for a newer generation, once: with nothing in hand it can be known later as well, and an idle writer must not
    /// hang on a ClickHouse that is away.
    async fn look(&mut self) -> Result<(), Outdated> {
        match rebuilds::newest(&self.store).await {
            Ok(Some(newest)) => self.adopt(&newest).map(|_| ()),
            Ok(None) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, "cannot ask for the newest generation, later then");
                Ok(())
            }
        }
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
        let (mut begun, _) = self.hand_in(batch);
        self.look_up_begun(&mut begun).await;
        self.fold(begun).await
    }

    /// First the messages themselves, understood or not. Gives back the list of the batch's events, empty.
    fn hand_in(&mut self, batch: Batch) -> (Begun, Vec<Event>) {
        count(&batch);
        Begun::begin(batch, &mut self.ledger_rows, &self.store, &self.retry)
    }

    /// When the ledger has them: what else it holds of their cases.
    async fn look_up_begun(&mut self, begun: &mut Begun) {
        let body = begun.acknowledged().await;
        self.ledger_rows.give_back(body);
        begun.touched.recall(&mut self.cache);
        self.look_up(&mut begun.touched, &begun.taken).await;
    }

    /// Then the cases, from everything that the ledger holds of them.
    async fn fold(&mut self, begun: Begun) -> Result<(), Outdated> {
        let Begun { touched, taken, stamped, messages, .. } = begun;
        let rows = self.rows(touched);
        let next = taken.into_iter().map(|(partition, (_, next))| (partition, next)).collect();
        self.close(Closing { rows, next, stamped, messages }).await
    }

    /// The cases of one batch are never overtaken by those of the next.
    async fn close(&mut self, closing: Closing) -> Result<(), Outdated> {
        self.closed().await?;
        let (store, retry) = (self.store.clone(), self.retry.clone());
        self.closing.spawn(closing.run(store, retry, self.committer.clone(), Arc::clone(&self.done)));
        Ok(())
    }

    /// Waits until everything that was written is closed.
    pub async fn closed(&mut self) -> Result<(), Outdated> {
        while let Some(closed) = self.closing.join_next().await {
            match closed {
                Ok(Closed::Committed { body }) => self.case_rows.give_back(body),
                Ok(Closed::Overtaken { newest, keys, rest }) => {
                    self.adopt(&newest)?;
                    self.refold(&keys).await?;
                    rest.commit(self.committer.as_ref(), &self.done);
                }
                Err(broken) => std::panic::resume_unwind(broken.into_panic()),
            }
        }
        Ok(())
    }

    /// Reads what the ledger holds of cases that are not in memory, without what the batch itself put there just now.
    async fn look_up(&self, touched: &mut Touched, taken: &TakenRanges) {
        let ids: Vec<&str> = touched.unknown().map(|(_, case_id)| case_id.as_str()).collect();
        if ids.is_empty() {
            return;
        }
        let started = Instant::now();
        let own: Vec<OffsetRange<'_>> = taken
            .iter()
            .map(|(of, (first, next))| OffsetRange {
                topic: &of.topic,
                partition: of.partition,
                first: *first,
                next: *next,
            })
            .collect();
        let earlier = self.retry.until_done("look up", || ledger_read::of_cases(&self.store, &ids, &own)).await;
        metrics::cases_looked_up(ids.len() as u64);
        for event in earlier {
            touched.add(event);
        }
        for Touch { key, held, .. } in touched.unknown_mut().filter(|case| !case.held.events.is_empty()) {
            if let Some(rules) = self.rules.get(&key.0) {
                held.counted = counted(&folded(rules, held));
            }
        }
        metrics::stage_took(Stage::Lookup, started.elapsed());
    }

    fn rows(&mut self, touched: Touched) -> Option<Rows> {
        let started = Instant::now();
        let mut touched = touched.whole();
        let generation = self.current.generation();
        self.case_rows.set_generation(generation);
        let mut keys: Vec<CaseKey> = Vec::with_capacity(touched.len());
        for Touch { key, held, .. } in &mut touched {
            let Some(rules) = self.rules.get(&key.0) else {
                continue; // a stream that is no longer declared: its rows stay as they are
            };
            let case = folded(rules, held);
            let counts = counted(&case);
            let new = |index: usize| u64::from(counts[index].saturating_sub(held.counted[index]));
            if counts != held.counted {
                metrics::duplicates(&key.0, new(0));
                metrics::conflicts(&key.0, new(1));
                metrics::out_of_order(&key.0, new(2));
                held.counted = counts;
            }
            self.case_rows.push(&case);
            keys.push(key.clone());
        }
        let encoded = (!keys.is_empty()).then(|| Rows { body: self.case_rows.encode(), generation, keys });
        metrics::stage_took(Stage::Fold, started.elapsed());
        for Touch { key, held, .. } in touched {
            self.cache.put(key, held);
        }
        metrics::cached_events(self.cache.events());
        encoded
    }

    /// Folds anew what the ledger and the cases disagree on.
    async fn swept(&mut self) -> Result<(), Outdated> {
        let started = Instant::now();
        self.closed().await?;
        self.look().await?;
        let Some(behind) = self.sweep.ask(&self.store).await else { return Ok(()) };
        if !behind.is_empty() {
            tracing::info!(cases = behind.len(), "cases were not folded from all of their messages, folding again");
            metrics::swept_cases(behind.len() as u64);
            let keys: Vec<CaseKey> = behind.into_iter().map(|one| (one.stream.into(), one.case_id.into())).collect();
            self.refold(&keys).await?;
        }
        metrics::stage_took(Stage::Sweep, started.elapsed());
        Ok(())
    }

    /// Folds cases from the ledger alone, whatever is in memory, and once more if a rebuild began meanwhile.
    pub async fn refold(&mut self, keys: &[CaseKey]) -> Result<(), Outdated> {
        loop {
            for key in keys {
                self.cache.take(key);
            }
            let mut touched = Touched::afresh(keys);
            self.look_up(&mut touched, &TakenRanges::default()).await;
            if let Some(rows) = self.rows(touched) {
                self.retry.until_done("cases", || cases::insert(&self.store, rows.body.clone())).await;
            }
            let newest = self.retry.until_done("generation", || rebuilds::newest(&self.store)).await;
            if !newest.map_or(Ok(false), |newest| self.adopt(&newest))? {
                return Ok(());
            }
        }
    }
}

fn folded(rules: &Rules, held: &Held) -> Case {
    let rows: Vec<&Event> = held.events.iter().collect();
    fold(rules, &rows)
}

fn counted(case: &Case) -> [u32; 3] {
    [case.counts.duplicates, case.counts.conflicts, case.counts.out_of_order]
}

fn count(batch: &Batch) {
    count_events(&batch.events);
    for (stream, n) in &batch.unknown_fields {
        metrics::unknown_fields(stream, *n);
    }
    for (kind, n) in &batch.scrubbed {
        metrics::scrubbed_items(kind, *n);
    }
    for entry in &batch.rejected {
        metrics::quarantined(&entry.stream, &entry.reason, 1);
    }
}

fn count_events(events: &[Event]) {
    let mut by_type: HashMap<(&str, &'static str), u64, RandomState> = HashMap::default();
    let mut by_envelope: HashMap<(&str, &'static str), u64, RandomState> = HashMap::default();
    for event in events {
        *by_type.entry((&event.stream, event.fact.kind().name())).or_default() += 1;
        *by_envelope.entry((&event.place.topic, event.envelope.name())).or_default() += 1;
    }
    for ((stream, kind), n) in by_type {
        metrics::events(stream, kind, n);
    }
    for ((topic, envelope), n) in by_envelope {
        metrics::messages_received(topic, envelope, n);
    }
}
