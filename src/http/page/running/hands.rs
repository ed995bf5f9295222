//! What the page cannot do itself with a message in quarantine, because it takes the privacy key and the pipeline: whoever serves
//! the page hands it in.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;

use crate::{
    report::quarantine::EntryPreviews,
    store::quarantine::{Entry, QuarantineSelection},
};

pub trait QuarantineHands: Send + Sync {
    /// What may be shown of a message's key and headers; the content never is.
    fn previews(&self, entry: &Entry) -> Result<EntryPreviews, String>;

    /// Tries those that are meant again, and says with a note that it did.
    fn replay(&self, selection: QuarantineSelection, note: String)
    -> BoxFuture<'static, Result<ReplayOutcome, String>>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayOutcome {
    pub replayed: usize,
    /// Why others stay, and how many for each reason.
    pub still: BTreeMap<String, usize>,
}
