//! A question as SQL: the templates of `queries/kpi_*.sql` filled in for its figure, cohort and grain.

use super::{Dimension, Question, grouping};
use crate::{
    domain::kpi::{Cohort, Figure, Grain, Period},
    store::{
        client::Store,
        error::StoreError,
        literal::instant,
        query::Query,
        relation::{self, FigureEnd, Source, at, column},
    },
};

const FROM: &str = "{from:DateTime64(3, 'Asia/Shanghai')}";
const TO: &str = "{to:DateTime64(3, 'Asia/Shanghai')}";
pub(super) const AS_OF: &str = "{as_of:DateTime64(3, 'Asia/Shanghai')}";

/// Of what lies within the period.
pub(super) async fn query(store: &Store, question: &Question, template: &str) -> Result<Query, StoreError> {
    asked(store, question, &sql(question, template), relation::reach(question.figure)).await
}

/// A template in which nothing depends on the figure any more, only on its grain.
pub(super) async fn asked(
    store: &Store,
    question: &Question,
    template: &str,
    reach: &str,
) -> Result<Query, StoreError> {
    let sql = |source| read(question, template, source, reach);
    Ok(bound(question, store.at(question.period.as_of, sql).await?))
}

/// With the rows of the figure's grain in place.
pub(super) fn read(question: &Question, template: &str, source: Source, reach: &str) -> String {
    relation::of(question.figure.grain).fill("{{flags}}", &assessed(question, template), source, reach)
}

pub(super) fn bound(question: &Question, query: Query) -> Query {
    parameters(question).into_iter().fold(query, |query, parameter| query.param(&parameter.name, parameter.value))
}

/// The template filled in for the figure; the question's own values are still parameters.
pub(super) fn sql(question: &Question, template: &str) -> String {
    let figure = question.figure;
    let groupings = std::slice::from_ref(&question.group_by);
    template
        .replace("{{labels}}", &grouping::labels(groupings))
        .replace("{{keys}}", &grouping::keys(groupings))
        .replace("{{n}}", &numerator(figure))
        .replace("{{d}}", &denominator(figure))
        .replace("{{v}}", &duration(figure))
        .replace("{{spread}}", &spread(figure, "true"))
        .replace("{{is_in_base}}", boolean(figure.in_base))
        .replace("{{lacks_due}}", boolean(figure.lacks_due()))
        .replace("{{done}}", done(figure.grain))
        .replace("{{rows}}", &rows(question))
        .replace("{{having}}", &having(question))
        .replace("{{known}}", &known(figure))
        .replace("{{within}}", &within(figure))
        .replace("{{group_by}}", &grouping::group_by(groupings))
        .replace("{{at}}", at(figure))
}

pub(super) fn assessed(question: &Question, template: &str) -> String {
    template
        .replace("{{assessed}}", if question.is_assessed { "(NOT is_unassessed AND NOT is_exempt)" } else { "true" })
}

/// A value that ClickHouse is given by name: `{zone:String}`.
pub(super) struct Parameter {
    pub(super) name: String,
    /// As the templates write it.
    pub(super) kind: &'static str,
    pub(super) value: String,
}

pub(super) fn parameters(question: &Question) -> Vec<Parameter> {
    let Period { from, to, as_of } = question.period;
    let time = |name: &str, at| Parameter {
        name: name.to_owned(),
        kind: "DateTime64(3, 'Asia/Shanghai')",
        value: instant(at),
    };
    let text = |name: &str, value: &str| Parameter { name: name.to_owned(), kind: "String", value: value.to_owned() };
    let own = [
        time("from", from),
        time("to", to),
        time("as_of", as_of),
        text("zone", &question.zone),
        text("stream", question.stream.as_deref().unwrap_or_default()),
    ];
    let only = question.only.iter().enumerate().map(|(n, (_, value))| text(&format!("only_{n}"), value));
    let due_by = question.due_by.map(|at| time("due_by", at));
    let mine = mine(question).map(|(name, _, value)| text(&name, value));
    own.into_iter().chain(only).chain(due_by).chain(mine).collect()
}

pub(super) fn boolean(is: bool) -> &'static str {
    if is { "true" } else { "false" }
}

/// The column that a row adds to the numerator.
pub(in crate::store) fn numerator(figure: &Figure) -> String {
    column(figure, FigureEnd::Numerator)
}

/// The column that it adds to the denominator; of a count, 0.
pub(in crate::store) fn denominator(figure: &Figure) -> String {
    if figure.is_rate() { column(figure, FigureEnd::Denominator) } else { "0".to_owned() }
}

