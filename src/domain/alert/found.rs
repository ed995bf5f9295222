//! What there is to tell of one case now.

use smol_str::SmolStr;

use super::{Alert, AlertKind, CASE_CLOCK, identity};
use crate::domain::{
    history::Standing,
    light::Light,
    marks::{Mark, Marks},
    policy::StageName,
    time::{Due, Millis},
};

/// What its row says that matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertCase {
    /// 业务流.
    pub stream: SmolStr,
    /// 案件编号.
    pub case_id: SmolStr,
    /// 责任单位 that has the case; empty: none.
    pub unit: SmolStr,
    /// Its name.
    pub unit_name: SmolStr,
    /// Where the case stands now.
    pub standing: Standing,
    /// What is marked of it: out of the base, an exclusive due.
    pub marks: Marks,
    /// 受理; None: not yet.
    pub received_at: Option<Millis>,
    /// 时限 by which it is judged; None: it has none.
    pub due_at: Option<Millis>,
    /// When its light turns yellow; None: never.
    pub yellow_from: Option<Millis>,
    /// When what the due is about was done.
    pub finished_at: Option<Millis>,
    /// 结案, the last one; None while open.
    pub closed_at: Option<Millis>,
    /// The last time, and the close before it.
    pub reopened_at: Option<Millis>,
    /// None: it was never reopened.
    pub closed_before: Option<Millis>,
    /// The latest business time that was heard of it.
    pub last_event_at: Option<Millis>,
    /// Reopenings so far (count).
    pub reopens: u32,
    /// 返工 ordered so far (count).
    pub reworks: u32,
    /// In force and with a verdict.
    pub clocks: Vec<AlertSpan>,
}

/// A clock of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSpan {
    /// Of the policy.
    pub stage: StageName,
    /// 派遣 that it is of, from 1; 0: the case's own.
    pub assignment: u16,
    /// The assignment's; of the case's own clock the unit that has it.
    pub unit: SmolStr,
    /// Its name.
    pub unit_name: SmolStr,
    /// Since when it runs; tells one round of a stage from another.
    pub started_at: Millis,
    /// Until when it may run.
    pub due: Due,
    /// None: it runs.
    pub stopped_at: Option<Millis>,
    /// Whether it stands still (挂账).
    pub is_paused: bool,
}

/// By what it is decided.
#[derive(Clone, Debug)]
pub struct AlertRules {
    /// What arose before is history.
    pub since: Millis,
    /// The instant for which it is decided.
    pub now: Millis,
    /// What arose longer ago is not told any more (ms).
    pub old_after_ms: i64,
    /// Those that are told.
    pub kinds: Vec<AlertKind>,
    /// Is the case's own due told of?
    pub of_case: bool,
    /// Stages of the policy whose clocks are told of besides.
    pub stages: Vec<StageName>,
}

/// Whether something that there is to tell is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertFate {
    /// It holds: to be sent, unless it was.
    Send,
    /// It was so and is no more.
    Overtaken,
    /// It still holds, and arose too long ago.
    Old,
}

/// In the order in which they arose. Whether one was sent before is not known here.
pub fn found(case: &AlertCase, rules: &AlertRules) -> Vec<(Alert, AlertFate)> {
    let mut all = Vec::new();
    if rules.of_case && !case.marks.has(Mark::OutOfBase) {
        of_due(case, rules, &mut all);
    }
    for span in case.clocks.iter().filter(|span| rules.stages.contains(&span.stage)) {
        of_span(case, span, rules, &mut all);
    }
    of_life(case, &mut all);
    // What is told ahead of its time comes when its time has come.
    let is_of_time = |at: Millis| rules.since <= at && at <= rules.now;
    all.retain(|(alert, _)| rules.kinds.contains(&alert.kind) && is_of_time(alert.arose_at));
    for (alert, fate) in &mut all {
        if *fate == AlertFate::Send && rules.now.since(alert.arose_at) > rules.old_after_ms {
            *fate = AlertFate::Old;
        }
    }
    all.sort_by_key(|(alert, _)| (alert.arose_at, alert.kind));
    all
}

