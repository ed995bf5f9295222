//! Tongguan.

pub mod domain;
pub mod feed;
