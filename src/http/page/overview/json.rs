//! The overview for programs: the same answers, by the names of the figures and dimensions.

use std::io;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{
    OverviewFound,
    found::{Listed, Peer},
};
use crate::{
    domain::time::Millis,
    report::{json::write, kpi_json::case_fields},
    store::kpi::{Answer, CaseBehind, Question},
};

pub(super) fn write_found(
    question: &Question,
    zone: &TimeZone,
    found: &OverviewFound,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let at = |at: Millis| at.rfc3339(zone);
    let ids: Vec<&str> = found.lead.iter().map(|led| led.figure.id.as_str()).collect();
    let figures: Vec<Value> = found
        .lead
        .iter()
        .map(|led| {
            let before: serde_json::Map<String, Value> =
                led.before.iter().map(|(against, answer)| (against.name().to_owned(), counts(answer))).collect();
            json!({ "id": led.figure.id, "convention": led.figure.convention, "now": counts(&led.answer), "before": before })
        })
        .collect();
    let months: serde_json::Map<String, Value> =
        ids.iter().zip(&found.months).map(|(id, answers)| ((*id).to_owned(), groups(answers).into())).collect();
    let peers = |peers: &[Peer]| -> Vec<Value> { peers.iter().map(|one| peer(one, &ids)).collect() };
    let told = json!({
        "from": at(question.period.from),
        "to": at(question.period.to),
        "as_of": at(question.period.as_of),
        "stream": question.stream,
        "figures": figures,
        "received": {
            "fate": groups(&found.fates),
            "category": groups(&found.categories),
            "channel": groups(&found.channels),
            "weekday_hour": groups(&found.hours),
        },
        "satisfaction": groups(&found.said),
        "months": months,
        "streams": peers(&found.streams),
        "units": peers(&found.units),
        "communities": peers(&found.communities),
        "overdue": listed(&found.overdue, zone),
        "due_next": listed(&found.due_next, zone),
    });
    write(&told, out)
}

fn counts(answer: &Answer) -> Value {
    json!({ "numerator": answer.numerator, "denominator": answer.denominator })
}

fn groups(answers: &[Answer]) -> Vec<Value> {
    answers
        .iter()
        .map(
            |answer| json!({ "group": answer.group, "numerator": answer.numerator, "denominator": answer.denominator }),
        )
        .collect()
}

fn peer(peer: &Peer, ids: &[&str]) -> Value {
    let figures: serde_json::Map<String, Value> = ids
        .iter()
        .zip(&peer.figures)
        .filter_map(|(id, answer)| Some(((*id).to_owned(), counts(answer.as_ref()?))))
        .collect();
    json!({ "code": peer.code, "figures": figures })
}

fn listed(listed: &Listed, zone: &TimeZone) -> Value {
    let case = |case: &CaseBehind| Value::Object(case_fields(case, zone).into_iter().collect());
    json!({
        "in_all": listed.in_all,
        "due_by": listed.question.due_by.map(|by| by.rfc3339(zone)),
        "first": listed.named().unwrap_or_default().iter().map(case).collect::<Vec<_>>(),
    })
}
