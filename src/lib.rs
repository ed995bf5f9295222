//! Tongguan.

pub mod domain;
pub mod feed;
pub mod store;
