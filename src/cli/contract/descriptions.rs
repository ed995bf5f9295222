//! The descriptions that machines read: of the topics (AsyncAPI), of the inlet and of the interface for programs (OpenAPI).

use crate::{
    cli::declared,
    config::streams,
    domain::{fact::FactKind, stream::Stream},
    feed::asyncapi,
    http::{api, inlet},
};

/// Name and text of each.
pub fn openapi() -> [(&'static str, String); 2] {
    [("openapi.json", api::openapi::written()), ("inlet.openapi.json", inlet::openapi::written())]
}

/// The same of the topics.
pub fn asyncapi() -> anyhow::Result<(&'static str, String)> {
    Ok(("asyncapi.json", asyncapi::written(&streams()?)))
}

/// Those that come with the program.
pub(super) fn streams() -> anyhow::Result<Vec<Stream>> {
    let names = FactKind::ALL.map(|(_, name)| name);
    streams::load(None, "all", &names)?.iter().map(|file| declared::stream(file, "")).collect()
}
