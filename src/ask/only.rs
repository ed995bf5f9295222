//! Whether a value, or a stream, that a question names is there at all.

use std::sync::Arc;

use smol_str::SmolStr;

use super::unclear::{AskError, STREAM, Unclear, check_named, slip};
use crate::{
    domain::stream::Stream,
    store::{
        Store,
        kpi::{self, Dimension},
    },
};

/// Whether the stream is declared.
pub fn check_stream(name: Option<&str>, streams: &[Arc<Stream>]) -> Result<(), Unclear> {
    let names: Vec<&str> = streams.iter().map(|stream| stream.name.as_str()).collect();
    check_named(STREAM, name, &names)
}

/// A value that stands in no case, and that nobody declares, is a slip of the pen; among no cases at all there is nothing to compare with.
pub async fn check_only(only: &[(Dimension, String)], streams: &[Arc<Stream>], store: &Store) -> Result<(), AskError> {
    for (dimension, value) in only {
        let mut declared: Vec<&str> = streams.iter().flat_map(|stream| declared(stream, *dimension)).collect();
        if value.is_empty() || declared.contains(&value.as_str()) || kpi::stands(store, *dimension, value).await? {
            continue;
        }
        let found = kpi::values(store, *dimension).await?;
        if !found.is_empty() {
            declared.extend(found.iter().map(String::as_str));
            declared.sort_unstable();
            declared.dedup();
            let (name, nearest, known) = slip(value, &declared);
            return Err(Unclear::InNoCase { dimension: dimension.name(), name, nearest, known }.into());
        }
    }
    Ok(())
}
fn declared(stream: &Stream, dimension: Dimension) -> Vec<&str> {
    match dimension {
        Dimension::Stream => vec![stream.name.as_str()],
        Dimension::Kind => stream.codes.kinds.iter().map(SmolStr::as_str).collect(),
        Dimension::Channel => stream.codes.channels.iter().map(SmolStr::as_str).collect(),
        Dimension::How => stream.codes.closings.iter().map(SmolStr::as_str).collect(),
        Dimension::Result => {
            stream.results.solved.iter().chain(&stream.results.explained).map(SmolStr::as_str).collect()
        }
        // Of those that have the same ones everywhere the store knows them.
        _ => Vec::new(),
    }
}
