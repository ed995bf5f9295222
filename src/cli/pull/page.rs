//! A page on its way: which of its rows are new, what came of them, and the moment from which it is on record.

use std::{collections::VecDeque, io};

use super::{PATIENCE, stop::PullStop};
use crate::{
    domain::time::Millis,
    feed::{
        import::{GivenRows, Outgoing},
        producer::{ProduceError, Producer, Wrapping},
    },
    pipeline::clock,
    pull::{GrowingKind, Growth, KeptRows, PullFolder, PulledRow, PulledTable, RefusedRow, RefusedRows, RowHash},
};

/// What became of the rows of a pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PassCount {
    pub(super) rows: u64,
    pub(super) sent: u64,
    /// Read before, and the same.
    pub(super) known: u64,
    pub(super) rejected: u64,
    /// Too young to be read.
    pub(super) left: u64,
    /// Events under an id that another event had before, which said something else.
    pub(super) conflicting: u64,
}

/// Between these two of the database's clock a row is too young.
#[derive(Clone, Copy, Debug)]
pub(super) struct Young {
    pub(super) settled: Growth,
    pub(super) now: Growth,
}

pub(super) struct Page<'m> {
    pub(super) given: GivenRows<'m>,
    pub(super) kept: KeptRows,
    /// None in a dry run.
    pub(super) producer: Option<Producer>,
    pub(super) topic: String,
    pub(super) kind: GrowingKind,
    pub(super) growing: String,
    pub(super) overlap: i128,
    /// Rows after which what was taken is put on record.
    pub(super) most: usize,
    pub(super) young: Option<Young>,
    pub(super) count: PassCount,
    /// The values between which the last statement's rows lay.
    pub(super) span: Option<(Growth, Growth)>,
    pub(super) left_to_print: u64,
    pub(super) printed: Vec<u8>,
    pub(super) refused: RefusedRows,
    /// The furthest row that was read, but for rows from the future: those must not hide what comes before them later.
    reached: Option<Growth>,
    pending: Vec<(RowHash, Growth)>,
    /// Events that are sent and not on record yet.
    unsettled: u64,
    /// What is known here is more than what is on the disk.
    is_ahead: bool,
    rejected: VecDeque<Rejected>,
}

/// As the rejects file will have it.
struct Rejected {
    growing: String,
    key: String,
    column: String,
    reason: String,
}

impl<'m> Page<'m> {
    pub(super) fn new(given: GivenRows<'m>, kept: KeptRows, table: &PulledTable, refused: RefusedRows) -> Self {
        Self {
            given,
            kept,
            producer: None,
            topic: String::new(),
            kind: table.kind,
            growing: String::new(),
            overlap: 0,
            most: 0,
            young: None,
            count: PassCount::default(),
            span: None,
            left_to_print: 0,
            printed: Vec::new(),
            refused,
            reached: None,
            pending: Vec::new(),
            unsettled: 0,
            is_ahead: false,
            rejected: VecDeque::new(),
        }
    }

    pub(super) fn take(&mut self, table: &PulledTable, row: &PulledRow, folder: &PullFolder) -> Result<(), PullStop> {
        let at = row.growth;
        self.count.rows += 1;
        self.span = Some((self.span.map_or(at, |(first, _)| first), at));
        match self.young {
            Some(young) if at > young.now => {}
            Some(young) if at > young.settled => {
                self.count.left += 1;
                return Ok(());
            }
            _ => self.reached = self.reached.max(Some(at)),
        }
        if self.kept.knows(row.hash) {
            self.count.known += 1;
            return Ok(());
        }
        self.pending.push((row.hash, at));
        let Self { given, producer, topic, count, unsettled, left_to_print, printed, .. } = self;
        let mut send = |event: Outgoing<'_>| -> Result<(), ProduceError> {
            if *left_to_print > 0 {
                *left_to_print -= 1;
                printed.extend_from_slice(event.payload);
                printed.push(b'\n');
            }
            count.sent += 1;
            *unsettled += 1;
            match producer {
                Some(producer) => producer.send(topic, event.case_id, event.payload, Wrapping::Structured),
                None => Ok(()),
            }
        };
        let before = given.counts().conflicting();
        let taken = given.take(table.given(row), &mut send)?;
        count.conflicting += given.counts().conflicting() - before;
        if let Err(problem) = taken {
            self.count.rejected += 1;
            let key: Vec<String> = table.keys(row).collect();
            let (growing, key, reason) = (self.kind.written(at), key.join(" "), problem.fault.to_string());
            self.rejected.push_back(Rejected { growing, key, column: problem.column, reason });
        }
        if self.pending.len() >= self.most && self.producer.is_some() { self.record(folder) } else { Ok(()) }
    }

    /// What was taken so far is acknowledged, and then on record; in this order. Where it failed for want of room it may be tried again:
    /// nothing has to be sent once more.
    pub(super) fn record(&mut self, folder: &PullFolder) -> Result<(), PullStop> {
        let position = self.kept.position.max(self.reached);
        if self.pending.is_empty() && position == self.kept.position && !self.is_ahead {
            return Ok(());
        }
        self.is_ahead = true;
        if let Some(producer) = &self.producer {
            producer.settle(PATIENCE)?;
        }
        let path = self.refused.path().display().to_string();
        let said = |source: io::Error| PullStop::disk(format!("cannot write {path}: {source}"));
        let at = clock::now().rfc3339(&jiff::tz::TimeZone::UTC);
        while let Some(Rejected { growing, key, column, reason }) = self.rejected.front() {
            self.refused.add(RefusedRow { at: &at, growing, key, column, reason }).map_err(said)?;
            self.kept.counts.rejected += 1;
            self.rejected.pop_front();
        }
        self.kept.counts.rows += self.pending.len() as u64;
        self.kept.counts.events += std::mem::take(&mut self.unsettled);
        for (hash, at) in self.pending.drain(..) {
            self.kept.remember(hash, at);
        }
        self.kept.position = position;
        if let Some(position) = position {
            self.kept.forget_before(position.behind(self.overlap));
        }
        folder.write(&self.growing, self.kind, &self.kept)?;
        self.is_ahead = false;
        Ok(())
    }

    pub(super) fn print(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        out.write_all(&self.printed)?;
        self.printed.clear();
        out.flush()
    }

    /// The pass, for the log and the state folder.
    pub(super) fn told(&self, at: Millis) -> serde_json::Value {
        let PassCount { rows, sent, known, rejected, left, conflicting } = self.count;
        let position = self.kept.position.map(|at| self.kind.written(at));
        let at = at.rfc3339(&jiff::tz::TimeZone::UTC);
        serde_json::json!({ "at": at, "rows": rows, "sent": sent, "known": known, "rejected": rejected, "left": left, "conflicting": conflicting, "position": position })
    }
}
