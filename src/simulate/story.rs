//! Makes up lives: the stages come from the stream, the course (straight, extended, paused, reopened) and the fate
//! decide how the time goes. Each course says itself when the case was due and closed; that is what the figures expect.

use super::{
    case::PlannedCase,
    categories::PlannedLimit,
    draw::Draw,
    fate::Fate,
    grid, hotline,
    life::{Life, PlannedAct, PlannedOutcome, PlannedStep},
    profile::{Profile, Track},
    stages::{PlannedStage, Stages},
    town::TownUnit,
    turns,
    working::{DAY, HOUR, MINUTE, SimulatedWorking, WORKDAY},
};
use crate::domain::time::{Due, Millis};

/// Kinds of tickets to which the built-in policy grants no extension.
const NOT_EXTENDED: [&str; 2] = ["咨询", "建议"];
/// The kind of ticket for which the built-in policy has no limit.
const WITHOUT_RULE: &str = "表扬";

pub struct Story<'a> {
    profile: &'a Profile,
    working: &'a SimulatedWorking,
    draw: Draw,
    handler: &'static TownUnit,
    steps: Vec<PlannedStep>,
    now: Millis,
    due: Due,
    closed_at: Option<Millis>,
}

/// The life of a case that comes in at `start`; `draw` is for what happens, `turns` for what the unit makes of it.
pub fn tell(
    profile: &Profile,
    working: &SimulatedWorking,
    (mut draw, mut turns): (Draw, Draw),
    case: PlannedCase,
    start: Millis,
    fate: Fate,
) -> Life {
    let is_patrol_dealt = case.is_patrol_dealt && fate == Fate::InTime;
    let case = PlannedCase { is_patrol_dealt, ..case };
    let stages = match case.track {
        Track::Hotline => hotline::stages(&case, &mut draw),
        Track::Grid => grid::stages(&case, &mut draw),
    };
    let due = Due { at: start, is_exclusive: false };
    let handler = stages.handler;
    let fate = match fate {
        Fate::InTime if !is_patrol_dealt => turns::fate(profile, handler, case.track, start, &mut turns),
        asked => asked,
    };
    let steps = Vec::with_capacity(16);
    let mut story = Story { profile, working, draw, handler, steps, now: start, due, closed_at: None };
    story.add(PlannedAct::Reported, start);
    if is_patrol_dealt {
        story.due = story.due_from(start, case.category.limit);
        let stated_due = story.due.at;
        story.dealt_with_on_the_spot();
        let outcome = PlannedOutcome { received_at: start, due: story.due, closed_at: Some(start), is_void: false };
        return Life { case, steps: story.steps, stated_due, outcome };
    }
    let received_at = story.receive(&case);
    let stated_due = story.due.at;
    match fate {
        Fate::InTime => story.in_time(&case, stages),
        Fate::Late => story.late(&case, stages, 8),
        Fate::Forgotten => story.late(&case, stages, 60),
        Fate::Open => story.open(stages),
        Fate::Void => story.void(stages),
    }
    if fate != Fate::Void {
        story.revisited(&case, fate != Fate::InTime, &mut turns);
    }
    story.record();
    turns::delay(&mut story.steps, &mut turns);
    let is_void = fate == Fate::Void;
    let outcome =
        PlannedOutcome { received_at, due: story.due, closed_at: story.closed_at.filter(|_| !is_void), is_void };
    Life { case, steps: story.steps, stated_due, outcome }
}

