//! A correction or a review: a field by name, and its right value as text.

use super::moment;
use crate::{
    domain::{
        attributes::Attribute,
        fact::{Correction, Satisfaction},
        stream::Stream,
    },
    feed::{contract::WireTime, rejection::Rejection},
};

pub(super) fn read(field: &str, value: &str, stream: &Stream) -> Result<Correction, Rejection> {
    let time = || {
        let wire =
            WireTime::parse(value).ok_or_else(|| wrong("this field is a time: expected RFC 3339 with an offset"))?;
        moment(wire, "/data/value")?;
        Ok::<_, Rejection>(wire)
    };
    Ok(match field {
        "unit" => Correction::Unit(value.into()),
        "filing_condition" => Correction::FilingCondition(value.into()),
        "received_at" => Correction::ReceivedAt(time()?.at),
        "closed_at" => Correction::ClosedAt(time()?.at),
        "due_at" => Correction::DueAt(time()?.due(stream)),
        "result" => Correction::Result(value.into()),
        "quantity" => {
            Correction::Quantity(value.parse().map_err(|_| wrong("this field is a whole number: expected digits"))?)
        }
        "first_contact" => Correction::FirstContact(yes_or_no(value)?),
        "solved" => Correction::Solved(yes_or_no(value)?),
        "assessed" => Correction::Assessed(yes_or_no(value)?),
        "satisfaction" => Correction::Satisfaction(Satisfaction::from_name(value).ok_or_else(|| {
            wrong("expected satisfied, basically_satisfied, neutral or dissatisfied, or its Chinese word")
        })?),
        name => match Attribute::from_name(name) {
            Some(attribute) => Correction::Attribute(attribute, value.into()),
            None => return Err(Rejection::invalid("/data/field", "not a field that can be corrected")),
        },
    })
}

fn yes_or_no(value: &str) -> Result<bool, Rejection> {
    match value {
        "true" | "是" => Ok(true),
        "false" | "否" => Ok(false),
        _ => Err(wrong("this field is a yes or no: expected true or false")),
    }
}

fn wrong(rule: &str) -> Rejection {
    Rejection::invalid("/data/value", rule)
}
