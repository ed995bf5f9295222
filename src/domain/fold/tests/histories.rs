//! Random histories: few ids, hours and units, so that duplicates, conflicts, ties and odd orders are common.

use std::{collections::BTreeMap, sync::Arc};

use proptest::{prelude::*, sample::select};

use super::*;
use crate::domain::{
    calendar::{Calendar, Days, Hours, Limit, Schedule, Unit, Version, civil::Day},
    fact::{FactKind, OfUnit, Revisit, Satisfaction},
    policy::{Criteria, Criterion, Extension, ExtensionMode, Policy, Rework, Rule, Stage, StageName, Validity},
    rules::Limits,
};

/// So many histories; an eighth in a build that is not optimised, which takes ten times as long for each (`make lives` takes all).
pub(super) const fn by_lot(all: u32) -> u32 {
    if cfg!(debug_assertions) { all / 8 } else { all }
}

/// The first weeks of 1970, Monday to Friday, 08:00-12:00 and 14:00-18:00.
fn calendar() -> Calendar {
    let day = |text: &str| Day::of(text.parse().unwrap());
    let days = Days::new(day("1970-01-01"), day("1970-02-28"), BTreeMap::new()).unwrap();
    let hours = Hours::parse(["08:00-12:00", "14:00-18:00"]).unwrap();
    let schedule = Schedule::new("default", Vec::new(), hours, BTreeMap::new(), &days);
    let version = Version { id: "test".into(), published: "1969-12-01".parse().unwrap(), source: String::new() };
    Calendar::new(version, TimeZone::UTC, days, vec![schedule]).unwrap()
}

fn stage(name: StageName, start: FactKind, stop: FactKind, count: u32, unit: Unit) -> Stage {
    Stage {
        name,
        start,
        stop,
        limit: Limit::new(count, unit, None).unwrap(),
        is_pausable: true,
        extension: None,
        rework: Rework::Continue,
        return_stops_clock: false,
        yellow_at: 80,
    }
}

fn stages(hours: u32, rework: Rework, return_stops_clock: bool) -> Vec<Stage> {
    let extension = Extension {
        max_times: 1,
        mode: ExtensionMode::AddOriginal,
        must_request_before_due: false,
        cures_lateness: false,
    };
    use FactKind as K;
    vec![
        Stage { is_pausable: false, ..stage(StageName::Accept, K::Reported, K::Accepted, 30, Unit::Minute) },
        stage(StageName::Verify, K::VerificationRequested, K::Verified, 1, Unit::UrgentHour),
        stage(StageName::Contact, K::Dispatched, K::Contacted, 2, Unit::UrgentHour),
        Stage {
            extension: Some(extension),
            rework,
            return_stops_clock,
            ..stage(StageName::Dispose, K::Dispatched, K::Submitted, hours, Unit::WorkHour)
        },
        stage(StageName::Check, K::Submitted, K::Checked, 1, Unit::UrgentHour),
        stage(StageName::Revisit, K::Closed, K::Revisited, 4, Unit::UrgentHour),
    ]
}

/// One rule for every case and a more specific one for town `b`.
pub(super) fn judging() -> Rules {
    let fixed = Rework::Fixed(Limit::new(3, Unit::WorkHour, None).unwrap());
    judging_by(vec![rule("any", &[], stages(4, fixed, true)), only_for_b()])
}

/// No rule for any other case.
pub(super) fn judging_only_b() -> Rules {
    judging_by(vec![only_for_b()])
}

fn only_for_b() -> Rule {
    rule("b", &["b"], stages(2, Rework::Continue, false))
}

fn judging_by(rules: Vec<Rule>) -> Rules {
    let policy = Policy::new("test", "1", TimeZone::UTC, rules).unwrap();
    Rules::new(Arc::new(Stream::usual("hotline", TimeZone::UTC)), Arc::new(Limits::new(policy, calendar())))
}

fn rule(id: &str, towns: &[&str], stages: Vec<Stage>) -> Rule {
    Rule {
        id: id.into(),
        title: String::new(),
        source: String::new(),
        criteria: Criteria {
            category: None,
            any_of: towns.iter().map(|town| (Criterion::Town, vec![(*town).into()])).collect(),
        },
        validity: Validity::default(),
        stages,
    }
}

fn hours() -> std::ops::Range<i64> {
    0..40
}

fn maybe_due() -> impl Strategy<Value = Option<Due>> {
    prop_oneof![3 => Just(None), 1 => hours().prop_map(due)]
}

fn intakes() -> impl Strategy<Value = Box<Intake>> {
    (maybe_due(), select(vec!["", "a", "b"]), proptest::bool::weighted(0.05)).prop_map(|(due, town, dealt)| {
        let attributes = Attributes { town: town.into(), ..Attributes::default() };
        Box::new(Intake { due, attributes, is_patrol_dealt: dealt, ..Intake::default() })
    })
}

fn of_units() -> impl Strategy<Value = OfUnit> {
    select(vec!["", "A", "B"]).prop_map(|unit| OfUnit { unit: unit.into(), ..OfUnit::default() })
}

