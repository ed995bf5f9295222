//! The cases that would be judged otherwise, with due and rule as they are and as they would be.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::WhatifAsked;
use crate::{
    domain::time::Millis,
    report::{kpi_csv, rate::NO_RATE, table::TextTable},
    store::{
        Store, StoreError,
        whatif::{self, JudgedCase, WhatifChange},
    },
};

/// One case, as it is judged and as it would be.
#[derive(Clone, Debug)]
pub struct WhatifCase {
    pub change: WhatifChange,
    pub before: JudgedCase,
    pub after: JudgedCase,
}

/// Which of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct WhatifPage<'a> {
    pub limit: u64,
    /// Those whose number comes after it.
    pub after: &'a str,
    /// Also those of which only the due would be another.
    pub with_dues: bool,
}

/// One page of them, with what judges each on either side.
pub async fn cases(
    live: &Store,
    scratch: &Store,
    asked: &WhatifAsked,
    page: WhatifPage<'_>,
) -> Result<Vec<WhatifCase>, StoreError> {
    let WhatifPage { limit, after, with_dues } = page;
    let stream = asked.stream.as_deref();
    let changes = whatif::changes(live, scratch, asked.period, stream, with_dues, (limit, after)).await?;
    let before = whatif::judged(live, &changes).await?;
    let then = whatif::judged(scratch, &changes).await?;
    let of = |all: &[JudgedCase], change: &WhatifChange| {
        let own = all.iter().find(|one| one.case_id == change.case_id && one.stream == change.stream);
        own.cloned().unwrap_or_default()
    };
    let row = |change: WhatifChange| WhatifCase { before: of(&before, &change), after: of(&then, &change), change };
    Ok(changes.into_iter().map(row).collect())
}

pub fn write_cases(asked: &WhatifAsked, rows: &[WhatifCase], limit: u64, out: &mut impl Write) -> io::Result<()> {
    let heads = ["case_id", "stream", "现 now", "试 then", "时限 due now", "due then", "规则 rule now", "rule then"];
    let mut table = TextTable::of_texts(heads);
    let time = |at: Option<i64>| at.map_or(NO_RATE.to_owned(), |at| Millis(at).rfc3339(&asked.zone));
    let rule = |judged: &JudgedCase| {
        if judged.policy_rule.is_empty() { NO_RATE.to_owned() } else { judged.policy_rule.clone() }
    };
    let verdict = |name: &str| format!("{} {name}", verdict_words(name).0);
    for WhatifCase { change, before, after } in rows {
        table.push(vec![
            change.case_id.clone(),
            change.stream.clone(),
            verdict(&change.verdict_before),
            verdict(&change.verdict_after),
            time(change.due_before),
            time(change.due_after),
            rule(before),
            rule(after),
        ]);
    }
    table.write(out)?;
    match rows.last() {
        None => writeln!(out, "没有案件的结论会变 no verdict would change"),
        Some(last) if rows.len() as u64 >= limit => {
            writeln!(out, "还有 there may be more: --after {}", last.change.case_id)
        }
        Some(_) => Ok(()),
    }
}

pub fn cases_json(asked: &WhatifAsked, rows: &[WhatifCase]) -> Value {
    rows.iter().map(|row| row.json(asked)).collect()
}

pub fn write_csv(asked: &WhatifAsked, rows: &[WhatifCase], out: &mut impl Write) -> io::Result<()> {
    kpi_csv::write(rows.iter().map(|row| row.fields(asked)).collect(), out)
}

/// What a case is towards its due, Chinese and English.
pub fn verdict_words(name: &str) -> (&'static str, &'static str) {
    match name {
        "no_limit" => ("无时限", "no limit"),
        "on_time" => ("按时", "on time"),
        "late" => ("逾期办结", "closed late"),
        "overdue" => ("超期未结", "overdue"),
        "suspended" => ("挂账", "suspended"),
        "answered" => ("已办待结", "answered"),
        _ => ("未到期", "not due"),
    }
}

impl WhatifCase {
    fn json(&self, asked: &WhatifAsked) -> Value {
        let side = |verdict: &str, due: Option<i64>, judged: &JudgedCase| {
            json!({
                "verdict": verdict,
                "due_at": due.map(|at| Millis(at).rfc3339(&asked.zone)),
                "policy": judged.policy,
                "rule": judged.policy_rule,
                "calendar": judged.calendar,
            })
        };
        json!({
            "case_id": self.change.case_id,
            "stream": self.change.stream,
            "standing": self.change.standing,
            "before": side(&self.change.verdict_before, self.change.due_before, &self.before),
            "after": side(&self.change.verdict_after, self.change.due_after, &self.after),
        })
    }

    /// The same in one row.
    fn fields(&self, asked: &WhatifAsked) -> Vec<(String, Value)> {
        let time = |at: Option<i64>| Value::from(at.map(|at| Millis(at).rfc3339(&asked.zone)));
        let change = &self.change;
        let fields = [
            ("case_id", change.case_id.clone().into()),
            ("stream", change.stream.clone().into()),
            ("standing", change.standing.clone().into()),
            ("verdict_before", change.verdict_before.clone().into()),
            ("verdict_after", change.verdict_after.clone().into()),
            ("due_at_before", time(change.due_before)),
            ("due_at_after", time(change.due_after)),
            ("rule_before", self.before.policy_rule.clone().into()),
            ("rule_after", self.after.policy_rule.clone().into()),
        ];
        fields.map(|(name, value)| (name.to_owned(), value)).into()
    }
}
