//! The business, and nothing else: no clock, no network, no async.
//! Facts about a case go in, the case and its verdicts come out. Everything that somebody could argue about is here,
//! and can be argued about with a table and a test that takes milliseconds.

#![warn(missing_docs)]

pub mod alert;
pub mod assignment;
pub mod attributes;
pub mod calendar;
pub mod case;
pub mod clock;
pub mod event;
pub(crate) mod events;
pub mod fact;
pub mod fold;
pub mod history;
pub mod kpi;
pub mod life;
pub mod lifecycle;
pub mod light;
pub mod marks;
pub mod policy;
pub mod rules;
pub mod snapshot;
pub mod span;
pub mod stream;
pub mod time;
pub(crate) mod town_map;
pub(crate) mod verify;
mod weight;
