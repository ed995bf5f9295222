//! A mapping: the TOML file that says how the rows of a foreign file become events of the contract.
//! Everything that can be wrong with it is found here, before the first row; only the header is checked later.

mod columns;
mod condition;
mod data;
mod error;
mod event;
mod keys;
mod layout;
mod leaf;
mod list;
mod nearest;
mod plus;
mod take;
mod target;
mod time;
mod values;
mod watch;
mod way;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

pub(super) use columns::{Columns, Row, Slot};
pub use error::MappingError;
pub(super) use event::{EventRule, MissingTime};
pub(super) use layout::Layout;
pub(super) use nearest::hint;
pub(super) use take::Take;
pub(super) use watch::Watch;

use condition::Condition;
use error::listed;
use keys::{Document, Section};
use values::ValueMap;
use watch::Watches;

use super::{clock::Clock, fault::Fault};
use crate::{domain::time::Millis, feed::decode::TimeLimits};

#[derive(Clone, Debug)]
pub struct Mapping {
    stream: String,
    pub(super) source: String,
    pub(super) layout: Layout,
    pub(super) clock: Clock,
    pub(super) columns: Columns,
    pub(super) case_id: Take,
    pub(super) filters: Vec<Condition>,
    pub(super) events: Vec<EventRule>,
    pub(super) unmatched: Unmatched,
    pub(super) watches: Vec<Watch>,
    /// Which times the service takes, and the clock by which it is asked.
    possible: Option<(TimeLimits, fn() -> Millis)>,
}

/// What becomes of a row that yields no event of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmatched {
    Reject,
    Skip,
}

/// What the parts of a mapping need from each other while it is read.
#[derive(Debug)]
struct Context {
    columns: Columns,
    maps: BTreeMap<String, Arc<ValueMap>>,
    clock: Clock,
    null_values: Vec<String>,
    watches: Watches,
}

impl Mapping {
    pub fn load(path: &Path, known_streams: &[&str]) -> Result<Self, MappingError> {
        Self::load_for(path, Streams::Known(known_streams))
    }

    pub fn load_for(path: &Path, streams: Streams<'_>) -> Result<Self, MappingError> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&file, &text, streams),
            Err(source) => Err(MappingError::Unreadable { file, source }),
        }
    }

    /// `file` is only for the complaints.
    pub fn parse(file: &str, text: &str, streams: Streams<'_>) -> Result<Self, MappingError> {
        let doc = Document { file, text: text.strip_prefix('\u{feff}').unwrap_or(text) };
        let table = doc.parse()?;
        let top = Section::new(&doc, String::new(), 0..0, table.get_ref());
        let mut layout = Layout::read(top.get("csv").as_ref())?;
        layout.sheet = top.get("sheet").map(|found| found.text().map(str::to_owned)).transpose()?;
        let maps = ValueMap::read_all(top.get("values").as_ref())?;
        let mut context = Context {
            columns: Columns::default(),
            maps: maps.into_iter().map(|(name, map)| (name, Arc::new(map))).collect(),
            clock: time::read(&top)?,
            null_values: layout.null_values.clone(),
            watches: Watches::default(),
        };
        let (stream, source) = (stream(&top, streams)?, source(&top)?);
        let case_id = case_id(&top, &mut context)?;
        let filters = match top.get("filter") {
            Some(found) => Condition::read_all(&found, &mut context.columns, &context.null_values)?,
            None => Vec::new(),
        };
        let events = top.require("event", "at least one [[event]] rule")?;
        let events = event::read_all(&events, top.get("fields").as_ref(), &mut context)?;
        let unmatched = match top.get("unmatched") {
            Some(found) => found.choice(&[("reject", Unmatched::Reject), ("skip", Unmatched::Skip)])?,
            None => Unmatched::Reject,
        };
        top.finish()?;
        let Context { columns, clock, watches, .. } = context;
        let watches = watches.done();
        let names: Option<Vec<&str>> = layout.header.as_ref().map(|names| names.iter().map(String::as_str).collect());
        if let Some(names) = names {
            columns.bind(&names)?; // without a header in the file this can be known already
        }
        Ok(Self {
            stream,
            source,
            layout,
            clock,
            columns,
            case_id,
            filters,
            events,
            unmatched,
            watches,
            possible: None,
        })
    }

    /// Rows whose events the service would refuse for their time are rejected.
    pub fn held_to(self, limits: TimeLimits, now: fn() -> Millis) -> Self {
        Self { possible: Some((limits, now)), ..self }
    }

    pub(super) fn check_time(&self, at: Millis) -> Result<(), Fault> {
        let problem = self.possible.and_then(|(limits, now)| limits.fault(at, now()));
        problem.map_or(Ok(()), |problem| Err(Fault::ImpossibleTime { problem }))
    }

    /// The columns that it takes.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.names()
    }

    /// The stream that the events belong to; its topic is the caller's business.
    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// Of every event that comes of it.
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// Where the stream's name comes from.
#[derive(Clone, Copy, Debug)]
pub enum Streams<'a> {
    /// The mapping names one of these.
    Known(&'a [&'a str]),
    /// This one, whatever the mapping says.
    Always(&'a str),
}

fn stream(top: &Section<'_>, streams: Streams<'_>) -> Result<String, MappingError> {
    let found = top.get("stream");
    let known = match streams {
        Streams::Always(name) => return Ok(name.to_owned()),
        Streams::Known(known) => known,
    };
    let found = found
        .ok_or_else(|| top.lacks("stream", "the stream that the events belong to, like \"hotline\" or \"grid\""))?;
    let name = found.text()?;
    if known.contains(&name) {
        return Ok(name.to_owned());
    }
    Err(found.wrong(format!("there is no stream `{name}`{}; there are: {}", hint(name, known), listed(known))))
}

/// The contract's limit for ids and sources, in bytes.
const SOURCE_MAX: usize = 256;

fn source(top: &Section<'_>) -> Result<String, MappingError> {
    let found = top.require("source", "a URI for the system that the file comes from, like \"urn:baoshan:12345\"")?;
    match found.text()?.trim() {
        "" => Err(found.wrong("must not be empty")),
        long if long.len() > SOURCE_MAX => Err(found.wrong("must have at most 256 bytes")),
        source => Ok(source.to_owned()),
    }
}

fn case_id(top: &Section<'_>, context: &mut Context) -> Result<Take, MappingError> {
    let section = top.require("case", "[case] with id = \"COLUMN\"")?.section()?;
    let id = Take::read(&section.require("id", "the column with the case's number")?, &mut context.columns)?;
    section.finish()?;
    Ok(id)
}
