//! The figures by SQL: a question, the answers under its groups, and the cases behind them.
//! What counts is decided in the view `kpi_flags`; here it is only summed, grouped and listed.

use clickhouse::{Row, query::Query};
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

use super::{client::Store, error::StoreError};
use crate::domain::{
    kpi::{Cohort, Figure, Period},
    time::Millis,
};

/// More would make a table that nobody reads.
pub const DIMENSIONS_MAX: usize = 3;

/// What `DateTime64` can hold: the years 1900 to 2299.
const EARLIEST_MS: i64 = -2_208_988_800_000;
const LATEST_MS: i64 = 10_413_763_199_999;

/// What a figure can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    Stream,
    /// The month of the instant that puts the case in the period, in the zone asked for.
    Month,
    Town,
    Community,
    Category,
    Unit,
    Channel,
    Kind,
}

impl Dimension {
    /// The one list: name, key to group by. A feeder that gives no codes is grouped by its names; a month is a number,
    /// which groups faster than a date.
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Stream, "stream", "stream"),
        (Self::Month, "month", "toRelativeMonthNum(assumeNotNull({{at}}), {zone:String})"),
        (Self::Town, "town", "town"),
        (Self::Community, "community", "community"),
        (Self::Category, "category", "if(category_code = '', category_name, category_code)"),
        (Self::Unit, "unit", "if(unit = '', unit_name, unit)"),
        (Self::Channel, "channel", "channel"),
        (Self::Kind, "kind", "kind"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(dimension, ..)| *dimension)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, name, _)| *name)
    }

    fn key(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// The key as a number that is another for every value; by `position`, so that equal texts of two dimensions differ.
    fn number(self, position: usize) -> String {
        match self {
            Self::Month => self.key().to_owned(),
            _ => format!("cityHash64({}, {position})", self.key()),
        }
    }

    /// The text of an answer, from the column that holds the key: `2021-03`.
    fn label(self, column: &str) -> String {
        match self {
            // Months are counted from the year 0, where January is 1.
            Self::Month => {
                format!(
                    "concat(toString(intDiv({column} - 1, 12)), '-', leftPad(toString(({column} - 1) % 12 + 1), 2, '0'))"
                )
            }
            _ => column.to_owned(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Question {
    pub figure: &'static Figure,
    pub period: Period,
    /// IANA name of the zone in which months begin.
    pub zone: String,
    pub group_by: Vec<Dimension>,
    pub stream: Option<String>,
}

/// Cases of the period that are not in the figure, by the reason. Together with those that are in it, they are all.
#[derive(Row, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    pub void: u64,
    pub excluded: u64,
    /// For a figure by dues: received in the period without one.
    pub no_due: u64,
    pub suspended: u64,
    pub not_due: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One text for each dimension asked for; empty where the case does not state it.
    pub group: Vec<String>,
    pub numerator: u64,
    /// None for a count.
    pub denominator: Option<u64>,
}

#[derive(Row, Deserialize)]
struct AnswerRow {
    labels: Vec<String>,
    numerator: u64,
    denominator: u64,
}

/// In the order of the groups. Ungrouped there is always exactly one answer, 0 of 0 when there is nothing.
pub async fn answers(store: &Store, question: &Question) -> Result<Vec<Answer>, StoreError> {
    let query = query(store, question, include_str!("queries/kpi_answers.sql"));
    let rows: Vec<AnswerRow> = store.fetch_all(query).await?;
    let answer = |row: AnswerRow| Answer {
        group: row.labels,
        numerator: row.numerator,
        denominator: question.figure.is_rate.then_some(row.denominator),
    };
    Ok(rows.into_iter().map(answer).collect())
}

pub async fn left_out(store: &Store, question: &Question) -> Result<LeftOut, StoreError> {
    let query = query(store, question, include_str!("queries/kpi_left_out.sql"));
    store.fetch_one(query).await
}

/// A case in a figure, as it stood at the instant as-of.
#[derive(Row, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct CaseBehind {
    pub case_id: String,
    pub stream: String,
    pub kind: String,
    pub channel: String,
    pub category_standard: String,
    pub category_code: String,
    pub category_name: String,
    pub area: String,
    pub town: String,
    pub community: String,
    pub cell: String,
    pub duty_grid: String,
    pub unit: String,
    pub unit_name: String,
    pub urgency: String,
    pub standing: String,
    /// Milliseconds, as all times here.
    pub received_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub due_at: Option<i64>,
    pub numerator: bool,
    pub denominator: bool,
}

/// A page of the cases whose number comes after `after`. It may be longer than `limit` by cases of one number.
pub async fn cases_behind(
    store: &Store,
    question: &Question,
    limit: u64,
    after: &str,
) -> Result<Vec<CaseBehind>, StoreError> {
    let query =
        query(store, question, include_str!("queries/kpi_cases.sql")).param("after", after).param("limit", limit);
    let mut rows: Vec<CaseBehind> = store.fetch_all(query).await?;
    rows.sort_by(|a, b| (&a.case_id, &a.stream).cmp(&(&b.case_id, &b.stream)));
    Ok(rows)
}

fn query(store: &Store, question: &Question, template: &str) -> Query {
    let figure = question.figure;
    let id = figure.id.to_ascii_lowercase();
    let (at, is_by_due) = match figure.cohort {
        Cohort::Created => ("received_at", "false"),
        Cohort::Due => ("due_at", "true"),
        Cohort::Closed => ("closed_at", "false"),
    };
    let sql = template
        .replace("{{flags}}", include_str!("queries/kpi_flags.sql").trim_end())
        .replace("{{labels}}", &labels(&question.group_by))
        .replace("{{keys}}", &keys(&question.group_by))
        .replace("{{n}}", &format!("{id}_n"))
        .replace("{{d}}", &if figure.is_rate { format!("{id}_d") } else { "0".to_owned() })
        .replace("{{is_by_due}}", is_by_due)
        .replace("{{stream}}", if question.stream.is_some() { "stream = {stream:String}" } else { "true" })
        .replace("{{group_by}}", &group_by(&question.group_by))
        .replace("{{at}}", at);
    let Period { from, to, as_of } = question.period;
    store
        .query(&sql)
        .param("from", parameter(from))
        .param("to", parameter(to))
        .param("as_of", parameter(as_of))
        .param("zone", &question.zone)
        .param("stream", question.stream.as_deref().unwrap_or_default())
}

/// What is grouped by, as columns `key_0`, `key_1`, … before the sums.
fn keys(dimensions: &[Dimension]) -> String {
    let key = |(n, dimension): (usize, &Dimension)| format!("any({}) AS key_{n}, ", dimension.key());
    dimensions.iter().enumerate().map(key).collect()
}

fn labels(dimensions: &[Dimension]) -> String {
    let label = |(n, dimension): (usize, &Dimension)| dimension.label(&format!("key_{n}"));
    dimensions.iter().enumerate().map(label).collect::<Vec<_>>().join(", ")
}

/// By one number, even for several dimensions: ClickHouse groups by one number three times as fast as by a tuple of
/// texts. The numbers are 64 bits of hash; that two of a thousand groups fall together happens once in 10^13 answers.
fn group_by(dimensions: &[Dimension]) -> String {
    let numbers = dimensions.iter().enumerate().map(|(n, dimension)| dimension.number(n));
    match dimensions {
        [] => String::new(),
        [one] => format!("GROUP BY {}", one.key()),
        _ => {
            let one = numbers.reduce(|a, b| format!("bitXor({a}, {b})")).unwrap_or_default();
            format!("GROUP BY {one}")
        }
    }
}

/// In the zone of the columns, because a view takes its parameter by the wall clock. Nothing lies beyond what a column
/// can hold, so that a period without end ends there.
pub(super) fn parameter(at: Millis) -> String {
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
    fn every_dimension_is_found_by_its_name() {
        for (dimension, name, _) in Dimension::ALL {
            assert_eq!(Dimension::from_name(name), Some(dimension));
            assert_eq!(dimension.name(), name);
        }
    }

    #[test]
    fn a_parameter_is_written_by_the_clock_of_shanghai_and_kept_within_what_a_column_holds() {
        let noon = Millis::parse("2021-03-06T12:00:00.001Z").unwrap();
        assert_eq!(parameter(noon), "2021-03-06 20:00:00.001");
        assert_eq!(parameter(Millis(i64::MAX)), "2299-12-31 23:59:59.999");
        assert_eq!(parameter(Millis(i64::MIN)), "1900-01-01 08:00:00.000");
    }
}
