//! Another instance sends: its notes are looked at, until none comes any more.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;

use super::AlertParts;
use crate::store::alerts;

const LOOK_EVERY: Duration = Duration::from_secs(2);

/// By our own clock: whether the note has changed, not what time it says. While ClickHouse does not answer nobody is taken for dead.
pub(super) async fn wait_for_silence(parts: &AlertParts) {
    // Of several who stand by, one is the first.
    let patience = parts.take_over_after.mul_f64(rand::rng().random_range(1.0..=1.25));
    let mut last = None;
    let mut since = Instant::now();
    loop {
        match alerts::reached(&parts.store, &parts.topic).await {
            Ok(reached) => {
                let noted = reached.map(|reached| (reached.sender, reached.noted_at));
                if noted != last {
                    since = Instant::now();
                }
                last = noted;
                parts.retry.answered();
                if since.elapsed() >= patience {
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
