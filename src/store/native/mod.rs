//! ClickHouse's Native format: one block of columns, encoded once and kept as bytes, so that a retry sends the same.
//! Rows would cost the server half as much again; `RowBinary` through serde was measured and left.

mod types;

use std::collections::HashMap;

use bytes::Bytes;
use foldhash::fast::RandomState;

pub use self::types::Type;

use crate::domain::time::Millis;

/// One column under construction. Which of the buffers are used depends on the type.
#[derive(Debug)]
struct Column {
    name: &'static str,
    kind: Type,
    values: Vec<u8>,
    nulls: Vec<u8>,
    offsets: Vec<u8>,
    elements: u64,
    keys: HashMap<Box<str>, u32, RandomState>,
    dictionary: Vec<u8>,
    indices: Vec<u32>,
    /// The index of the empty text, which most cells of most columns are.
    empty: Option<u32>,
    /// The text before and its index: neighbours are often equal.
    last: (String, u32),
}

/// A block under construction: fill row after row, each row column after column. Encoded, it is empty again and keeps its
/// memory: buffers that grow anew for each batch, in memory that nobody had yet, cost a tenth of the service.
#[derive(Debug)]
pub struct Block {
    columns: Vec<Column>,
    rows: usize,
    next: usize,
    /// What an earlier body was written in.
    spare: Vec<u8>,
}