/// The lights of the due by which the case is judged.
fn of_due(case: &AlertCase, rules: &AlertRules, all: &mut Vec<(Alert, AlertFate)>) {
    let Some(at) = case.due_at else { return };
    let due = Due { at, is_exclusive: case.marks.has(Mark::DueIsExclusive) };
    let is_red = !due.is_met_at(rules.now);
    let red_from = due.on_time_until().plus(1);
    let light = |kind, light, lit_at: Millis| {
        let clock = CASE_CLOCK.into();
        let round = case.reopens.saturating_add(case.reworks);
        let arose_at = lit_at.max(opened_at(case).unwrap_or(lit_at));
        identified(Alert { clock, round, light: Some(light), due: Some(at), ..blank(case, kind, arose_at) }, Millis(0))
    };
    if let Some(yellow_from) = case.yellow_from.filter(|yellow| *yellow <= rules.now && *yellow < red_from)
        && let Some(fate) = fate(case, yellow_from, !is_red)
    {
        all.push((light(AlertKind::DueSoon, Light::Yellow, yellow_from), fate));
    }
    if is_red && let Some(fate) = fate(case, red_from, true) {
        // A due is called by its own instant, also where that is still on time.
        all.push((light(AlertKind::Overdue, Light::Red, at), fate));
    }
}

/// None: it never was so. `holds` as long as the case is open.
fn fate(case: &AlertCase, lit_at: Millis, holds: bool) -> Option<AlertFate> {
    let was_lit = |until: Option<Millis>| until.is_some_and(|until| until >= lit_at).then_some(AlertFate::Overtaken);
    match case.standing {
        Standing::Open if holds => Some(AlertFate::Send),
        Standing::Open => Some(AlertFate::Overtaken),
        Standing::Answered | Standing::Closed => was_lit(case.finished_at.or(case.closed_at)),
        Standing::Void | Standing::Excluded => was_lit(case.last_event_at),
        // It stands still, and nobody has to hurry.
        Standing::Suspended | Standing::Pending => None,
    }
}

fn of_span(case: &AlertCase, span: &AlertSpan, rules: &AlertRules, all: &mut Vec<(Alert, AlertFate)>) {
    if span.is_paused || span.due.is_met_at(rules.now) {
        return;
    }
    let is_over = match case.standing {
        Standing::Void | Standing::Excluded => true,
        Standing::Closed => span.stage != StageName::Revisit,
        _ => false,
    };
    let fate = match span.stopped_at.filter(|at| *at <= rules.now) {
        Some(stopped) if span.due.is_met_at(stopped) => return,
        Some(_) => AlertFate::Overtaken,
        None if is_over => AlertFate::Overtaken,
        None => AlertFate::Send,
    };
    let alert = Alert {
        clock: span.stage.name().into(),
        assignment: span.assignment,
        light: Some(Light::Red),
        unit: span.unit.clone(),
        unit_name: span.unit_name.clone(),
        due: Some(span.due.at),
        ..blank(case, AlertKind::Overdue, span.due.at.max(span.started_at))
    };
    all.push((identified(alert, span.started_at), fate));
}

/// Answered, closed, reopened.
fn of_life(case: &AlertCase, all: &mut Vec<(Alert, AlertFate)>) {
    let mut tell = |kind, at: Option<Millis>, round, fate| {
        if let Some(at) = at {
            all.push((identified(Alert { round, ..blank(case, kind, at) }, Millis(0)), fate));
        }
    };
    let is_out = matches!(case.standing, Standing::Void | Standing::Excluded | Standing::Pending);
    let here = if is_out { AlertFate::Overtaken } else { AlertFate::Send };
    let answered = case.finished_at.filter(|at| case.closed_at.is_none_or(|closed| *at < closed));
    tell(AlertKind::Answered, answered, case.reopens, here);
    let is_closed = case.standing == Standing::Closed;
    tell(
        AlertKind::Closed,
        case.closed_at,
        case.reopens,
        if is_closed { AlertFate::Send } else { AlertFate::Overtaken },
    );
    if case.reopens > 0 {
        tell(AlertKind::Closed, case.closed_before, case.reopens - 1, AlertFate::Overtaken);
        let still = if is_closed || is_out { AlertFate::Overtaken } else { AlertFate::Send };
        tell(AlertKind::Reopened, case.reopened_at, case.reopens, still);
    }
}

/// Before it was received or opened again nobody could have been told.
fn opened_at(case: &AlertCase) -> Option<Millis> {
    case.received_at.max(case.reopened_at)
}

fn blank(case: &AlertCase, kind: AlertKind, arose_at: Millis) -> Alert {
    Alert {
        id: SmolStr::default(),
        kind,
        stream: case.stream.clone(),
        case_id: case.case_id.clone(),
        clock: SmolStr::default(),
        assignment: 0,
        light: None,
        round: 0,
        unit: case.unit.clone(),
        unit_name: case.unit_name.clone(),
        due: None,
        arose_at,
        reason: SmolStr::default(),
        messages: 0,
    }
}

fn identified(alert: Alert, started_at: Millis) -> Alert {
    Alert { id: identity::of(&alert, started_at), ..alert }
}
