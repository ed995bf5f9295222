//! The cases whose verdict would change, with due and rule as they are and as they would be.

use std::io::Write;

use serde_json::{Value, json};

use super::Asked;
use crate::{
    cli::lines::write_json,
    domain::time::Millis,
    report::{rate::NO_RATE, table::TextTable},
    store::{
        Store,
        whatif::{self, JudgedCase, WhatifChange},
    },
};

struct Row {
    change: WhatifChange,
    before: JudgedCase,
    after: JudgedCase,
}

pub(super) async fn list(asked: &Asked<'_>, scratch: &Store, out: &mut impl Write) -> anyhow::Result<()> {
    let (stream, after) = (asked.args.stream.as_deref(), asked.args.after.as_deref().unwrap_or_default());
    let changes = whatif::changes(&asked.live, scratch, asked.period, stream, asked.args.limit, after).await?;
    let before = whatif::judged(&asked.live, &changes).await?;
    let then = whatif::judged(scratch, &changes).await?;
    let of = |all: &[JudgedCase], change: &WhatifChange| {
        let own = all.iter().find(|one| one.case_id == change.case_id && one.stream == change.stream);
        own.cloned().unwrap_or_default()
    };
    let row = |change: WhatifChange| Row { before: of(&before, &change), after: of(&then, &change), change };
    let rows: Vec<Row> = changes.into_iter().map(row).collect();
    if asked.args.json {
        let mut told = asked.heading_json();
        told["cases"] = rows.iter().map(|row| row.json(asked)).collect();
        return write_json(&told, out);
    }
    asked.write_heading(out)?;
    writeln!(out)?;
    write_table(asked, &rows, out)
}

fn write_table(asked: &Asked<'_>, rows: &[Row], out: &mut impl Write) -> anyhow::Result<()> {
    let heads = ["case_id", "stream", "现 now", "试 then", "时限 due now", "due then", "规则 rule now", "rule then"];
    let mut table = TextTable::of_texts(heads);
    let time = |at: Option<i64>| at.map_or(NO_RATE.to_owned(), |at| Millis(at).rfc3339(&asked.zone));
    let rule = |judged: &JudgedCase| {
        if judged.policy_rule.is_empty() { NO_RATE.to_owned() } else { judged.policy_rule.clone() }
    };
    for Row { change, before, after } in rows {
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
        None => writeln!(out, "没有案件的结论会变 no verdict would change")?,
        Some(last) if rows.len() as u64 >= asked.args.limit => {
            writeln!(out, "还有 there may be more: --after {}", last.change.case_id)?
        }
        Some(_) => {}
    }
    Ok(())
}

fn verdict(name: &str) -> String {
    let zh = match name {
        "no_limit" => "无时限",
        "on_time" => "按时",
        "late" => "逾期办结",
        "overdue" => "超期未结",
        "suspended" => "挂账",
        "answered" => "已办待结",
        _ => "未到期",
    };
    format!("{zh} {name}")
}

impl Row {
    fn json(&self, asked: &Asked<'_>) -> Value {
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
}
