//! A case as text for a terminal: its life on one screen, or all that explains its verdict.

use std::io::{self, Write};

use super::{
    CaseTold, DueTold, Shown, facts,
    line::{line, twin},
    text_clock, words,
};
use crate::{
    domain::{
        fact::Fact,
        fold::watch::{Role, WatchedMessage},
    },
    report::table::TextTable,
};

/// Rules that do not judge the case, on the screen.
const OTHER_RULES_MAX: usize = 12;

/// `tongguan case show`.
pub fn write_life(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    write_head(told, out)?;
    write_attributes(told, out)?;
    write_verdict(told, out)?;
    writeln!(out, "\n经过 life")?;
    write_facts(told, out)?;
    write_assignments(told, out)?;
    if let Some(answer) = told.watched.case.answers.last() {
        let rated = answer.satisfaction.map_or("未评价 not rated".to_owned(), facts::satisfaction);
        let calls = format!("{} 次，接通 {} 次 calls, reached", answer.attempts, answer.reached);
        line("回访 revisits", &format!("{calls}；{rated}"), out)?;
    }
    Ok(())
}

/// `tongguan case explain`.
pub fn write_explained(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    write_head(told, out)?;
    write_verdict(told, out)?;
    write_judge(told, out)?;
    write_dues(told, out)?;
    if let Some(life) = &told.life {
        text_clock::write_life(life, &told.shown(), out)?;
    }
    for clock in &told.clocks {
        text_clock::write(clock, told, out)?;
    }
    write_corrections(told, out)?;
    write_messages(&told.messages, &told.shown(), out)
}

fn write_head(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let (case, stream) = (&told.watched.case, &told.rules.stream);
    line("案件 case", &format!("{}（{} {} {}）", case.case_id, case.stream, stream.title_zh, stream.title_en), out)?;
    let zone = told.zone.iana_name().unwrap_or("UTC");
    line("截至 as of", &format!("{} {zone}", told.shown().at(told.as_of)), out)?;
    let standing =
        case.standing().map_or(String::new(), |standing| format!("{} {}", words::standing(standing), standing.name()));
    line("状态 standing", &format!("{standing}，环节 phase {}", case.phase.name()), out)
}

fn write_attributes(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let case = &told.watched.case;
    let of = &case.attributes;
    let parts = |parts: &[(&str, &str)]| {
        let stated = parts.iter().filter(|(_, value)| !value.is_empty());
        stated.map(|(label, value)| format!("{label} {value}")).collect::<Vec<_>>().join(" · ")
    };
    line("标题 title", &case.title, out)?;
    let category = format!("{} {}", of.category_code, of.category_name);
    line(
        "类型 kind",
        &parts(&[
            ("类型", &of.kind),
            ("分类", category.trim()),
            ("来源", &of.channel),
            ("紧急", &of.urgency),
            ("外部编号", &of.external_no),
            ("重复于", &of.repeat_of),
        ]),
        out,
    )?;
    let place = [
        ("区", of.area.as_str()),
        ("街镇", &of.town),
        ("村居", &of.community),
        ("单元网格", &of.cell),
        ("责任网格", &of.duty_grid),
    ];
    line("地点 place", &parts(&place), out)?;
    line("单位 unit", format!("{} {}", case.unit_name, case.unit).trim(), out)?;
    let who = &case.reporter;
    let pseudonyms =
        parts(&[("姓名", &who.name), ("电话", &who.phone), ("身份证", &who.id_number), ("密钥 key", &who.key_id)]);
    let reporter = if pseudonyms.is_empty() { pseudonyms } else { format!("{pseudonyms}（假名 pseudonyms）") };
    line("报案人 reporter", &reporter, out)
}

fn write_verdict(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    twin(&told.verdict.zh, &told.verdict.en, "结论 verdict", out)?;
    for (zh, en) in &told.verdict.notes {
        line("", &format!("{zh} {en}"), out)?;
    }
    let flags: Vec<String> = told
        .flags
        .iter()
        .map(|flag| {
            let times = if flag.count > 1 { format!(" ×{}", flag.count) } else { String::new() };
            format!("{}{times} {}", flag.zh, flag.name)
        })
        .collect();
    line("标志 flags", &flags.join(" · "), out)
}

fn write_judge(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let judged = &told.watched.case.judged_by;
    let rule =
        told.rules.limits.as_ref().and_then(|limits| limits.policy.rules().iter().find(|one| one.id == judged.rule));
    let by = match judged.rule.is_empty() {
        true => "没有规则 no rule".to_owned(),
        false => format!("规则 rule {} {}", judged.rule, rule.map_or("", |rule| &rule.title)),
    };
    line("依据 judged by", &by, out)?;
    if let Some(rule) = rule {
        line("", &format!("时限规则 policy {}，日历 calendar {}", judged.policy, judged.calendar), out)?;
        line("", &format!("出处 source {}", rule.source), out)?;
    }
    write_other_rules(told, out)?;
    let Some(agreement) = &told.agreement else { return Ok(()) };
    let (zh, en) = agreement.words();
    line("已存行 stored row", &format!("{zh} {en}"), out)?;
    for one in &agreement.differences {
        line("", &format!("{}: {} → {}", one.name, one.stored, one.folded), out)?;
    }
    Ok(())
}

