//! The zone, `[time]` and the two policies for the hours that daylight saving repeats and skips.

use jiff::tz::TimeZone;

use crate::{
    document::{Section, TomlEntry, in_quotes},
    feed::import::clock::{Ambiguous, Bare, Clock, Format, Nonexistent},
};

pub(super) fn read(top: &Section<'_>) -> Option<Clock> {
    let zone = top.require("timezone", "the zone of the file's times, like \"Asia/Shanghai\"");
    let zone = zone.and_then(|found| zone_of(&found));
    let ambiguous = top.optional("ambiguous", Ambiguous::Earlier, |found| {
        found.choice(&[("earlier", Ambiguous::Earlier), ("later", Ambiguous::Later)])
    });
    let nonexistent = top.optional("nonexistent", Nonexistent::Reject, |found| {
        found.choice(&[("reject", Nonexistent::Reject), ("later", Nonexistent::Later)])
    });
    let section = top.require("time", "[time] with formats = [\"%Y-%m-%d %H:%M:%S\", …]");
    let section = section.and_then(|found| found.section_like("[time] with formats = [\"%Y-%m-%d %H:%M:%S\"]"));
    let (formats, bare) = section.map(|section| of_times(&section)).unwrap_or_default();
    Some(Clock { zone: zone?, formats: formats?, ambiguous: ambiguous?, nonexistent: nonexistent?, bare: bare? })
}

fn zone_of(entry: &TomlEntry<'_>) -> Option<TimeZone> {
    let name = entry.text()?;
    let found = TimeZone::get(name).ok();
    found.or_else(|| {
        entry.refuse(format!("{} is no IANA time zone", in_quotes(name)), "write \"Asia/Shanghai\" or the like")
    })
}

fn of_times(section: &Section<'_>) -> (Option<Vec<Format>>, Option<Option<Bare>>) {
    let formats = section.require("formats", "formats = [\"%Y-%m-%d %H:%M:%S\", \"%Y-%m-%d\"], or the like");
    let read = (formats.and_then(|found| formats_of(&found)), bare(section));
    section.finish();
    read
}

/// Each is tried for every time that fits none before it.
const FORMATS_MAX: usize = 32;

fn formats_of(entry: &TomlEntry<'_>) -> Option<Vec<Format>> {
    let formats = entry.each(|item| {
        let read = Format::new(item.text()?);
        read.map_or_else(|what| item.refuse(what, "write one like \"%Y-%m-%d %H:%M:%S\""), Some)
    })?;
    match formats.len() {
        0 => entry.refuse("is an empty list", "write at least one format"),
        1..=FORMATS_MAX => Some(formats),
        _ => entry.refuse("is too long", format!("write at most {FORMATS_MAX} formats")),
    }
}

/// `bare_date`, for all the times or for one.
pub(super) fn bare(section: &Section<'_>) -> Option<Option<Bare>> {
    section.optional("bare_date", None, |found| found.choice(&[("start", Some(Bare::Start)), ("end", Some(Bare::End))]))
}
