//! The contract as Rust types; the JSON Schemas in `contracts/schemas` are generated from them.
//! A type may gain optional fields; anything else is a new version.

pub mod data;
pub mod envelope;
pub mod schema;
pub mod time;

pub use data::Data;
pub use time::WireTime;
