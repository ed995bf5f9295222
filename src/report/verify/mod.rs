//! A verification for people and for programs: every finding by name, with what to do about it.

mod advice;
mod json;
mod text;

pub use json::verdict as json;
pub use text::write;
