//! Answers and cases as JSON for programs: counts as whole numbers, times as RFC 3339 in the zone asked for.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value;

use super::{json, kpi::fields};
use crate::{ask::Told, domain::time::Millis, store::kpi::CaseBehind};

/// One array for all the figures asked for.
pub fn write_answers(all: &[Told<'_>], zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let objects = |told: &Told<'_>| -> Vec<Ordered> {
        (0..told.answers.len()).map(|index| Ordered(fields(told, index, zone))).collect()
    };
    let objects: Vec<Ordered> = all.iter().flat_map(objects).collect();
    json::write(&objects, out)
}

pub fn write_cases(cases: &[CaseBehind], zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let cases: Vec<Ordered> = cases.iter().map(|case| Ordered(case_fields(case, zone))).collect();
    json::write(&cases, out)
}

/// Rows of any table.
pub fn write_rows(rows: Vec<Vec<(String, Value)>>, out: &mut impl Write) -> io::Result<()> {
    let all: Vec<Ordered> = rows.into_iter().map(Ordered).collect();
    json::write(&all, out)
}

/// The same, an object a line.
pub fn write_lines(rows: impl Iterator<Item = Vec<(String, Value)>>, out: &mut impl Write) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, &Ordered(row))?;
        writeln!(out)?;
    }
    Ok(())
}

/// An object whose fields keep their order.
struct Ordered(Vec<(String, Value)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            object.serialize_entry(name, value)?;
        }
        object.end()
    }
}

/// Names and values of a case behind a figure, in the order that programs rely on.
pub fn case_fields(case: &CaseBehind, zone: &TimeZone) -> Vec<(String, Value)> {
    let texts = [
        ("case_id", &case.case_id),
        ("stream", &case.stream),
        ("kind", &case.kind),
        ("channel", &case.channel),
        ("category_standard", &case.category_standard),
        ("category_code", &case.category_code),
        ("category_name", &case.category_name),
        ("area", &case.area),
        ("town", &case.town),
        ("community", &case.community),
        ("cell", &case.cell),
        ("duty_grid", &case.duty_grid),
        ("unit", &case.unit),
        ("unit_name", &case.unit_name),
        ("urgency", &case.urgency),
        ("standing", &case.standing),
    ];
    let times = [("received_at", case.received_at), ("closed_at", case.closed_at), ("due_at", case.due_at)];
    let flags = [("numerator", case.numerator), ("denominator", case.denominator)];
    let texts = texts.into_iter().map(|(name, text)| (name, Value::from(text.as_str())));
    let times = times.into_iter().map(|(name, at)| (name, at.map(|at| Millis(at).rfc3339(zone)).into()));
    let flags = flags.into_iter().map(|(name, flag)| (name, Value::from(flag)));
    let duration_s = case.duration_ms.map(|ms| ms.div_euclid(1000));
    let adds = [("n", case.n.into()), ("d", case.d.into()), ("duration_s", duration_s.into())];
    texts.chain(times).chain(flags).chain(adds).map(|(name, value)| (name.to_owned(), value)).collect()
}