impl Block {
    pub fn new(columns: &[(&'static str, Type)]) -> Self {
        let columns = columns.iter().map(|(name, kind)| Column::new(name, *kind)).collect();
        Self { columns, rows: 0, next: 0, spare: Vec::new() }
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

    pub fn maybe_bool(&mut self, value: Option<bool>) {
        let column = self.put(Type::MaybeBool);
        column.nulls.push(u8::from(value.is_none()));
        column.values.push(u8::from(value.unwrap_or(false)));
    }

    pub fn u16(&mut self, value: u16) {
        self.put(Type::U16).values.extend_from_slice(&value.to_le_bytes());
    }

    pub fn maybe_i64(&mut self, value: Option<i64>) {
        self.put(Type::MaybeI64).maybe_i64(value);
    }

    pub fn time(&mut self, value: Millis) {
        self.put(Type::Time).time(value);
    }

    pub fn maybe_time(&mut self, value: Option<Millis>) {
        self.put(Type::MaybeTime).maybe_time(value);
    }

    pub fn times(&mut self, values: impl Iterator<Item = Millis>) {
        let column = self.put(Type::Times);
        values.for_each(|value| column.element(|column| column.time(value)));
        column.end_array();
    }

    pub fn maybe_times(&mut self, values: impl Iterator<Item = Option<Millis>>) {
        let column = self.put(Type::MaybeTimes);
        values.for_each(|value| column.element(|column| column.maybe_time(value)));
        column.end_array();
    }

    pub fn maybe_i64s(&mut self, values: impl Iterator<Item = Option<i64>>) {
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

    pub fn u16s(&mut self, values: impl Iterator<Item = u16>) {
        self.numbers(Type::U16s, values.map(u16::to_le_bytes));
    }

    pub fn u32s(&mut self, values: impl Iterator<Item = u32>) {
        self.numbers(Type::U32s, values.map(u32::to_le_bytes));
    }

    pub fn u64s(&mut self, values: impl Iterator<Item = u64>) {
        self.numbers(Type::U64s, values.map(u64::to_le_bytes));
    }

    pub fn i32s(&mut self, values: impl Iterator<Item = i32>) {
        self.numbers(Type::I32s, values.map(i32::to_le_bytes));
    }

    pub fn i64s(&mut self, values: impl Iterator<Item = i64>) {
        self.numbers(Type::I64s, values.map(i64::to_le_bytes));
    }

    fn numbers<const N: usize>(&mut self, kind: Type, values: impl Iterator<Item = [u8; N]>) {
        let column = self.put(kind);
        values.for_each(|value| column.element(|column| column.values.extend_from_slice(&value)));
        column.end_array();
    }

    /// The next column, which must be of the type; a mismatch is a mistake in the row's function, caught by any test.
    fn put(&mut self, kind: Type) -> &mut Column {
        let column = &mut self.columns[self.next];
        assert!(column.kind == kind, "column {} is {:?}, not {kind:?}", column.name, column.kind);
        self.next += 1;
        column
    }

    /// The body of an insert `FORMAT Native`; nothing at all for no rows, because ClickHouse does not bring the columns
    /// of an empty block into the table's order and then calls it a mismatch.
    pub fn encode(&mut self) -> Bytes {
        if self.rows == 0 {
            return Bytes::new();
        }
        let size: usize = self.columns.iter().map(Column::size).sum();
        let mut out = std::mem::take(&mut self.spare);
        out.reserve(size);
        varint(&mut out, self.columns.len() as u64);
        varint(&mut out, self.rows as u64);
        for column in &mut self.columns {
            bytes(&mut out, column.name.as_bytes());
            bytes(&mut out, column.kind.name().as_bytes());
            column.encode(&mut out);
            column.clear();
        }
        self.rows = 0;
        out.into()
    }

    /// Takes back a body that was sent, for the memory that it is in.
    pub fn give_back(&mut self, body: Bytes) {
        if let Ok(mut body) = body.try_into_mut() {
            body.clear();
            self.spare = body.into();
        }
    }
}

impl Column {
    fn new(name: &'static str, kind: Type) -> Self {
        Self {
            name,
            kind,
            values: Vec::new(),
            nulls: Vec::new(),
            offsets: Vec::new(),
            elements: 0,
            keys: HashMap::default(),
            dictionary: Vec::new(),
            indices: Vec::new(),
            empty: None,
            last: (String::new(), u32::MAX),
        }
    }

    fn clear(&mut self) {
        for buffer in [&mut self.values, &mut self.nulls, &mut self.offsets, &mut self.dictionary] {
            buffer.clear();
        }
        self.elements = 0;
        self.keys.clear();
        self.indices.clear();
        self.empty = None;
        self.last = (String::new(), u32::MAX);
    }

    fn size(&self) -> usize {
        256 + self.values.len() + self.nulls.len() + self.offsets.len() + self.dictionary.len() + 4 * self.indices.len()
    }

    fn string(&mut self, value: &[u8]) {
        bytes(&mut self.values, value);
    }

    fn low(&mut self, value: &str) {
        let index = match self.empty {
            Some(index) if value.is_empty() => index,
            // Texts of other lengths are told apart without looking at them.
            _ if self.last.1 != u32::MAX && self.last.0.len() == value.len() && self.last.0 == value => self.last.1,
            _ => self.look_up(value),
        };
        self.indices.push(index);
    }

    fn look_up(&mut self, value: &str) -> u32 {
        let index = if let Some(index) = self.keys.get(value) {
            *index
        } else {
            let index = self.keys.len() as u32;
            self.keys.insert(value.into(), index);
            bytes(&mut self.dictionary, value.as_bytes());
            index
        };
        if value.is_empty() {
            self.empty = Some(index);
        } else {
            self.last.0.clear();
            self.last.0.push_str(value);
            self.last.1 = index;
        }
        index
    }

    fn time(&mut self, value: Millis) {
        self.values.extend_from_slice(&value.0.to_le_bytes());
    }

    fn maybe_time(&mut self, value: Option<Millis>) {
        self.nulls.push(u8::from(value.is_none()));
        self.time(value.unwrap_or_default());
    }

    fn maybe_i64(&mut self, value: Option<i64>) {
        self.nulls.push(u8::from(value.is_none()));
        self.values.extend_from_slice(&value.unwrap_or_default().to_le_bytes());
    }

    fn element(&mut self, push: impl FnOnce(&mut Self)) {
        push(self);
        self.elements += 1;
    }

    fn end_array(&mut self) {
        self.offsets.extend_from_slice(&self.elements.to_le_bytes());
    }

    fn encode(&self, out: &mut Vec<u8>) {
        if self.kind == Type::Low {
            return self.encode_low(out);
        }
        out.extend_from_slice(&self.offsets);
        out.extend_from_slice(&self.nulls);
        out.extend_from_slice(&self.values);
    }

    /// Version 1, additional keys, dictionary to be updated; the width of the indices follows from the number of keys.
    fn encode_low(&self, out: &mut Vec<u8>) {
        const ADDITIONAL_KEYS: u64 = 1 << 9;
        const UPDATE_DICTIONARY: u64 = 1 << 10;
        let keys = self.keys.len() as u64;
        let width: u64 = if keys <= 1 << 8 {
            0
        } else if keys <= 1 << 16 {
            1
        } else {
            2
        };
        for number in [1, ADDITIONAL_KEYS | UPDATE_DICTIONARY | width, keys] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&self.dictionary);
        out.extend_from_slice(&(self.indices.len() as u64).to_le_bytes());
        match width {
            0 => out.extend(self.indices.iter().map(|index| *index as u8)),
            1 => self.indices.iter().for_each(|index| out.extend_from_slice(&(*index as u16).to_le_bytes())),
            _ => self.indices.iter().for_each(|index| out.extend_from_slice(&index.to_le_bytes())),
        }
    }
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    varint(out, value.len() as u64);
    out.extend_from_slice(value);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value as u8 & 0x7f) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
