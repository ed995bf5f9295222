//! What can go wrong with ClickHouse, named by what the caller can do about it.

use std::{borrow::Cow, error::Error as _, io};

use clickhouse::error::Error as ClientError;

use super::{
    error_table::{ClickHouseAction, action},
    line::Foreign,
};
use crate::tls::TlsTrouble;

/// How somebody is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// No connection, or it broke.
    Gone,
    /// Nothing came in time.
    Silent,
    /// Somebody else answered in its place.
    Foreign,
    /// Only a part of the answer came.
    Cut,
}

impl Away {
    /// The label of the metric.
    pub(crate) const ALL: [(Self, &'static str); 4] =
        [(Self::Gone, "gone"), (Self::Silent, "silent"), (Self::Foreign, "foreign"), (Self::Cut, "cut")];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// Why ClickHouse did not do what was asked; the code decides (docs/operations.md has the table).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not there, the line is cut, or something else answers in its place, such as a proxy: wait and try again.
    #[error("cannot reach ClickHouse at {url}: {detail}. Is it running, and is clickhouse.url right?")]
    Unreachable {
        /// `clickhouse.url`.
        url: String,
        /// Which of the ways not to be there.
        why: Away,
        /// What the client, or whoever answered, said.
        detail: String,
    },
    /// There, but cannot just now (too many parts, read-only, time-outs): wait and try again.
    #[error("ClickHouse cannot take it now (code {code}): {detail}")]
    Busy {
        /// ClickHouse's number of the error.
        code: u32,
        /// What it said, cut after 600 characters.
        detail: String,
    },
    /// More than it can take at once: cut what is sent, or wait.
    #[error("ClickHouse cannot take so much at once (code {code}): {detail}")]
    TooLarge {
        /// ClickHouse's number of the error; 413 is a gateway's.
        code: u32,
        /// What it said, and of which row where it is one alone.
        detail: String,
    },
    /// The account is wrong or may not do this: somebody has to change it.
    #[error("ClickHouse refuses this account (code {code}): {detail}. Look at clickhouse.user and clickhouse.password")]
    Denied {
        /// ClickHouse's number of the error.
        code: u32,
        /// What it said, cut after 600 characters.
        detail: String,
    },
    /// The schema is not there: run `tongguan migrate`.
    #[error("the schema is missing (code {code}): {detail}. Run `tongguan migrate`")]
    NoSchema {
        /// ClickHouse's number of the error.
        code: u32,
        /// What it said, cut after 600 characters.
        detail: String,
    },
    /// Anything else that ClickHouse said, or an answer that could not be read.
    #[error("ClickHouse: {detail}")]
    Other {
        /// ClickHouse's number of the error; 0 where it gave none.
        code: u32,
        /// What it said, cut after 600 characters.
        detail: String,
    },
    /// What the connection would be made with cannot be used.
    #[error("cannot set up the connection to ClickHouse: {0}")]
    Setup(String),
    /// The database has a name that cannot be used, or its schema is of a newer release or of an edited migration: a person has to
    /// change what the text says.
    #[error("{0}")]
    Migration(String),
}

impl StoreError {
    pub(crate) fn new(url: &str, error: &ClientError) -> Self {
        let detail = TlsTrouble::within(error).map_or_else(|| chain(error), |trouble| trouble.told("clickhouse"));
        let away = |why: Away| Self::Unreachable { url: url.to_owned(), why, detail: detail.clone() };
        match error {
            ClientError::Network(_) => match foreign(error) {
                // A gateway with a limit of its own.
                Some(foreign) if foreign.status == 413 => Self::TooLarge { code: 413, detail },
                Some(_) => away(Away::Foreign),
                None => away(Away::Gone),
            },
            ClientError::TimedOut => away(Away::Silent),
            ClientError::NotEnoughData => away(Away::Cut),
            // ClickHouse gives every refusal a number.
            ClientError::BadResponse(text) if code_in(text) == 0 => away(Away::Foreign),
            _ => Self::from_answer(detail),
        }
    }

    /// By the number in `Code: 252. DB::Exception: …`.
    fn from_answer(detail: String) -> Self {
        let code = code_in(&detail);
        match action(code) {
            ClickHouseAction::Wait => Self::Busy { code, detail },
            ClickHouseAction::Cut => Self::TooLarge { code, detail },
            ClickHouseAction::Account => Self::Denied { code, detail },
            ClickHouseAction::Schema => Self::NoSchema { code, detail },
            ClickHouseAction::Person => Self::Other { code, detail },
        }
    }

    /// May it be otherwise in a moment?
    pub fn passes(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Busy { .. } | Self::TooLarge { .. })
    }

    /// The label of the metric, and what makes two errors one: ClickHouse's code, or how it is not there.
    pub fn label(&self) -> Cow<'static, str> {
        match self {
            Self::Busy { code, .. }
            | Self::TooLarge { code, .. }
            | Self::Denied { code, .. }
            | Self::NoSchema { code, .. }
            | Self::Other { code, .. } => code.to_string().into(),
            Self::Unreachable { why, .. } => why.name().into(),
            Self::Setup(_) | Self::Migration(_) => "0".into(),
        }
    }

    /// With what could not be sent: one row that is too large has to be found by a person.
    pub(super) fn about(self, table: &str, rows: usize, bytes: usize) -> Self {
        match self {
            Self::TooLarge { code, detail } => {
                let detail =
                    format!("{rows} row of {bytes} bytes for `{table}`, which cannot be cut further: {detail}");
                Self::TooLarge { code, detail }
            }
            other => other,
        }
    }
}

fn foreign(error: &ClientError) -> Option<&Foreign> {
    let mut source = error.source();
    while let Some(cause) = source {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| inner.downcast_ref()) {
            return Some(found);
        }
        source = cause.source();
    }
    None
}

fn code_in(text: &str) -> u32 {
    let Some((_, rest)) = text.split_once("Code: ") else { return 0 };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

fn chain(error: &ClientError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let part = cause.to_string();
        if !text.contains(&part) {
            text = format!("{text}: {part}");
        }
        source = cause.source();
    }
    text.truncate(text.char_indices().nth(600).map_or(text.len(), |(index, _)| index));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_code_comes_from_somebody_else() {
        let of = |text: &str| StoreError::new("http://proxy", &ClientError::BadResponse(text.to_owned()));
        assert_eq!(of("502 Bad Gateway").label(), "foreign");
        for text in ["502 Bad Gateway", "<html>Service Unavailable</html>", "429 Too Many Requests"] {
            assert!(matches!(of(text), StoreError::Unreachable { .. }), "{text}");
        }
        assert!(matches!(of("Code: 516. DB::Exception: Authentication failed"), StoreError::Denied { .. }));
        assert!(matches!(of("Code: 60. DB::Exception: Unknown table"), StoreError::NoSchema { .. }));
    }

    #[test]
    fn the_code_decides_what_can_be_done() {
        let of = |text: &str| StoreError::from_answer(text.to_owned());
        assert!(matches!(
            of("bad response: Code: 252. DB::Exception: Too many parts"),
            StoreError::Busy { code: 252, .. }
        ));
        assert!(matches!(of("Code: 516. DB::Exception: Authentication failed"), StoreError::Denied { .. }));
        assert!(matches!(of("Code: 60. DB::Exception: Unknown table"), StoreError::NoSchema { .. }));
        assert!(matches!(
            of("Code: 46. DB::Exception: Table function 't_mart.kpi_flags' does not exist"),
            StoreError::NoSchema { code: 46, .. }
        ));
        assert!(matches!(of("something else"), StoreError::Other { code: 0, .. }));
    }
}
