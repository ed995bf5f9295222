//! Logs: to standard error, one line an event, times in UTC (RFC 3339).
//!
//! Pretty for a person at a terminal, JSON for a collector. No log carries personal data; that is
//! the business of those who write them.

mod json;
mod last_words;

use std::{env, io, io::IsTerminal};

use thiserror::Error;
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter,
    filter::ParseError,
    fmt::{self, MakeWriter},
    util::{SubscriberInitExt, TryInitError},
};

use self::json::JsonLines;
pub use self::last_words::end;
use crate::config::{LogFormat, LogLevel, LogSettings};

#[derive(Debug, Error)]
pub enum TelemetryError {
    #[error("RUST_LOG cannot be used: {0}; write for example info or tongguan=debug,info")]
    Filter(#[from] ParseError),
    #[error("logs cannot be started: {0}")]
    Install(#[from] TryInitError),
}

/// Starts the logs of this process; once.
pub fn init(log: &LogSettings) -> Result<(), TelemetryError> {
    let at_terminal = io::stderr().is_terminal();
    let filter = env::var("RUST_LOG").ok();
    subscriber(log, filter.as_deref(), at_terminal, io::stderr)?.try_init()?;
    let is_json = is_json(log.format, at_terminal);
    if is_json {
        last_words::hook_panics();
    }
    let _ = last_words::IS_JSON.set(is_json);
    Ok(())
}

type BoxedSubscriber = Box<dyn Subscriber + Send + Sync>;

fn subscriber<W>(
    log: &LogSettings,
    rust_log: Option<&str>,
    at_terminal: bool,
    writer: W,
) -> Result<BoxedSubscriber, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let stated = rust_log.filter(|text| !text.trim().is_empty());
    let filter = EnvFilter::builder().parse(stated.unwrap_or(level(log.level)))?;
    // A line that cannot be written (a full disk) is lost. The library would say so on standard error, and panic where that is full too.
    let lines = fmt::Subscriber::builder().with_env_filter(filter).with_writer(writer).log_internal_errors(false);
    if is_json(log.format, at_terminal) {
        return Ok(Box::new(lines.event_format(JsonLines).finish()));
    }
    let is_coloured = at_terminal && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    Ok(Box::new(lines.with_ansi(is_coloured).finish()))
}

fn is_json(format: LogFormat, at_terminal: bool) -> bool {
    match format {
        LogFormat::Auto => !at_terminal,
        LogFormat::Pretty => false,
        LogFormat::Json => true,
    }
}

fn level(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Debug, Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written when one line of each level is logged.
    fn logged(format: LogFormat, rust_log: Option<&str>, at_terminal: bool) -> String {
        written(format, rust_log, at_terminal, || {
            tracing::info!(rows = 3, "batch written");
            tracing::debug!("detail");
        })
    }

    fn written(format: LogFormat, rust_log: Option<&str>, at_terminal: bool, act: impl FnOnce()) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let log = LogSettings { level: LogLevel::Info, format };
        let subscriber = subscriber(&log, rust_log, at_terminal, move || writer.clone()).unwrap();
        tracing::subscriber::with_default(subscriber, act);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn away_from_a_terminal_a_log_line_is_json_with_a_utc_time() {
        let text = logged(LogFormat::Auto, None, false);
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["rows"], 3);
        assert_eq!(line["level"], "INFO");
        let time = line["timestamp"].as_str().unwrap();
        assert!(time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    }

    #[test]
    fn a_key_stands_once_whatever_the_fields_are_called() {
        let text = written(LogFormat::Json, None, false, || {
            tracing::info!(
                level = "deep",
                target = 7,
                timestamp = "never",
                x = 1,
                x = 2,
                x_2 = 3,
                "two\nlines \u{1b}[31m"
            );
        });
        assert_eq!(text.lines().count(), 1);
        assert!(!text.contains('\u{1b}'), "{text}");
        for key in
            ["timestamp", "level", "target", "message", "timestamp_2", "level_2", "target_2", "x", "x_2", "x_2_2"]
        {
            assert_eq!(text.matches(&format!("\"{key}\":")).count(), 1, "{key} in {text}");
        }
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["message"], "two\nlines \u{1b}[31m");
        assert_eq!((&line["level"], &line["level_2"]), (&"INFO".into(), &"deep".into()));
        assert_eq!((&line["x"], &line["x_2"], &line["x_2_2"]), (&1.into(), &2.into(), &3.into()));
    }

    #[test]
    fn at_a_terminal_a_log_line_is_for_people() {
        let text = logged(LogFormat::Auto, None, true);
        assert!(text.contains("batch written") && !text.starts_with('{'), "{text}");
    }

    #[test]
    fn the_stated_format_holds_wherever_it_goes() {
        assert!(logged(LogFormat::Json, None, true).starts_with('{'));
        assert!(!logged(LogFormat::Pretty, None, false).contains("\u{1b}["));
    }

    #[test]
    fn rust_log_overrides_the_level_and_a_wrong_one_is_refused() {
        assert!(logged(LogFormat::Json, Some("debug"), false).contains("detail"));
        assert_eq!(logged(LogFormat::Json, Some("warn"), false), "");
        assert!(!logged(LogFormat::Json, Some(""), false).is_empty());
        let log = LogSettings { level: LogLevel::Info, format: LogFormat::Json };
        assert!(subscriber(&log, Some("tongguan=loud"), false, io::stderr).is_err());
    }
}
