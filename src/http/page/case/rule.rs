//! By what a case is judged, and why not by the others.

use super::super::{
    account::{cell, head},
    figure::Pair,
    part::{Cell, Row, Table},
    words::Lang,
};
use crate::report::case::CaseTold;

/// Rules of the table; JSON has them all.
const OTHERS_MAX: usize = 60;

pub(super) fn pairs(told: &CaseTold<'_>, lang: Lang) -> Vec<Pair> {
    let judged = &told.watched.case.judged_by;
    let rule =
        told.rules.limits.as_ref().and_then(|limits| limits.policy.rules().iter().find(|one| one.id == judged.rule));
    let pair = |k: &str, v: String| Pair { k: k.to_owned(), v };
    let none = lang.of("没有规则", "no rule");
    let by = if judged.rule.is_empty() { none } else { &judged.rule };
    let mut all = vec![
        pair(lang.of("规则", "rule"), format!("{by} {}", rule.map_or("", |rule| &rule.title)).trim().to_owned()),
        pair(lang.of("时限规则", "policy"), judged.policy.to_string()),
        pair(lang.of("日历", "calendar"), judged.calendar.to_string()),
    ];
    all.extend(rule.map(|rule| pair(lang.of("出处", "source"), rule.source.clone())));
    all.retain(|pair| !pair.v.trim().is_empty());
    if let Some(agreement) = &told.agreement {
        let (zh, en) = agreement.words();
        all.push(pair(lang.of("已存行", "stored row"), lang.of(zh, en).to_owned()));
    }
    all
}

/// Each rule that could judge a case of the stream, in the order of the policy.
pub(super) fn others(told: &CaseTold<'_>, lang: Lang) -> Option<Table> {
    let all = &told.other_rules;
    let row = |one: &crate::report::case::OtherRule<'_>| Row {
        cells: vec![
            Cell { is_head: true, sub: one.rule.title.clone(), has_sub: true, ..cell(&one.rule.id) },
            cell(lang.of(&one.zh, &one.en)),
        ],
        ..Row::default()
    };
    let more = all.len().saturating_sub(OTHERS_MAX);
    let note = match lang {
        Lang::Zh => format!("另有 {more} 条规则，见 JSON。"),
        Lang::En => format!("{more} more rules: see the JSON."),
    };
    (!all.is_empty()).then(|| Table {
        caption: lang.of("为何不是其他规则", "why not the others").to_owned(),
        cols: vec![head(lang.of("规则", "rule"), ""), head(lang.of("不适用的原因", "why it does not judge"), "")],
        rows: all.iter().take(OTHERS_MAX).map(row).collect(),
        notes: if more > 0 { vec![note] } else { Vec::new() },
        ..Table::default()
    })
}
