//! What needs no server: the arrows, the contract, the examples. `make check` runs this binary.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say where")]

mod architecture;
mod calendar;
mod circles;
mod contract;
mod contract_pages;
mod dependencies;
mod errors;
mod examples;
mod glossary;
mod lifecycle;
mod mapping;
mod prometheus;
