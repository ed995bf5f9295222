//! The faults, by what they strike.

pub mod answers;
pub mod clocks;
pub mod commands;
pub mod inputs;
pub mod kills;
pub mod outages;
pub mod storms;
pub mod tables;
pub mod topics;
pub mod zombies;