/// The nearest of them; JSON has them all.
fn write_other_rules(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    for (index, one) in told.other_rules.iter().take(OTHER_RULES_MAX).enumerate() {
        let label = if index == 0 { "不适用 not by" } else { "" };
        line(label, &format!("{} {} {}", one.rule.id, one.zh, one.en), out)?;
    }
    let more = told.other_rules.len().saturating_sub(OTHER_RULES_MAX);
    let more = if more > 0 { format!("……另有 {more} 条 more, see --json") } else { String::new() };
    line("", &more, out)
}

fn write_dues(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let (case, shown) = (&told.watched.case, told.shown());
    let Some(due) = case.due else { return line("时限 due", "没有时限 none", out) };
    let is_stated = told.is_due_stated();
    let by = if is_stated { "事件给出 stated by an event" } else { "规则给出 by the policy" };
    line("时限 due", &format!("{} {by}", shown.due(due)), out)?;
    if let Some(policy) = case.policy_due.filter(|_| is_stated) {
        line("", &format!("规则给出的为 the policy says {}", shown.due(policy)), out)?;
    }
    let row = |one: &DueTold| {
        let due = one.due.map_or("—".to_owned(), |due| shown.due(due));
        let by = if one.is_stated { "事件 event" } else { "规则 policy" };
        vec![
            format!("  {}", shown.at(one.at)),
            format!("→ {due}"),
            by.to_owned(),
            format!("{} {}", words::fact(one.kind), one.kind.name()),
            place(&one.place),
        ]
    };
    let heads = ["  时间 when", "时限 due", "来自 by", "因 because of", "消息 message"];
    let mut table = TextTable::of_texts(heads);
    told.dues.iter().map(row).for_each(|row| table.push(row));
    table.write(out)
}

fn write_facts(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let shown = told.shown();
    let heads = ["  时间 when", "事件 event", "内容 what"];
    let mut table = TextTable::of_texts(heads);
    for taken in &told.watched.facts {
        let (event, kind) = (&taken.event, taken.event.fact.kind());
        let mark = match (taken.is_gap, taken.is_irregular) {
            (true, _) => "〔此前有缺失 gap〕",
            (_, true) => "〔异常环节 irregular〕",
            _ => "",
        };
        let what = format!("{} {mark}", facts::detail(&event.fact, &shown));
        table.push(vec![
            format!("  {}", shown.at(event.occurred_at)),
            format!("{} {}", words::fact(kind), kind.name()),
            what.trim().to_owned(),
        ]);
    }
    table.write(out)
}

fn write_assignments(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let shown = told.shown();
    if told.watched.case.assignments.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n派遣 assignments")?;
    let heads = ["  单位 unit", "派遣 assigned", "签收 signed", "反馈 submitted", "结束 ended", "结果 outcome"];
    let mut table = TextTable::of_texts(heads);
    for one in &told.watched.case.assignments {
        let support = if one.is_support { "（协办 support）" } else { "" };
        table.push(vec![
            format!("  {} {}{support}", one.unit_name, one.unit),
            shown.at(one.at),
            shown.maybe(one.signed_at),
            shown.maybe(one.submitted_at),
            shown.maybe(one.ended_at),
            one.outcome.name().to_owned(),
        ]);
    }
    table.write(out)
}

fn write_corrections(told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let shown = told.shown();
    let is_correction = |fact: &Fact| matches!(fact, Fact::Corrected { .. } | Fact::Reviewed { .. });
    let corrections: Vec<_> = told.watched.facts.iter().filter(|taken| is_correction(&taken.event.fact)).collect();
    if corrections.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n更正 corrections")?;
    for taken in corrections {
        let event = &taken.event;
        let kind = event.fact.kind();
        let what = facts::detail(&event.fact, &shown);
        line(
            &format!("  {}", shown.at(event.occurred_at)),
            &format!("{} {} {what}", words::fact(kind), kind.name()),
            out,
        )?;
    }
    Ok(())
}

fn write_messages(messages: &[WatchedMessage<'_>], shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\n消息 messages")?;
    let heads = ["  事件 event", "发生 occurred", "记录 recorded", "接收 ingested", "位置 topic[partition]@offset", ""];
    let mut table = TextTable::of_texts(heads);
    for message in messages {
        let event = message.event;
        let role = match message.role {
            Role::First => "",
            Role::Duplicate => "重复 duplicate",
            Role::Conflict => "冲突，不计 conflict",
        };
        let skew = if message.is_skewed { "时钟偏差 clock skew" } else { "" };
        let ahead = if event.is_ahead() { "发生晚于接收 ahead of its arrival" } else { "" };
        table.push(vec![
            format!("  {}", event.fact.kind().name()),
            shown.at(event.occurred_at),
            shown.maybe(event.recorded_at),
            shown.at(event.ingested_at),
            place(&event.place),
            [role, skew, ahead].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        ]);
    }
    table.write(out)
}

fn place(place: &crate::domain::event::Place) -> String {
    format!("{}[{}]@{}", place.topic, place.partition, place.offset)
}
