//! A value of a change, by its semantic type, as a cell.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date, tz::Offset};
use serde_json::Value;

use crate::feed::import::GivenCell;

/// Stands for a large column that did not change.
const UNAVAILABLE: &str = "__debezium_unavailable_value";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ColumnType {
    #[default]
    Plain,
    /// A clock's time, so many of which are a second.
    Civil(i64),
    CivilText,
    Instant,
    Day,
    DayText,
    /// Bytes, with so many digits behind the point.
    Decimal(u32),
    DecimalOfItsOwnScale,
}

impl ColumnType {
    pub(super) fn of(name: &str, scale: Option<u32>) -> Self {
        match (name, scale) {
            ("io.debezium.time.Timestamp" | "org.apache.kafka.connect.data.Timestamp", _) => Self::Civil(1000),
            ("io.debezium.time.MicroTimestamp", _) => Self::Civil(1_000_000),
            ("io.debezium.time.NanoTimestamp", _) => Self::Civil(1_000_000_000),
            ("io.debezium.time.IsoTimestamp", _) => Self::CivilText,
            ("io.debezium.time.ZonedTimestamp", _) => Self::Instant,
            ("io.debezium.time.Date" | "org.apache.kafka.connect.data.Date", _) => Self::Day,
            ("io.debezium.time.IsoDate", _) => Self::DayText,
            ("org.apache.kafka.connect.data.Decimal", Some(scale)) => Self::Decimal(scale),
            ("io.debezium.data.VariableScaleDecimal", _) => Self::DecimalOfItsOwnScale,
            _ => Self::Plain,
        }
    }
}

/// None: not of this type.
pub(super) fn cell(value: Value, kind: ColumnType) -> Option<GivenCell> {
    if value.is_null() || value == UNAVAILABLE {
        return Some(GivenCell::Empty);
    }
    match kind {
        ColumnType::Plain => Some(GivenCell::Text(match value {
            Value::String(text) => text,
            other => other.to_string(),
        })),
        ColumnType::Civil(each) => civil(value.as_i64()?, each),
        ColumnType::CivilText => {
            let at = value.as_str()?.trim_end_matches('Z').parse().ok()?;
            Some(GivenCell::Civil(at))
        }
        // Infinity stays what it is.
        ColumnType::Instant => Some(match value.as_str()?.parse::<Timestamp>() {
            Ok(at) => GivenCell::Instant(at),
            Err(_) => GivenCell::Text(value.as_str()?.to_owned()),
        }),
        ColumnType::Day => {
            let day = Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(value.as_i64()?).ok()?);
            day.ok().map(GivenCell::Day)
        }
        ColumnType::DayText => value.as_str()?.trim_end_matches('Z').parse().ok().map(GivenCell::Day),
        ColumnType::Decimal(scale) => decimal(value.as_str()?, scale),
        ColumnType::DecimalOfItsOwnScale => {
            let scale = u32::try_from(value.get("scale")?.as_i64()?).ok()?;
            decimal(value.get("value")?.as_str()?, scale)
        }
    }
}

fn civil(count: i64, each: i64) -> Option<GivenCell> {
    let nanos = i128::from(count) * i128::from(1_000_000_000 / each);
    Timestamp::from_nanosecond(nanos).ok().map(|at| GivenCell::Civil(Offset::UTC.to_datetime(at)))
}

/// A number as bytes, the largest first, the sign in the first bit.
fn decimal(packed: &str, scale: u32) -> Option<GivenCell> {
    let bytes = STANDARD.decode(packed).ok().filter(|bytes| (1..=16).contains(&bytes.len()))?;
    let sign = if bytes[0] & 0x80 == 0 { 0_i128 } else { -1 };
    let number = bytes.iter().fold(sign, |number, byte| number << 8 | i128::from(*byte));
    let scale = usize::try_from(scale).ok().filter(|scale| *scale <= 38)?;
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let (sign, point) = (if number < 0 { "-" } else { "" }, if scale == 0 { "" } else { "." });
    Some(GivenCell::Text(format!("{sign}{whole}{point}{fraction}")))
}
