//! `tongguan import FILE --propose`: the mapping that a file probably needs, to be looked over.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use anyhow::Context as _;
use jiff::tz::TimeZone;

use super::ImportOutcome;
use crate::{
    ask::unclear::{STREAM, no_such},
    domain::stream::Stream,
    feed::import::{Proposal, ProposeFor, ProposeTable, ProposeWish, look, propose},
};

/// The mapping to `out`; what is asked and missing to standard error.
pub fn run(
    file: &Path,
    stream: Option<&str>,
    known: &[Arc<Stream>],
    out: &mut impl Write,
) -> anyhow::Result<ImportOutcome> {
    let names: Vec<&str> = known.iter().map(|stream| stream.name.as_str()).collect();
    let data = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    let table = match look(data, &ProposeWish::default(), &mut |_| {}) {
        Ok(table) => table,
        Err(error) => return Ok(ImportOutcome::Unreadable(format!("cannot read {}: {error}", file.display()))),
    };
    let for_stream = |stream: &Arc<Stream>| {
        let timezone = of_zone(&stream.zone);
        propose(&table, ProposeFor { stream: &stream.name, timezone: &timezone, sheet: None })
    };
    let proposal = match (stream, known) {
        (Some(name), _) => match known.iter().find(|stream| stream.name == name) {
            Some(stream) => for_stream(stream),
            None => return Ok(ImportOutcome::Usage(no_such(STREAM, name, &names).to_string())),
        },
        (None, [only]) => for_stream(only),
        (None, all) => {
            // A platform that is known says itself whose cases it has, unless it has those of several.
            let mut found = all.iter().map(for_stream).filter(|proposal| proposal.known.is_some());
            match (found.next(), found.next()) {
                (Some(one), None) => one,
                _ => {
                    let text = format!("which stream are the cases of? Name it: --stream {}", names.join(" | "));
                    return Ok(ImportOutcome::Usage(text));
                }
            }
        }
    };
    write(&table, &proposal, file, out)?;
    let mut open: Vec<String> = proposal.choices.lacks().iter().map(|lack| lack.told().1).collect();
    open.extend(proposal.notes.iter().filter(|note| note.is_question()).map(|note| note.told().1));
    if proposal.known.is_some() || open.is_empty() {
        return Ok(ImportOutcome::Complete);
    }
    Ok(ImportOutcome::Proposed(format!("the mapping is not whole yet:\n  {}", open.join("\n  "))))
}

fn of_zone(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

fn write(table: &ProposeTable, proposal: &Proposal, file: &Path, out: &mut impl Write) -> io::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().replace(char::is_control, " ");
    if let Some(known) = proposal.known {
        return writeln!(out, "# {name}: a table of {}, which is known.\n{}", known.name, known.text);
    }
    writeln!(
        out,
        "# Proposed from the names and values of {name}. Look it over, and try it with --dry-run --print 5."
    )?;
    writeln!(out, "# 按列名和取值推测，请核对后先用 --dry-run 试跑。\n#")?;
    for ((column, line), (_, meaning)) in table.columns.iter().zip(&proposal.lines).zip(&proposal.choices.columns) {
        let name = column.name.replace(char::is_control, " ");
        let sure = line.sure.filter(|_| !meaning.is_empty()).map_or("", |sure| sure.told().1);
        let meaning = if meaning.is_empty() { "-" } else { meaning };
        writeln!(out, "{}", format!("#   {name} = {meaning} {sure}").trim_end())?;
    }
    for note in &proposal.notes {
        writeln!(out, "# {} {}", if note.is_question() { "Question:" } else { "Note:" }, note.told().1)?;
    }
    writeln!(out, "\n{}", proposal.choices.mapping())
}
