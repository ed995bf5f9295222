//! ClickHouse's Native format: one block of columns, encoded once and kept as bytes, so that a retry sends the same.
//! Rows would cost the server half as much again; `RowBinary` through serde was measured and left.

mod body;
mod column;
mod table;
mod types;

use std::sync::Arc;

use serde::Serialize;

pub use self::{
    body::Body,
    table::{Column, Table},
    types::Type,
};
use crate::domain::time::Millis;

/// A block under construction: fill row after row, each row column after column. Encoded, it is empty again and keeps its
/// memory: buffers that grow anew for each batch, in memory that nobody had yet, cost a tenth of the service.
#[derive(Debug)]
pub struct Block {
    columns: Vec<column::Column>,
    kinds: Arc<[Type]>,
    rows: usize,
    next: usize,
    /// The JSON of one value.
    json: Vec<u8>,
}

impl Block {
    pub fn new(columns: impl Iterator<Item = (&'static str, Type)> + Clone) -> Self {
        let kinds = columns.clone().map(|(_, kind)| kind).collect();
        let columns = columns.map(|(name, kind)| column::Column::new(name, kind)).collect();
        Self { columns, kinds, rows: 0, next: 0, json: Vec::new() }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Ends a row; every column must have had its value.
    pub fn end_row(&mut self) {
        assert_eq!(self.next, self.columns.len(), "a row must fill every column");
        self.next = 0;
        self.rows += 1;
    }

    pub fn text(&mut self, value: &str) {
        self.put(Type::Text).string(value.as_bytes());
    }

    pub fn binary(&mut self, value: &[u8]) {
        self.put(Type::Text).string(value);
    }

    /// As a text of JSON. What has text keys only goes into memory without anything that could fail.
    pub fn json(&mut self, value: &impl Serialize) {
        let mut json = std::mem::take(&mut self.json);
        json.clear();
        let _ = serde_json::to_writer(&mut json, value);
        self.binary(&json);
        self.json = json;
    }

    pub fn low(&mut self, value: &str) {
        self.put(Type::Low).low(value);
    }

    pub fn u32(&mut self, value: u32) {
        self.put(Type::U32).values.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.put(Type::U64).values.extend_from_slice(&value.to_le_bytes());
    }

    pub fn i32(&mut self, value: i32) {
        self.put(Type::I32).values.extend_from_slice(&value.to_le_bytes());
    }

    pub fn i64(&mut self, value: i64) {
        self.put(Type::I64).values.extend_from_slice(&value.to_le_bytes());
    }

    pub fn bool(&mut self, value: bool) {
        self.put(Type::Bool).values.push(u8::from(value));
    }

    pub(super) fn maybe_bool(&mut self, value: Option<bool>) {
        let column = self.put(Type::MaybeBool);
        column.nulls.push(u8::from(value.is_none()));
        column.values.push(u8::from(value.unwrap_or(false)));
    }

    pub fn u16(&mut self, value: u16) {
        self.put(Type::U16).values.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn maybe_i64(&mut self, value: Option<i64>) {
        self.put(Type::MaybeI64).maybe_i64(value);
    }

    pub fn time(&mut self, value: Millis) {
        self.put(Type::Time).time(value);
    }

    pub(super) fn maybe_time(&mut self, value: Option<Millis>) {
        self.put(Type::MaybeTime).maybe_time(value);
    }

    pub fn times(&mut self, values: impl Iterator<Item = Millis>) {
        let column = self.put(Type::Times);
        values.for_each(|value| column.element(|column| column.time(value)));
        column.end_array();
    }

    pub(super) fn maybe_times(&mut self, values: impl Iterator<Item = Option<Millis>>) {
        let column = self.put(Type::MaybeTimes);
        values.for_each(|value| column.element(|column| column.maybe_time(value)));
        column.end_array();
    }

    pub(super) fn maybe_i64s(&mut self, values: impl Iterator<Item = Option<i64>>) {
        let column = self.put(Type::MaybeI64s);
        values.for_each(|value| column.element(|column| column.maybe_i64(value)));
        column.end_array();
    }

    pub fn texts<'a>(&mut self, values: impl Iterator<Item = &'a str>) {
        let column = self.put(Type::Texts);
        values.for_each(|value| column.element(|column| column.string(value.as_bytes())));
        column.end_array();
    }

    /// An array of one byte each: numbers, yes-or-no's, or the values of an Enum8.
    pub fn bytes(&mut self, kind: Type, values: impl Iterator<Item = u8>) {
        let column = self.put(kind);
        values.for_each(|value| column.element(|column| column.values.push(value)));
        column.end_array();
    }

    pub(super) fn u16s(&mut self, values: impl Iterator<Item = u16>) {
        self.numbers(Type::U16s, values.map(u16::to_le_bytes));
    }

    pub(super) fn u32s(&mut self, values: impl Iterator<Item = u32>) {
        self.numbers(Type::U32s, values.map(u32::to_le_bytes));
    }

    pub(super) fn u64s(&mut self, values: impl Iterator<Item = u64>) {
        self.numbers(Type::U64s, values.map(u64::to_le_bytes));
    }

    pub(super) fn i32s(&mut self, values: impl Iterator<Item = i32>) {
        self.numbers(Type::I32s, values.map(i32::to_le_bytes));
    }

    pub(super) fn i64s(&mut self, values: impl Iterator<Item = i64>) {
        self.numbers(Type::I64s, values.map(i64::to_le_bytes));
    }

    fn numbers<const N: usize>(&mut self, kind: Type, values: impl Iterator<Item = [u8; N]>) {
        let column = self.put(kind);
        values.for_each(|value| column.element(|column| column.values.extend_from_slice(&value)));
        column.end_array();
    }

    /// The next column, which must be of the type; a mismatch is a mistake in the row's function, caught by any test.
    fn put(&mut self, kind: Type) -> &mut column::Column {
        let column = &mut self.columns[self.next];
        assert!(column.kind == kind, "column {} is {:?}, not {kind:?}", column.name, column.kind);
        self.next += 1;
        column
    }

    /// The body of an insert `FORMAT Native`; nothing at all for no rows, because ClickHouse does not bring the columns
    /// of an empty block into the table's order and then calls it a mismatch.
    pub fn encode(&mut self) -> Body {
        if self.rows == 0 {
            return Body::default();
        }
        let mut out = Body::of(&self.kinds, self.rows);
        for (index, column) in self.columns.iter_mut().enumerate() {
            column.encode(index, &mut out);
        }
        self.rows = 0;
        out.end();
        out
    }

    /// Takes back a body that was sent, for the memory that it is in.
    pub fn give_back(&mut self, body: Body) {
        for (place, buffer) in body.buffers() {
            self.columns[place.column].give_back(place.buffer, buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(block: &mut Block) -> Body {
        for number in 0..20_000 {
            block.text("庙行镇");
            block.low(if number % 2 == 0 { "hotline" } else { "grid" });
            block.maybe_time((number % 3 == 0).then_some(Millis(number)));
            block.end_row();
        }
        block.encode()
    }

    #[test]
    fn the_next_batch_is_written_where_the_last_one_lay_and_says_the_same() {
        let mut block = Block::new([("name", Type::Text), ("stream", Type::Low), ("at", Type::MaybeTime)].into_iter());
        let large = |body: &Body| {
            body.pieces().filter(|piece| piece.len() > 16 * 1024).map(|piece| piece.as_ptr()).collect::<Vec<_>>()
        };
        let whole = |body: &Body| body.pieces().flat_map(|piece| piece.to_vec()).collect::<Vec<u8>>();
        let first = filled(&mut block);
        let (lay, said) = (large(&first), whole(&first));
        assert_eq!(lay.len(), 4, "texts, indices, nulls and times");
        block.give_back(first);
        let second = filled(&mut block);
        assert_eq!(large(&second), lay);
        assert!(whole(&second) == said, "not the same bytes");
    }
}
