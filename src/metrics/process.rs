//! What the system says of this process, under the names that every Prometheus client uses.

use std::sync::OnceLock;

use metrics::{counter, gauge};
use procfs::{
    ProcError, WithCurrentSystemInfo as _,
    process::{LimitValue, Process},
};

use super::table::{CPU_SECONDS, MAX_FDS, OPEN_FDS, RESIDENT_MEMORY, START_TIME};

/// The system reckons it back from its clock: reckoned anew, it would move when the clock is set, and look like a restart.
static STARTED: OnceLock<u64> = OnceLock::new();

/// Asked when somebody looks, not before. What the system does not say is not shown.
pub(super) fn record() {
    if let Err(error) = try_record() {
        tracing::debug!(%error, "/proc says nothing of this process");
    }
}

fn try_record() -> Result<(), ProcError> {
    let me = Process::myself()?;
    let stat = me.stat()?;
    let per_second = procfs::ticks_per_second();
    counter!(CPU_SECONDS).absolute((stat.utime + stat.stime) / per_second);
    gauge!(RESIDENT_MEMORY).set(stat.rss_bytes().get() as f64);
    let booted = procfs::boot_time_secs()?;
    gauge!(START_TIME).set(*STARTED.get_or_init(|| booted + stat.starttime / per_second) as f64);
    gauge!(OPEN_FDS).set(me.fd_count()? as f64);
    gauge!(MAX_FDS).set(match me.limits()?.max_open_files.soft_limit {
        LimitValue::Value(most) => most as f64,
        LimitValue::Unlimited => 0.0,
    });
    Ok(())
}
