//! The clocks of a case, in the order in which they began. A case may have as many facts as somebody sends, so no fact looks at
//! rounds that are over, and nobody looks again at clocks that did not move.

use super::{input::Input, running::Running};
use crate::domain::{
    calendar::Working,
    fact::Fact,
    policy::{Stage, StageName},
    span::OF_CASE,
    stream::Meaning,
};

#[derive(Debug, Default)]
pub(super) struct Clocks<'a> {
    all: Vec<Running<'a>>,
    /// The case's own that a fact can still move, in their order.
    own: Vec<usize>,
    /// Those of each assignment.
    of_units: Vec<Vec<usize>>,
    /// The first of the case's own that runs over the whole case, and over its handling.
    whole: Option<usize>,
    dispose: Option<usize>,
    has_own: bool,
    /// Those that the last fact moved, in their order.
    moved: Vec<usize>,
}

impl<'a> Clocks<'a> {
    pub(super) fn all(&self) -> &[Running<'a>] {
        &self.all
    }

    /// The places of those of one assignment.
    pub(super) fn of_unit(&self, number: u16) -> &[usize] {
        self.of_units.get(usize::from(number)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn moved(&self) -> &[usize] {
        &self.moved
    }

    /// Are there any of the case itself?
    pub(super) fn has_own(&self) -> bool {
        self.has_own
    }

    pub(super) fn add(&mut self, clock: Running<'a>) {
        let place = self.all.len();
        if clock.assignment == OF_CASE {
            self.has_own = true;
            match clock.name {
                StageName::WholeCase => self.whole = self.whole.or(Some(place)),
                StageName::Dispose => self.dispose = self.dispose.or(Some(place)),
                _ => {}
            }
            self.own.push(place);
        } else {
            let number = usize::from(clock.assignment);
            self.of_units.resize_with(self.of_units.len().max(number + 1), Vec::new);
            self.of_units[number].push(place);
        }
        self.all.push(clock);
        self.moved.push(place);
    }

    pub(super) fn add_stages(&mut self, stages: impl Iterator<Item = &'a Stage>, assignment: u16) {
        stages.for_each(|stage| self.add(Running::of_stage(stage, assignment)));
    }

    /// Before a fact is taken.
    pub(super) fn at_rest(&mut self) {
        self.moved.clear();
    }

    /// Those that the fact starts another round of are over; gives their stages.
    pub(super) fn begin_again(&mut self, input: &Input<'_>) -> Vec<&'a Stage> {
        let all = &mut self.all;
        let again: Vec<&Stage> = self.own.iter().filter_map(|place| all[*place].begins_again(input)).collect();
        if !again.is_empty() {
            self.own.retain(|place| !all[*place].is_over());
        }
        again
    }

    /// Units that handle again what they had answered, after its due: another clock each.
    pub(super) fn handle_again(&mut self, working: Option<Working<'a>>, input: &Input<'_>) {
        let (Some(working), Some(number)) = (working, input.assignment) else { return };
        let Some(places) = self.of_units.get_mut(usize::from(number)) else { return };
        let all = &mut self.all;
        let again: Vec<Running<'a>> =
            places.iter().filter_map(|place| all[*place].handled_again(working, input)).collect();
        if !again.is_empty() {
            places.retain(|place| !all[*place].is_over());
            again.into_iter().for_each(|clock| self.add(clock));
        }
    }

    /// What is about one assignment is nothing to the clocks of the others.
    pub(super) fn take(&mut self, working: Option<Working<'a>>, input: &Input<'_>) {
        self.take_on(working, input);
        // Rounds that are over are void with the case, and exempt with it.
        let is_of_all = input.meaning == Meaning::Void
            || matches!(input.fact, Fact::VoidRevoked(_) | Fact::AppealDecided { upheld: true, .. });
        if is_of_all {
            for (place, clock) in self.all.iter_mut().enumerate() {
                if clock.take(working, input) {
                    self.moved.push(place);
                }
            }
            return;
        }
        let units = match input.assignment {
            Some(number) => usize::from(number)..usize::from(number) + 1,
            None => 0..self.of_units.len(),
        };
        let of_units = self.of_units.get(units).unwrap_or_default().iter().flatten();
        for place in self.own.iter().chain(of_units) {
            if self.all[*place].take(working, input) {
                self.moved.push(*place);
            }
        }
        self.moved.sort_unstable();
        self.moved.dedup();
    }

    /// What the rejection had dropped runs on.
    pub(super) fn take_on(&mut self, working: Option<Working<'a>>, input: &Input<'_>) {
        for (place, clock) in self.all.iter_mut().enumerate().filter(|_| input.is_taken_on) {
            if clock.take_on(working, input) {
                self.moved.push(place);
            }
        }
    }

    /// They ran again from the beginning: all have to be looked at.
    pub(super) fn all_moved(&mut self) {
        self.moved = (0..self.all.len()).collect();
    }

    /// The clock that gives the case its due: that of the whole case, or else that of its handling.
    pub(super) fn main(&self) -> Option<&Running<'a>> {
        self.whole.or(self.dispose).map(|place| &self.all[place])
    }
}
