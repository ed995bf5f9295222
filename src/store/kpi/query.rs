//! A question as SQL: the templates of `queries/kpi_*.sql` filled in for its figure, cohort and grain.

use clickhouse::query::Query;
use jiff::{Timestamp, tz::TimeZone};

use super::{Question, dimension};
use crate::{
    domain::{
        kpi::{Cohort, Figure, Grain, Period, catalogue::Lacks},
        time::Millis,
    },
    store::client::Store,
};

/// What `DateTime64` can hold: the years 1900 to 2299.
const EARLIEST_MS: i64 = -2_208_988_800_000;
const LATEST_MS: i64 = 10_413_763_199_999;

const FROM: &str = "{from:DateTime64(3, 'Asia/Shanghai')}";
const TO: &str = "{to:DateTime64(3, 'Asia/Shanghai')}";
pub(super) const AS_OF: &str = "{as_of:DateTime64(3, 'Asia/Shanghai')}";

pub(super) fn query(store: &Store, question: &Question, template: &str) -> Query {
    let figure = question.figure;
    let at = at(figure);
    let is = |condition: bool| if condition { "true" } else { "false" };
    let sql = template
        .replace("{{labels}}", &dimension::labels(&question.group_by))
        .replace("{{keys}}", &dimension::keys(&question.group_by))
        .replace("{{n}}", &numerator(figure))
        .replace("{{d}}", &denominator(figure))
        .replace("{{v}}", &duration(figure))
        .replace("{{spread}}", &spread(figure, "true"))
        .replace("{{is_by_due}}", is(is_by_due(figure)))
        .replace("{{is_in_base}}", is(figure.in_base))
        .replace("{{lacks_due}}", is(matches!(figure.lacks, Some(Lacks::Due(_)))))
        .replace("{{done}}", done(figure.grain))
        .replace("{{rows}}", &format!("{} AND {}", meant(question), stage(figure)))
        .replace("{{known}}", &known(figure))
        .replace("{{within}}", &within(figure))
        .replace("{{group_by}}", &dimension::group_by(&question.group_by))
        .replace("{{at}}", at);
    asked(store, question, &sql)
}

/// What is left to be filled in does not depend on the figure, only on its grain.
pub(super) fn asked(store: &Store, question: &Question, template: &str) -> Query {
    let sql = template
        .replace("{{flags}}", include_str!("../queries/kpi_flags.sql").trim_end())
        .replace("{{view}}", view(question.figure.grain))
        .replace("{{assessed}}", if question.is_assessed { "(NOT is_unassessed AND NOT is_exempt)" } else { "true" });
    let Period { from, to, as_of } = question.period;
    let query = store
        .query(&sql)
        .param("from", parameter(from))
        .param("to", parameter(to))
        .param("as_of", parameter(as_of))
        .param("zone", &question.zone)
        .param("stream", question.stream.as_deref().unwrap_or_default());
    let named = question.only.iter().enumerate();
    named.fold(query, |query, (n, (_, value))| query.param(&format!("only_{n}"), value))
}

/// The column that a row adds to the numerator.
pub(super) fn numerator(figure: &Figure) -> String {
    format!("{}_n", figure.id.to_ascii_lowercase())
}

/// The column that it adds to the denominator; of a count, 0.
pub(super) fn denominator(figure: &Figure) -> String {
    if figure.is_rate() { format!("{}_d", figure.id.to_ascii_lowercase()) } else { "0".to_owned() }
}

fn view(grain: Grain) -> &'static str {
    match grain {
        Grain::Case => "kpi_flags",
        Grain::Clock => "kpi_clocks",
        Grain::Assignment => "kpi_assignments",
    }
}

/// The column of the instant that puts a row in a period.
pub(super) fn at(figure: &Figure) -> &'static str {
    match figure.cohort {
        Cohort::Created | Cohort::CreatedMature | Cohort::Stock | Cohort::PeriodEnd => "received_at",
        Cohort::Reported => "reported_or_received_at",
        Cohort::Filed => "filed_at",
        Cohort::Assigned => "assigned_at",
        Cohort::Due => "due_at",
        Cohort::DueCarry => "carried_due_at",
        Cohort::OriginalDue => "original_due_at",
        Cohort::Closed => "closed_at",
        Cohort::Checked => "stopped_at",
        Cohort::Revisited => "revisited_at",
    }
}