/// What the period holds. The flags say so too, but only on a bare column can it spare the reading of other months.
pub(super) fn within(figure: &Figure) -> String {
    relation::parameters(&relation::within(figure))
}

/// What the period holds, with those that have no instant of the cohort's kind.
fn known(figure: &Figure) -> String {
    let (at, within) = (at(figure), within(figure));
    let other = match figure.cohort {
        Cohort::Created | Cohort::CreatedMature => "received_at IS NULL AND reported_or_received_at",
        _ if figure.is_by_due() => "due_at IS NULL AND received_at",
        _ => return within,
    };
    let same = other.rsplit(' ').next().unwrap_or(at);
    format!("({within}) OR ({other} >= {FROM} AND {same} < {TO})")
}

fn done(grain: Grain) -> &'static str {
    match grain {
        Grain::Case => "closed_at",
        Grain::Clock => "stopped_at",
        Grain::Assignment => "ended_at",
        Grain::Check => "toNullable(checked_at)",
    }
}

/// Which rows make their group one, beside those that are in the figure.
pub(super) fn is_there(figure: &Figure) -> String {
    format!("ifNull(is_counted AND {} <= {AS_OF}, false)", at(figure))
}

/// Which groups there are. Ungrouped there is always an answer.
fn having(question: &Question) -> String {
    if question.group_by.is_empty() {
        return String::new();
    }
    format!("HAVING numerator != 0 OR denominator != 0 OR max({})", is_there(question.figure))
}

/// Which rows of the view are meant.
pub(super) fn rows(question: &Question) -> String {
    format!("{} AND {}", meant(question), stage(question.figure))
}

/// Which rows of the view are meant, whatever the figure.
pub(super) fn meant(question: &Question) -> String {
    let stream = question.stream.as_ref().map(|_| "stream = {stream:String}".to_owned());
    let only = question.only.iter().enumerate();
    let only = only.map(|(n, (dimension, _))| format!("{} = {{only_{n}:String}}", dimension.key()));
    let due_by = question.due_by.map(|_| "due_at <= {due_by:DateTime64(3, 'Asia/Shanghai')}".to_owned());
    let mine = (!question.own.is_empty()).then(|| {
        let any: Vec<String> =
            mine(question).map(|(name, dimension, _)| format!("{} = {{{name}:String}}", dimension.key())).collect();
        if any.is_empty() { "false".to_owned() } else { format!("({})", any.join(" OR ")) }
    });
    let all: Vec<String> = stream.into_iter().chain(only).chain(due_by).chain(mine).collect();
    if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
}

/// Each value of the asker's own dimensions, with the name of its parameter.
fn mine(question: &Question) -> impl Iterator<Item = (String, Dimension, &str)> {
    let own = question.own.iter().enumerate();
    own.flat_map(|(n, (dimension, values))| {
        let named = values.iter().enumerate();
        named.map(move |(m, value)| (format!("own_{n}_{m}"), *dimension, value.as_str()))
    })
}

/// Which clocks are meant, of a figure of clocks.
pub(super) fn stage(figure: &Figure) -> String {
    relation::stage(figure).unwrap_or_else(|| "true".to_owned())
}

fn duration(figure: &Figure) -> String {
    if figure.has_durations() {
        column(figure, FigureEnd::Duration)
    } else {
        "CAST(NULL, 'Nullable(Int64)')".to_owned()
    }
}

/// Median, p90, mean and maximum, of the rows that are meant; nothing where the figure is not about time.
pub(super) fn spread(figure: &Figure, rows: &str) -> String {
    if !figure.has_durations() {
        return "CAST([], 'Array(Int64)')".to_owned();
    }
    let v = duration(figure);
    let of = [
        quantile("0.5", &v, rows),
        quantile("0.9", &v, rows),
        format!("intDiv(sumIf({v}, {rows}), greatest(countIf({v} IS NOT NULL AND {rows}), 1))"),
        format!("maxIf({v}, {rows})"),
    ];
    format!("CAST([{}], 'Array(Int64)')", of.map(|value| format!("ifNull(toInt64({value}), 0)")).join(", "))
}

/// Interpolated between the two in the middle, as is usual. Between whole milliseconds it lies on a tenth of one, which rounding
/// finds again behind the floating point; the millisecond is floored, as everything here.
fn quantile(level: &str, v: &str, rows: &str) -> String {
    format!("intDiv(toInt64(round(quantileExactInclusiveIf({level})({v}, {rows}) * 10)), 10)")
}
