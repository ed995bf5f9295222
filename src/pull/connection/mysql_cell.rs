//! Columns of MySQL and its relatives, by what their protocol says of them.

use jiff::tz::Offset;
use mysql_async::{Column, consts::ColumnType};

use super::CELL_MAX;
use crate::pull::{cell::Meaning, growth::GrowingKind, table::DbColumn, task::DatabaseKind};

/// The collation of bytes that are no text.
const BINARY: u16 = 63;

/// `clock` is the session's, by which `TIMESTAMP` is told.
pub(super) fn column(kind: DatabaseKind, said: &Column, clock: Offset) -> DbColumn {
    use ColumnType as T;
    let name = said.name_str().into_owned();
    let column = format!("q.{}", kind.quoted(&name));
    let is_bytes = said.character_set() == BINARY;
    let (meaning, growing, is_long) = match said.column_type() {
        T::MYSQL_TYPE_TIMESTAMP | T::MYSQL_TYPE_TIMESTAMP2 => {
            (Meaning::Offset(clock), Some(GrowingKind::Instant), false)
        }
        T::MYSQL_TYPE_DATETIME | T::MYSQL_TYPE_DATETIME2 => (Meaning::Civil, Some(GrowingKind::Civil), false),
        T::MYSQL_TYPE_DATE | T::MYSQL_TYPE_NEWDATE => (Meaning::Day, Some(GrowingKind::Day), false),
        T::MYSQL_TYPE_TINY
        | T::MYSQL_TYPE_SHORT
        | T::MYSQL_TYPE_INT24
        | T::MYSQL_TYPE_LONG
        | T::MYSQL_TYPE_LONGLONG
        | T::MYSQL_TYPE_DECIMAL
        | T::MYSQL_TYPE_NEWDECIMAL
        | T::MYSQL_TYPE_YEAR => (Meaning::Text, Some(GrowingKind::Number), false),
        T::MYSQL_TYPE_BIT => (Meaning::Bits, None, false),
        T::MYSQL_TYPE_GEOMETRY => (Meaning::Bytes, None, false),
        T::MYSQL_TYPE_JSON => (Meaning::Text, None, true),
        T::MYSQL_TYPE_TINY_BLOB
        | T::MYSQL_TYPE_MEDIUM_BLOB
        | T::MYSQL_TYPE_LONG_BLOB
        | T::MYSQL_TYPE_BLOB
        | T::MYSQL_TYPE_VAR_STRING
        | T::MYSQL_TYPE_VARCHAR
        | T::MYSQL_TYPE_STRING => (if is_bytes { Meaning::Bytes } else { Meaning::Text }, None, true),
        _ => (Meaning::Text, None, false),
    };
    let asked = if is_long { format!("LEFT({column}, {CELL_MAX})") } else { column };
    let type_name = format!("{:?}", said.column_type()).trim_start_matches("MYSQL_TYPE_").to_lowercase();
    DbColumn { name, type_name, asked, meaning, growing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_from_text_by_their_collation_and_times_by_their_type() {
        let of = |kind, collation| {
            let said = Column::new(kind).with_name(b"c").with_character_set(collation);
            column(DatabaseKind::MySql, &said, Offset::constant(8))
        };
        let text = of(ColumnType::MYSQL_TYPE_VAR_STRING, 45);
        assert_eq!((text.meaning, text.asked.as_str()), (Meaning::Text, "LEFT(q.`c`, 1000000)"));
        assert_eq!(of(ColumnType::MYSQL_TYPE_BLOB, BINARY).meaning, Meaning::Bytes);
        assert_eq!(of(ColumnType::MYSQL_TYPE_JSON, BINARY).meaning, Meaning::Text);
        assert_eq!(of(ColumnType::MYSQL_TYPE_TIMESTAMP, BINARY).meaning, Meaning::Offset(Offset::constant(8)));
        assert_eq!(of(ColumnType::MYSQL_TYPE_TIMESTAMP, BINARY).growing, Some(GrowingKind::Instant));
        assert_eq!(of(ColumnType::MYSQL_TYPE_DATETIME, BINARY).growing, Some(GrowingKind::Civil));
        assert_eq!(of(ColumnType::MYSQL_TYPE_LONGLONG, BINARY).growing, Some(GrowingKind::Number));
        assert_eq!(of(ColumnType::MYSQL_TYPE_DOUBLE, BINARY).growing, None);
    }
}
