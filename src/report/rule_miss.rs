//! Why a rule does not judge a case, in words: of `policy which`, of `case explain` and of the page.

use crate::domain::policy::{CategoryPrefix, Criteria, Criterion, Miss, Rule, Subject};

/// What a rule asks under a criterion, as one text.
pub fn wanted(criteria: &Criteria, criterion: Criterion) -> Option<String> {
    if criterion == Criterion::Category {
        let CategoryPrefix { standard, prefix } = criteria.category.as_ref()?;
        let standard = standard.as_ref().map(|standard| format!(" ({standard})")).unwrap_or_default();
        return Some(format!("{prefix}…{standard}"));
    }
    Some(criteria.any_of.get(&criterion)?.join(" | "))
}

/// The name in JSON.
pub fn reason(miss: &Miss<'_>) -> &'static str {
    match miss {
        Miss::NotYetValid => "NOT_YET_VALID",
        Miss::NoLongerValid => "NO_LONGER_VALID",
        Miss::Differs(_) => "DIFFERS",
        Miss::LessSpecific { .. } => "LESS_SPECIFIC",
    }
}

/// Under which it was decided; none where the time decided.
pub fn criterion(miss: &Miss<'_>) -> Option<Criterion> {
    match miss {
        Miss::NotYetValid | Miss::NoLongerValid => None,
        Miss::Differs(criterion) | Miss::LessSpecific { at: criterion, .. } => Some(*criterion),
    }
}

/// The reason in Chinese and in English.
pub fn why(rule: &Rule, miss: &Miss<'_>, subject: &Subject<'_>) -> (String, String) {
    match miss {
        Miss::NotYetValid => ("受理时尚未生效".to_owned(), "not yet in force when the case was received".to_owned()),
        Miss::NoLongerValid => ("受理时已失效".to_owned(), "no longer in force when the case was received".to_owned()),
        Miss::Differs(criterion) => {
            let wanted = wanted(&rule.criteria, *criterion).unwrap_or_default();
            let (zh, name) = (criterion.title_zh(), criterion.name());
            match has(*criterion, subject) {
                None => {
                    (format!("{zh}应为 {wanted}，案件未给"), format!("{name} must be {wanted}, the case states none"))
                }
                Some(has) => {
                    (format!("{zh}应为 {wanted}，案件为 {has}"), format!("{name} must be {wanted}, the case has {has}"))
                }
            }
        }
        Miss::LessSpecific { rule: chosen, at } => (
            format!("{}不如 {} 具体", at.title_zh(), chosen.id),
            format!("less specific than {} in {}", chosen.id, at.name()),
        ),
    }
}

fn has(criterion: Criterion, subject: &Subject<'_>) -> Option<String> {
    let value = subject.get(criterion);
    let standard = subject.category_standard;
    match criterion {
        Criterion::Category if !standard.is_empty() => Some(format!("{value} ({standard})")),
        _ => (!value.is_empty()).then(|| value.to_owned()),
    }
}
