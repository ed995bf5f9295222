//! The zone, `[time]` and the two policies for the hours that daylight saving repeats and skips.

use jiff::tz::TimeZone;

use super::{
    error::MappingError,
    keys::{Entry, Section},
};
use crate::feed::import::clock::{Ambiguous, Bare, Clock, Format, Nonexistent};

pub(super) fn read(top: &Section<'_>) -> Result<Clock, MappingError> {
    let found = top.require("timezone", "the zone of the file's times, like \"Asia/Shanghai\"")?;
    let name = found.text()?;
    let zone = TimeZone::get(name)
        .map_err(|_| found.wrong(format!("`{name}` is no IANA time zone; write \"Asia/Shanghai\" or the like")))?;
    let ambiguous = match top.get("ambiguous") {
        Some(found) => found.choice(&[("earlier", Ambiguous::Earlier), ("later", Ambiguous::Later)])?,
        None => Ambiguous::Earlier,
    };
    let nonexistent = match top.get("nonexistent") {
        Some(found) => found.choice(&[("reject", Nonexistent::Reject), ("later", Nonexistent::Later)])?,
        None => Nonexistent::Reject,
    };
    let section = top.require("time", "[time] with formats = [\"%Y-%m-%d %H:%M:%S\", …]")?.section()?;
    let found = section.require("formats", "for example [\"%Y-%m-%d %H:%M:%S\", \"%Y-%m-%d\"]")?;
    let bare = bare(&section)?;
    section.finish()?;
    let formats: Vec<Format> = found.items()?.iter().map(format).collect::<Result<_, _>>()?;
    if formats.is_empty() {
        return Err(found.wrong("needs at least one format"));
    }
    Ok(Clock { zone, formats, ambiguous, nonexistent, bare })
}

/// `bare_date`, for all the times or for one.
pub(super) fn bare(section: &Section<'_>) -> Result<Option<Bare>, MappingError> {
    section.get("bare_date").map(|found| found.choice(&[("start", Bare::Start), ("end", Bare::End)])).transpose()
}

fn format(entry: &Entry<'_>) -> Result<Format, MappingError> {
    Format::new(entry.text()?).map_err(|problem| entry.wrong(problem))
}
