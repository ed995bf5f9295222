//! Drift for people: the figures, then the cases, each with what moved it.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{Cause, Drift, DriftChange, DriftMessage, Moved, Refolded};
use crate::{
    domain::{kpi::Figure, time::Millis},
    report::{
        count::grouped,
        kpi_text::hours,
        publish::{
            recount::Counted,
            text::{name, zone},
            value::value,
        },
        rate::NO_RATE,
        table::{Align, TextTable, printable},
    },
    store::published::PublishedVerdict,
};

/// The figures as a whole, or those of the groups of a dimension.
pub fn write(drift: &Drift, grouped_by: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let (edition, zone) = (&drift.edition, zone(&drift.edition));
    let time = |at: Millis| at.rfc3339(&zone);
    writeln!(out, "{}, 发布于 published {}", name(&edition.report, edition.edition), time(edition.published_at))?;
    if drift.as_of == edition.as_of {
        writeln!(out, "同一截至时刻 the same as-of {}", time(edition.as_of))?;
    } else {
        writeln!(out, "发布时截至 published as of {}，现截至 now as of {}", time(edition.as_of), time(drift.as_of))?;
    }
    if !drift.redefined.is_empty() {
        let ids = drift.redefined.join(", ");
        writeln!(out, "定义已改，变化可能由此而来 redefined since, which may be why they moved: {ids}")?;
    }
    if drift.figures.is_empty() && drift.moved == 0 {
        return writeln!(out, "没有变化 nothing differs{}", touched(drift));
    }
    write_figures(drift, grouped_by, out)?;
    writeln!(out, "\n变动的案件 cases that moved: {}{}", grouped(drift.moved), touched(drift))?;
    for (moved, cause) in &drift.cases {
        write_case(moved, cause, &zone, out)?;
    }
    let listed = drift.cases.len() as u64;
    if listed < drift.moved {
        let rest = grouped(drift.moved - listed);
        writeln!(out, "另有 {rest} 件未列 {rest} more are not listed: --limit")?;
    }
    Ok(())
}

fn touched(drift: &Drift) -> String {
    match drift.touched {
        0 => String::new(),
        count => format!("；另有 {0} 件有变动而不影响数字 {0} others changed without moving a figure", grouped(count)),
    }
}

fn write_figures(drift: &Drift, grouped_by: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let left = ["指标 figure", ""].map(|head| (head.to_owned(), Align::Left));
    let group = grouped_by.map(|dimension| (dimension.to_owned(), Align::Left));
    let right = ["发布 published", "现在 now", "分子 n", "分母 d"].map(|head| (head.to_owned(), Align::Right));
    let ways = ["进出分子 cases in/out of n", "进出分母 of d"].map(|head| (head.to_owned(), Align::Right));
    let flows = ways.into_iter().filter(|_| grouped_by.is_none());
    let mut table = TextTable::new(left.into_iter().chain(group).chain(right).chain(flows));
    for one in drift.figures.iter().filter(|one| one.cell.grouped_by == grouped_by) {
        let figure = Figure::by_id(&one.cell.figure);
        let by = |of: fn(&Counted) -> i64| {
            let side = |side: &Option<Counted>| side.as_ref().map_or(0, of);
            signed(side(&one.counted) - side(&one.frozen))
        };
        let mut row = vec![one.cell.figure.to_string(), figure.map_or(String::new(), |figure| figure.title.zh.clone())];
        if grouped_by.is_some() {
            row.push(one.cell.group.to_string());
        }
        row.push(value(figure, one.frozen.as_ref()));
        row.push(value(figure, one.counted.as_ref()));
        row.push(by(|counted| counted.numerator));
        row.push(by(|counted| counted.denominator.unwrap_or(0)));
        if grouped_by.is_none() {
            row.extend(flows_of(drift, &one.cell.figure));
        }
        table.push(row);
    }
    table.write(out)
}

/// Cases into and out of the numerator, and the denominator.
fn flows_of(drift: &Drift, id: &str) -> [String; 2] {
    let at = drift.edition.figures.iter().position(|figure| figure == id);
    let way = |into: u64, out: u64| if into + out == 0 { NO_RATE.to_owned() } else { format!("+{into} −{out}") };
    match at.and_then(|at| drift.flows.get(at)) {
        Some(flow) => {
            [way(flow.into_numerator, flow.out_of_numerator), way(flow.into_denominator, flow.out_of_denominator)]
        }
        None => [NO_RATE.to_owned(), NO_RATE.to_owned()],
    }
}

fn signed(by: i64) -> String {
    match by {
        0 => "0".to_owned(),
        by if by < 0 => format!("−{}", by.unsigned_abs()),
        by => format!("+{by}"),
    }
}

