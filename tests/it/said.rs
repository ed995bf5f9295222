//! Facts of units, of the centre and of citizens, each with the columns of the mart that it fills.

use serde_json::{Value, json};
use tongguan::domain::{
    attributes::{Attribute, Attributes},
    fact::{Correction, Fact, OfUnit, Pressure, Revisit, Satisfaction, Tally},
};

use crate::mart::{due, hour, reason};

/// A correction with its columns, or the same as a review.
fn put_right(is_review: bool, correction: Correction, field: &str, value: &str, more: Value) -> (Fact, Value) {
    let mut shown = json!({ "field": field, "value": value, "old_value": "旧", "reason_code": "R1", "reason": "原因" });
    shown.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (old, reason) = ("旧".into(), reason());
    let fact = if is_review {
        Fact::Reviewed { correction, old, reason }
    } else {
        Fact::Corrected { correction, old, reason }
    };
    (fact, shown)
}

/// Every correction, and each of them as a review.
pub fn put_right_all() -> Vec<(Fact, Value)> {
    let due_at = "2021-03-07 00:00:00.000";
    let mut all = Vec::new();
    for is_review in [false, true] {
        let plain = |correction, field, value| put_right(is_review, correction, field, value, json!({}));
        all.extend([
            plain(Correction::Attribute(Attribute::DutyGrid, "新".into()), "duty_grid", "新"),
            plain(Correction::Unit("U".into()), "unit", "U"),
            plain(Correction::FilingCondition("条件".into()), "filing_condition", "条件"),
            plain(Correction::ReceivedAt(hour(1)), "received_at", "2021-03-06 11:00:00.000"),
            plain(Correction::ClosedAt(hour(2)), "closed_at", "2021-03-06 12:00:00.000"),
            put_right(
                is_review,
                Correction::DueAt(due()),
                "due_at",
                due_at,
                json!({ "due_at": due_at, "due_is_exclusive": true }),
            ),
            plain(Correction::Result("结果".into()), "result", "结果"),
            plain(Correction::Quantity(5), "quantity", "5"),
            plain(Correction::FirstContact(true), "first_contact", "true"),
            plain(Correction::Solved(false), "solved", "false"),
            plain(Correction::Satisfaction(Satisfaction::Neutral), "satisfaction", "neutral"),
            plain(Correction::Assessed(false), "assessed", "false"),
        ]);
    }
    all
}

fn of_unit() -> OfUnit {
    OfUnit { unit: "U".into(), reason: reason() }
}

fn pressure(level: &str) -> Box<Pressure> {
    Box::new(Pressure { by: "区城运中心".into(), level: level.into(), reason: reason() })
}

pub fn tallied() -> (Fact, Value) {
    let attributes = Attributes { kind: "宣传资料".into(), ..Attributes::default() };
    let tally = Tally { attributes, quantity: 7, unit: "U".into(), unit_name: "单位".into(), title: "标题".into() };
    let shown = json!({ "kind": "宣传资料", "quantity": 7, "unit": "U", "unit_name": "单位", "title": "标题" });
    (Fact::Tallied(Box::new(tally)), shown)
}

/// What units do, what is asked for, and what is said afterwards.
pub fn of_handling() -> Vec<(Fact, Value)> {
    let of_it = || json!({ "unit": "U", "reason_code": "R1", "reason": "原因" });
    let answered = |outcome: bool| json!({ "outcome": outcome, "reason_code": "R1", "reason": "原因" });
    let pressed = |level: &str| json!({ "pressed_by": "区城运中心", "pressed_level": level, "reason_code": "R1", "reason": "原因" });
    vec![
        (Fact::VerificationRequested(of_unit()), of_it()),
        (Fact::Verified { confirmed: true, reason: reason() }, answered(true)),
        (Fact::Returned(of_unit()), of_it()),
        (
            Fact::ReturnDecided { accepted: false, of: of_unit() },
            json!({ "outcome": false, "unit": "U", "reason_code": "R1", "reason": "原因" }),
        ),
        (Fact::Withdrawn(of_unit()), of_it()),
        (Fact::Supervised(pressure("district")), pressed("district")),
        // Like a number, and yet no level of a dispatch.
        (Fact::Urged(pressure("3")), pressed("3")),
        (
            Fact::ExtensionRequested { due: Some(due()), reason: reason() },
            json!({ "due_at": "2021-03-07 00:00:00.000", "due_is_exclusive": true, "reason_code": "R1", "reason": "原因" }),
        ),
        (Fact::SuspensionRequested(reason()), json!({ "reason_code": "R1", "reason": "原因" })),
        (Fact::CheckRequested(of_unit()), of_it()),
        (Fact::ReworkOrdered(of_unit()), of_it()),
        (Fact::AppealDecided { upheld: true, reason: reason() }, answered(true)),
        (Fact::DuplicateLinked { parent: "原单".into() }, json!({ "parent": "原单" })),
        (Fact::DuplicateUnlinked(reason()), json!({ "reason_code": "R1", "reason": "原因" })),
    ]
}

/// Each word for satisfaction, and nothing said at all.
pub fn on_revisits() -> Vec<(Fact, Value)> {
    let revisit = |satisfaction| Revisit {
        channel: "电话".into(),
        reached: true,
        first_contact: Some(true),
        solved: Some(false),
        satisfaction: Some(satisfaction),
        reason: reason(),
    };
    let mut all: Vec<(Fact, Value)> = Satisfaction::ALL
        .iter()
        .map(|(satisfaction, name, ..)| {
            let shown = json!({
                "channel": "电话", "reached": true, "first_contact": true, "solved": false, "satisfaction": name,
                "reason_code": "R1", "reason": "原因",
            });
            (Fact::Revisited(Box::new(revisit(*satisfaction))), shown)
        })
        .collect();
    all.push((Fact::Revisited(Box::default()), json!({ "reached": false })));
    all
}
