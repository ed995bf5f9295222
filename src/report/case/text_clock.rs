//! A clock as text, segment by segment.

use std::io::{self, Write};

use super::{
    CaseTold, Shown,
    clock::{ClockTold, LifeTold},
    duration::{work, workdays},
    line::{line, twin},
    words,
};
use crate::{
    domain::{
        calendar::Measure,
        clock::{Happening, Segment},
        span::OF_CASE,
    },
    report::table::{Align, TextTable},
};

/// More segments than so many are shown from both ends; JSON has them all.
const SEGMENTS_MAX: usize = 24;

/// The case's own time in two lines; its segments are those of JSON.
pub(super) fn write_life(life: &LifeTold, shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
    let (from, until) = (shown.at(life.from), shown.at(life.until));
    let ends = if life.is_closed { "结案 closed" } else { "未结 open" };
    line("全程 life", &format!("{from} 受理 received – {until} {ends}"), out)?;
    let sums = life.sums;
    let whole = work(sums.worked_ms);
    let paused = work(sums.paused);
    let days = workdays(sums.worked_ms, life.workday_ms);
    line(
        "",
        &format!("工作时间 working time {whole} = {days} 工作日 working days，其中挂账 of it paused {paused}"),
        out,
    )
}

pub(super) fn write(clock: &ClockTold, told: &CaseTold<'_>, out: &mut impl Write) -> io::Result<()> {
    let (trail, shown) = (&clock.trail, told.shown());
    let Some(last) = trail.last() else { return Ok(()) };
    let whose = match (&clock.whose, trail.assignment) {
        (Some((unit, name)), number) => format!(" · 第 {number} 次派遣 assignment {name} {unit}"),
        (None, OF_CASE) if trail.is_main && !told.is_due_stated() => " · 定案件时限 gives the case its due".to_owned(),
        (None, OF_CASE) if trail.is_main => " · 规则给出的案件时限 the case's due by the policy".to_owned(),
        _ => String::new(),
    };
    writeln!(out, "\n计时 clock  {} {}{whose}", trail.name.title_zh(), trail.name.name())?;
    let (_, zh, en) = words::measure(clock.measure);
    let limit = last.limit.map_or("派遣写明时限 stated by the dispatch".to_owned(), words::limit);
    let hours = match clock.measure {
        Measure::Work | Measure::Workdays => format!("，作息 hours {}", clock.hours),
        _ => String::new(),
    };
    line("  时限 limit", &format!("{limit}；按{zh}计 counts {en}{hours}"), out)?;
    match clock.sentence(told.as_of, &shown) {
        Some((zh, en)) => twin(&zh, &en, "  结论 verdict", out)?,
        None => line("  结论 verdict", &unjudged(clock), out)?,
    }
    write_moves(clock, &shown, out)?;
    write_segments(clock, &shown, out)
}

fn unjudged(clock: &ClockTold) -> String {
    let paused = clock.trail.last().is_some_and(|last| last.reading.is_paused && !last.reading.is_unjudged);
    match clock.state {
        _ if paused && clock.state == "paused" => "暂停中 paused".to_owned(),
        "exempt" => "申诉通过，不评判 exempt: without a verdict".to_owned(),
        _ => {
            "退回、撤回、限内转派、未办而结或作废，不评判 given back, passed on in time, closed over its head or void: without a verdict".to_owned()
        }
    }
}

/// What moved the due, and what might have and did not.
fn write_moves(clock: &ClockTold, shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut due = None;
    for one in &clock.trail.moves {
        let label = if due.is_none() { "  时限 due" } else { "" };
        let what = format!("{} {}", shown.at(one.at), words::happened(one.happening));
        if due != Some(one.reading.due) {
            let provisional = if one.reading.is_provisional { " 暂定 provisional" } else { "" };
            line(label, &format!("{what} → {}{provisional}", shown.due(one.reading.due)), out)?;
        } else if !matches!(one.happening, Happening::Start | Happening::Stop) && one.reading.stopped_at.is_none() {
            line(label, &format!("{what}（时限不变 due unchanged）"), out)?;
        }
        due = Some(one.reading.due);
    }
    Ok(())
}

fn write_segments(clock: &ClockTold, shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
    let heads = [
        ("  从 from", Align::Left),
        ("到 to", Align::Left),
        ("分段 segment", Align::Left),
        ("计数 amount", Align::Right),
        ("工作时间 worked", Align::Right),
    ];
    let mut table = TextTable::new(heads);
    let segments = &clock.segments;
    let is_long = segments.len() > SEGMENTS_MAX;
    let (first, last) = match is_long {
        true => (&segments[..SEGMENTS_MAX / 2], &segments[segments.len() - SEGMENTS_MAX / 2..]),
        false => (&segments[..], &segments[..0]),
    };
    first.iter().for_each(|one| table.push(row(one, clock.measure, shown)));
    if is_long {
        let hidden = segments.len() - SEGMENTS_MAX;
        table.push(vec![String::new(), String::new(), format!("……另有 {hidden} 段 more, see --json")]);
    }
    last.iter().for_each(|one| table.push(row(one, clock.measure, shown)));
    let sums = clock.sums;
    let total = |label: &str, sum: i64, worked: String| {
        vec![format!("  {label}"), String::new(), String::new(), amount(sum, clock.measure), worked]
    };
    table.push(total("计入合计 counted", sums.counted, work(sums.counted_work_ms)));
    if sums.paused > 0 {
        table.push(total("暂停合计 paused", sums.paused, String::new()));
    }
    table.push(vec!["  全部 all".to_owned(), String::new(), String::new(), String::new(), work(sums.worked_ms)]);
    table.write(out)
}

fn row(segment: &Segment, measure: Measure, shown: &Shown<'_>) -> Vec<String> {
    let (_, zh, en) = words::segment(&segment.kind);
    let round = if segment.round > 1 { format!(" ·{}", segment.round) } else { String::new() };
    let counts = if segment.amount > 0 { amount(segment.amount, measure) } else { String::new() };
    vec![
        format!("  {}", shown.on_day(segment.from)),
        shown.on_day(segment.until),
        format!("{zh} {en}{round}"),
        counts,
        work(segment.worked),
    ]
}

fn amount(amount: i64, measure: Measure) -> String {
    match measure {
        Measure::Clock | Measure::Work => work(amount),
        Measure::Days | Measure::Workdays => format!("{amount} 日 d"),
    }
}
