//! Another instance sends: its notes are looked at, until none comes any more.

use std::time::Duration;

use tokio::time::Instant;

use super::AlertParts;
use crate::store::alerts;

const LOOK_EVERY: Duration = Duration::from_secs(2);

/// By our own clock: whether the note has changed, not what time it says. While ClickHouse does not answer nobody is taken for dead.
pub(super) async fn wait_for_silence(parts: &AlertParts, sender: u64) {
    let mut last = None;
    let mut since = Instant::now();
    loop {
        match alerts::reached(&parts.store, &parts.topic).await {
            Ok(reached) => {
                let noted = reached.map(|reached| (reached.sender, reached.noted_at));
                // Our own note says nothing of the other.
                if noted != last && noted.is_some_and(|(of, _)| of != sender) {
                    since = Instant::now();
                }
                last = noted;
                parts.retry.answered();
                if since.elapsed() >= parts.take_over_after {
                    return;
                }
            }
            Err(error) => {
                since = Instant::now();
                parts.retry.put_off("alerts, standing by", &error);
            }
        }
        tokio::time::sleep(LOOK_EVERY.min(parts.take_over_after / 4)).await;
    }
}
