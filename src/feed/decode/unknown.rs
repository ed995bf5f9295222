//! The fields of an event's data that the contract does not name; for whoever looks at a message, which costs reading it once more.

use super::{Message, Top, heading};
use crate::{
    domain::{event::Envelope, fact::FactKind},
    feed::explain,
};

/// What stands beside `data` is not among them: CloudEvents has extensions there.
#[derive(Debug)]
pub(crate) struct UnknownFields {
    pub(crate) kind: FactKind,
    /// As the reader tells them: `place.Town`, `checks.0.by`.
    pub(crate) paths: Vec<String>,
    /// The data are all that was sent, or stand beside what else an event says.
    is_bare: bool,
}

impl UnknownFields {
    /// Of the beginning of a message that was understood.
    pub(crate) fn of(message: &Message<'_>) -> Option<Self> {
        let (text, heading) = heading(message).ok()?;
        let is_flat = heading.envelope == Envelope::Bare && heading.data.len() == text.len();
        let mut paths = explain::unknown(heading.kind, &heading.data);
        paths.retain(|path| !(is_flat && Top::BARE_FIELDS.contains(&path.as_str())));
        Some(Self { kind: heading.kind, paths, is_bare: is_flat || heading.envelope == Envelope::Binary })
    }

    /// By their places in the event, with what each might be: `/data/dueAt (due_at?)`.
    pub(crate) fn told(message: &Message<'_>) -> Vec<String> {
        let Some(Self { kind, paths, .. }) = Self::of(message) else { return Vec::new() };
        paths.iter().map(|path| format!("/data{}", explain::meant(kind, path))).collect()
    }

    /// Where the data begin in what was sent.
    pub(crate) fn root(&self) -> &'static str {
        if self.is_bare { "" } else { "/data" }
    }
}