/// What the period holds. The flags say so too, but only on a bare column can it spare the reading of other months.
pub(super) fn within(figure: &Figure) -> String {
    let at = at(figure);
    match figure.cohort {
        Cohort::Stock => format!("received_at <= {AS_OF}"),
        Cohort::PeriodEnd => format!("received_at < {TO}"),
        Cohort::DueCarry => {
            format!("due_at < {TO} AND (due_at >= {FROM} OR closed_at IS NULL OR closed_at >= {FROM})")
        }
        _ => format!("{at} >= {FROM} AND {at} < {TO}"),
    }
}

/// What the period holds, with those that have no instant of the cohort's kind.
fn known(figure: &Figure) -> String {
    let (at, within) = (at(figure), within(figure));
    let other = match figure.cohort {
        Cohort::Created | Cohort::CreatedMature => "received_at IS NULL AND reported_or_received_at",
        _ if is_by_due(figure) => "due_at IS NULL AND received_at",
        _ => return within,
    };
    let same = other.rsplit(' ').next().unwrap_or(at);
    format!("({within}) OR ({other} >= {FROM} AND {same} < {TO})")
}

fn is_by_due(figure: &Figure) -> bool {
    figure.grain == Grain::Case && matches!(figure.cohort, Cohort::Due | Cohort::DueCarry | Cohort::OriginalDue)
}

fn done(grain: Grain) -> &'static str {
    match grain {
        Grain::Case => "closed_at",
        Grain::Clock => "stopped_at",
        Grain::Assignment => "ended_at",
    }
}

/// Which rows of the view are meant, whatever the figure.
pub(super) fn meant(question: &Question) -> String {
    let stream = question.stream.as_ref().map(|_| "stream = {stream:String}".to_owned());
    let only = question.only.iter().enumerate();
    let only = only.map(|(n, (dimension, _))| format!("{} = {{only_{n}:String}}", dimension.key()));
    let all: Vec<String> = stream.into_iter().chain(only).collect();
    if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
}

/// Which clocks are meant, of a figure of clocks.
pub(super) fn stage(figure: &Figure) -> String {
    let Some(stage) = &figure.stage else { return "true".to_owned() };
    let whose = if figure.of_unit { ">" } else { "=" };
    format!("stage = '{stage}' AND assignment {whose} 0")
}

fn duration(figure: &Figure) -> String {
    let id = figure.id.to_ascii_lowercase();
    if figure.has_durations() { format!("{id}_v") } else { "CAST(NULL, 'Nullable(Int64)')".to_owned() }
}

/// Median, p90, mean and maximum, of the rows that are meant; nothing where the figure is not about time.
pub(super) fn spread(figure: &Figure, rows: &str) -> String {
    if !figure.has_durations() {
        return "CAST([], 'Array(Int64)')".to_owned();
    }
    let v = duration(figure);
    let of = [
        format!("quantileExactIf(0.5)({v}, {rows})"),
        format!("quantileExactIf(0.9)({v}, {rows})"),
        format!("intDiv(sumIf({v}, {rows}), greatest(countIf({v} IS NOT NULL AND {rows}), 1))"),
        format!("maxIf({v}, {rows})"),
    ];
    format!("CAST([{}], 'Array(Int64)')", of.map(|value| format!("ifNull(toInt64({value}), 0)")).join(", "))
}

/// In the zone of the columns, because a view takes its parameter by the wall clock. Nothing lies beyond what a column
/// can hold, so that a period without end ends there.
pub(in crate::store) fn parameter(at: Millis) -> String {
    // Shanghai has kept no other offset since 1991.
    let shanghai = TimeZone::fixed(jiff::tz::offset(8));
    let at = at.0.clamp(EARLIEST_MS, LATEST_MS);
    let instant = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    instant.to_zoned(shanghai).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_written_by_the_clock_of_shanghai_and_kept_within_what_a_column_holds() {
        let noon = Millis::parse("2021-03-06T12:00:00.001Z").unwrap();
        assert_eq!(parameter(noon), "2021-03-06 20:00:00.001");
        assert_eq!(parameter(Millis(i64::MAX)), "2299-12-31 23:59:59.999");
        assert_eq!(parameter(Millis(i64::MIN)), "1900-01-01 08:00:00.000");
    }
}
