//! Values of SQL Server, as its driver has them, and the types of its columns.

use jiff::{
    civil::{DateTime, date},
    tz::Offset,
};
use tiberius::{Column, ColumnData, ColumnType, numeric::Numeric, time};

use crate::{
    feed::import::GivenCell,
    pull::{
        cell::{Meaning, hexadecimal},
        growth::{GrowingKind, after},
        table::DbColumn,
        task::DatabaseKind,
    },
};

const NANOS_PER_MINUTE: i64 = 60_000_000_000;
const MILLIS_PER_DAY: i64 = 86_400_000;

pub(super) fn column(kind: DatabaseKind, said: &Column) -> DbColumn {
    use ColumnType as T;
    let growing = match said.column_type() {
        T::Int1 | T::Int2 | T::Int4 | T::Int8 | T::Intn | T::Decimaln | T::Numericn => Some(GrowingKind::Number),
        T::Datetime | T::Datetime4 | T::Datetimen => Some(GrowingKind::Coarse),
        T::Datetime2 => Some(GrowingKind::Civil),
        T::DatetimeOffsetn => Some(GrowingKind::Instant),
        T::Daten => Some(GrowingKind::Day),
        _ => None,
    };
    let name = said.name().to_owned();
    let (asked, type_name) = (format!("q.{}", kind.quoted(&name)), format!("{:?}", said.column_type()).to_lowercase());
    DbColumn { name, type_name, asked, meaning: Meaning::Text, growing }
}

pub(super) fn cell(value: &ColumnData<'_>) -> GivenCell {
    let known = match value {
        ColumnData::U8(value) => value.map(|value| text(&value)),
        ColumnData::I16(value) => value.map(|value| text(&value)),
        ColumnData::I32(value) => value.map(|value| text(&value)),
        ColumnData::I64(value) => value.map(|value| text(&value)),
        ColumnData::F32(value) => value.map(|value| text(&value)),
        ColumnData::F64(value) => value.map(|value| text(&value)),
        ColumnData::Bit(value) => value.map(|value| text(&value)),
        ColumnData::Guid(value) => value.map(|value| text(&value)),
        ColumnData::Numeric(value) => value.map(|value| GivenCell::Text(decimal(value))),
        ColumnData::String(value) => value.as_ref().map(|value| GivenCell::Text(value.clone().into_owned())),
        ColumnData::Xml(value) => value.as_ref().map(|value| GivenCell::Text(value.clone().into_owned().into_string())),
        ColumnData::Binary(value) => value.as_ref().map(|value| GivenCell::Text(hexadecimal(value))),
        ColumnData::DateTime(value) => value.and_then(coarse).map(GivenCell::Civil),
        ColumnData::SmallDateTime(value) => value.and_then(to_the_minute).map(GivenCell::Civil),
        ColumnData::DateTime2(value) => value.and_then(fine).map(GivenCell::Civil),
        ColumnData::DateTimeOffset(value) => {
            // What it carries is universal time, whatever its offset.
            value.and_then(|value| Offset::UTC.to_timestamp(fine(value.datetime2())?).ok()).map(GivenCell::Instant)
        }
        ColumnData::Date(value) => {
            value.and_then(|value| after(date(1, 1, 1), i64::from(value.days()), 0)).map(|at| GivenCell::Day(at.date()))
        }
        ColumnData::Time(value) => {
            let at = value.and_then(|value| after(date(1, 1, 1), 0, nanos(value)?));
            at.map(|at| text(&at.time()))
        }
    };
    known.unwrap_or(GivenCell::Empty)
}

fn text(value: &impl ToString) -> GivenCell {
    GivenCell::Text(value.to_string())
}

