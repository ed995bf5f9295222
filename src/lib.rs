//! Tongguan.

pub mod cli {
    pub mod kpi;
}
pub mod domain;
pub mod feed;
pub mod report;
pub mod store;
