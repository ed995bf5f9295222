//! What is drawn of a case, in times and not yet in places: a lane for its stages, one for each assignment, one for its dues and one
//! for each clock. Every time is one that `case explain` tells.

use super::super::words::Lang;
use crate::{
    domain::{
        assignment::Assignment,
        calendar::{Rest, Stretch},
        clock::{Segment, SegmentKind},
        lifecycle::Phase,
        light::Light,
        time::{Due, Millis},
    },
    report::{
        case::{CaseTold, ClockTold, words},
        listed::either,
    },
};

/// Lanes of assignments and of clocks; the tables have all.
pub(super) const ASSIGNMENTS_MAX: usize = 12;
pub(super) const CLOCKS_MAX: usize = 50;

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) sub: String,
    /// Where it is told in full.
    pub(super) href: String,
    /// The lane in a sentence.
    pub(super) label: String,
    pub(super) bars: Vec<LaneBar>,
    /// Behind the due.
    pub(super) late: Option<(Millis, Millis)>,
    pub(super) dues: Vec<LaneDue>,
    pub(super) moves: Vec<LaneMove>,
    /// Something within it that is no bar.
    pub(super) points: Vec<(Millis, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct LaneBar {
    pub(super) from: Millis,
    pub(super) until: Millis,
    pub(super) cls: &'static str,
    pub(super) text: String,
    /// The working time in it; none of what is no clock's.
    pub(super) worked: Option<i64>,
    /// Where it is told, if not where the lane is.
    pub(super) href: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct LaneDue {
    pub(super) due: Due,
    pub(super) is_in_force: bool,
}

/// A due moved to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LaneMove {
    pub(super) from: Option<Due>,
    pub(super) to: Due,
    /// By what.
    pub(super) why: String,
}

pub(super) fn of(told: &CaseTold<'_>, lang: Lang) -> Vec<Lane> {
    let mut lanes = vec![stages(told, lang)];
    lanes.extend(dues(told, lang));
    let assignments = told.watched.case.assignments.iter().take(ASSIGNMENTS_MAX).enumerate();
    lanes.extend(assignments.map(|(index, one)| assignment(index, one, told, lang)));
    let clocks = told.clocks.iter().take(CLOCKS_MAX).enumerate();
    lanes.extend(clocks.filter_map(|(index, one)| clock(index, one, told, lang)));
    lanes
}

/// From fact to fact the phase that the case is in; none once it is closed.
fn stages(told: &CaseTold<'_>, lang: Lang) -> Lane {
    let facts = &told.watched.facts;
    let mut bars: Vec<(LaneBar, Phase)> = Vec::new();
    for (index, taken) in facts.iter().enumerate() {
        let from = taken.event.occurred_at;
        let until = facts.get(index + 1).map_or(told.as_of.max(from), |next| next.event.occurred_at);
        let (zh, en) = words::phase(taken.phase);
        match bars.last_mut() {
            Some((last, phase)) if *phase == taken.phase && last.until == from => last.until = until,
            _ => bars.push((
                LaneBar {
                    from,
                    until,
                    cls: "seg-phase",
                    text: lang.of(zh, en).to_owned(),
                    worked: None,
                    href: format!("#f{}", index + 1),
                },
                taken.phase,
            )),
        }
    }
    let ends = |phase: Phase| matches!(phase, Phase::Closed | Phase::Rejected | Phase::NotFiled);
    let bars: Vec<LaneBar> =
        bars.into_iter().filter(|(bar, phase)| !ends(*phase) && bar.until > bar.from).map(|(bar, _)| bar).collect();
    Lane {
        name: lang.of("环节", "stage").to_owned(),
        href: "#facts-list".to_owned(),
        label: lang.of("环节", "stages").to_owned(),
        bars,
        ..Lane::default()
    }
}

/// Every due that the case has had, and what moved it.
fn dues(told: &CaseTold<'_>, lang: Lang) -> Option<Lane> {
    let mut lane = Lane {
        name: lang.of("案件时限", "due of the case").to_owned(),
        href: "#facts-list".to_owned(),
        label: lang.of("案件时限的变化", "how the due of the case moved").to_owned(),
        ..Lane::default()
    };
    let mut before = None;
    for one in &told.dues {
        if let Some(due) = one.due {
            let why = lang.of(words::fact(one.kind), one.kind.name()).to_owned();
            lane.moves.push(LaneMove { from: before, to: due, why });
            lane.dues.push(LaneDue { due, is_in_force: told.watched.case.due == Some(due) });
        }
        before = one.due;
    }
    (!lane.dues.is_empty()).then_some(lane)
}

fn assignment(index: usize, one: &Assignment, told: &CaseTold<'_>, lang: Lang) -> Lane {
    let shown = told.shown();
    let name = either(&one.unit_name, &one.unit);
    let (zh, en) = words::outcome(one.outcome);
    let text = lang.of(zh, en).to_owned();
    let point = |at: Option<Millis>, word: &str| at.map(|at| (at, format!("{word} {}", shown.at(at))));
    let points =
        [point(one.signed_at, lang.of("签收", "signed")), point(one.submitted_at, lang.of("反馈", "submitted"))];
    let until = one.ended_at.or(one.submitted_at.filter(|_| told.watched.case.milestones.closed_at.is_some()));
    Lane {
        name: name.to_owned(),
        sub: match lang {
            Lang::Zh => format!("第 {} 次派遣", index + 1),
            Lang::En => format!("assignment {}", index + 1),
        },
        href: "#facts-list".to_owned(),
        label: format!("{name}: {text}"),
        bars: vec![LaneBar {
            from: one.at,
            until: until.unwrap_or(told.as_of).max(one.at),
            cls: "seg-unit",
            text,
            worked: None,
            href: String::new(),
        }],
        points: points.into_iter().flatten().collect(),
        ..Lane::default()
    }
}

fn clock(index: usize, one: &ClockTold, told: &CaseTold<'_>, lang: Lang) -> Option<Lane> {
    let (trail, shown) = (&one.trail, told.shown());
    let last = trail.last()?.reading;
    let whose = one.whose.as_ref().map(|(unit, name)| if name.is_empty() { unit } else { name });
    let sentence = one.sentence(told.as_of, &shown);
    let title = lang.of(trail.name.title_zh(), trail.name.name());
    let late = late(one, told.as_of);
    let said = sentence.map(|(zh, en)| lang.of(&zh, &en).to_owned());
    let said = said.unwrap_or_else(|| lang.of("不评判", "without a verdict").to_owned());
    let mut lane = Lane {
        name: format!("{} {title}", lang.of("计时", "clock")),
        sub: whose.map_or_else(String::new, Clone::clone),
        href: format!("#clock-{index}"),
        label: format!("{title}: {said}"),
        bars: one.segments.iter().map(|segment| bar(segment, told, lang)).collect(),
        late,
        dues: vec![LaneDue { due: last.due, is_in_force: true }],
        ..Lane::default()
    };
    if last.original_due != last.due {
        lane.dues.push(LaneDue { due: last.original_due, is_in_force: false });
    }
    let mut before = None;
    for moved in &trail.moves {
        let due = moved.reading.due;
        if before.is_some_and(|before| before != due) {
            let (zh, en) = words::happening(moved.happening);
            lane.moves.push(LaneMove { from: before, to: due, why: lang.of(zh, en).to_owned() });
        }
        before = Some(due);
    }
    Some(lane)
}

/// From the due to the stop, or to now, of a clock that is late by its due.
fn late(one: &ClockTold, as_of: Millis) -> Option<(Millis, Millis)> {
    let last = one.trail.last()?.reading;
    let is_judged = !last.is_unjudged && one.trail.dropped_at.is_none();
    let is_held = last.is_paused && one.light != Some(Light::Red);
    let end = one.trail.end(as_of);
    (is_judged && !is_held && !last.due.is_met_at(end)).then_some((last.due.at, end)).filter(|(from, end)| from < end)
}

fn bar(segment: &Segment, told: &CaseTold<'_>, lang: Lang) -> LaneBar {
    let (_, zh, en) = words::segment(&segment.kind);
    let shown = told.shown();
    LaneBar {
        from: segment.from,
        until: segment.until,
        cls: match segment.kind {
            SegmentKind::Counted => "seg-counted",
            SegmentKind::Paused => "seg-paused",
            SegmentKind::Rest(Rest::Break | Rest::AfterHours | Rest::DaysOff { .. })
            | SegmentKind::FirstDay
            | SegmentKind::Stopped => "seg-rest",
        },
        text: format!("{} {} – {}", lang.of(&zh, &en), shown.at(segment.from), shown.at(segment.until)),
        worked: Some(segment.worked),
        href: String::new(),
    }
}

/// What is no working time in the usual hours, behind all lanes: days off, nights, breaks. On an axis of years they could not be seen.
pub(super) fn bands(told: &CaseTold<'_>, (from, until): (Millis, Millis)) -> Vec<(Millis, Millis, &'static str)> {
    const LONGEST_MS: i64 = 3 * 366 * 86_400_000;
    let Some(limits) = told.rules.limits.as_ref().filter(|_| until.since(from) <= LONGEST_MS) else {
        return Vec::new();
    };
    let band = |stretch: Stretch| {
        let cls = match stretch.rest? {
            Rest::DaysOff { .. } => "b-off",
            Rest::AfterHours => "b-night",
            Rest::Break => "b-break",
        };
        Some((stretch.from, stretch.until, cls))
    };
    limits.calendar.working().stretches(from, until).into_iter().filter_map(band).collect()
}

/// At which something happens or is due, so that the time around it has its room.
pub(super) fn instants(told: &CaseTold<'_>, lanes: &[Lane]) -> Vec<Millis> {
    let mut all: Vec<Millis> = told.watched.facts.iter().map(|taken| taken.event.occurred_at).collect();
    for lane in lanes {
        all.extend(lane.dues.iter().map(|one| one.due.at));
        all.extend(lane.moves.iter().map(|one| one.to.at));
        all.extend(lane.points.iter().map(|(at, _)| *at));
        // Of a clock its ends; what lies between is counting, and nothing that happens.
        all.extend(lane.bars.first().map(|bar| bar.from));
        all.extend(lane.bars.last().map(|bar| bar.until));
    }
    all
}
