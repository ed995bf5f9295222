//! Tongguan.

pub mod domain;
