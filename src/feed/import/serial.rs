//! Dates of a spreadsheet: days since its epoch.

use jiff::{
    Span,
    civil::{Date, DateTime, date},
};

/// A serial of few digits is off by some hundredths of a second; nobody means those.
const SNAP_MS: i64 = 50;
const DAY_MS: f64 = 86_400_000.0;

/// In which year a workbook begins to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Epoch {
    /// Of Windows. It has a 29 February 1900 that never was; the days before are of no case.
    Of1900,
    /// Of old Macintosh systems.
    Of1904,
}

impl Epoch {
    fn begin(self) -> Date {
        match self {
            Self::Of1900 => date(1899, 12, 30),
            Self::Of1904 => date(1904, 1, 1),
        }
    }
}

/// The civil time of a serial; none beyond the year 9999.
pub(super) fn of_serial(serial: f64, epoch: Epoch) -> Option<DateTime> {
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let mut ms = (serial * DAY_MS).round() as i64;
    let beside = (ms + 500).rem_euclid(1000) - 500;
    if beside.abs() <= SNAP_MS {
        ms -= beside;
    }
    epoch.begin().to_datetime(jiff::civil::Time::midnight()).checked_add(Span::new().milliseconds(ms)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_of_both_epochs_give_their_day_and_time() {
        let of = |serial, epoch| of_serial(serial, epoch).unwrap().to_string();
        assert_eq!(of(44256.0, Epoch::Of1900), "2021-03-01T00:00:00");
        assert_eq!(of(44_256.354_166_666_664, Epoch::Of1900), "2021-03-01T08:30:00");
        assert_eq!(of(44_256.354_167, Epoch::Of1900), "2021-03-01T08:30:00", "of six digits");
        assert_eq!(of(44_256.999_999_9, Epoch::Of1900), "2021-03-02T00:00:00");
        assert_eq!(of(42794.5, Epoch::Of1904), "2021-03-01T12:00:00");
        assert_eq!(of(61.0, Epoch::Of1900), "1900-03-01T00:00:00");
        assert_eq!(of_serial(1e9, Epoch::Of1900), None);
        assert_eq!(of_serial(f64::NAN, Epoch::Of1900), None);
    }
}
