//! What one may ask of the synthetic year, and why it may be refused.

use super::profile::PROFILES;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub seed: u64,
    /// A factor on the number of cases.
    pub cases: f64,
    /// Of the cases that count, over both streams: never closed, and due before the figures are taken.
    pub open: u64,
    /// Of the cases that count, over both streams: closed after their due.
    pub late: u64,
    /// Voided cases on top.
    pub void: u64,
    /// Share of the events sent a second time.
    pub duplicates: f64,
    /// Share of the events that arrive after a later event of their case.
    pub disorder: f64,
    /// Messages that are no events, on top.
    pub malformed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, cases: 1.0, open: 0, late: 0, void: 0, duplicates: 0.0, disorder: 0.0, malformed: 0 }
    }
}

/// Case ids have room for this many times the town's year.
const LARGEST_FACTOR: f64 = 1000.0;

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PlanError {
    #[error("there is no profile `{asked}`; there is: {}", known_profiles())]
    UnknownProfile { asked: String },
    #[error("the factor on the number of cases must be above 0 and at most {LARGEST_FACTOR}, not {0}")]
    Factor(f64),
    #[error("the share of {what} must be between 0 and 1, not {share}")]
    Share { what: &'static str, share: f64 },
    #[error(
        "{asked} cases of stream {stream} cannot be left open or closed late: only {possible} come in early enough to fall due. Ask for fewer, or for more cases"
    )]
    TooManyFail { stream: &'static str, asked: u64, possible: u64 },
}

fn known_profiles() -> String {
    PROFILES.map(|profile| profile.name).join(", ")
}

impl Options {
    pub fn check(&self) -> Result<(), PlanError> {
        if !(self.cases > 0.0 && self.cases <= LARGEST_FACTOR) {
            return Err(PlanError::Factor(self.cases));
        }
        for (what, share) in [("duplicates", self.duplicates), ("disorder", self.disorder)] {
            if !(0.0..=1.0).contains(&share) {
                return Err(PlanError::Share { what, share });
            }
        }
        Ok(())
    }
}
