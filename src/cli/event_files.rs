//! Files of events as they would stand on Kafka: one, or lines of them.

use std::{
    fs,
    io::{self, BufRead, BufReader},
    path::Path,
};

use anyhow::Context as _;

/// The messages of a file, and where each stands.
pub(super) fn each(file: &Path, mut act: impl FnMut(String, &[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let name = file.display();
    if file.as_os_str() == "-" {
        return lines(io::stdin().lock(), "line ", act);
    }
    let opened = fs::File::open(file).with_context(|| format!("cannot read {name}"))?;
    if file.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson") {
        return lines(BufReader::new(opened), &format!("{name}:"), act);
    }
    act(name.to_string(), &fs::read(file).with_context(|| format!("cannot read {name}"))?)
}

fn lines(
    from: impl BufRead,
    before: &str,
    mut act: impl FnMut(String, &[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for (number, line) in from.split(b'\n').enumerate() {
        let line = line?;
        if !line.trim_ascii().is_empty() {
            act(format!("{before}{}", number + 1), &line)?;
        }
    }
    Ok(())
}
