//! What people and programs read: text tables and JSON. Every figure comes with its counts, its convention and its as-of.

#![warn(missing_docs)]

pub(crate) mod calendar;
pub mod case;
pub mod count;
pub(crate) mod drift;
pub(crate) mod explain;
pub mod figures;
pub(crate) mod json;
pub mod kpi;
pub(crate) mod kpi_catalogue;
pub(crate) mod kpi_csv;
pub(crate) mod kpi_json;
pub(crate) mod kpi_text;
pub(crate) mod left_out;
pub(crate) mod listed;
pub mod notice;
pub(crate) mod paper;
pub(crate) mod policy;
pub mod publish;
pub mod quarantine;
pub(crate) mod rate;
pub(crate) mod reject_reason;
pub(crate) mod rule_miss;
pub(crate) mod score;
pub(crate) mod span;
pub(crate) mod streams;
pub(crate) mod table;
pub(crate) mod town;
pub(crate) mod verify;
pub(crate) mod whatif;
