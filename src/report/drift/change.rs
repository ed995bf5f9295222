//! What is another in a case: what it adds to which figure, and where it counts.

use crate::{
    domain::{kpi::Figure, time::Millis},
    report::publish::recount::times,
    store::published::{Amounts, PublishedVerdict},
};

/// Of one figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftChange {
    /// The bit of the figure in the edition's verdicts.
    pub bit: u8,
    pub figure: &'static Figure,
    /// What the case added when it was published.
    pub before: Amounts,
    pub after: Amounts,
    /// Milliseconds, where the figure is about time.
    pub duration: [Option<i64>; 2],
}

/// The changes of a case, in the order of the figures. Either side may not be there.
pub fn changes(
    figures: &[&'static Figure],
    before: Option<&PublishedVerdict>,
    after: Option<&PublishedVerdict>,
    as_of: (Millis, Millis),
) -> Vec<DriftChange> {
    let bits = |verdict: Option<&PublishedVerdict>| verdict.map_or(0, |one| one.numerators | one.denominators);
    let mut bits = bits(before) | bits(after);
    let mut changes = Vec::new();
    while bits != 0 {
        let bit = bits.trailing_zeros() as u8;
        bits &= bits - 1;
        let Some(figure) = figures.get(usize::from(bit)).copied() else { continue };
        let adds = |verdict: Option<&PublishedVerdict>| verdict.map(|one| one.amounts(bit)).unwrap_or_default();
        let took = |verdict: Option<&PublishedVerdict>, as_of: Millis| {
            let one = verdict.filter(|one| one.amounts(bit).n > 0)?;
            figure.counting.duration(&times(one), as_of)
        };
        let change = DriftChange {
            bit,
            figure,
            before: adds(before),
            after: adds(after),
            duration: [took(before, as_of.0), took(after, as_of.1)],
        };
        if change.before != change.after || change.duration[0] != change.duration[1] {
            changes.push(change);
        }
    }
    changes
}

/// Does it count for another unit or community?
pub fn is_elsewhere(before: Option<&PublishedVerdict>, after: Option<&PublishedVerdict>) -> bool {
    let Some((before, after)) = before.zip(after) else { return false };
    before.unit_label() != after.unit_label() || before.community != after.community
}
