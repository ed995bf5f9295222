//! Tongguan.

pub mod cli;
pub mod config;
pub mod domain;
pub mod feed;
pub mod health;
pub mod http;
pub mod metrics;
pub mod pipeline;
pub mod report;
pub mod shutdown;
pub mod simulate;
pub mod store;
pub mod telemetry;