fn write_case(moved: &Moved, cause: &Cause, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let (stream, case_id) = moved.key();
    writeln!(out, "{} {}", printable(case_id), printable(stream))?;
    for line in states(moved, zone) {
        writeln!(out, "    {}", printable(&line))?;
    }
    for (word, is_in) in WAYS {
        let figures: Vec<&str> =
            moved.changes.iter().filter(|change| is_in(change)).map(|change| change.figure.id.as_str()).collect();
        if !figures.is_empty() {
            writeln!(out, "    {word}: {}", figures.join(" "))?;
        }
    }
    for change in &moved.changes {
        if let [Some(before), Some(after)] = change.duration
            && before != after
        {
            writeln!(out, "    时长 duration {}: {} → {}", change.figure.id, hours(before), hours(after))?;
        }
    }
    write_cause(cause, zone, out)
}

type IsIn = fn(&DriftChange) -> bool;

const WAYS: [(&str, IsIn); 5] = [
    ("进入分子 into the numerator of", |one| one.before.n == 0 && one.after.n > 0),
    ("离开分子 out of the numerator of", |one| one.before.n > 0 && one.after.n == 0),
    ("进入分母 into the denominator of", |one| one.before.d == 0 && one.after.d > 0),
    ("离开分母 out of the denominator of", |one| one.before.d > 0 && one.after.d == 0),
    ("数目不同 another amount in", |one| {
        (one.before.n > 0 && one.after.n > 0 && one.before.n != one.after.n)
            || (one.before.d > 0 && one.after.d > 0 && one.before.d != one.after.d)
    }),
];

/// What it rests on, where that is another.
fn states(moved: &Moved, zone: &TimeZone) -> Vec<String> {
    let (before, after) = (moved.before.as_ref(), moved.after.as_ref());
    let text = |of: fn(&PublishedVerdict) -> String| {
        let side = |side: Option<&PublishedVerdict>| side.map_or("不在任何指标 in no figure".to_owned(), of);
        (side(before), side(after))
    };
    let time = |of: fn(&PublishedVerdict) -> Option<i64>| {
        let side = |side: Option<&PublishedVerdict>| {
            side.and_then(of).map_or(NO_RATE.to_owned(), |at| Millis(at).rfc3339(zone))
        };
        (side(before), side(after))
    };
    let mut lines = Vec::new();
    let mut differ = |word: &str, (before, after): (String, String)| {
        if before != after {
            lines.push(format!("{word}: {before} → {after}"));
        }
    };
    differ("状态 standing", text(|one| one.standing.to_string()));
    if before.is_some() && after.is_some() {
        differ("受理 received", time(|one| one.received_at));
        differ("时限 due", time(|one| one.due_at));
        differ("结案 closed", time(|one| one.closed_at));
        differ("单位 unit", text(|one| one.unit_label().to_string()));
        differ("村居 community", text(|one| one.community.to_string()));
    }
    lines
}

fn write_cause(cause: &Cause, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    for message in &cause.messages {
        writeln!(out, "    起因 cause: 发布后到达 arrived after publication: {}", shown(message, zone))?;
    }
    if let Some(refolded) = &cause.refolded {
        writeln!(out, "    起因 cause: {}", rebuilt(refolded, cause.messages.is_empty()))?;
    }
    for message in &cause.later {
        let word = "两个截至时刻之间发生 happened between the two as-ofs";
        writeln!(out, "    起因 cause: {word}: {}", shown(message, zone))?;
    }
    if cause.is_of_another_as_of && cause.messages.is_empty() && cause.later.is_empty() && cause.refolded.is_none() {
        writeln!(out, "    起因 cause: 没有新消息，只是截至时刻不同 no message: only the as-of is another")?;
    }
    if cause.is_unknown() {
        let text = "没有新消息，也没有重新折叠：案件行被改过，或程序不同 no message and no rebuild: the row was changed otherwise";
        writeln!(out, "    起因 cause: {text}")?;
    }
    Ok(())
}

fn shown(message: &DriftMessage, zone: &TimeZone) -> String {
    let time = |at: Millis| at.rfc3339(zone);
    let place = &message.place;
    let place = format!("{}[{}]@{}", place.topic, place.partition, place.offset);
    let recorded = message.recorded_at.map_or(NO_RATE.to_owned(), time);
    format!(
        "{}, 发生 occurred {}, 记录 recorded {recorded}, 接收 ingested {}, {place}",
        message.kind,
        time(message.occurred_at),
        time(message.ingested_at)
    )
}

fn rebuilt(of: &Refolded, is_alone: bool) -> String {
    let [before, after] = of.generations;
    let alone = if is_alone { "没有新消息 no new message; " } else { "" };
    if !of.is_by_other_rules() {
        return format!(
            "{alone}按代次 {after} 重新折叠，规则相同 folded again, generation {before} → {after}, by the same rules"
        );
    }
    let differ = |word: &str, [before, after]: &[String; 2]| {
        (before != after).then(|| format!(", {word} {} → {}", none(before), none(after)))
    };
    let what: String = [
        differ("时限规则 policy", &of.policies),
        differ("规则 rule", &of.rules),
        differ("日历 calendar", &of.calendars),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{alone}按别的规则重新折叠 folded again under other rules, generation {before} → {after}{what}")
}

fn none(text: &str) -> &str {
    if text.is_empty() { "(无 none)" } else { text }
}
