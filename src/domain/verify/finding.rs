//! What a verification may find, each by name.

use super::range::Range;

/// `kind` decides what to do about it; see `report::verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Kafka has messages that neither the ledger nor the quarantine has.
    Hole,
    /// Offsets that cannot be read, so that nobody knows.
    Unreadable,
    /// Offsets that are gone from Kafka, in neither table, and accepted by nobody.
    Gap,
    /// One place in the ledger under more than one identity.
    Double,
    /// In the ledger, and not marked as replayed in the quarantine.
    InBoth,
    /// The topic is not the one that was read.
    MadeAnew,
    /// In the ledger, and no row in the cases.
    Missing,
    /// Folded from fewer messages than the ledger has.
    Stale,
    /// Folded from more messages than the ledger has.
    Surplus,
    /// Of a generation that does not fit the rebuilds.
    Generation,
    /// The row is another one than a fold of its messages now gives.
    Differs,
    /// One (source, event id) in several cases.
    AcrossCases,
    /// One (source, event id) with several contents in one case.
    WithinCase,
}

impl Kind {
    /// With the word that JSON has for it, in the order of the variants.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Hole, "hole"),
        (Self::Unreadable, "unreadable"),
        (Self::Gap, "gap"),
        (Self::Double, "double"),
        (Self::InBoth, "in_both"),
        (Self::MadeAnew, "made_anew"),
        (Self::Missing, "missing"),
        (Self::Stale, "stale"),
        (Self::Surplus, "surplus"),
        (Self::Generation, "generation"),
        (Self::Differs, "differs"),
        (Self::AcrossCases, "across_cases"),
        (Self::WithinCase, "within_case"),
    ];

    /// For programs: `made_anew`.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Offsets { kind: Kind, topic: String, partition: i32, range: Range, detail: String },
    Topic { topic: String, detail: String },
    Case { kind: Kind, stream: String, case_id: String, detail: String },
    Identity { kind: Kind, source: String, event_id: String, cases: Vec<(String, String)> },
}

impl Finding {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Offsets { kind, .. } | Self::Case { kind, .. } | Self::Identity { kind, .. } => *kind,
            Self::Topic { .. } => Kind::MadeAnew,
        }
    }

    /// How much it counts for: offsets, or one.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Offsets { range, .. } => range.len(),
            Self::Topic { .. } | Self::Case { .. } | Self::Identity { .. } => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_kinds_is_in_their_order() {
        for (index, (kind, _)) in Kind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
    }
}
