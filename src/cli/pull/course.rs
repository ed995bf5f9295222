//! The course of a task: connect, pass, pass again. What a failed pass held is let go, and the next begins from what is on record.

use std::{io, time::Duration};

use jiff::tz::TimeZone;

use super::{
    page::{Page, PassCount, Young},
    stop::PullStop,
    watch::PullWatch,
};
use crate::{
    cli::setup::Setup,
    feed::{
        import::{GivenRows, Mapping, Summary},
        producer::Producer,
    },
    health::HealthCheck,
    pipeline::clock,
    pull::{
        GrowingKind, KeptRows, PullConnection, PullFolder, PullFrom, PullRange, PullTask, PulledTable, RefusedRows,
        ticks,
    },
};

const OVERLAP_S: u64 = 600;
const OVERLAP_NUMBERS: u64 = 1000;

pub(super) struct Course<'a> {
    task: &'a PullTask,
    mapping: &'a Mapping,
    setup: &'a Setup,
    password: String,
    /// Of times without a zone.
    clock: TimeZone,
    topic: String,
    folder: PullFolder,
    pub(super) watch: PullWatch,
    at_work: Option<AtWork<'a>>,
    /// Between two tries, at first and at last.
    pub(super) pauses: (Duration, Duration),
    pub(super) print: u64,
    /// Where the first pass begins, if somebody has said so.
    pub(super) from: Option<String>,
    asked_for_null: bool,
    /// The line was cut in the middle of rows.
    is_cut: bool,
}

/// What stands as long as nothing fails.
struct AtWork<'a> {
    line: PullConnection,
    table: PulledTable,
    page: Page<'a>,
    begin: PullFrom,
    forgotten: u64,
}

impl<'a> Course<'a> {
    pub(super) fn new(
        task: &'a PullTask,
        mapping: &'a Mapping,
        password: String,
        setup: &'a Setup,
        folder: PullFolder,
    ) -> anyhow::Result<Self> {
        let named = task.database.timezone.as_deref().map(TimeZone::get).transpose()?;
        let clock = named.unwrap_or_else(|| mapping.zone().clone());
        let topic = setup.stream(mapping.stream())?.topic.to_string();
        let retry = &setup.settings.retry;
        let pauses = (Duration::from_millis(retry.backoff_min_ms), Duration::from_millis(retry.backoff_max_ms));
        let (at_work, asked_for_null, is_cut) = (None, false, false);
        let watch = PullWatch::new(task, &folder)?;
        Ok(Self {
            task,
            mapping,
            setup,
            password,
            clock,
            topic,
            folder,
            watch,
            at_work,
            pauses,
            print: 0,
            from: None,
            asked_for_null,
            is_cut,
        })
    }

    pub(super) fn topic(&self) -> &str {
        &self.topic
    }

    pub(super) fn every(&self) -> Duration {
        Duration::from_secs(self.task.every_s)
    }

    pub(super) fn settle(&self) -> Duration {
        Duration::from_secs(self.task.rows.settle_s)
    }

    /// For a disk that takes nothing: what was taken stays, to be put on record later, and only the line is cut.
    pub(super) fn hold(&mut self) {
        self.is_cut = self.at_work.is_some();
    }

    /// Everything that is not on record is forgotten, and the lines are cut.
    pub(super) fn let_go(&mut self) {
        self.is_cut = false;
        if let Some(at_work) = self.at_work.take() {
            self.print = at_work.page.left_to_print;
        }
    }

    /// From where the last one ended to the end.
    pub(super) async fn pass(&mut self, out: &mut impl io::Write) -> Result<PassCount, PullStop> {
        if self.at_work.is_none() {
            // A broker that is away is found before a row is read.
            self.ensure_topics().await?;
            self.watch.answers(HealthCheck::Kafka);
            let mut at_work = self.connect().await?;
            self.watch.answers(HealthCheck::Database);
            at_work.page.producer = Some(Producer::new(&self.setup.cluster())?);
            self.warn_of_null(&mut at_work).await?;
            self.at_work = Some(at_work);
        }
        self.put_on_record().await?;
        let limit = self.task.rows.page;
        let Some(at_work) = &mut self.at_work else { return Err(PullStop::mistake("there is no connection")) };
        at_work.begin_pass(self.task.rows.settle_s, &self.clock).await?;
        let mut from = at_work.begin;
        loop {
            let rows = at_work.read(PullRange::Page(from, limit), &self.folder).await?;
            at_work.page.print(out).map_err(unprinted)?;
            at_work.show(&self.watch, &self.clock);
            let Some((first, last)) = at_work.page.span else { break };
            if rows < limit {
                break;
            }
            from = PullFrom::At(last);
            if first == last {
                at_work.read(PullRange::Ties(last), &self.folder).await?;
                at_work.page.print(out).map_err(unprinted)?;
                from = PullFrom::Behind(last);
            }
        }
        // It was for the first pass that came to its end.
        self.from = None;
        at_work.end_pass();
        let count = at_work.page.count;
        let told = at_work.page.told(clock::now());
        tracing::info!(pass = %told, "a pass is done");
        if count.rejected > 0 {
            let file = at_work.page.refused.path().display().to_string();
            tracing::warn!(rows = count.rejected, file, "rows were rejected; the file says which and why");
        }
        if count.conflicting > 0 {
            tracing::warn!(
                events = count.conflicting,
                "events have an id that another event has, and only the first counts; if they are different events, tell them \
                 apart with id = [\"COLUMN\", …] in their [[event]] rule of the mapping"
            );
        }
        self.folder.note_pass(&told)?;
        Ok(count)
    }