impl Story<'_> {
    fn add(&mut self, act: PlannedAct, at: Millis) {
        self.now = at;
        self.steps.push(PlannedStep { act, at, recorded_at: at });
    }

    fn close(&mut self, at: Millis) {
        self.closed_at = Some(at);
    }

    /// Accepted (and filed), with the due; the time of acceptance.
    fn receive(&mut self, case: &PlannedCase) -> Millis {
        let (quick, slow) = if case.track == Track::Hotline { (20, 360) } else { (60, 900) };
        let received_at = self.now.plus(self.draw.between(quick, slow) * 1000);
        self.add(PlannedAct::Accepted, received_at);
        if case.track == Track::Grid {
            let filed_at = self.now.plus(self.draw.between(60, 1800) * 1000);
            self.add(PlannedAct::Filed, filed_at);
        }
        self.due = self.due_from(self.now, case.category.limit);
        received_at
    }

    fn due_from(&self, from: Millis, limit: PlannedLimit) -> Due {
        match limit {
            PlannedLimit::WorkHours(hours) => Due { at: self.working.after(from, hours * HOUR), is_exclusive: false },
            PlannedLimit::WorkDays(days) => self.working.end_of_workday(from, days),
        }
    }

    /// Found and put right by the patrol; in half of the cases the usual steps are written down all the same.
    fn dealt_with_on_the_spot(&mut self) {
        if self.draw.percent(50) {
            for act in [PlannedAct::Accepted, PlannedAct::Filed, PlannedAct::Closed] {
                let at = self.now.plus(self.draw.between(30, 600) * 1000);
                self.add(act, at);
            }
        }
        self.record();
    }

    /// Closed in time, one way or another.
    fn in_time(&mut self, case: &PlannedCase, stages: Stages) {
        let is_calm = self.due.at <= self.profile.calm_until();
        let weakness = self.handler.weakness();
        // Who is weak asks for more time, and is asked again.
        let extended = 1 + weakness / 5;
        let paused = extended + 2;
        let reopened = paused + weakness / 10;
        match self.draw.below(100) {
            number if is_calm && number < extended => self.extended(case, stages),
            number if is_calm && number < paused => self.paused(case, stages),
            number if is_calm && number < reopened => self.reopened(case, stages),
            _ => {
                let (from, due) = (self.now, self.due.at);
                let (low, high) = turns::haste(self.handler);
                let closed_at = self.within(from, due, low, high);
                self.play(stages.all(), closed_at);
                self.close(closed_at);
            }
        }
    }

    /// Granted before the due, where the policy grants any; closed before or after what was the due, but before the new one.
    fn extended(&mut self, case: &PlannedCase, stages: Stages) {
        let decided_at = self.within(self.now, self.due.at, 500, 900);
        self.play(stages.handling, decided_at);
        let is_refused = self.draw.percent(15) || NOT_EXTENDED.contains(&case.kind);
        if is_refused {
            self.add(PlannedAct::ExtensionRefused, decided_at);
        } else {
            self.due = match (case.track, case.category.limit) {
                (Track::Hotline, _) => self.working.end_of_workday(self.steps[1].at, 15),
                (Track::Grid, PlannedLimit::WorkDays(days)) => self.working.end_of_workday(self.due.at, days),
                (Track::Grid, hours) => self.due_from(self.due.at, hours),
            };
            self.add(PlannedAct::ExtensionApproved { due: self.due.at }, decided_at);
        }
        let closed_at = self.within(self.now, self.due.at, 200, 900);
        self.play(stages.finishing, closed_at);
        self.close(closed_at);
    }

    /// The due moves with the pause, unless the resumption states a new one.
    fn paused(&mut self, case: &PlannedCase, stages: Stages) {
        let paused_at = self.within(self.now, self.due.at, 200, 600);
        self.play(stages.handling, paused_at);
        self.add(PlannedAct::Suspended, paused_at);
        let pause = self.draw.between(WORKDAY / 4, 4 * WORKDAY);
        let resumed_at = whole_second(self.working.after(paused_at, pause));
        let states_due = self.draw.percent(50);
        self.due = if states_due {
            self.working.end_of_workday(resumed_at, 3)
        } else {
            self.after_pause(case, paused_at, resumed_at)
        };
        self.add(PlannedAct::Resumed { due: states_due.then_some(self.due.at) }, resumed_at);
        let closed_at = self.within(resumed_at, self.due.at, 200, 900);
        self.play(stages.finishing, closed_at);
        self.close(closed_at);
    }

    /// In the unit of the limit that the town's policy has for the case, though the due is a stated one (docs/lifecycle.md, Due 5):
    /// a grid case's in hours of work, a ticket's in working days; by the clock where the policy has none.
    fn after_pause(&self, case: &PlannedCase, paused_at: Millis, resumed_at: Millis) -> Due {
        match case.track {
            Track::Grid => {
                let missed = self.working.between(paused_at, resumed_at);
                Due { at: self.working.after(self.due.at, missed), is_exclusive: self.due.is_exclusive && missed == 0 }
            }
            Track::Hotline if case.kind == WITHOUT_RULE => {
                Due { at: self.due.at.plus(resumed_at.since(paused_at)), is_exclusive: false }
            }
            Track::Hotline => {
                let days = self.working.days_ended(paused_at, resumed_at);
                self.working.end_of_workday(self.due.at.plus(-1), days)
            }
        }
    }

    /// Closed, not to the citizen's (or the inspector's) liking, and closed again in time.
    fn reopened(&mut self, case: &PlannedCase, stages: Stages) {
        let first_close = self.within(self.now, self.due.at, 150, 400);
        self.play(stages.all(), first_close);
        let reopened_at = self.within(first_close, self.due.at, 100, 400);
        let new_due = (case.track == Track::Hotline).then(|| self.working.end_of_workday(reopened_at, 3));
        self.due = new_due.unwrap_or(self.due);
        if case.track == Track::Hotline {
            let called_at = self.part_way(first_close, reopened_at, 1, 2);
            self.add(PlannedAct::Revisited(turns::dissatisfied()), called_at);
        }
        self.add(PlannedAct::Reopened { due: new_due.map(|due| due.at) }, reopened_at);
        let closed_at = self.within(reopened_at, self.due.at, 300, 900);
        self.play(again(case), closed_at);
        self.close(closed_at);
    }

    /// Closed after the due: plainly, with an extension that came too late, or after reopening.
    fn late(&mut self, case: &PlannedCase, stages: Stages, days: i64) {
        let latest = self.working.after(self.due.at, days * WORKDAY);
        let closed_at = self.within(self.due.at, latest, 50, 900);
        match self.draw.below(10) {
            0..=1 => {
                let decided_at = self.within(self.due.at, closed_at, 100, 500);
                self.play(stages.handling, decided_at);
                // Approved when the case is overdue already: it cures nothing, and the old due stands.
                let due = self.working.end_of_workday(closed_at, 2).at;
                self.add(PlannedAct::ExtensionApproved { due }, decided_at);
                self.play(stages.finishing, closed_at);
            }
            2 => {
                let first_close = self.within(self.now, self.due.at, 150, 500);
                self.play(stages.all(), first_close);
                let reopened_at = self.within(first_close, self.due.at, 200, 800);
                self.add(PlannedAct::Reopened { due: None }, reopened_at);
                self.play(again(case), closed_at);
            }
            _ => self.play(stages.all(), closed_at),
        }
        self.close(closed_at);
    }

    /// Some days after the close the hotline calls back, unless that is after the figures are taken.
    fn revisited(&mut self, case: &PlannedCase, is_late: bool, turns: &mut Draw) {
        let Some(closed_at) = self.closed_at else { return };
        let Some((voice, after)) = turns::revisit(case, self.handler, is_late, turns) else { return };
        let at = whole_second(self.working.after(closed_at, after));
        if at <= self.profile.last_event() {
            self.add(PlannedAct::Revisited(voice), at);
        }
    }

    /// Left lying at some stage, or reopened and forgotten.
    fn open(&mut self, stages: Stages) {
        let received = self.steps.len();
        let would_close_at = self.within(self.now, self.due.at, 150, 900);
        self.play(stages.all(), would_close_at);
        if self.draw.percent(20) {
            let reopened_at = self.within(self.now, self.due.at, 100, 900);
            self.add(PlannedAct::Reopened { due: None }, reopened_at);
        } else {
            let kept = self.draw.between(received as i64, self.steps.len() as i64 - 1);
            self.steps.truncate(kept as usize);
        }
    }

    /// Voided at some stage, even after closing.
    fn void(&mut self, stages: Stages) {
        let would_close_at = self.within(self.now, self.due.at, 150, 900);
        self.play(stages.all(), would_close_at);
        let kept = self.draw.between(2, self.steps.len() as i64);
        self.steps.truncate(kept as usize);
        let last_at = self.steps.last().map_or(self.now, |step| step.at);
        let time_left = self.profile.as_of().since(last_at) / 2;
        let voided_at = last_at.plus(self.draw.between(10 * MINUTE, DAY).min(time_left));
        self.add(PlannedAct::Voided, whole_second(voided_at));
    }

    /// Spreads stages over the time from now to `until`, at which the last one happens.
    fn play(&mut self, stages: impl IntoIterator<Item = PlannedStage>, until: Millis) {
        let stages: Vec<(PlannedAct, i64)> =
            stages.into_iter().map(|(act, minutes)| (act, i64::from(minutes) * self.draw.between(50, 150))).collect();
        let total = stages.iter().map(|(_, weight)| weight).sum::<i64>().max(1);
        let (from, mut passed) = (self.now, 0);
        for (act, weight) in stages {
            passed += weight;
            let at = if passed == total { until } else { self.part_way(from, until, passed, total) };
            self.add(act, at);
        }
    }

    /// An instant between the two, some thousandths of the way; never after the last event.
    fn within(&mut self, from: Millis, until: Millis, low: i64, high: i64) -> Millis {
        let until = until.min(self.profile.last_event());
        let thousandths = self.draw.between(low, high);
        self.part_way(from, until, thousandths, 1000)
    }

    /// Part of the way in working time; by the clock where hardly any working time lies between.
    fn part_way(&self, from: Millis, until: Millis, part: i64, whole: i64) -> Millis {
        let work = self.working.between(from, until);
        let at = if work >= 10 * MINUTE {
            self.working.after(from, work * part / whole)
        } else {
            from.plus(until.since(from) * part / whole)
        };
        whole_second(at).clamp(from, until.max(from))
    }

    /// The source system writes a step down a little later, in the order in which the steps happened.
    fn record(&mut self) {
        let mut last = Millis(i64::MIN);
        for step in &mut self.steps {
            let lag = if self.draw.percent(3) { self.draw.between(60, 1800) } else { self.draw.between(0, 40) };
            step.recorded_at = step.at.plus(lag * 1000).max(last);
            last = step.recorded_at;
        }
    }
}

/// What is done once more after reopening.
fn again(case: &PlannedCase) -> [PlannedStage; 3] {
    [(PlannedAct::Submitted(case.unit()), 120), (PlannedAct::Checked { passed: true }, 30), (PlannedAct::Closed, 15)]
}

fn whole_second(at: Millis) -> Millis {
    Millis(at.0 - at.0.rem_euclid(1000))
}
