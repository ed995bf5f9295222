//! A histogram of fixed buckets that costs a batch a few additions, whatever its size.
//!
//! The exporter keeps 24 bytes for each value until its next upkeep: at full speed tens of
//! megabytes for nothing but the sums below.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// Dense around the target (1 s), then out to the hour that a long outage takes.
pub(super) const BOUNDS_S: &[f64] = &[0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0, 3600.0];
const BUCKETS: usize = BOUNDS_S.len() + 1;

#[derive(Debug)]
pub(super) struct Delays {
    counts: [AtomicU64; BUCKETS],
    sum_us: AtomicU64,
}

impl Delays {
    pub(super) const fn new() -> Self {
        Self { counts: [const { AtomicU64::new(0) }; BUCKETS], sum_us: AtomicU64::new(0) }
    }

    /// A feeder's clock may run ahead of ours; such a delay counts as none.
    pub(super) fn add(&self, delays_s: impl IntoIterator<Item = f64>) {
        let mut counts = [0; BUCKETS];
        let mut sum_s = 0.0;
        for delay_s in delays_s {
            counts[BOUNDS_S.partition_point(|bound| *bound < delay_s)] += 1;
            sum_s += delay_s.max(0.0);
        }
        for (total, count) in self.counts.iter().zip(counts) {
            total.fetch_add(count, Relaxed);
        }
        self.sum_us.fetch_add((sum_s * 1e6) as u64, Relaxed);
    }

    pub(super) fn render(&self, name: &str, help: &str, text: &mut String) {
        // Writing to a String cannot fail.
        let _ = self.write(name, help, text);
    }

    fn write(&self, name: &str, help: &str, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# HELP {name} {help}\n# TYPE {name} histogram")?;
        let mut total = 0;
        for (index, count) in self.counts.iter().enumerate() {
            total += count.load(Relaxed);
            match BOUNDS_S.get(index) {
                Some(bound) => writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {total}")?,
                None => writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {total}")?,
            }
        }
        let sum_s = self.sum_us.load(Relaxed) as f64 / 1e6;
        writeln!(text, "{name}_sum {sum_s}\n{name}_count {total}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_falls_into_the_first_bucket_that_holds_it_and_buckets_add_up() {
        let delays = Delays::new();
        delays.add([-3.0, 0.05, 0.5, 7200.0]);
        delays.add([0.6]);
        let mut text = String::new();
        delays.render("d", "Help.", &mut text);
        for line in [
            "d_bucket{le=\"0.05\"} 2",
            "d_bucket{le=\"0.5\"} 3",
            "d_bucket{le=\"1\"} 4",
            "d_bucket{le=\"3600\"} 4",
            "d_bucket{le=\"+Inf\"} 5",
            "d_sum 7201.15",
            "d_count 5",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
