//! The connection to ClickHouse: where it is, and how long an answer may take. Whoever asks goes through it, so that no
//! request is without a deadline and no part of an answer passes for the whole.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use clickhouse::{Client, Compression};
use hyper_util::{client::legacy, rt::TokioExecutor};
use tokio::sync::OnceCell;

use super::{
    connector::connector,
    error::{Away, StoreError},
    largest::Largest,
    latest::Latest,
    line::Lines,
    query::{Patience, Query},
    relation::Source,
};
use crate::tls::Files;

/// A connection that nobody uses is given up before ClickHouse does it (3 s in its own configuration).
const KEPT_IDLE: Duration = Duration::from_secs(2);

/// Where the store is. Made from the configuration by the caller.
#[derive(Clone)]
pub struct Address {
    /// `clickhouse.url`: http or https, with the port.
    pub url: String,
    /// For https.
    pub tls: Files,
    /// `clickhouse.database`: letters, digits and `_` only.
    pub database: String,
    /// `clickhouse.user`.
    pub user: String,
    /// Empty: none. Neither is ever shown.
    pub password: String,
    /// `clickhouse.insert_timeout_s`: for one insert.
    pub insert_timeout: Duration,
    /// `clickhouse.query_timeout_s`: for a figure or a list.
    pub query_timeout: Duration,
    /// `clickhouse.lookup_timeout_s`: where the service itself waits.
    pub lookup_timeout: Duration,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address").field("url", &self.url).field("database", &self.database).finish_non_exhaustive()
    }
}

/// The connection to ClickHouse, cheap to clone. Whatever is asked through it has a deadline, and an error says what the caller can do.
#[derive(Clone)]
pub struct Store {
    pub(super) client: Client,
    pub(super) address: Address,
    /// Look-ups in a row that took too long.
    slow: Arc<AtomicU32>,
    pub(super) largest: Arc<Largest>,
    pub(super) source: Arc<OnceCell<Source>>,
    pub(super) latest: Arc<Latest>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.address).finish()
    }
}

/// The nice value of the threads that answer readers: what is being taken in goes first. Where ClickHouse lacks the right to set
/// it (CAP_SYS_NICE), it has no effect.
const READER_NICE: &str = "10";

impl Store {
    /// Connects to nobody yet. An error: the name of the database or the certificates cannot be used.
    pub fn new(address: Address) -> Result<Self, StoreError> {
        check_name(&address.database)?;
        let lines = Lines(connector(&address.url, &address.tls)?);
        let http = legacy::Client::builder(TokioExecutor::new()).pool_idle_timeout(KEPT_IDLE).build(lines);
        let client = Client::with_http_client(http)
            .with_url(&address.url)
            .with_user(&address.user)
            .with_password(&address.password)
            .with_compression(compression(&address.url))
            .with_setting("max_execution_time", address.query_timeout.as_secs().to_string())
            // The head of an answer then says how many rows it has, and comes when nothing can go wrong any more.
            .with_setting("wait_end_of_query", "1")
            // Whoever has stopped waiting does not want the answer.
            .with_setting("cancel_http_readonly_queries_on_client_close", "1")
            // An answer that breaks off in the middle must be an error, not a short answer.
            .with_setting("http_write_exception_in_output_format", "0");
        Ok(Self {
            client,
            address,
            slow: Arc::default(),
            largest: Arc::default(),
            source: Arc::default(),
            latest: Arc::default(),
        })
    }

    /// For readers: a question whose answer would be longer, or take longer, is refused, so that none takes what the writer needs.
    #[must_use]
    pub fn for_readers(self, rows_max: u64, within: Duration) -> Self {
        let seconds = within.min(self.address.query_timeout).as_secs().max(1).to_string();
        let client = self.client.with_setting("max_result_rows", rows_max.to_string());
        let client = client.with_setting("max_execution_time", seconds);
        Self { client: client.with_setting("os_thread_priority", READER_NICE), ..self }
    }

    /// Another database of the same server.
    pub fn beside(&self, database: &str) -> Result<Self, StoreError> {
        Self::new(Address { database: database.to_owned(), ..self.address.clone() })
    }

    pub(crate) fn database(&self) -> &str {
        &self.address.database
    }

    /// The text with `{{database}}` filled in. The name was checked, so that nothing can be injected.
    pub(crate) fn sql(&self, text: &str) -> String {
        text.replace("{{database}}", &self.address.database)
    }

    /// A query from a template; comments stay in, ClickHouse ignores them.
    pub fn query(&self, template: &str) -> Query {
        // `?` is the client's own placeholder; our queries use ClickHouse's named parameters.
        Query::new(self.client.query_raw(&self.sql(template)))
    }

    pub(crate) fn error(&self, error: &clickhouse::error::Error) -> StoreError {
        StoreError::new(&self.address.url, error)
    }

    pub(super) fn away(&self, why: Away, detail: String) -> StoreError {
        StoreError::Unreachable { url: self.address.url.clone(), why, detail }
    }

    pub(super) fn silent(&self, what: &str, limit: Duration) -> StoreError {
        self.away(Away::Silent, format!("{what} within {} s", limit.as_secs_f32()))
    }

    pub(super) fn limit(&self, patience: Patience) -> Duration {
        let Address { query_timeout, lookup_timeout, .. } = self.address;
        match patience {
            Patience::Ping => PING_WITHIN.min(lookup_timeout),
            Patience::Soon => lookup_timeout,
            // Twice as long after each that was too slow: one that only takes long must come through in the end.
            Patience::LookUp => {
                let doubled = lookup_timeout.saturating_mul(1 << self.slow.load(Ordering::Relaxed).min(16));
                doubled.min(query_timeout.max(lookup_timeout))
            }
            // ClickHouse itself may be the first to say that it takes too long.
            Patience::Answer => query_timeout + GRACE,
            Patience::AsLongAsItTakes => query_timeout * LONGEST,
        }
    }

    pub(super) fn looked_up(&self, in_time: bool) {
        if in_time {
            self.slow.store(0, Ordering::Relaxed);
        } else {
            self.slow.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A server that works answers this in milliseconds.
const PING_WITHIN: Duration = Duration::from_secs(5);
const GRACE: Duration = Duration::from_secs(5);
/// Nothing for so many times `clickhouse.query_timeout_s` is too long also for what may take long.
const LONGEST: u32 = 30;

/// New for each request: an answer names the question that it is for.
pub(super) fn query_id() -> String {
    format!("tongguan-{:032x}", rand::random::<u128>())
}

/// On the machine itself there is nothing to save: compressing costs more than carrying.
fn compression(url: &str) -> Compression {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let is_near = ["127.", "localhost", "[::1]"].iter().any(|near| host.starts_with(near));
    if is_near { Compression::None } else { Compression::Lz4 }
}

fn check_name(database: &str) -> Result<(), StoreError> {
    let plain = database.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain && database.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && database.len() <= 64 {
        return Ok(());
    }
    Err(StoreError::Migration(format!(
        "clickhouse.database is `{database}`: use letters, digits and underscores, beginning with a letter"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_the_machine_is_compressed() {
        for near in ["http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123"] {
            assert!(matches!(compression(near), Compression::None), "{near}");
        }
        for far in ["http://clickhouse:8123", "https://10.127.0.1:8443"] {
            assert!(matches!(compression(far), Compression::Lz4), "{far}");
        }
    }
}
