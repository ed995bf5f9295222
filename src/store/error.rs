//! What can go wrong with ClickHouse, named by what the caller can do about it.

use std::error::Error as _;

use clickhouse::error::Error as ClientError;

use crate::tls::Trouble;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not there, the line is cut, or something else answers in its place, such as a proxy: wait and try again.
    #[error("cannot reach ClickHouse at {url}: {detail}. Is it running, and is clickhouse.url right?")]
    Unreachable { url: String, detail: String },
    /// There, but cannot just now (too many parts, memory, read-only, time-outs): wait and try again.
    #[error("ClickHouse cannot take it now (code {code}): {detail}")]
    Busy { code: u32, detail: String },
    /// The account is wrong or may not do this: somebody has to change it.
    #[error("ClickHouse refuses this account (code {code}): {detail}. Look at clickhouse.user and clickhouse.password")]
    Denied { code: u32, detail: String },
    /// The schema is not there: run `tongguan migrate`.
    #[error("the schema is missing (code {code}): {detail}. Run `tongguan migrate`")]
    NoSchema { code: u32, detail: String },
    /// Anything else that ClickHouse said, or an answer that could not be read.
    #[error("ClickHouse: {detail}")]
    Other { code: u32, detail: String },
    /// What the connection would be made with cannot be used.
    #[error("cannot set up the connection to ClickHouse: {0}")]
    Setup(String),
    #[error("{0}")]
    Migration(String),
}

impl StoreError {
    pub fn new(url: &str, error: &ClientError) -> Self {
        let detail = Trouble::within(error).map_or_else(|| chain(error), |trouble| trouble.told("clickhouse"));
        match error {
            ClientError::Network(_) | ClientError::TimedOut => Self::Unreachable { url: url.to_owned(), detail },
            // ClickHouse gives every refusal a number.
            ClientError::BadResponse(text) if code_in(text) == 0 => Self::Unreachable { url: url.to_owned(), detail },
            _ => Self::from_answer(detail),
        }
    }

    /// By the number in `Code: 252. DB::Exception: …`.
    fn from_answer(detail: String) -> Self {
        let code = code_in(&detail);
        match code {
            159 | 160 | 164 | 201 | 202 | 203 | 209 | 210 | 236 | 241 | 242 | 243 | 252 | 279 | 285 | 319 | 394
            | 425 | 439 | 473 | 667 | 745 | 999 => Self::Busy { code, detail },
            192..=194 | 497 | 516 => Self::Denied { code, detail },
            // 46: a view with parameters that is not there is an unknown function.
            16 | 46 | 47 | 60 | 81 => Self::NoSchema { code, detail },
            _ => Self::Other { code, detail },
        }
    }

    /// For the metric; 0 where ClickHouse gave none.
    pub fn code(&self) -> u32 {
        match self {
            Self::Busy { code, .. }
            | Self::Denied { code, .. }
            | Self::NoSchema { code, .. }
            | Self::Other { code, .. } => *code,
            Self::Unreachable { .. } | Self::Setup(_) | Self::Migration(_) => 0,
        }
    }
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
