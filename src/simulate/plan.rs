//! The plan of a synthetic year, and its run: lives begin day by day and are merged by the time of their next message,
//! so that only the lives under way are held, however long the year's list of cases is.

use std::{
    collections::{BinaryHeap, binary_heap::PeekMut},
    iter::Peekable,
    vec::IntoIter,
};

use super::{
    affairs,
    case::{Numbering, PlannedCase},
    deliveries::{self, Delivery},
    draw::{Draw, Purpose},
    expected::{SimulatedTally, YearExpected},
    fate::{Fate, PlannedFates, Quota},
    life::Life,
    malformed::{self, Malformed},
    options::{Options, PlanError},
    profile::{Profile, Track},
    rhythm, story, turns,
    working::{self, SimulatedWorking},
    wrap::{SimulatedMessage, Wrapper},
};
use crate::domain::time::Millis;

#[derive(Debug)]
pub struct Plan {
    profile: &'static Profile,
    options: Options,
    working: SimulatedWorking,
    tracks: [TrackPlan; 2],
}

/// How many cases of one stream come in on which day, those of the year before first, and which of the year fail.
#[derive(Debug)]
struct TrackPlan {
    by_day: Vec<u64>,
    fates: PlannedFates,
}

impl Plan {
    pub fn new(profile: &str, options: Options) -> Result<Self, PlanError> {
        options.check()?;
        let Some(profile) = Profile::named(profile) else {
            return Err(PlanError::UnknownProfile { asked: profile.to_owned() });
        };
        let working = SimulatedWorking::new();
        let counting = profile.cases.map(|cases| (cases as f64 * options.cases).round() as u64);
        let shared = [options.open, options.late, options.void].map(|total| rhythm::shared_out(total, &profile.cases));
        let earlier = profile.before.as_ref().map_or([0; 2], |before| before.cases);
        let earlier = earlier.map(|cases| (cases as f64 * options.cases).round() as u64);
        let track = |track: Track| {
            let lane = track as usize;
            let quota = Quota { open: shared[0][lane], late: shared[1][lane], void: shared[2][lane] };
            TrackPlan::new(profile, &working, track, options.seed, [earlier[lane], counting[lane]], quota)
        };
        let tracks = [track(Track::Hotline)?, track(Track::Grid)?];
        Ok(Self { profile, options, working, tracks })
    }

    /// The streams that it sends to.
    pub fn streams(&self) -> Vec<&'static str> {
        let others = if self.profile.has_affairs { affairs::streams() } else { Vec::new() };
        Track::ALL.into_iter().map(Track::stream).chain(others).collect()
    }

    /// From the first message to the last, as instants: for showing how far a run has come.
    pub fn span(&self) -> (Millis, Millis) {
        (working::midnight(self.profile.all_days().start), self.profile.as_of())
    }

    /// Sends every message in order, and counts what must come of them.
    pub fn run<E: From<serde_json::Error>>(
        &self,
        mut send: impl FnMut(&SimulatedMessage<'_>) -> Result<(), E>,
    ) -> Result<YearExpected, E> {
        let has_affairs = self.profile.has_affairs;
        let affairs = if has_affairs { affairs::send(&self.working, self.options.seed, &mut send)? } else { 0 };
        let mut run = Run::new(self);
        for day in self.profile.all_days() {
            run.begin(day);
            run.send_until(working::midnight(day + 1), &mut send)?;
        }
        run.send_until(Millis(i64::MAX), &mut send)?;
        send_malformed(&mut run.malformed, Millis(i64::MAX), &mut run.tallies, &mut send)?;
        Ok(YearExpected::new(self.profile, self.options.seed, run.tallies, affairs))
    }
}

impl TrackPlan {
    fn new(
        profile: &Profile,
        working: &SimulatedWorking,
        track: Track,
        seed: u64,
        [earlier, counting]: [u64; 2],
        quota: Quota,
    ) -> Result<Self, PlanError> {
        let total = counting + quota.void;
        let lane = |is_before| turns::lane(track, is_before);
        let in_year = rhythm::by_day(profile.days.clone(), working, track, lane(false), seed, total);
        let early_days = (profile.last_day_to_fail() - profile.days.start) as usize;
        let early = in_year[..early_days].iter().sum();
        let fates = PlannedFates::choose(track, seed, quota, early, total)?;
        let days_before = profile.all_days().start..profile.days.start;
        let mut by_day = rhythm::by_day(days_before, working, track, lane(true), seed, earlier);
        by_day.extend(in_year);
        Ok(Self { by_day, fates })
    }
}

