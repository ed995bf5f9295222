//! The time of a clock taken apart: what counted, what was paused, what was not working time, in the limit's own measure.
//!
//! The segments cover the clock from its start to its end without gap or overlap. A limit that counts in days is taken apart
//! by days, because for it a day has no parts: a day belongs to a pause if its midnight passes in one.

use super::{Trail, trail::Move};
use crate::domain::{
    calendar::{
        Measure, Rest, Working,
        civil::{Day, Wall},
    },
    time::Millis,
};

/// A stretch of a clock's time in which one thing was true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Included.
    pub from: Millis,
    /// Not included; the next segment begins here.
    pub until: Millis,
    /// What became of it.
    pub kind: SegmentKind,
    /// 1, and one more after each rework that gives a new limit.
    pub round: u32,
    /// Of the limit's measure: milliseconds, or days. What counted, or what a pause left out; else 0.
    pub amount: i64,
    /// Milliseconds of working time in it, whether it counts or not.
    pub worked: i64,
}

/// Why the time of a clock counted or not; in the words of docs/explain.md.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentKind {
    /// 计入: it used up the limit.
    Counted,
    /// 挂账.
    Paused,
    /// 非工作时间: lunch, nights, days off.
    Rest(Rest),
    /// The day of the start, which does not count towards a limit in days.
    FirstDay,
    /// Handed in or given back, until another round begins.
    Stopped,
}

/// A part of the clock's time in which nothing happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Section {
    from: Millis,
    until: Millis,
    going: Going,
    round: u32,
    measure: Measure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    Running,
    Paused,
    Stopped,
}

/// From the start of the clock to its end, or to `now` while it runs. A due that is stated counts by the clock on the wall.
pub fn segments(trail: &Trail, working: Working<'_>, now: Millis) -> Vec<Segment> {
    let sections = sections(trail, now);
    let mut segments = Vec::new();
    for round in sections.chunk_by(|one, other| one.round == other.round) {
        match round.first().map(|first| first.measure) {
            Some(Measure::Days | Measure::Workdays) => by_days(round, working, &mut segments),
            Some(measure) => by_time(round, measure, working, &mut segments),
            None => {}
        }
    }
    segments
}

/// The time of a case from its receipt to its close in working hours, whatever clock judges it.
pub fn of_life(
    (from, until): (Millis, Millis),
    pauses: &[(Millis, Millis)],
    closed: &[(Millis, Millis)],
    working: Working<'_>,
) -> Vec<Segment> {
    let is_in = |spans: &[(Millis, Millis)], at: Millis| spans.iter().any(|(begin, end)| *begin <= at && at < *end);
    let mut cuts: Vec<Millis> = pauses.iter().chain(closed).flat_map(|(begin, end)| [*begin, *end]).collect();
    cuts.extend([from, until]);
    cuts.retain(|at| from <= *at && *at <= until);
    cuts.sort_unstable();
    cuts.dedup();
    let section = |pair: &[Millis]| Section {
        from: pair[0],
        until: pair[1],
        going: if is_in(closed, pair[0]) {
            Going::Stopped
        } else if is_in(pauses, pair[0]) {
            Going::Paused
        } else {
            Going::Running
        },
        round: 1,
        measure: Measure::Work,
    };
    let sections: Vec<Section> = cuts.windows(2).map(section).collect();
    let mut segments = Vec::new();
    by_time(&sections, Measure::Work, working, &mut segments);
    segments
}

fn sections(trail: &Trail, now: Millis) -> Vec<Section> {
    let end = trail.end(now);
    let mut sections: Vec<Section> = Vec::new();
    let (mut round, mut counted_from) = (0, None);
    // A correction can put a move behind one that came after it; time does not run backwards here.
    let mut at = trail.moves.first().map_or(end, |first| first.at);
    for (index, one) in trail.moves.iter().enumerate() {
        if counted_from != Some(one.counted_from) {
            (round, counted_from) = (round + 1, Some(one.counted_from));
        }
        let later = trail.moves.get(index + 1..).unwrap_or_default();
        let until = later.first().map_or(end, |next| next.at).min(end);
        let mut of_round = later.iter().take_while(|next| next.counted_from == one.counted_from);
        let going = going(one, of_round.any(|next| next.reading.stopped_at.is_none()));
        if until <= at {
            continue;
        }
        match sections.last_mut() {
            Some(last) if last.going == going && last.round == round => last.until = until,
            _ => sections.push(Section { from: at, until, going, round, measure: measure(one) }),
        }
        at = until;
    }
    sections
}