    /// What a full disk did not take, before anything new is read.
    async fn put_on_record(&mut self) -> Result<(), PullStop> {
        let Some(at_work) = self.at_work.as_mut().filter(|_| self.is_cut) else { return Ok(()) };
        tokio::task::block_in_place(|| at_work.page.record(&self.folder))?;
        at_work.line = PullConnection::open(self.task, &self.password, &self.clock).await?;
        self.is_cut = false;
        Ok(())
    }

    /// One page, of which nothing stays.
    pub(super) async fn try_out(&mut self, out: &mut impl io::Write) -> Result<Summary, PullStop> {
        let mut at_work = self.connect().await?;
        at_work.begin_pass(self.task.rows.settle_s, &self.clock).await?;
        let (AtWork { line, table, page, begin, .. }, folder) = (&mut at_work, &self.folder);
        let range = PullRange::Page(*begin, self.task.rows.page);
        line.rows(table, range, &mut |row| page.take(table, &row, folder)).await??;
        at_work.page.print(out).map_err(unprinted)?;
        Ok(at_work.page.given.finish())
    }

    async fn ensure_topics(&self) -> Result<(), PullStop> {
        self.setup.ensure_topics().await.map_err(|error| PullStop::kafka(format!("{error:#}")))
    }

    async fn connect(&mut self) -> Result<AtWork<'a>, PullStop> {
        let rows = &self.task.rows;
        let mut line = PullConnection::open(self.task, &self.password, &self.clock).await?;
        let table = line.table(self.mapping, &self.clock).await??;
        let (kind, growing) = (table.kind, rows.growing.clone());
        let kept = match self.from {
            Some(_) => KeptRows::counted(self.folder.counts()),
            None => self.folder.read(&growing, kind)?.unwrap_or_default(),
        };
        let of_kind = if kind.is_time() { OVERLAP_S } else { OVERLAP_NUMBERS };
        let overlap = rows.overlap.unwrap_or(of_kind);
        let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
        let given = GivenRows::new(self.mapping, &header, self.task.database.kind.name()).map_err(PullStop::mistake)?;
        let refused = RefusedRows::new(self.folder.file("rejects.csv"), self.folder.file("rejects.1.csv"));
        let mut page = Page::new(given, kept, &table, refused);
        page.topic = self.topic.clone();
        page.growing = growing;
        page.overlap = if kind.is_time() { ticks(overlap) } else { i128::from(overlap) };
        page.most = usize::try_from(rows.page).unwrap_or(usize::MAX);
        page.left_to_print = self.print;
        let begin = self.begin(kind)?;
        let at_work = AtWork { line, table, page, begin, forgotten: 0 };
        at_work.show(&self.watch, &self.clock);
        Ok(at_work)
    }

    /// Where the first pass of all begins.
    fn begin(&self, kind: GrowingKind) -> Result<PullFrom, PullStop> {
        let (key, said) = match (&self.from, &self.task.rows.begin) {
            (Some(from), _) => ("--from", from),
            (None, Some(begin)) => ("rows.begin", begin),
            (None, None) => return Ok(PullFrom::Beginning),
        };
        let wanted = if kind.is_time() { "a time like 2021-03-06 10:00:00" } else { "a whole number" };
        let at = kind.read(said, &self.clock);
        at.map(PullFrom::At)
            .ok_or_else(|| PullStop::mistake(format!("{key}: `{said}` is not {wanted}, as the growing column is")))
    }

    /// Once: it may take as long as the table is large.
    async fn warn_of_null(&mut self, at_work: &mut AtWork<'_>) -> Result<(), PullStop> {
        if std::mem::replace(&mut self.asked_for_null, true) {
            return Ok(());
        }
        match at_work.line.has_null(&at_work.table).await {
            Ok(false) => {}
            Ok(true) => {
                let growing = &self.task.rows.growing;
                tracing::warn!(growing, "there are rows whose growing column is NULL: they are never read");
            }
            // A large table without an index: not worth to stand still for.
            Err(error) => {
                tracing::warn!("whether there are rows whose growing column is NULL could not be found out: {error}");
                at_work.line = PullConnection::open(self.task, &self.password, &self.clock).await?;
            }
        }
        Ok(())
    }
}

impl AtWork<'_> {
    async fn begin_pass(&mut self, settle_s: u64, clock: &TimeZone) -> Result<(), PullStop> {
        let now = self.line.now().await?;
        let now = self.table.kind.now(now, clock);
        self.page.young = now.map(|now| Young { settled: now.behind(ticks(settle_s)), now });
        self.page.count = PassCount::default();
        if let Some(position) = self.page.kept.position {
            self.begin = PullFrom::At(position.behind(self.page.overlap));
        }
        Ok(())
    }

    /// The rows of one statement, taken and on record; how many they were.
    async fn read(&mut self, range: PullRange, folder: &PullFolder) -> Result<u64, PullStop> {
        let Self { line, table, page, .. } = self;
        page.span = None;
        let rows = line.rows(table, range, &mut |row| page.take(table, &row, folder)).await??;
        tokio::task::block_in_place(|| page.record(folder))?;
        Ok(rows)
    }

    /// What is on record.
    fn show(&self, watch: &PullWatch, clock: &TimeZone) {
        let KeptRows { counts, position, .. } = &self.page.kept;
        watch.on_record(*counts, position.and_then(|at| self.table.kind.instant(at, clock)));
    }

    fn end_pass(&mut self) {
        let forgotten = self.page.kept.forgotten;
        if forgotten > self.forgotten {
            tracing::warn!(
                forgotten,
                "more rows lie within the overlap than are remembered; they are sent again, and told apart by the ledger"
            );
            self.forgotten = forgotten;
        }
    }
}

fn unprinted(source: io::Error) -> PullStop {
    PullStop::disk(format!("cannot print: {source}"))
}
