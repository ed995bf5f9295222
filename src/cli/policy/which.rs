//! `tongguan policy which`: the rule that judges a case, and why the others do not.

use std::io::{self, Write};

use anyhow::bail;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::WhichArgs;
use crate::{
    cli::{
        lines::{write_json, write_line},
        usage::usage,
    },
    domain::{
        policy::{Criterion, Miss, Policy, Rule, Selection},
        rules::Limits,
    },
    report::{
        policy::{rule_json, write_rule},
        rule_miss::{criterion, reason, why},
    },
    store::{
        Store,
        case_attributes::{CaseAttributes, of_case},
    },
};

pub(super) async fn run(
    limits: &Limits,
    asked: &WhichArgs,
    store: &Store,
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let found = of_case(store, &asked.case_id, asked.stream.as_deref()).await?;
    let case = match &found[..] {
        [case] => case,
        [] => bail!("没有案件 there is no case `{}`{}", asked.case_id, in_stream(asked.stream.as_deref())),
        several => {
            let streams: Vec<&str> = several.iter().map(|case| case.stream.as_str()).collect();
            let what = format!("case `{}` is in the streams {}; give --stream", asked.case_id, streams.join(", "));
            return Err(usage(what).into());
        }
    };
    let verdict = Verdict::of(limits, case);
    if json {
        return write_json(&verdict.json(&asked.case_id), out);
    }
    Ok(verdict.write(&asked.case_id, out)?)
}

fn in_stream(stream: Option<&str>) -> String {
    stream.map(|stream| format!(" in stream `{stream}`")).unwrap_or_default()
}

/// A case and what the policy says of it.
pub(super) struct Verdict<'a> {
    policy: &'a Policy,
    limits: &'a Limits,
    case: &'a CaseAttributes,
    /// None: not received, so no rule is asked.
    selection: Option<Selection<'a>>,
}

impl<'a> Verdict<'a> {
    fn of(limits: &'a Limits, case: &'a CaseAttributes) -> Self {
        let policy = &limits.policy;
        let selection = case.received_at().map(|at| policy.select(&case.subject(), at));
        Self { policy, limits, case, selection }
    }

    fn rule(&self) -> Option<&'a Rule> {
        self.selection.as_ref().and_then(|selection| selection.rule)
    }

    /// Would the case be judged by something else if it were folded now? A case that no rule judges remembers no version.
    fn is_rebuild_due(&self) -> bool {
        let chosen = self.rule().map_or("", |rule| rule.id.as_str());
        let is_judged = !chosen.is_empty() && !self.case.policy.is_empty();
        let other_versions = is_judged
            && (self.case.policy != self.limits.policy_version || self.case.calendar != self.limits.calendar_version);
        self.case.policy_rule != chosen || other_versions
    }

    fn write_stored(&self, out: &mut impl Write) -> io::Result<()> {
        let CaseAttributes { policy, policy_rule, calendar, .. } = self.case;
        let by = match policy.is_empty() && policy_rule.is_empty() {
            true => "没有规则 no rule".to_owned(),
            false => format!("{policy_rule}, {policy}, 日历 calendar {calendar}"),
        };
        write_line("已判定 stored", &by, out)?;
        if self.is_rebuild_due() {
            let due = "与现行配置不同，需要 rebuild differs from what this policy and calendar say: a rebuild is due (docs/operations.md)";
            write_line("", due, out)?;
        }
        Ok(())
    }

    fn others(&self) -> &[(&'a Rule, Miss<'a>)] {
        self.selection.as_ref().map_or(&[], |selection| &selection.others)
    }

    fn zone(&self) -> &TimeZone {
        &self.policy.zone
    }

    fn json(&self, case_id: &str) -> Value {
        let subject = self.case.subject();
        let stated = |criterion: Criterion| (criterion.name().to_owned(), json!(subject.get(criterion)));
        let mut attributes: serde_json::Map<String, Value> = Criterion::ALL.into_iter().map(stated).collect();
        attributes.insert("category_standard".to_owned(), json!(subject.category_standard));
        let other = |(rule, miss): &(&Rule, Miss<'_>)| {
            let (zh, en) = why(rule, miss, &subject);
            json!({
                "id": rule.id,
                "reason": reason(miss),
                "criterion": criterion(miss).map(Criterion::name),
                "zh": zh,
                "en": en,
            })
        };
        json!({
            "case_id": case_id,
            "stream": self.case.stream,
            "received_at": self.case.received_at().map(|at| at.rfc3339(self.zone())),
            "attributes": attributes,
            "policy": self.policy.id,
            "version": self.policy.version,
            "stored": {
                "policy": self.case.policy,
                "rule": self.case.policy_rule,
                "calendar": self.case.calendar,
                "is_rebuild_due": self.is_rebuild_due(),
            },
            "rule": self.rule().map(|rule| rule_json(rule, self.zone())),
            "others": self.others().iter().map(other).collect::<Vec<_>>(),
        })
    }

    fn write(&self, case_id: &str, out: &mut impl Write) -> io::Result<()> {
        let subject = self.case.subject();
        write_line("案件 case", case_id, out)?;
        for criterion in Criterion::ALL.into_iter().rev() {
            let value = match criterion {
                Criterion::Category => {
                    [subject.category_code, &self.case.category_name, subject.category_standard].join(" ")
                }
                Criterion::Unit => [subject.unit, &self.case.unit_name].join(" "),
                _ => subject.get(criterion).to_owned(),
            };
            let value = if value.trim().is_empty() { "–" } else { value.trim() };
            write_line(&format!("{} {}", criterion.title_zh(), criterion.name()), value, out)?;
        }
        let received = self.case.received_at().map(|at| at.rfc3339(self.zone()));
        let received = received.as_deref().unwrap_or("尚未受理，没有规则适用 not received yet, so no rule judges it");
        write_line("受理 received", received, out)?;
        write_line("时限规则 policy", &format!("{} {}", self.policy.id, self.policy.version), out)?;
        self.write_stored(out)?;
        if let Some(selection) = &self.selection {
            writeln!(out)?;
            match selection.rule {
                Some(rule) => {
                    writeln!(out, "适用 judged by")?;
                    write_rule(rule, self.zone(), out)?;
                }
                None => writeln!(out, "没有规则适用 no rule judges it")?,
            }
            writeln!(out, "\n不适用 not judged by")?;
        }
        for (rule, miss) in self.others() {
            let (zh, en) = why(rule, miss, &subject);
            write_line(&rule.id, &format!("{zh} {en}"), out)?;
        }
        Ok(())
    }
}
