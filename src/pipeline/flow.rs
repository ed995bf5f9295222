//! Whether a partition flows: one table for everything that can happen to it, so that no partition stands because of a state that
//! nobody thought of.

/// How it is with a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Somebody else's.
    Away,
    /// Ours; where to go on is not decided yet. Paused, and nothing of it is taken.
    Placing,
    Flowing,
    /// Paused, because the writer has no room.
    Held,
}

/// What happens to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowChange {
    Assigned,
    /// It was decided where to go on, and the client is there.
    Placed,
    /// Its position is in doubt.
    Doubted,
    /// The writer has no room.
    Full,
    /// The writer has room again.
    Room,
    Revoked,
    /// The client is gone, and with it everything that it had.
    Lost,
}

impl Flow {
    /// The table.
    #[rustfmt::skip]
    pub fn after(self, change: FlowChange) -> Self {
        use FlowChange::{Assigned, Doubted, Full, Lost, Placed, Revoked, Room};
        use Flow::{Away, Flowing, Held, Placing};
        match (self, change) {
            // Whatever was known of it, it begins anew.
            (_, Assigned)          => Placing,
            (_, Revoked | Lost)    => Away,
            (Away, _)              => Away,
            (Placing, Placed)      => Flowing,
            (Placing, _)           => Placing,
            (_, Doubted)           => Placing,
            (_, Full)              => Held,
            (_, Room)              => Flowing,
            (_, Placed)            => self,
        }
    }

    /// Is the client to fetch it?
    pub fn is_fetched(self) -> bool {
        self == Self::Flowing
    }

    /// Is a message of it to be taken? What was fetched before a pause may still arrive.
    pub fn is_taken(self) -> bool {
        matches!(self, Self::Flowing | Self::Held)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Flow::{self, Away, Flowing, Held, Placing},
        FlowChange::{Assigned, Doubted, Full, Lost, Placed, Revoked, Room},
    };

    #[test]
    fn every_pair_of_a_state_and_a_change_has_its_outcome() {
        #[rustfmt::skip]
        let table = [
            //         Away     Placing  Flowing  Held
            (Assigned, [Placing, Placing, Placing, Placing]),
            (Placed,   [Away,    Flowing, Flowing, Held]),
            (Doubted,  [Away,    Placing, Placing, Placing]),
            (Full,     [Away,    Placing, Held,    Held]),
            (Room,     [Away,    Placing, Flowing, Flowing]),
            (Revoked,  [Away,    Away,    Away,    Away]),
            (Lost,     [Away,    Away,    Away,    Away]),
        ];
        for (change, outcomes) in table {
            for (state, outcome) in [Away, Placing, Flowing, Held].into_iter().zip(outcomes) {
                assert_eq!(state.after(change), outcome, "{state:?} after {change:?}");
            }
        }
    }

    #[test]
    fn what_was_paused_when_it_was_taken_away_runs_when_it_comes_back() {
        let history = [Assigned, Placed, Full, Revoked, Room, Assigned, Placed];
        assert_eq!(history.into_iter().fold(Away, Flow::after), Flowing);
    }
}
