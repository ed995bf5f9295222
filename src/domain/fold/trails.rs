//! The trails of the clocks, while they run.

use smol_str::SmolStr;

use super::{clocks::Clocks, input::Input, running::Running};
use crate::domain::clock::{Happening, Move, Trail};

/// One for each clock, in their order; empty as long as a clock has not started.
#[derive(Debug, Default)]
pub(super) struct Trails(Vec<(SmolStr, Vec<Move>)>);

impl Trails {
    /// After the clocks have taken the fact.
    pub(super) fn watch(&mut self, input: &Input<'_>, clocks: &Clocks<'_>) {
        self.0.resize(clocks.all().len(), Default::default());
        for place in clocks.moved() {
            let (clock, (unit, moves)) = (&clocks.all()[*place], &mut self.0[*place]);
            let taken_on = input.is_taken_on.then_some(Happening::TakenOn);
            let Some((happening, reading)) = clock.hears(input).or(taken_on).zip(clock.reading()) else { continue };
            let (limit, counted_from) = match clock.round() {
                Some((limit, from)) => (Some(limit), from),
                None => (None, reading.started_at),
            };
            let has_begun = moves.last().is_none_or(|last| last.reading.started_at != reading.started_at);
            if has_begun {
                unit.clone_from(&input.unit);
            }
            moves.push(Move { at: input.at, happening, reading, counted_from, limit });
        }
    }

    pub(super) fn into_vec<'a>(self, clocks: &[Running<'a>], is_main: impl Fn(&Running<'a>) -> bool) -> Vec<Trail> {
        let trail = |(clock, (unit, moves)): (&Running<'a>, (SmolStr, Vec<Move>))| Trail {
            name: clock.name,
            assignment: clock.assignment,
            is_main: is_main(clock),
            stage: clock.stage().cloned(),
            unit,
            moves,
            clock: clock.clock(),
            dropped_at: None,
        };
        clocks.iter().zip(self.0).map(trail).filter(|trail| !trail.moves.is_empty()).collect()
    }
}
