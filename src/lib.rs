//! Tongguan 统管: hotline tickets and city-grid cases from Kafka to ClickHouse, and the rates above them.
//!
//! ```text
//! Kafka ─▶ feed ─▶ pipeline ─▶ store ─▶ ClickHouse ─▶ report ─▶ cli
//!                     │                                http: metrics, health
//!                   domain
//! ```
//!
//! # Layout
//!
//! In the order of dependency, lowest first; `tests/check/architecture.rs` holds who may use whom.
//!
//! - [`document`]: a TOML file walked key by key, so that all its faults are told with their places
//! - [`domain`]: facts, the fold of a case, working time, the rules of the rates; pure
//! - [`health`]: what was last seen of Kafka, ClickHouse and the schema
//! - [`metrics`]: every metric in one table
//! - [`said`]: how often a line about what goes on is logged
//! - [`shutdown`]: the wish to stop
//! - [`tls`]: certificates: their files, when they end, why a handshake failed
//! - [`config`]: settings in three layers, the stream files and the calendar
//! - [`telemetry`]: how logs are written, and where to
//! - [`store`]: ClickHouse: migrations, Native blocks, writing and reading; the only one to name a column
//! - [`feed`]: what brings events in: the contract, decoding, privacy, Kafka; the only one to name rdkafka
//! - [`simulate`]: a synthetic year and the figures it must lead to, from its own plan and never through the fold
//! - [`report`]: figures as text and JSON
//! - [`pipeline`]: the loop: receive, decode, batch, ledger, fold, cases, commit; holds the only clock
//! - [`pull`]: databases of others as a source of rows
//! - [`http`]: `/livez`, `/readyz`, `/metrics`
//! - [`cli`]: the commands, and the wiring of everything else

pub mod ask;
pub mod cli;
pub mod config;
pub mod document;
pub mod domain;
pub mod feed;
pub mod health;
pub mod http;
pub mod metrics;
pub mod pipeline;
pub mod pull;
pub mod report;
pub mod said;
pub mod shutdown;
pub mod simulate;
pub mod store;
pub mod telemetry;
pub mod tls;
