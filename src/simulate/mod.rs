//! The synthetic year: the messages of a town's year of cases, and the figures that must come of them.
//! It writes the contract and knows the catalogue of figures, but neither fold nor rates: what it expects comes from its
//! own plan, so that the two can be held against each other.

pub mod affairs;
mod case;
mod categories;
mod deliveries;
mod draw;
pub mod expected;
mod fate;
mod grid;
mod hotline;
mod life;
mod malformed;
mod options;
mod personal;
mod plan;
mod profile;
mod rhythm;
mod stages;
mod story;
mod town;
mod turns;
mod wording;
mod working;
mod wrap;

#[cfg(test)]
mod tests;

pub use expected::YearExpected;
pub use options::{Options, PlanError};
pub use plan::Plan;
pub use profile::Track;
pub use wrap::SimulatedMessage;
