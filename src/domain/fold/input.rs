//! What the clocks are told.

use smol_str::SmolStr;

use crate::domain::{fact::Fact, stream::Meaning, time::Millis};

/// One fact as the clocks see it.
#[derive(Clone, Debug)]
pub(super) struct Input<'a> {
    pub(super) at: Millis,
    pub(super) fact: &'a Fact,
    pub(super) meaning: Meaning,
    /// The unit that has the case: its hours count.
    pub(super) unit: SmolStr,
    /// None: the fact is about none in particular.
    pub(super) assignment: Option<u16>,
    pub(super) is_support: bool,
    /// After the fact.
    pub(super) is_suspended: bool,
    /// By this fact it is put right on the spot.
    pub(super) is_dealt_with: bool,
    /// Before the fact.
    pub(super) is_closed: bool,
    /// By this fact.
    pub(super) is_reopened: bool,
    /// It had been rejected or not filed, and is at work by this fact after all.
    pub(super) is_taken_on: bool,
    /// It is nothing else to the clocks.
    pub(super) is_mere_work: bool,
    /// It is about a return, and no unit leads the case after it.
    pub(super) is_left: bool,
    /// The order was given already, or the check had failed.
    pub(super) is_same_rework: bool,
    /// It says something that a rule asks for, for the first time.
    pub(super) is_told: bool,
    /// It says that the close was at another time.
    pub(super) moves_close: bool,
    /// Bits of the assignments that had handed the case on.
    pub(super) passed_on: u64,
}
