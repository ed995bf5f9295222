//! What a task of `tongguan pull` shows (docs/pull.md, Watching it). `task` is the name of its file, because several run on one machine.

use metrics::{counter, gauge};

use super::table::{PULL_EVENTS, PULL_EVERY, PULL_NEWEST, PULL_PASSED, PULL_REJECTED, PULL_ROWS, PULL_TROUBLE};

pub fn pull_passed(task: &str, at_s: f64) {
    gauge!(PULL_PASSED, "task" => task.to_owned()).set(at_s);
}

/// From the beginning of a pass to that of the next.
pub fn pull_every(task: &str, seconds: u64) {
    gauge!(PULL_EVERY, "task" => task.to_owned()).set(seconds as f64);
}

pub fn pull_newest(task: &str, at_s: f64) {
    gauge!(PULL_NEWEST, "task" => task.to_owned()).set(at_s);
}

/// All that the task ever did, as its state folder knows it.
pub fn pull_counts(task: &str, rows: u64, events: u64, rejected: u64) {
    for (name, count) in [(PULL_ROWS, rows), (PULL_EVENTS, events), (PULL_REJECTED, rejected)] {
        counter!(name, "task" => task.to_owned()).absolute(count);
    }
}

pub fn pull_trouble(task: &str, what: &'static str, is_so: bool) {
    gauge!(PULL_TROUBLE, "task" => task.to_owned(), "what" => what).set(f64::from(u8::from(is_so)));
}
