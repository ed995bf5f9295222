//! Certificates: read from files, when they end, and what it means when a connection fails over them. It is told the
//! names of the settings and knows neither Kafka nor ClickHouse.

mod ask;
mod certificate;
mod files;
mod readers;
mod server;
#[cfg(test)]
mod tests;
mod trouble;
mod unusable;

pub use self::{
    ask::ask,
    certificate::{Certificate, fingerprint, read},
    files::{Files, Own},
    readers::readers,
    server::{ClientCa, ServerFiles},
    trouble::TlsTrouble,
    unusable::Unusable,
};
