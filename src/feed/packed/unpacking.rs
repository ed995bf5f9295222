//! A batch being unpacked: a window over its records that is as large as the largest of them, within a limit.

use std::{
    fmt,
    io::{self, Read},
};

use rdkafka::message::{BorrowedMessage, Message as _};
use smol_str::SmolStr;

use super::{
    header::{Header, SIZE},
    hook::batch_of,
    record::{Record, RecordParts, number},
};
use crate::feed::partition::Partition;

/// Bytes that nobody can make records of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Where the records are missing from.
    pub offset: i64,
    /// Behind the batch.
    pub next: i64,
    pub cause: String,
}

pub struct Unpacking {
    topic: SmolStr,
    partition: i32,
    header: Header,
    reader: Box<dyn Read + Send>,
    window: Vec<u8>,
    /// What of the window is not taken yet.
    from: usize,
    to: usize,
    taken: i32,
    /// The record that is shown now: where it lies, and its parts.
    now: (usize, usize),
    parts: RecordParts,
    too_large: Option<u64>,
    offset: i64,
    largest: usize,
}

impl fmt::Debug for Unpacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpacking").field("topic", &self.topic).field("header", &self.header).finish_non_exhaustive()
    }
}

const WINDOW: usize = 64 * 1024;
/// A record's attributes and two numbers take no more.
const HEAD: usize = 21;
const LENGTH: usize = 10;

impl Unpacking {
    /// The batch that a message is, if it is one. `largest`: the largest record that is shown with its parts.
    pub fn of_message(message: &BorrowedMessage<'_>, largest: usize) -> Option<Self> {
        let batch = batch_of(message.key(), message.payload())?;
        Self::new(&Partition { topic: message.topic().into(), partition: message.partition() }, batch, largest)
    }

    pub(super) fn new(of: &Partition, batch: &[u8], largest: usize) -> Option<Self> {
        let header = Header::of(batch)?;
        Some(Self {
            topic: of.topic.clone(),
            partition: of.partition,
            header,
            // What cannot be opened shows at the first record.
            reader: header
                .codec
                .reader(batch[SIZE..].to_vec(), largest)
                .unwrap_or_else(|error| Box::new(Unopened(Some(error)))),
            window: Vec::new(),
            from: 0,
            to: 0,
            taken: 0,
            now: (0, 0),
            parts: RecordParts::default(),
            too_large: None,
            offset: header.base - 1,
            largest,
        })
    }

    pub fn is_of(&self, partition: &Partition) -> bool {
        self.partition == partition.partition && self.topic == partition.topic
    }

    pub fn of(&self) -> Partition {
        Partition { topic: self.topic.clone(), partition: self.partition }
    }

    /// Goes to the next record; false where there is none.
    pub fn advance(&mut self) -> Result<bool, Damaged> {
        if self.taken >= self.header.records {
            return Ok(false);
        }
        self.step().map_err(|error| Damaged {
            offset: self.offset + 1,
            next: self.header.next(),
            cause: format!("{:?}: {}", self.header.codec, said(&error)),
        })?;
        self.taken += 1;
        Ok(true)
    }

    fn step(&mut self) -> io::Result<()> {
        let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
        self.fill(LENGTH)?;
        let (length, size) = number(&self.window[self.from..self.to]).ok_or_else(|| bad("it ends within a record"))?;
        let length = usize::try_from(length).map_err(|_| bad("a record of negative length"))?;
        self.from += size;
        let is_too_large = length > self.largest;
        let wanted = if is_too_large { HEAD.min(length) } else { length };
        if self.fill(wanted)? < wanted {
            return Err(bad("it ends within a record"));
        }
        self.now = (self.from, self.from + wanted);
        let shown = &self.window[self.now.0..self.now.1];
        let parts = if is_too_large { RecordParts::of_head(shown) } else { RecordParts::of(shown) };
        self.parts = parts.ok_or_else(|| bad("a record whose lengths do not fit"))?;
        self.too_large = is_too_large.then_some(length as u64);
        self.from += wanted;
        if is_too_large {
            self.pass_over(length - wanted)?;
        }
        if !(0..=i64::from(self.header.last_delta)).contains(&self.parts.offset_delta) {
            return Err(bad("a record with an offset of another batch"));
        }
        self.offset = self.header.base + self.parts.offset_delta;
        Ok(())
    }

    /// Unpacks until so many bytes are there or none are left, and says how many are.
    fn fill(&mut self, wanted: usize) -> io::Result<usize> {
        if self.to - self.from >= wanted {
            return Ok(self.to - self.from);
        }
        self.window.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        let size = wanted.max(WINDOW);
        if self.window.len() > 4 * size {
            self.window.truncate(size);
            self.window.shrink_to_fit();
        }
        self.window.resize(self.window.len().max(size), 0);
        while self.to < wanted {
            match self.reader.read(&mut self.window[self.to..])? {
                0 => break,
                read => self.to += read,
            }
        }
        Ok(self.to)
    }

    fn pass_over(&mut self, bytes: usize) -> io::Result<()> {
        let there = bytes.min(self.to - self.from);
        self.from += there;
        let left = (bytes - there) as u64;
        match io::copy(&mut self.reader.by_ref().take(left), &mut io::sink())? == left {
            true => Ok(()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// The bytes of its window.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.window.capacity()
    }

    /// The record that `advance` went to.
    pub fn record(&self) -> Record<'_> {
        let bytes = &self.window[self.now.0..self.now.1];
        let stamp = if self.header.is_stamped_by_broker {
            self.header.last_time
        } else {
            self.header.first_time + self.parts.time_delta
        };
        Record {
            topic: &self.topic,
            partition: self.partition,
            offset: self.offset,
            time: (stamp >= 0).then_some(stamp),
            key: self.parts.key(bytes),
            value: self.parts.value(bytes),
            headers: if self.too_large.is_some() { Default::default() } else { self.parts.headers(bytes) },
            too_large: self.too_large,
        }
    }
}

struct Unopened(Option<io::Error>);

impl Read for Unopened {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ => error.to_string(),
    }
}
