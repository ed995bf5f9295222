//! What people and programs read: text tables and JSON. Every figure comes with its counts, its convention and its as-of.

pub mod case;
pub mod count;
pub mod drift;
pub mod explain;
pub mod figures;
pub mod json;
pub mod kpi;
pub mod kpi_catalogue;
pub mod kpi_csv;
pub mod kpi_json;
pub mod kpi_text;
pub mod left_out;
pub mod listed;
pub mod notice;
pub mod paper;
pub mod publish;
pub mod rate;
pub mod score;
pub mod span;
pub mod table;
pub mod town;
pub mod verify;