fn measure(one: &Move) -> Measure {
    one.limit.map_or(Measure::Clock, |limit| limit.measure())
}

/// What is handed in and sent back to the same due runs on, as if it had never stopped.
fn going(one: &Move, runs_on: bool) -> Going {
    let reading = &one.reading;
    if reading.is_returned || (reading.stopped_at.is_some() && !runs_on) {
        Going::Stopped
    } else if reading.is_paused {
        Going::Paused
    } else {
        Going::Running
    }
}

fn by_time(round: &[Section], measure: Measure, working: Working<'_>, into: &mut Vec<Segment>) {
    for section in round {
        let mut add = |from, until, kind, amount| {
            let worked = working.work_between(from, until).max(0);
            into.push(Segment { from, until, kind, round: section.round, amount, worked });
        };
        let Section { from, until, .. } = *section;
        let passed = |from, until| working.passed(from, until, measure);
        match section.going {
            Going::Stopped => add(from, until, SegmentKind::Stopped, 0),
            Going::Paused => add(from, until, SegmentKind::Paused, passed(from, until)),
            Going::Running if measure == Measure::Clock => {
                add(from, until, SegmentKind::Counted, passed(from, until));
            }
            Going::Running => {
                for stretch in working.stretches(from, until) {
                    let (from, until) = (stretch.from, stretch.until);
                    match stretch.rest {
                        Some(rest) => add(from, until, SegmentKind::Rest(rest), 0),
                        None => add(from, until, SegmentKind::Counted, passed(from, until)),
                    }
                }
            }
        }
    }
}

/// One segment for each run of days of one kind.
fn by_days(round: &[Section], working: Working<'_>, into: &mut Vec<Segment>) {
    let (Some(first), Some(last)) = (round.first(), round.iter().rfind(|section| section.going != Going::Stopped))
    else {
        return;
    };
    let (from, until) = (first.from, last.until);
    let zone = working.zone();
    let day_of = |at| Wall::at(at, zone).day;
    let begin = |day: Day| Wall { day, clock: 0 }.instant(zone).max(from);
    let is_paused = |day: Day| {
        let midnight = Wall { day: day.plus(1), clock: 0 }.instant(zone);
        let holds = |section: &Section| section.from < midnight && midnight <= section.until;
        round.iter().any(|section| section.going == Going::Paused && holds(section))
    };
    let counts = |day: Day| first.measure == Measure::Days || working.days_off(day, day).is_none();
    // A day that the limit does not begin with takes nothing off.
    let mut is_first_out = counts(day_of(from));
    let first_new = into.len();
    for day in (day_of(from).0..=day_of(until).0).map(Day) {
        let (from, until) = (begin(day), begin(day.plus(1)).min(until));
        let (kind, amount) = if is_paused(day) {
            (SegmentKind::Paused, i64::from(counts(day)))
        } else if let Some(rest) = working.days_off(day, day).filter(|_| !counts(day)) {
            (SegmentKind::Rest(rest), 0)
        } else if std::mem::take(&mut is_first_out) {
            (SegmentKind::FirstDay, 0)
        } else {
            (SegmentKind::Counted, 1)
        };
        let worked = working.work_between(from, until).max(0);
        match into[first_new..].last_mut() {
            Some(last) if last.kind == kind => {
                (last.until, last.amount, last.worked) = (until, last.amount + amount, last.worked + worked);
            }
            _ => into.push(Segment { from, until, kind, round: first.round, amount, worked }),
        }
    }
    for section in round.iter().filter(|section| section.going == Going::Stopped) {
        let Section { from, until, round, .. } = *section;
        let worked = working.work_between(from, until).max(0);
        into.push(Segment { from, until, kind: SegmentKind::Stopped, round, amount: 0, worked });
    }
}
