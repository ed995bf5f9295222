//! What a process says when it ends in an error or panics: in the form of its other lines, so that a collector reads it too.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    panic::{self, PanicHookInfo},
    sync::OnceLock,
    thread,
};

use super::json::Line;

/// Whether lines are JSON; unset until logs are started.
pub(super) static IS_JSON: OnceLock<bool> = OnceLock::new();

/// Its end, by an error. `is_service`: a process that logs, even if it ends before its logs are started.
pub fn end(error: &str, exit_code: u8, is_service: bool) {
    let is_json = match IS_JSON.get() {
        Some(is_json) => *is_json,
        None => {
            is_service && would_be_json(env::var("TONGGUAN__LOG__FORMAT").ok().as_deref(), io::stderr().is_terminal())
        }
    };
    if is_json {
        let mut line = Line::new("ERROR", "tongguan");
        line.put("message", "ended by an error");
        line.put("error", error);
        line.put("exit_code", exit_code);
        write(&line.text());
    } else {
        write(&format!("tongguan: {error}"));
    }
}

/// As far as can be known when the configuration cannot be read.
fn would_be_json(stated: Option<&str>, at_terminal: bool) -> bool {
    match stated {
        Some("json") => true,
        Some("pretty") => false,
        _ => !at_terminal,
    }
}

/// From now on a panic is a line of JSON too.
pub(super) fn hook_panics() {
    panic::set_hook(Box::new(|info| write(&panicked(info).text())));
}

fn panicked(info: &PanicHookInfo<'_>) -> Line {
    let mut line = Line::new("ERROR", "tongguan");
    line.put("message", "panicked");
    line.put("error", info.payload_as_str().unwrap_or("no words"));
    line.put("location", info.location().map(ToString::to_string).unwrap_or_default());
    line.put("thread", thread::current().name().unwrap_or_default());
    line
}

/// In one piece, so that no other line comes between.
fn write(line: &str) {
    let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_logs_are_started_the_form_is_the_stated_one_or_that_of_a_collector() {
        for (stated, at_terminal, is_json) in [
            (Some("json"), true, true),
            (Some("pretty"), false, false),
            (Some("auto"), false, true),
            (None, false, true),
            (None, true, false),
        ] {
            assert_eq!(would_be_json(stated, at_terminal), is_json, "{stated:?} {at_terminal}");
        }
    }
}
