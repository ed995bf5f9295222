//! The rules that could judge a case of the stream and do not judge this one, each with the first reason.

use crate::{
    domain::{
        case::Case,
        policy::{Criterion, Rule},
        rules::Rules,
    },
    report::rule_miss,
};

#[derive(Clone, Debug)]
pub struct OtherRule<'a> {
    pub rule: &'a Rule,
    /// As `policy which` names it: `DIFFERS`.
    pub reason: &'static str,
    /// Under which the case has something else, or the chosen rule asks for more.
    pub criterion: Option<Criterion>,
    pub zh: String,
    pub en: String,
}

/// In the order of the policy, the more specific first. The instant is that by which the fold looks for the rule.
pub(super) fn of<'a>(rules: &'a Rules, case: &Case) -> Vec<OtherRule<'a>> {
    let Some(limits) = &rules.limits else { return Vec::new() };
    let Some(at) = case.milestones.received_at.or(case.milestones.first_event_at) else { return Vec::new() };
    let subject = case.subject();
    let is_of_stream = |rule: &Rule| {
        let streams = rule.criteria.any_of.get(&Criterion::Stream);
        streams.is_none_or(|streams| streams.contains(&case.stream))
    };
    let others = limits.policy.select(&subject, at).others.into_iter();
    let told = |(rule, miss)| {
        let (zh, en) = rule_miss::why(rule, &miss, &subject);
        let (reason, criterion) = (rule_miss::reason(&miss), rule_miss::criterion(&miss));
        OtherRule { rule, reason, criterion, zh, en }
    };
    others.filter(|(rule, _)| is_of_stream(rule)).map(told).collect()
}
