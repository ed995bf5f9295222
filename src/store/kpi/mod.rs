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
    dimension::Dimension,
    left_out::{LeftOut, left_out},
    many::{Cut, cuts, many},
    order::{CaseOrder, CaseSort, CaseSortKey, LastCase},
    pasted::pasted,
    reconcile::{Beside, ConventionGap, beside},
};
pub(crate) use self::{
    compare::{Against, Compared, compared, period_before},
    dimension::DIMENSIONS_MAX,
    fixed::FixedValue,
    left_out::left_out_of_many,
    words::{last_received, names, stands, values, values_of},
};
use self::{many::one_reading, query::query};
use super::{client::Store, error::StoreError};
use crate::domain::{
    kpi::{Figure, Period, Shape},
    time::Millis,
};

/// Which figure, over when, of which rows, and by what it is split.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is counted.
    pub figure: &'static Figure,
    /// Over when, and as of when.
    pub period: Period,
    /// IANA name of the zone in which days and months begin.
    pub zone: String,
    /// In this order; at most `DIMENSIONS_MAX`. Empty: one answer for all.
    pub group_by: Vec<Dimension>,
    /// None: every stream.
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

/// What a figure comes to in one group.
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
    /// Half took no longer.
    pub median: i64,
    /// Nine of ten took no longer.
    pub p90: i64,
    /// Whole milliseconds; what is over is cut off.
    pub mean: i64,
    /// The longest.
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
    /// Number of the case in its stream.
    pub case_id: String,
    /// Name of its stream.
    pub stream: String,
    pub(crate) kind: String,
    pub(crate) channel: String,
    pub(crate) category_standard: String,
    pub(crate) category_code: String,
    pub(crate) category_name: String,
    pub(crate) area: String,
    pub(crate) town: String,
    pub(crate) community: String,
    pub(crate) cell: String,
    pub(crate) duty_grid: String,
    /// Code of the unit that holds it; empty where none was sent.
    pub unit: String,
    /// What the feeder calls the unit.
    pub unit_name: String,
    pub(crate) urgency: String,
    pub(crate) standing: String,
    /// Milliseconds, as all times here.
    pub received_at: Option<i64>,
    /// When the case was closed, the clock stopped or the assignment ended.
    pub closed_at: Option<i64>,
    /// By when it had to be done, with what moved it.
    pub due_at: Option<i64>,
    /// Is it in the numerator?
    pub numerator: bool,
    /// Is it in the denominator?
    pub denominator: bool,
    /// What it adds to each: mostly 1.
    pub n: u64,
    /// To the denominator.
    pub d: u64,
    /// What a figure about time measures of it.
    pub duration_ms: Option<i64>,
}

/// Which of the cases of a figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// So many, and whatever is tied with the last.
    pub limit: u64,
    /// Of which part of the figure.
    pub side: Side,
    /// Sorted so.
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
    /// In the denominator.
    Denominator,
    /// In the numerator.
    Numerator,
    /// In the denominator and not in the numerator.
    NotMet,
}

impl Side {
    /// Each with its name on the command line and in an address.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::All, "all"),
        (Self::Denominator, "denominator"),
        (Self::Numerator, "numerator"),
        (Self::NotMet, "not-met"),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(side, _)| *side)
    }

    pub(crate) fn name(self) -> &'static str {
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
pub(crate) struct ListedInAll {
    pub(crate) rows: u64,
    /// What its rows add to the numerator and the denominator.
    pub(crate) n: u64,
    pub(crate) d: u64,
}

pub(crate) async fn listed_in_all(store: &Store, question: &Question, side: Side) -> Result<ListedInAll, StoreError> {
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
