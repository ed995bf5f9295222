//! A case explained: its life, its clocks segment by segment, what judged it and why, and the messages behind it.
//!
//! Everything comes from the watched fold of the case's own ledger rows, which is the fold that wrote its row; what the stored
//! row says beside it is compared, never shown in its place.

mod agreement;
mod clock;
pub(crate) mod duration;
pub(crate) mod facts;
mod flags;
mod json;
mod json_clock;
mod line;
mod other_rules;
mod text;
mod text_clock;
mod verdict;
pub(crate) mod words;

use jiff::{Timestamp, tz::TimeZone};

pub(crate) use self::{
    agreement::Agreement,
    clock::{ClockTold, LifeTold},
    flags::Flag,
    json::write_json,
    other_rules::OtherRule,
    text::{write_explained, write_life},
    verdict::CaseVerdict,
};
use crate::{
    domain::{
        event::{Event, Place},
        fact::FactKind,
        fold::watch::{Watched, WatchedMessage, messages, watch},
        rules::Rules,
        time::{Due, Millis},
    },
    store::case_row::CaseRow,
};

/// What `case show` and the page tell of one case: what happened, what its clocks made of it, and why it counts as it does.
#[derive(Debug)]
pub struct CaseTold<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) as_of: Millis,
    pub(crate) zone: TimeZone,
    /// The case, and how every fact and every clock came to it.
    pub watched: Watched,
    /// 结论: on time or late, and why, in one sentence.
    pub verdict: CaseVerdict,
    /// Those that could judge a case of its stream.
    pub(crate) other_rules: Vec<OtherRule<'a>>,
    /// Every due that the case has had.
    pub(crate) dues: Vec<DueTold>,
    /// The time from the receipt to the close, or until the as-of, taken apart. None: never received, or no calendar counts it.
    pub life: Option<LifeTold>,
    /// 计时, each taken apart; those that never started are not there.
    pub clocks: Vec<ClockTold>,
    pub(crate) flags: Vec<Flag>,
    /// None: of an earlier instant, of which there is no row.
    pub agreement: Option<Agreement>,
    pub(crate) messages: Vec<WatchedMessage<'a>>,
}

/// A due, and the fact that gave it.
#[derive(Clone, Debug)]
pub(crate) struct DueTold {
    pub at: Millis,
    pub due: Option<Due>,
    /// An event states it; else it is the policy's.
    pub is_stated: bool,
    pub kind: FactKind,
    pub place: Place,
}

/// What is asked: up to when, and in which zone times are read.
#[derive(Clone, Debug)]
pub struct CaseAsked {
    /// None: as it stands now.
    pub as_of: Option<Millis>,
    /// When it is asked: until then clocks run where no as-of is given.
    pub now: Millis,
    /// In which times are shown; nothing is counted in it.
    pub zone: TimeZone,
}

impl<'a> CaseTold<'a> {
    /// None: nothing of the case had happened by then.
    pub fn of(rules: &'a Rules, rows: &[&'a Event], stored: Option<CaseRow>, asked: &CaseAsked) -> Option<Self> {
        let watched = watch(rules, rows, asked.as_of)?;
        let as_of = asked.as_of.unwrap_or(asked.now);
        let clocks = clock::told(&watched, rules, as_of);
        Some(Self {
            rules,
            as_of,
            zone: asked.zone.clone(),
            verdict: CaseVerdict::of(&watched, rules, as_of, &Shown(&asked.zone)),
            other_rules: other_rules::of(rules, &watched.case),
            dues: dues(&watched),
            life: LifeTold::of(&watched.case, rules, as_of),
            flags: flags::of(&watched.case),
            agreement: asked.as_of.is_none().then(|| Agreement::of(&watched.case, rules, stored, &asked.zone)),
            messages: told_by(rows, asked.as_of),
            clocks,
            watched,
        })
    }

    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown(&self.zone)
    }

    /// The due in force is an event's, not the policy's.
    pub(crate) fn is_due_stated(&self) -> bool {
        self.dues.last().is_some_and(|last| last.is_stated)
    }
}

/// What had happened by then; a row snapshot may tell of it later.
fn told_by<'a>(rows: &[&'a Event], as_of: Option<Millis>) -> Vec<WatchedMessage<'a>> {
    let mut all = messages(rows);
    let is_snapshot = |event: &Event| event.fact.kind() == FactKind::Snapshot;
    all.retain(|one| as_of.is_none_or(|as_of| one.event.occurred_at <= as_of) || is_snapshot(one.event));
    all
}

fn dues(watched: &Watched) -> Vec<DueTold> {
    let mut dues: Vec<DueTold> = Vec::new();
    for taken in &watched.facts {
        let event = &taken.event;
        if dues.last().map_or(taken.due.is_some(), |last| last.due != taken.due) {
            let (kind, place) = (event.fact.kind(), event.place.clone());
            let is_stated = taken.stated_due.is_some();
            dues.push(DueTold { at: event.occurred_at, due: taken.due, is_stated, kind, place });
        }
    }
    dues
}

/// Times for people, in one zone.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(&'a TimeZone);

impl Shown<'_> {
    /// `2021-03-06 10:00`, with seconds where there are any.
    pub fn at(self, at: Millis) -> String {
        self.format(at, if at.0 % 60_000 == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" })
    }

    /// With the day of the week.
    pub fn on_day(self, at: Millis) -> String {
        const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
        let zoned = Timestamp::from_millisecond(at.0).map(|instant| instant.to_zoned(self.0.clone()));
        let day = zoned.map_or("", |zoned| DAYS[zoned.weekday().to_monday_zero_offset() as usize]);
        format!("{}（{day}）", self.at(at))
    }

    /// A due at midnight is through the day before: `2021-03-06 24:00`.
    pub fn due(self, due: Due) -> String {
        match due.is_exclusive {
            true => format!("{} 24:00", self.format(due.on_time_until(), "%Y-%m-%d")),
            false => self.at(due.at),
        }
    }

    fn maybe(self, at: Option<Millis>) -> String {
        at.map_or("—".to_owned(), |at| self.at(at))
    }

    fn format(self, at: Millis, how: &str) -> String {
        let instant = Timestamp::from_millisecond(at.0);
        instant.map_or_else(|_| at.0.to_string(), |instant| instant.to_zoned(self.0.clone()).strftime(how).to_string())
    }
}
