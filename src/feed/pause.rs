//! A pause on a thread of its own: the poll thread's, and that of the last commit. A task sleeps by tokio.

use std::time::Duration;

#[allow(clippy::disallowed_methods, reason = "the one place; whoever calls it has the thread for itself")]
pub fn pause(length: Duration) {
    std::thread::sleep(length);
}
