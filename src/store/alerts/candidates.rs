//! Cases that may have something to tell: narrow questions, page by page.

use clickhouse::Row;
use serde::Deserialize;
use smol_str::SmolStr;

use crate::{
    domain::{
        alert::{AlertCase, AlertQuarantine, AlertSpan},
        history::Standing,
        marks::Marks,
        policy::StageName,
        time::{Due, Millis},
    },
    store::{Store, StoreError, literal::instant},
};

/// Cases in one answer.
pub const PAGE: usize = 2_000;
/// Groups of quarantined messages that are told of in one pass.
const GROUPS_MAX: u64 = 10_000;

/// Which cases are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertChoice {
    /// Whose own due turned yellow or passed after this instant.
    Due(Millis),
    /// The same of clocks of stages.
    Clock(Millis),
    /// Of which a message was taken in after the first instant; nothing of what happened before the second is told.
    Change(Millis, Millis),
}

impl AlertChoice {
    fn chosen(self) -> String {
        let time = |at: Millis| format!("toDateTime64('{}', 3, 'Asia/Shanghai')", instant(at));
        match self {
            Self::Due(from) => {
                let from = time(from);
                format!("due_at > {from} AND (due_at <= instant OR (yellow_from > {from} AND yellow_from <= instant))")
            }
            Self::Clock(from) => {
                let from = time(from);
                format!(
                    "arrayMax(clocks.due_at) > {from} AND arrayMin(clocks.due_at) <= instant \
                     AND arrayExists(due -> due > {from} AND due <= instant, clocks.due_at)"
                )
            }
            Self::Change(from, floor) => {
                let floor = time(floor);
                format!("last_ingested_at >= {} AND (last_event_at >= {floor} OR due_at >= {floor})", time(from))
            }
        }
    }
}

/// One answer, and where the next begins; none after the last.
#[derive(Debug)]
pub struct AlertPage {
    pub cases: Vec<AlertCase>,
    pub next: Option<(SmolStr, SmolStr)>,
}

/// Stage, assignment, start, due and whether that is exclusive, stop, and whether it is paused.
type ClockCells = (String, u16, i64, i64, bool, Option<i64>, bool);

#[derive(Row, Deserialize)]
struct CandidateRow {
    stream: String,
    case_id: String,
    unit: String,
    unit_name: String,
    standing: String,
    marks: u16,
    received_at: Option<i64>,
    due_at: Option<i64>,
    yellow_from: Option<i64>,
    finished_at: Option<i64>,
    closed_at: Option<i64>,
    reopened_at: Option<i64>,
    closed_before: Option<i64>,
    last_event_at: Option<i64>,
    reopens: u32,
    reworks: u32,
    clocks_live: Vec<ClockCells>,
    units_live: Vec<String>,
    names_live: Vec<String>,
}

impl CandidateRow {
    fn case(self) -> Result<AlertCase, StoreError> {
        let unknown =
            |what: &str| StoreError::Other { code: 0, detail: format!("a case is `{what}`: made by a newer version?") };
        let named = self.units_live.into_iter().zip(self.names_live);
        let clocks = self.clocks_live.into_iter().zip(named).map(|(clock, (unit, unit_name))| {
            let (stage, assignment, started, due, is_exclusive, stopped, is_paused) = clock;
            Ok(AlertSpan {
                stage: StageName::from_name(&stage).ok_or_else(|| unknown(&stage))?,
                assignment,
                unit: unit.into(),
                unit_name: unit_name.into(),
                started_at: Millis(started),
                due: Due { at: Millis(due), is_exclusive },
                stopped_at: stopped.map(Millis),
                is_paused,
            })
        });
        Ok(AlertCase {
            standing: Standing::from_name(&self.standing).ok_or_else(|| unknown(&self.standing))?,
            clocks: clocks.collect::<Result<_, StoreError>>()?,
            stream: self.stream.into(),
            case_id: self.case_id.into(),
            unit: self.unit.into(),
            unit_name: self.unit_name.into(),
            marks: Marks(self.marks),
            received_at: self.received_at.map(Millis),
            due_at: self.due_at.map(Millis),
            yellow_from: self.yellow_from.map(Millis),
            finished_at: self.finished_at.map(Millis),
            closed_at: self.closed_at.map(Millis),
            reopened_at: self.reopened_at.map(Millis),
            closed_before: self.closed_before.map(Millis),
            last_event_at: self.last_event_at.map(Millis),
            reopens: self.reopens,
            reworks: self.reworks,
        })
    }
}

/// The cases after a stream and number, in their order. Clocks of these stages come with them.
pub async fn page(
    store: &Store,
    choice: AlertChoice,
    now: Millis,
    stages: &[StageName],
    after: &(SmolStr, SmolStr),
) -> Result<AlertPage, StoreError> {
    let stages: Vec<&str> = stages.iter().map(|stage| stage.name()).collect();
    let sql = include_str!("../queries/alert_cases.sql").replace("{{chosen}}", &choice.chosen());
    let query = store
        .query(&sql)
        .param("now", instant(now))
        .param("stages", stages)
        .param("after_stream", after.0.as_str())
        .param("after_case", after.1.as_str())
        .param("most", PAGE as u64);
    let rows: Vec<CandidateRow> = store.fetch_all(query).await?;
    let is_full = rows.len() == PAGE;
    let cases = rows.into_iter().map(CandidateRow::case).collect::<Result<Vec<_>, _>>()?;
    let next = cases.last().filter(|_| is_full).map(|last| (last.stream.clone(), last.case_id.clone()));
    Ok(AlertPage { cases, next })
}

/// Up to when messages were taken in, of those since `from`; 1970 where there are none.
pub async fn taken_in(store: &Store, from: Millis) -> Result<Millis, StoreError> {
    #[derive(Row, Deserialize)]
    struct TakenIn {
        taken_in: Option<i64>,
    }
    let query = store.query(include_str!("../queries/alerts_taken_in.sql")).param("from", instant(from));
    let TakenIn { taken_in } = store.fetch_one(query).await?;
    Ok(Millis(taken_in.unwrap_or(0)))
}

/// Messages that were set aside since the beginning of that hour and still wait.
pub async fn quarantined(store: &Store, from: Millis) -> Result<Vec<AlertQuarantine>, StoreError> {
    #[derive(Row, Deserialize)]
    struct GroupRow {
        stream: String,
        reason: String,
        hour: i64,
        first_at: i64,
        messages: u64,
    }
    let query = store.query(include_str!("../queries/alerts_quarantined.sql"));
    let rows: Vec<GroupRow> = store.fetch_all(query.param("from", instant(from)).param("most", GROUPS_MAX)).await?;
    let group = |row: GroupRow| AlertQuarantine {
        stream: row.stream.into(),
        reason: row.reason.into(),
        hour: Millis(row.hour),
        first_at: Millis(row.first_at),
        messages: row.messages,
    };
    Ok(rows.into_iter().map(group).collect())
}
