//! By which mapping an upload is imported: the first of those that fit.

use super::{
    desk::UploadDesk,
    kept::{UploadAbout, UploadFrom, UploadMapping},
};
use crate::feed::import::{Mapping, Proposal, ProposeFor, ProposeTable, Streams, propose};

impl UploadDesk {
    pub(super) fn zone(&self, stream: &str, otherwise: &str) -> String {
        self.zones.get(stream).cloned().unwrap_or_else(|| otherwise.to_owned())
    }

    pub(super) fn proposal(&self, about: &UploadAbout, table: &ProposeTable, zone: &str) -> Proposal {
        let timezone = self.zone(&about.stream, zone);
        let sheet = about.wish.sheet.as_deref();
        propose(table, ProposeFor { stream: &about.stream, timezone: &timezone, sheet })
    }

    /// By what it is imported: as it was chosen, as the file before, as a platform that is known, or as its names say.
    pub(super) fn mapping(&self, about: &UploadAbout, table: &ProposeTable, zone: &str) -> UploadMapping {
        if let Some(mapping) = &about.mapping {
            return mapping.clone();
        }
        let text = |from: UploadFrom, text: String| UploadMapping::Text { from, text };
        if let Some(named) = self.folder.named(&about.named) {
            return text(UploadFrom::Named(about.named.clone()), named);
        }
        if let Some(last) = self.folder.last(&about.stream, table) {
            return text(UploadFrom::Last, last);
        }
        let proposal = self.proposal(about, table, zone);
        match proposal.known {
            Some(known) => text(UploadFrom::Known(known.name.to_owned()), on_sheet(known.text, about)),
            None => UploadMapping::Chosen(proposal.choices),
        }
    }

    /// Or everything that is wrong with it.
    pub(super) fn parsed(&self, about: &UploadAbout, text: &str) -> Result<Mapping, Vec<String>> {
        let mapping = Mapping::parse("mapping", text, Streams::Known(&[&about.stream]));
        let mapping = mapping.map(|mapping| mapping.held_to(self.times, self.now));
        mapping.map_err(|error| error.problems().iter().map(ToString::to_string).collect())
    }
}

/// A known mapping reads the first sheet, unless another one was asked for.
fn on_sheet(text: &str, about: &UploadAbout) -> String {
    match &about.wish.sheet {
        Some(sheet) => format!("sheet = {}\n{text}", toml::Value::from(sheet.as_str())),
        None => text.to_owned(),
    }
}
