//! Answers and cases as JSON for programs: counts as whole numbers, times as RFC 3339 in the zone asked for.

use std::io::Write;

use jiff::tz::TimeZone;
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::rate::fraction;
use crate::{
    domain::time::Millis,
    store::kpi::{Answer, CaseBehind, Question},
};

/// One array for all the figures asked for.
pub fn write_answers(
    answers: &[(&Question, Vec<Answer>)],
    zone: &TimeZone,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &AnswersJson(answers, zone))?;
    writeln!(out)?;
    Ok(())
}

pub fn write_cases(cases: &[CaseBehind], zone: &TimeZone, out: &mut impl Write) -> anyhow::Result<()> {
    let cases: Vec<CaseJson<'_>> = cases.iter().map(|case| CaseJson(case, zone)).collect();
    serde_json::to_writer_pretty(&mut *out, &cases)?;
    writeln!(out)?;
    Ok(())
}

struct AnswersJson<'a>(&'a [(&'a Question, Vec<Answer>)], &'a TimeZone);

impl Serialize for AnswersJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        for (question, rows) in self.0 {
            for answer in rows {
                array.serialize_element(&AnswerJson { question, answer, zone: self.1 })?;
            }
        }
        array.end()
    }
}

struct AnswerJson<'a> {
    question: &'a Question,
    answer: &'a Answer,
    zone: &'a TimeZone,
}

impl Serialize for AnswerJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (figure, period) = (self.question.figure, self.question.period);
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("kpi", figure.id)?;
        object.serialize_entry("convention", figure.convention)?;
        object.serialize_entry("cohort", figure.cohort.name())?;
        for (dimension, text) in self.question.group_by.iter().zip(&self.answer.group) {
            object.serialize_entry(dimension.name(), text)?;
        }
        object.serialize_entry("from", &period.from.rfc3339(self.zone))?;
        object.serialize_entry("to", &period.to.rfc3339(self.zone))?;
        object.serialize_entry("as_of", &period.as_of.rfc3339(self.zone))?;
        object.serialize_entry("numerator", &self.answer.numerator)?;
        object.serialize_entry("denominator", &self.answer.denominator)?;
        object.serialize_entry("rate", &fraction(self.answer.numerator, self.answer.denominator))?;
        object.end()
    }
}

struct CaseJson<'a>(&'a CaseBehind, &'a TimeZone);

impl Serialize for CaseJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = self.0;
        let mut object = serializer.serialize_map(None)?;
        for (name, text) in [
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
        ] {
            object.serialize_entry(name, text)?;
        }
        for (name, at) in [("received_at", case.received_at), ("closed_at", case.closed_at), ("due_at", case.due_at)] {
            object.serialize_entry(name, &at.map(|at| Millis(at).rfc3339(self.1)))?;
        }
        object.serialize_entry("numerator", &case.numerator)?;
        object.serialize_entry("denominator", &case.denominator)?;
        object.end()
    }
}
