//! The only place that asks what time it is.

use crate::domain::time::Millis;

pub fn now() -> Millis {
    Millis(jiff::Timestamp::now().as_millisecond())
}
