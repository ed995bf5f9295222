//! The figures by SQL: a question, the answers under its groups, and the cases behind them.
//! What counts is decided in the relations (`store::relation`); here it is only summed, grouped and listed.

mod account;
mod compare;
mod dimension;
mod fixed;
mod grouping;
mod left_out;
mod many;
mod net;
mod order;
mod pasted;
mod query;
mod reconcile;
mod side;
mod words;

use clickhouse::Row;
use serde::Deserialize;

pub(super) use self::query::{denominator, numerator};
pub use self::{
    account::{Account, account},
    compare::{Against, Compared, compared, period_before},
    dimension::{DIMENSIONS_MAX, Dimension},
    fixed::FixedValue,
    left_out::{LeftOut, left_out, left_out_of_many},
    many::{Cut, cuts, many},
    order::{CaseOrder, CaseSort, CaseSortKey, LastCase},
    pasted::pasted,
    reconcile::{Beside, ConventionGap, beside},
    words::{last_received, names, stands, values, values_of},
};
use self::{many::one_reading, query::query};
use super::{client::Store, error::StoreError};
use crate::domain::{
    kpi::{Figure, Period, Shape},
    time::Millis,
};

#[derive(Clone, Debug)]
pub struct Question {
    pub figure: &'static Figure,
    pub period: Period,
    /// IANA name of the zone in which days and months begin.
    pub zone: String,
    pub group_by: Vec<Dimension>,
    pub stream: Option<String>,
    /// Only what is assessed (考核): neither declared out of it nor exempt by an appeal.
    pub is_assessed: bool,
    /// Only rows that stand so towards these dimensions, none of them a time.
    pub only: Vec<(Dimension, String)>,
    /// Only rows whose due lies then or earlier.
    pub due_by: Option<Millis>,
    /// Only rows that stand so towards any of these: whose cases the asker may see. Empty: everybody's.
    pub own: Vec<(Dimension, Vec<String>)>,
}

impl Question {
    /// Ungrouped, over every stream, assessed or not.
    pub fn new(figure: &'static Figure, period: Period, zone: &str) -> Self {
        Self {
            figure,
            period,
            zone: zone.to_owned(),
            group_by: Vec::new(),
            stream: None,
            is_assessed: false,
            only: Vec::new(),
            due_by: None,
            own: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// One text for each dimension asked for; empty where the case does not state it.
    pub group: Vec<String>,
    /// Negative only for what is a difference.
    pub numerator: i64,
    /// None for a count.
    pub denominator: Option<u64>,
    /// Of a figure about time, if there is any.
    pub spread: Option<Spread>,
}

/// Milliseconds. The median of an even number lies halfway between the two in the middle; so with every quantile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    pub median: i64,
    pub p90: i64,
    pub mean: i64,
    pub max: i64,
}

#[derive(Row, Deserialize)]
struct AnswerRow {
    labels: Vec<String>,
    numerator: i64,
    denominator: u64,
    spread: Vec<i64>,
}

/// In the order of the groups. Ungrouped there is always exactly one answer, 0 of 0 when there is nothing.
pub async fn answers(store: &Store, question: &Question) -> Result<Vec<Answer>, StoreError> {
    if question.figure.shape == Shape::Net {
        return net::answers(store, question).await;
    }
    let query = query(store, question, include_str!("../queries/kpi_answers.sql")).await?;
    let rows: Vec<AnswerRow> = store.fetch_all(query).await?;
    let answer = |row: AnswerRow| Answer {
        spread: spread(&row),
        group: row.labels,
        numerator: row.numerator,
        denominator: question.figure.is_rate().then_some(row.denominator),
    };
    Ok(rows.into_iter().map(answer).collect())
}

fn spread(row: &AnswerRow) -> Option<Spread> {
    match row.spread[..] {
        [median, p90, mean, max] if row.numerator > 0 => Some(Spread { median, p90, mean, max }),
        _ => None,
    }
}

/// A case in a figure, as it stood at the instant as-of; or one of its clocks or assignments, by the figure's grain.
#[derive(Row, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
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
    /// When the case was closed, the clock stopped or the assignment ended.
    pub closed_at: Option<i64>,
    pub due_at: Option<i64>,
    pub numerator: bool,
    pub denominator: bool,
    /// What it adds to each: mostly 1.
    pub n: u64,
    pub d: u64,
    pub duration_ms: Option<i64>,
}

/// Which of the cases of a figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    pub limit: u64,
    pub side: Side,
    pub order: CaseOrder,
    /// Those that come after it in this order.
    pub after: Option<&'a LastCase>,
}

/// Which of the cases of a figure a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// In the numerator or the denominator.
    #[default]
    All,
    Denominator,
    Numerator,
    /// In the denominator and not in the numerator.
    NotMet,
}

impl Side {
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::All, "all"),
        (Self::Denominator, "denominator"),
        (Self::Numerator, "numerator"),
        (Self::NotMet, "not-met"),
    ];

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(side, _)| *side)
    }

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Over the columns of a list.
    fn condition(self) -> &'static str {
        match self {
            Self::All => "numerator OR denominator",
            Self::Denominator => "denominator",
            Self::Numerator => "numerator",
            Self::NotMet => "denominator AND NOT numerator",
        }
    }
}

/// What a list has in all, by the predicate of its pages.
#[derive(Row, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListedInAll {
    pub rows: u64,
    /// What its rows add to the numerator and the denominator.
    pub n: u64,
    pub d: u64,
}

pub async fn listed_in_all(store: &Store, question: &Question, side: Side) -> Result<ListedInAll, StoreError> {
    let template = include_str!("../queries/kpi_listed.sql").replace("{{side}}", side.condition());
    store.fetch_one(query(store, question, &template).await?).await
}

/// May be longer than `limit` by rows of one number, or of one case.
pub async fn cases_behind(
    store: &Store,
    question: &Question,
    Page { limit, side, order, after }: Page<'_>,
) -> Result<Vec<CaseBehind>, StoreError> {
    let template = include_str!("../queries/kpi_cases.sql").replace("{{side}}", side.condition());
    let query = query(store, question, &order.fill(&template, after)).await?.param("limit", limit);
    let mut rows: Vec<CaseBehind> = store.fetch_all(CaseOrder::bind(query, after)).await?;
    order.settle(&mut rows);
    Ok(rows)
}
