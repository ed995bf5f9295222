//! One column of a block: what its rows say, in ClickHouse's layout.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{
    Type,
    body::{self, Body, Buffer, BufferPlace},
};
use crate::domain::time::Millis;

/// One column under construction. Which of the buffers are used depends on the type.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Type,
    pub(super) values: Vec<u8>,
    pub(super) nulls: Vec<u8>,
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

impl Column {
    pub(super) fn new(name: &'static str, kind: Type) -> Self {
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

    pub(super) fn string(&mut self, value: &[u8]) {
        body::text(&mut self.values, value);
    }

    pub(super) fn low(&mut self, value: &str) {
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
            body::text(&mut self.dictionary, value.as_bytes());
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

    pub(super) fn time(&mut self, value: Millis) {
        self.values.extend_from_slice(&value.0.to_le_bytes());
    }

    pub(super) fn maybe_time(&mut self, value: Option<Millis>) {
        self.nulls.push(u8::from(value.is_none()));
        self.time(value.unwrap_or_default());
    }

    pub(super) fn maybe_i64(&mut self, value: Option<i64>) {
        self.nulls.push(u8::from(value.is_none()));
        self.values.extend_from_slice(&value.unwrap_or_default().to_le_bytes());
    }

    pub(super) fn element(&mut self, push: impl FnOnce(&mut Self)) {
        push(self);
        self.elements += 1;
    }

    pub(super) fn end_array(&mut self) {
        self.offsets.extend_from_slice(&self.elements.to_le_bytes());
    }

    /// Name, type and values; the column is empty then.
    pub(super) fn encode(&mut self, index: usize, out: &mut Body) {
        out.text(self.name);
        out.text(&self.kind.name());
        if self.kind == Type::Low {
            self.encode_low(out);
        }
        for buffer in [Buffer::Offsets, Buffer::Nulls, Buffer::Values] {
            out.buffer(BufferPlace { column: index, buffer }, self.buffer(buffer));
        }
        self.clear();
    }

    /// Version 1, additional keys, dictionary to be updated; the width of the indices follows from the number of keys.
    fn encode_low(&mut self, out: &mut Body) {
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
            out.bytes(&number.to_le_bytes());
        }
        out.bytes(&self.dictionary);
        out.bytes(&(self.indices.len() as u64).to_le_bytes());
        let values = &mut self.values;
        match width {
            0 => values.extend(self.indices.iter().map(|index| *index as u8)),
            1 => self.indices.iter().for_each(|index| values.extend_from_slice(&(*index as u16).to_le_bytes())),
            _ => self.indices.iter().for_each(|index| values.extend_from_slice(&index.to_le_bytes())),
        }
    }

    fn buffer(&mut self, buffer: Buffer) -> &mut Vec<u8> {
        match buffer {
            Buffer::Offsets => &mut self.offsets,
            Buffer::Nulls => &mut self.nulls,
            Buffer::Values => &mut self.values,
        }
    }

    /// Memory that a body was sent from; none is needed where there is more already.
    pub(super) fn give_back(&mut self, buffer: Buffer, memory: Vec<u8>) {
        let own = self.buffer(buffer);
        if own.capacity() == 0 {
            *own = memory;
        }
    }
}
