//! A second opinion: the rules once more, written from the documents alone, against the program's fold. docs/oracle.md.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]
#![allow(clippy::print_stdout, reason = "how many lives were compared")]

mod acts;
mod answer;
mod calendar;
mod case;
mod compare;
mod content;
mod figures;
mod generator;
mod history;
mod instant;
mod judge;
mod line;
mod lives;
mod message;
mod opinion;
mod program;
mod rulebook;
mod shrink;
mod standing;
mod units;