/// All digits: the driver's own words lose the sign of -0.5.
fn decimal(value: Numeric) -> String {
    let scale = usize::from(value.scale());
    let digits = format!("{:0>width$}", value.value().unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value.value() < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Thirds of a hundredth of a second, which the server shows as milliseconds.
fn coarse(value: time::DateTime) -> Option<DateTime> {
    let millis = (i64::from(value.seconds_fragments()) * 10 + 1) / 3;
    after(date(1900, 1, 1), i64::from(value.days()), millis.min(MILLIS_PER_DAY - 1) * 1_000_000)
}

/// What the driver calls fragments of seconds are minutes.
fn to_the_minute(value: time::SmallDateTime) -> Option<DateTime> {
    after(date(1900, 1, 1), i64::from(value.days()), i64::from(value.seconds_fragments()) * NANOS_PER_MINUTE)
}

fn fine(value: time::DateTime2) -> Option<DateTime> {
    after(date(1, 1, 1), i64::from(value.date().days()), nanos(value.time())?)
}

fn nanos(value: time::Time) -> Option<i64> {
    let each = 10_i64.checked_pow(9_u32.checked_sub(u32::from(value.scale()))?)?;
    i64::try_from(value.increments()).ok()?.checked_mul(each)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use tiberius::Uuid;

    use super::*;

    fn shown(value: &ColumnData<'_>) -> String {
        match cell(value) {
            GivenCell::Empty => "-".to_owned(),
            GivenCell::Text(text) => text,
            GivenCell::Civil(at) => format!("civil {at}"),
            GivenCell::Day(day) => format!("day {day}"),
            GivenCell::Instant(at) => format!("instant {at}"),
        }
    }

    /// 2021-03-06: 737,854 days after year 1, 44,259 after 1900.
    fn at(increments: u64, scale: u8) -> time::DateTime2 {
        time::DateTime2::new(time::Date::new(737_854), time::Time::new(increments, scale))
    }

    #[test]
    fn times_keep_every_digit_that_the_server_shows() {
        for (value, wanted) in [
            (ColumnData::DateTime2(Some(at(360_001_234_567, 7))), "civil 2021-03-06T10:00:00.1234567"),
            (ColumnData::DateTime2(Some(at(36_000, 0))), "civil 2021-03-06T10:00:00"),
            (
                ColumnData::DateTime(Some(time::DateTime::new(44_259, 36_000 * 300 + 1))),
                "civil 2021-03-06T10:00:00.003",
            ),
            (
                ColumnData::DateTime(Some(time::DateTime::new(44_259, 36_000 * 300 + 2))),
                "civil 2021-03-06T10:00:00.007",
            ),
            (ColumnData::DateTime(Some(time::DateTime::new(44_259, 36_000 * 300 + 3))), "civil 2021-03-06T10:00:00.01"),
            (ColumnData::SmallDateTime(Some(time::SmallDateTime::new(44_259, 601))), "civil 2021-03-06T10:01:00"),
            (ColumnData::Date(Some(time::Date::new(737_854))), "day 2021-03-06"),
            (ColumnData::Time(Some(time::Time::new(360_005, 1))), "10:00:00.5"),
            (
                ColumnData::DateTimeOffset(Some(time::DateTimeOffset::new(at(7_200, 0), 480))),
                "instant 2021-03-06T02:00:00Z",
            ),
        ] {
            assert_eq!(shown(&value), wanted, "{value:?}");
        }
    }

    #[test]
    fn numbers_lose_no_digit_and_bytes_are_hexadecimal() {
        let numeric = |value, scale| ColumnData::Numeric(Some(Numeric::new_with_scale(value, scale)));
        for (value, wanted) in [
            (numeric(-5, 1), "-0.5"),
            (
                numeric(12_345_678_901_234_567_890_123_456_789_012_345_678, 10),
                "1234567890123456789012345678.9012345678",
            ),
            (numeric(1200, 2), "12.00"),
            (numeric(7, 0), "7"),
            (ColumnData::I64(Some(i64::MIN)), "-9223372036854775808"),
            (ColumnData::F64(Some(121.4737)), "121.4737"),
            (ColumnData::F32(Some(0.1)), "0.1"),
            (ColumnData::Bit(Some(true)), "true"),
            (ColumnData::String(Some(Cow::from("路灯"))), "路灯"),
            (ColumnData::Binary(Some(Cow::from(&[0_u8, 255][..]))), "\\x00ff"),
            (ColumnData::Guid(Some(Uuid::from_u128(0xABCD))), "00000000-0000-0000-0000-00000000abcd"),
            (ColumnData::Xml(Some(Cow::Owned(tiberius::xml::XmlData::new("<a/>")))), "<a/>"),
        ] {
            assert_eq!(shown(&value), wanted);
        }
    }

    #[test]
    fn what_is_null_is_empty_whatever_its_type() {
        for value in
            [ColumnData::I32(None), ColumnData::String(None), ColumnData::DateTime2(None), ColumnData::Numeric(None)]
        {
            assert_eq!(cell(&value), GivenCell::Empty);
        }
    }

    #[test]
    fn a_column_that_has_no_order_of_times_or_numbers_cannot_grow() {
        let of = |kind| column(DatabaseKind::SqlServer, &Column::new("G".to_owned(), kind));
        assert_eq!(of(ColumnType::Datetimen).growing, Some(GrowingKind::Coarse));
        assert_eq!(of(ColumnType::Datetime2).growing, Some(GrowingKind::Civil));
        assert_eq!(of(ColumnType::Int8).growing, Some(GrowingKind::Number));
        assert_eq!(of(ColumnType::NVarchar).growing, None);
        assert_eq!(of(ColumnType::NVarchar).asked, "q.[G]");
    }
}
