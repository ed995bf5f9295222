//! Policies (时限规则): which limit a case has.
//!
//! A policy is one version of a list of rules and never changes. A case is judged by the most specific rule that is in force
//! when it is received and whose criteria it meets. Two rules that would both be that one are refused when the policy is made.

mod criteria;
mod example;
mod rule;
mod stage;
#[cfg(test)]
mod tests;
pub(crate) mod wording;

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use smol_str::SmolStr;
use thiserror::Error;

pub use self::{
    criteria::{CategoryPrefix, Criteria, Criterion, Subject},
    example::PolicyExample,
    rule::{Rule, Validity},
    stage::{Extension, ExtensionMode, Rework, Stage, StageName},
};
use super::time::Millis;

/// 时限规则: one version of one file. Made once, and refused with the contradictions of each rule if it has any; see docs/policy.md.
#[derive(Clone, Debug)]
pub struct Policy {
    /// As the file calls it; with the version, what a case remembers.
    pub id: SmolStr,
    /// Another one for every change of content: a case remembers which one judged it.
    pub version: SmolStr,
    /// In which the days of a validity begin and end.
    pub zone: TimeZone,
    /// The more specific before the less specific, so the first that fits is the one.
    rules: Vec<Rule>,
}

/// Two rules, by their places in the list, that cannot be together.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Contradiction {
    /// The file uses one id twice.
    #[error("rules {one} and {other} have the same id `{id}`")]
    SameId {
        /// The place of the first, from 0.
        one: usize,
        /// The place of the second.
        other: usize,
        /// The id that both have.
        id: SmolStr,
    },
    /// Say in the file which one is the more specific, or until when the first is valid.
    #[error("rules {one} and {other} are equally specific, and one case can meet both at one time")]
    Tie {
        /// The place of the first, from 0.
        one: usize,
        /// The place of the second.
        other: usize,
    },
}

/// Why a rule does not judge a case: the first reason found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss<'a> {
    /// Received before the rule came into force, or when it no longer was.
    NotYetValid,
    /// Received after its last day.
    NoLongerValid,
    /// The case has something else, or nothing, under this criterion.
    Differs(Criterion),
    /// It fits, but `rule` asks for more under this criterion.
    LessSpecific {
        /// The one that judges.
        rule: &'a Rule,
        /// Where it asks for more.
        at: Criterion,
    },
}

/// Which rule judges a case, and why every other one does not; the more specific first.
#[derive(Clone, Debug)]
pub struct Selection<'a> {
    /// The one that judges. None: no rule is for the case, and it has no due but a stated one.
    pub rule: Option<&'a Rule>,
    /// Every other rule, with the first reason.
    pub others: Vec<(&'a Rule, Miss<'a>)>,
}

impl Policy {
    /// In any order. Every two rules that one case could meet at once, and that are equally specific, are an error: the order of the file
    /// decides nothing.
    pub fn new(id: &str, version: &str, zone: TimeZone, mut rules: Vec<Rule>) -> Result<Self, Vec<Contradiction>> {
        let found = contradictions(&rules);
        if !found.is_empty() {
            return Err(found);
        }
        // Stable: where no case can meet both, the order of the file stays.
        rules.sort_by(|one, other| {
            let order = other.criteria.compare(&one.criteria);
            order.map_or(Ordering::Equal, |(_, order)| order)
        });
        Ok(Self { id: id.into(), version: version.into(), zone, rules })
    }

    /// The more specific first.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The first instant after `after` at which a rule ends and none with the same criteria is in force.
    pub fn next_end(&self, after: Millis) -> Option<Millis> {
        let goes_on = |ending: &Rule, at| {
            let is_in_force = |rule: &&Rule| rule.validity.has_begun(at) && !rule.validity.is_over(at);
            self.rules.iter().filter(is_in_force).any(|rule| rule.criteria == ending.criteria)
        };
        let end = |rule: &Rule| rule.validity.until.filter(|at| *at > after && !goes_on(rule, *at));
        self.rules.iter().filter_map(end).min()
    }

    /// The rule that judges a case received at `received_at`.
    pub fn rule_for(&self, subject: &Subject<'_>, received_at: Millis) -> Option<&Rule> {
        self.rules.iter().find(|rule| miss(rule, subject, received_at).is_none())
    }

    /// The same, and why not the others.
    pub fn select(&self, subject: &Subject<'_>, received_at: Millis) -> Selection<'_> {
        let chosen = self.rule_for(subject, received_at);
        let why = |rule: &'_ Rule| match (miss(rule, subject, received_at), chosen) {
            (Some(miss), _) => Some(miss),
            (None, Some(chosen)) => {
                chosen.criteria.compare(&rule.criteria).map(|(at, _)| Miss::LessSpecific { rule: chosen, at })
            }
            (None, None) => None,
        };
        let others = self.rules.iter().filter_map(|rule| why(rule).map(|miss| (rule, miss))).collect();
        Selection { rule: chosen, others }
    }
}

/// What every rule that is not in force or not for this case can say without looking at the others.
fn miss<'a>(rule: &Rule, subject: &Subject<'_>, received_at: Millis) -> Option<Miss<'a>> {
    if !rule.validity.has_begun(received_at) {
        return Some(Miss::NotYetValid);
    }
    if rule.validity.is_over(received_at) {
        return Some(Miss::NoLongerValid);
    }
    rule.criteria.first_miss(subject).map(Miss::Differs)
}

/// Of each rule the first one before it that has its id, and the first that it ties with: a hundred alike are a hundred faults,
/// and not each with each.
fn contradictions(rules: &[Rule]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    for (other, later) in rules.iter().enumerate() {
        let first = |is_it: &dyn Fn(&Rule) -> bool| rules[..other].iter().position(is_it);
        if let Some(one) = first(&|earlier| earlier.id == later.id) {
            found.push(Contradiction::SameId { one, other, id: later.id.clone() });
        }
        if let Some(one) = first(&|earlier| is_tie(earlier, later)) {
            found.push(Contradiction::Tie { one, other });
        }
    }
    found
}

fn is_tie(one: &Rule, other: &Rule) -> bool {
    one.criteria.compare(&other.criteria).is_none()
        && one.validity.overlaps(other.validity)
        && one.criteria.overlap(&other.criteria)
}
