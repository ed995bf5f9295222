//! Drift for people: the figures, then the cases, each with what moved it.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{Cause, Drift, Moved, words};
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
pub fn flows_of(drift: &Drift, id: &str) -> [String; 2] {
    let at = drift.edition.figures.iter().position(|figure| figure == id);
    let way = |into: u64, out: u64| if into + out == 0 { NO_RATE.to_owned() } else { format!("+{into} −{out}") };
    match at.and_then(|at| drift.flows.get(at)) {
        Some(flow) => {
            [way(flow.into_numerator, flow.out_of_numerator), way(flow.into_denominator, flow.out_of_denominator)]
        }
        None => [NO_RATE.to_owned(), NO_RATE.to_owned()],
    }
}

/// With its sign; none for nothing.
pub fn signed(by: i64) -> String {
    match by {
        0 => "0".to_owned(),
        by if by < 0 => format!("−{}", by.unsigned_abs()),
        by => format!("+{by}"),
    }
}

fn write_case(moved: &Moved, cause: &Cause, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let (stream, case_id) = moved.key();
    writeln!(out, "{} {}", printable(case_id), printable(stream))?;
    for state in words::states(moved, zone) {
        let [name, before, after] = [&state.name, &state.before, &state.after].map(|text| text.both(" "));
        writeln!(out, "    {}", printable(&format!("{name}: {before} → {after}")))?;
    }
    for (way, figures) in words::ways(moved) {
        writeln!(out, "    {}: {}", way.both(" "), figures.join(" "))?;
    }
    for change in &moved.changes {
        if let [Some(before), Some(after)] = change.duration
            && before != after
        {
            writeln!(out, "    时长 duration {}: {} → {}", change.figure.id, hours(before), hours(after))?;
        }
    }
    for reason in words::reasons(cause, zone) {
        let details = reason.details.iter().map(|(name, value)| format!(", {} {value}", name.both(" ")));
        let text = format!("起因 cause: {}{}", reason.said.both(" "), details.collect::<String>());
        writeln!(out, "    {}", printable(&text))?;
    }
    Ok(())
}
