//! A mapping: the TOML file that says how the rows of a foreign file become events of the contract.
//! Everything that can be wrong with it is found here, before the first row; only the header is checked later.

mod columns;
mod condition;
mod data;
mod error;
mod event;
mod layout;
mod leaf;
mod misfits;
mod patterns;
mod plus;
mod take;
mod target;
mod time;
mod values;
mod watch;
mod way;

use std::{fs, path::Path};

pub(super) use columns::{Columns, Row, Slot};
pub use error::MappingError;
pub(super) use event::{EventRule, MissingTime};
pub(super) use layout::Layout;
pub(super) use take::Take;
pub(super) use watch::Watch;

use condition::Condition;
use misfits::Misfits;
use patterns::Patterns;
use values::{ValueMap, ValueMaps};
use watch::Watches;

use super::{clock::Clock, fault::Fault};
use crate::{
    document::{Document, Section, TomlEntry, in_quotes},
    domain::time::Millis,
    feed::decode::TimeLimits,
};

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

/// What the parts of a mapping need from each other while it is read. None of what cannot be read: who needs it says nothing, because
/// it is told already.
#[derive(Debug)]
struct Context {
    columns: Columns,
    maps: Option<ValueMaps>,
    clock: Option<Clock>,
    null_values: Vec<String>,
    watches: Watches,
    misfits: Misfits,
    patterns: Patterns,
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
        let doc = Document::new(file, text);
        let table = doc.parse().map_err(MappingError::NotToml)?;
        let top = doc.top(&table);
        let mut layout = Layout::read(top.get("csv").as_ref());
        layout.sheet = top.get("sheet").and_then(|found| sheet(&found));
        let mut context = Context {
            columns: Columns::new(file),
            maps: None,
            clock: time::read(&top),
            null_values: layout.null_values.clone(),
            watches: Watches::default(),
            misfits: Misfits::default(),
            patterns: Patterns::default(),
        };
        let (stream, source) = (stream(&top, streams), source(&top));
        let unmatched = top.optional("unmatched", Unmatched::Reject, |found| {
            found.choice(&[("reject", Unmatched::Reject), ("skip", Unmatched::Skip)])
        });
        let (values, fields, filters) = (top.get("values"), top.get("fields"), top.get("filter"));
        let events = top.require("event", "at least one [[event]], with type and time");
        let case_id = case_id(&top, &mut context);
        context.maps = match &values {
            Some(values) => ValueMap::read_all(values),
            None => (!top.is_misspelt("values")).then(ValueMaps::new),
        };
        let filters = filters.map_or(Some(Vec::new()), |found| Condition::read_all(&found, &mut context));
        let shared = event::shared(fields.as_ref(), &mut context);
        let fields = (fields.as_ref(), shared.as_ref());
        let events = events.and_then(|found| event::read_all(&found, fields, &mut context));
        top.finish();
        let Context { columns, clock, watches, .. } = context;
        // Without a header in the file it is known already which columns it has.
        if let Some(header) = &layout.header {
            columns.tell_missing(&doc, header);
        }
        let whole = move || {
            Some(Self {
                stream: stream?,
                source: source?,
                layout,
                clock: clock?,
                columns,
                case_id: case_id?,
                filters: filters?,
                events: events?,
                unmatched: unmatched?,
                watches: watches.done(),
                possible: None,
            })
        };
        doc.whole(whole(), "docs/import.md").map_err(MappingError::Invalid)
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

/// Empty it is as if it were not there.
fn sheet(entry: &TomlEntry<'_>) -> Option<String> {
    let name = entry.any_text()?;
    (!name.trim().is_empty()).then(|| name.to_owned())
}

fn stream(top: &Section<'_>, streams: Streams<'_>) -> Option<String> {
    let known = match streams {
        Streams::Known(known) => known,
        Streams::Always(name) => {
            top.get("stream"); // it may be there, and counts for nothing
            return Some(name.to_owned());
        }
    };
    let found = top.require("stream", "the stream that the events belong to, like \"hotline\" or \"grid\"")?;
    let name = found.text()?;
    match known.contains(&name) {
        true => Some(name.to_owned()),
        false => found.no_such(format!("there is no stream {}", in_quotes(name)), name, || known.to_vec()),
    }
}

/// The contract's limit for ids and sources, in bytes.
const SOURCE_MAX: usize = 256;

fn source(top: &Section<'_>) -> Option<String> {
    let found = top.require("source", "a URI for the system that the file comes from, like \"urn:baoshan:12345\"")?;
    let source = found.text()?.trim();
    match source.len() {
        0..=SOURCE_MAX => Some(source.to_owned()),
        _ => found.refuse("is too long", format!("write at most {SOURCE_MAX} bytes")),
    }
}

fn case_id(top: &Section<'_>, context: &mut Context) -> Option<Take> {
    let section = top.require("case", "[case] with id = \"COLUMN\"")?;
    let section = section.section_like("[case] with id = \"COLUMN\"")?;
    let id = section.require("id", "id = \"COLUMN\", the column with the case's number");
    let id = id.and_then(|found| Take::read(&found, &mut context.columns));
    section.finish();
    id
}
