//! Lists of days: CSV with `date,day,name`.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ReaderBuilder, StringRecord};
use jiff::civil::Date;

use crate::{
    config::Problem,
    domain::calendar::{DayKind, ListedDay, civil::Day},
};

const HEADER: [&str; 3] = ["date", "day", "name"];
pub(in crate::config) const DATE_REMEDY: &str = "write year-month-day, such as 2026-10-01";

/// The days of all lists read so far; a later list wins.
#[derive(Debug, Default)]
pub(super) struct Notices(BTreeMap<Date, ListedDay>);

impl Notices {
    pub(super) fn read(&mut self, place: &str, text: &str, cover: Option<(Date, Date)>, problems: &mut Vec<Problem>) {
        // Spreadsheets put a byte order mark before the first name.
        let text = text.trim_start_matches('\u{feff}');
        let mut lines: BTreeMap<Date, u64> = BTreeMap::new();
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut has_header = false;
        for record in reader.into_records() {
            // Neither a broken pipe nor broken UTF-8 can come out of a text in memory.
            let Ok(record) = record else { continue };
            let line = record.position().map_or(0, csv::Position::line);
            let place = format!("{place}, line {line}");
            if !has_header {
                has_header = true;
                problems.extend(fault_of_header(&place, &record));
                continue;
            }
            match day(&place, &record, cover) {
                Ok((date, listed)) => {
                    if let Some(earlier) = lines.insert(date, line) {
                        let what = format!("{date} is already in line {earlier}");
                        problems.push(Problem::new(&place, what, "leave one of the two"));
                    }
                    self.0.insert(date, listed);
                }
                Err(problem) => problems.push(problem),
            }
        }
        if !has_header {
            problems.push(Problem::new(place, "is empty", "begin it with the line `date,day,name`"));
        }
    }

    /// A year without a single holiday is a year whose notice was forgotten.
    pub(super) fn missing_years(&self, place: &str, (first, last): (Date, Date)) -> Vec<Problem> {
        let listed: BTreeSet<i16> = self.0.keys().map(|date| date.year()).collect();
        let missing = (first.year()..=last.year()).filter(|year| !listed.contains(year));
        let problem = |year| {
            let what = format!("the calendar covers {year}, but no day of {year} is listed");
            Problem::new(
                format!("{place}, covers_until"),
                what,
                "add the notice of that year to the days, or cover less",
            )
        };
        missing.map(problem).collect()
    }

    pub(super) fn into_listed(self) -> BTreeMap<Day, ListedDay> {
        self.0.into_iter().map(|(date, listed)| (Day::of(date), listed)).collect()
    }
}

fn fault_of_header(place: &str, record: &StringRecord) -> Option<Problem> {
    let is_right = record.iter().map(str::trim).eq(HEADER);
    let found: Vec<&str> = record.iter().collect();
    let what = || format!("the columns are {:?}", found.join(","));
    (!is_right).then(|| Problem::new(place, what(), "begin the file with the line `date,day,name`"))
}

fn day(place: &str, record: &StringRecord, cover: Option<(Date, Date)>) -> Result<(Date, ListedDay), Problem> {
    let fields: Vec<&str> = record.iter().map(str::trim).collect();
    let [date_text, kind, name] = fields[..] else {
        let what = format!("{} columns instead of 3", fields.len());
        return Err(Problem::new(place, what, "write `date,day,name`"));
    };
    let found = date(date_text);
    let found = found.ok_or_else(|| Problem::new(place, format!("{date_text:?} is no date"), DATE_REMEDY))?;
    let kind = match kind {
        "work" => DayKind::Work,
        "off" => DayKind::Off,
        _ => return Err(Problem::new(place, format!("day is {kind:?}"), "write `work` or `off`")),
    };
    if name.is_empty() {
        return Err(Problem::new(place, "the day has no name", "write the holiday or the order that it belongs to"));
    }
    if let Some((first, last)) = cover.filter(|(first, last)| found < *first || found > *last) {
        let what = format!("{found} is not between covers_from {first} and covers_until {last}");
        return Err(Problem::new(place, what, "cover the day, or leave it out"));
    }
    Ok((found, ListedDay { kind, name: name.to_owned() }))
}

/// `2026-10-01` and no other form.
pub(in crate::config) fn date(text: &str) -> Option<Date> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_plain.then(|| text.parse().ok()).flatten()
}
