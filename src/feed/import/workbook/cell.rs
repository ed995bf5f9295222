//! A cell as text that says the same, and what is known of it besides.

use calamine::{Data, ExcelDateTime, Style};

use crate::feed::import::{
    clock::Clock,
    record::Mark,
    serial::{Epoch, of_serial},
};

/// A spreadsheet keeps 15 digits of a number.
const DIGITS_MAX: f64 = 1e15;

/// No number of a case is longer.
const ZEROS_MAX: usize = 64;

#[derive(Debug)]
pub(super) struct Cell {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) data: Data,
    pub(super) shape: Shape,
}

/// What the number's format shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// `000000` shows 1001 as 001001, and that is the number that people know.
    zeros: usize,
    has_time: bool,
}

impl Shape {
    pub(super) fn of(style: &Style) -> Self {
        let Some(format) = &style.number_format else { return Self::default() };
        let code = format.format_code.as_str();
        let is_padded = code.len() <= ZEROS_MAX && code.bytes().all(|byte| byte == b'0');
        let zeros = if is_padded { code.len() } else { 0 };
        let has_time = code.contains(['h', 'H', '时']) || matches!(format.format_id, Some(18..=22 | 45..=47));
        Self { zeros, has_time }
    }
}

pub(super) fn text(cell: &Cell, epoch: Epoch, clock: &Clock) -> (String, Option<Mark>) {
    match &cell.data {
        Data::Empty => (String::new(), None),
        Data::String(text) | Data::DurationIso(text) => (text.clone(), None),
        Data::Int(number) => of_number(*number as f64, cell.shape),
        Data::Float(number) => of_number(*number, cell.shape),
        Data::Bool(flag) => (if *flag { "TRUE" } else { "FALSE" }.to_owned(), None),
        Data::Error(error) => (error.to_string(), None),
        Data::DateTime(at) => of_date(at, cell.shape, epoch, clock),
        Data::DateTimeIso(text) => match text.parse::<jiff::civil::DateTime>() {
            Ok(at) => (clock.written(at, !text.contains(['T', ' '])), Some(Mark::Date)),
            Err(_) => (text.clone(), None),
        },
    }
}

fn of_number(number: f64, shape: Shape) -> (String, Option<Mark>) {
    if number.fract() == 0.0 {
        let mark = (number.abs() >= DIGITS_MAX).then_some(Mark::TooManyDigits);
        // Not -0.
        let text = format!("{:.0}", number + 0.0);
        return (format!("{text:0>width$}", width = shape.zeros), mark);
    }
    // What lies beyond the 15th digit is an error of computing, which no spreadsheet shows.
    let kept: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    (kept.to_string(), None)
}

fn of_date(at: &ExcelDateTime, shape: Shape, epoch: Epoch, clock: &Clock) -> (String, Option<Mark>) {
    let serial = at.as_f64();
    if at.is_duration() {
        let seconds = (serial * 86_400.0).round() as i64;
        let (hours, rest) = (seconds / 3600, (seconds % 3600).abs());
        return (format!("{hours:02}:{:02}:{:02}", rest / 60, rest % 60), None);
    }
    match of_serial(serial, epoch) {
        // A time of day, which a template puts behind its date.
        Some(at) if serial < 1.0 => (at.strftime("%H:%M:%S").to_string(), Some(Mark::Date)),
        Some(at) => {
            let is_bare = serial.fract() == 0.0 && !shape.has_time;
            (clock.written(at, is_bare), Some(Mark::Date))
        }
        None => of_number(serial, Shape::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_text_that_a_person_sees() {
        let of = |number, zeros| of_number(number, Shape { zeros, has_time: false });
        assert_eq!(of(1001.0, 0), ("1001".to_owned(), None));
        assert_eq!(of(1001.0, 6), ("001001".to_owned(), None));
        assert_eq!(of(-0.0, 0).0, "0");
        assert_eq!(of(0.1 + 0.2, 0).0, "0.3");
        assert_eq!(of(121.4737, 0).0, "121.4737");
        assert_eq!(of(999_999_999_999_999.0, 0), ("999999999999999".to_owned(), None));
        assert_eq!(of(2_101_010_000_012_345.0, 0).1, Some(Mark::TooManyDigits));
    }
}