/// A life under way; the one whose next message is first is the greatest, as the heap wants it.
#[derive(Debug)]
struct Pending {
    next: (Millis, Track, u64),
    ahead: IntoIter<Delivery>,
    life: Box<Life>,
}

struct Run<'a> {
    plan: &'a Plan,
    wrapper: Wrapper,
    numberings: [Numbering; 2],
    /// By lane.
    begun: [u64; 4],
    pending: BinaryHeap<Pending>,
    malformed: Peekable<IntoIter<Malformed>>,
    tallies: [SimulatedTally; 2],
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan) -> Self {
        let malformed = malformed::schedule(plan.profile, plan.options.seed, plan.options.malformed);
        Self {
            plan,
            wrapper: Wrapper::new(),
            numberings: Track::ALL.map(Numbering::new),
            begun: [0; 4],
            pending: BinaryHeap::new(),
            malformed: malformed.into_iter().peekable(),
            tallies: Default::default(),
        }
    }

    /// Makes up the lives that begin on this day.
    fn begin(&mut self, day: i64) {
        let (profile, seed) = (self.plan.profile, self.plan.options.seed);
        let date = working::date(day);
        for track in Track::ALL {
            let lane = track as usize;
            self.numberings[lane].begin(date.year(), date.month(), date.day());
            let amount = self.plan.tracks[lane].by_day[(day - profile.all_days().start) as usize];
            for start in rhythm::times_of_day(track, day, seed, amount) {
                self.begin_life(track, date.month(), start);
            }
        }
    }

    fn begin_life(&mut self, track: Track, month: i8, start: Millis) {
        let (plan, seed, is_before) = (self.plan, self.plan.options.seed, start < self.plan.profile.from());
        let lane = turns::lane(track, is_before);
        let index = self.begun[lane];
        self.begun[lane] += 1;
        let mut draw = Draw::new(seed, Purpose::Lives, lane, index);
        let case = PlannedCase::new(track, &mut self.numberings[track as usize], month, &mut draw);
        let fate = if is_before { Fate::InTime } else { plan.tracks[track as usize].fates.of(index) };
        let draws = (draw, turns::draw(seed, lane, index));
        let life = story::tell(plan.profile, &plan.working, draws, case, start, fate);
        let mut draw = Draw::new(seed, Purpose::Deliveries, lane, index);
        let deliveries = deliveries::schedule(&life.steps, &plan.options, &mut draw);
        let tally = &mut self.tallies[track as usize];
        tally.case(plan.profile, &life.outcome);
        tally.events += life.steps.len() as u64;
        tally.duplicates += (deliveries.len() - life.steps.len()) as u64;
        tally.out_of_order += deliveries::out_of_order(&life.steps, &deliveries);
        let Some(first) = deliveries.first() else { return };
        let next = (first.at, track, ((lane as u64) << 48) | index);
        self.pending.push(Pending { next, ahead: deliveries.into_iter(), life: Box::new(life) });
    }

    /// Sends what is due before the instant.
    fn send_until<E: From<serde_json::Error>>(
        &mut self,
        until: Millis,
        send: &mut impl FnMut(&SimulatedMessage<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(mut first) = self.pending.peek_mut() {
            let (at, track, index) = first.next;
            if at >= until {
                break;
            }
            send_malformed(&mut self.malformed, at, &mut self.tallies, send)?;
            if let Some(delivery) = first.ahead.next() {
                self.wrapper.send(&first.life, &delivery, send)?;
            }
            match first.ahead.as_slice().first() {
                Some(delivery) => first.next = (delivery.at, track, index),
                None => drop(PeekMut::pop(first)),
            }
        }
        Ok(())
    }
}

/// Sends what is malformed up to the instant.
fn send_malformed<E>(
    ahead: &mut Peekable<IntoIter<Malformed>>,
    until: Millis,
    tallies: &mut [SimulatedTally; 2],
    send: &mut impl FnMut(&SimulatedMessage<'_>) -> Result<(), E>,
) -> Result<(), E> {
    while let Some(malformed) = ahead.next_if(|malformed| malformed.at <= until) {
        *tallies[malformed.track as usize].quarantined.entry(malformed.reason()).or_default() += 1;
        malformed.send(send)?;
    }
    Ok(())
}

impl PartialEq for Pending {
    fn eq(&self, other: &Self) -> bool {
        self.next == other.next
    }
}

impl Eq for Pending {}

impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pending {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.next.cmp(&self.next)
    }
}