pub(super) fn any_fact() -> impl Strategy<Value = Fact> {
    prop_oneof![4 => facts_of_a_life(), 3 => facts_of_handling(), 2 => facts_about(), 2 => any_correction()]
}

fn facts_of_a_life() -> impl Strategy<Value = Fact> {
    prop_oneof![
        intakes().prop_map(Fact::Reported),
        intakes().prop_map(Fact::Accepted),
        maybe_due().prop_map(|due| Fact::Filed { condition: "".into(), urgency: "".into(), due }),
        (select(vec!["A", "B"]), maybe_due(), select(vec!["", "lead", "support"]), 0u8..4).prop_map(
            |(unit, due, role, level)| {
                let (unit, role) = (unit.into(), role.into());
                Fact::Dispatched(Box::new(Dispatch { unit, role, level, due, ..Dispatch::default() }))
            }
        ),
        select(vec!["", "A", "B"]).prop_map(|unit| Fact::Signed { unit: unit.into() }),
        any::<bool>().prop_map(|contacted| Fact::Contacted { contacted, unit: "".into(), reason: Reason::default() }),
        select(vec!["", "A", "B"]).prop_map(|unit| Fact::Submitted {
            unit: unit.into(),
            result: "实际解决".into(),
            note: "".into()
        }),
        of_units().prop_map(Fact::CheckRequested),
        any::<bool>().prop_map(|passed| Fact::Checked { passed, reason: Reason::default() }),
        select(vec!["", "direct_answer"]).prop_map(|how| Fact::Closed { how: how.into(), result: "".into() }),
        maybe_due().prop_map(|due| Fact::Reopened { due, reason: Reason::default() }),
    ]
}

fn facts_of_handling() -> impl Strategy<Value = Fact> {
    let reason = Reason::default;
    prop_oneof![
        of_units().prop_map(Fact::VerificationRequested),
        any::<bool>().prop_map(move |confirmed| Fact::Verified { confirmed, reason: reason() }),
        of_units().prop_map(Fact::Returned),
        (any::<bool>(), of_units()).prop_map(|(accepted, of)| Fact::ReturnDecided { accepted, of }),
        of_units().prop_map(Fact::Withdrawn),
        maybe_due().prop_map(move |due| Fact::ExtensionRequested { due, reason: reason() }),
        (any::<bool>(), maybe_due()).prop_map(move |(approved, due)| Fact::ExtensionDecided {
            approved,
            due,
            reason: reason()
        }),
        Just(suspended()),
        maybe_due().prop_map(|due| Fact::Resumed { due }),
        of_units().prop_map(Fact::ReworkOrdered),
        Just(Fact::Supervised(Box::default())),
    ]
}

fn facts_about() -> impl Strategy<Value = Fact> {
    let reason = Reason::default;
    prop_oneof![
        Just(Fact::Rejected(reason())),
        Just(Fact::NotFiled(reason())),
        Just(Fact::Voided(reason())),
        Just(Fact::VoidRevoked(reason())),
        any::<bool>().prop_map(move |upheld| Fact::AppealDecided { upheld, reason: reason() }),
        Just(Fact::DuplicateLinked { parent: "p".into() }),
        Just(Fact::DuplicateUnlinked(reason())),
        (any::<bool>(), proptest::option::of(any::<bool>())).prop_map(|(reached, first_contact)| {
            let satisfaction = reached.then_some(Satisfaction::Neutral);
            Fact::Revisited(Box::new(Revisit { reached, first_contact, satisfaction, ..Revisit::default() }))
        }),
    ]
}

fn any_correction() -> impl Strategy<Value = Fact> {
    let at = || hours().prop_map(|hour| Millis(hour * HOUR));
    let correction = prop_oneof![
        select(vec!["a", "b"]).prop_map(|town| Correction::Attribute(Attribute::Town, town.into())),
        select(vec!["A", "B"]).prop_map(|unit| Correction::Unit(unit.into())),
        at().prop_map(Correction::ReceivedAt),
        at().prop_map(Correction::ClosedAt),
        at().prop_map(|at| Correction::DueAt(Due { at, is_exclusive: false })),
        Just(Correction::Satisfaction(Satisfaction::Dissatisfied)),
        any::<bool>().prop_map(Correction::Assessed),
        Just(Correction::Result("解释说明".into())),
    ];
    (correction, any::<bool>()).prop_map(|(correction, is_review)| {
        let (old, reason) = ("".into(), Reason::default());
        if is_review { Fact::Reviewed { correction, old, reason } } else { Fact::Corrected { correction, old, reason } }
    })
}

pub(super) fn any_history() -> impl Strategy<Value = Vec<Event>> {
    let one = (0usize..14, 0i64..24, 0u64..3, any_fact());
    proptest::collection::vec(one, 1..16).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(|(n, (id, hour, seq, fact))| Event { seq, ..event(n as i64, &format!("e{id}"), hour, fact) }).collect()
    })
}
