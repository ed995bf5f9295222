//! The annual report of a town: indicators chosen by a file, each with its figure, its definition and the command that opens it,
//! and paragraphs with the figures filled in.
//!
//! - [`asked`]: what the report prints
//! - [`value`]: one number, and its forms
//! - [`told`]: the numbers, from the store
//! - [`paragraphs`], [`command`], [`definition`]: their words
//! - [`paper`], [`text`]: the report as a printed paper, and for a terminal

pub mod asked;
pub mod command;
pub mod definition;
pub mod paper;
pub mod paragraphs;
pub mod text;
pub mod told;
pub mod value;

pub use self::{
    asked::{Indicator, TownOrder, TownSection, TownShows},
    told::{TownTold, told},
    value::Value,
};
