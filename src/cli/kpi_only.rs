//! `--only kind=投诉`: where a case must stand so, and whether there is such a value at all.

use smol_str::SmolStr;

use super::{kpi::Ask, setup::Setup, usage::no_such};
use crate::{
    domain::stream::Stream,
    store::{
        Store,
        kpi::{self, Dimension},
    },
};

/// `kind=投诉`.
pub(super) fn only(text: &str) -> Result<(Dimension, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected DIMENSION=VALUE, such as kind=投诉")?;
    match Dimension::from_name(name) {
        Some(dimension) if !dimension.is_time() => Ok((dimension, value.to_owned())),
        Some(_) => Err(format!("`{name}` is a time: use --from and --to")),
        None => Err(no_such("dimension", name, &Dimension::names().collect::<Vec<_>>()).to_string()),
    }
}

/// A value that stands in no case, and that nobody declares, is a slip of the pen; among no cases at all there is nothing to compare with.
pub(super) async fn check_only(args: &Ask, setup: &Setup, store: &Store) -> anyhow::Result<()> {
    for (dimension, value) in &args.only {
        let mut declared: Vec<&str> = setup.streams.iter().flat_map(|stream| declared(stream, *dimension)).collect();
        if value.is_empty() || declared.contains(&value.as_str()) || kpi::stands(store, *dimension, value).await? {
            continue;
        }
        let found = kpi::values(store, *dimension).await?;
        if !found.is_empty() {
            declared.extend(found.iter().map(String::as_str));
            declared.sort_unstable();
            declared.dedup();
            return Err(no_such(&format!("{} in any case", dimension.name()), value, &declared).into());
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
        _ => Vec::new(),
    }
}
