//! The body of an insert, in pieces: what is large is sent from where it was written down, and comes back for the next block.

mod cut;

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;

use self::cut::cut;
use super::Type;

/// Below this a piece is cheaper copied than sent by itself.
const COPIED_MAX: usize = 16 * 1024;

/// Pieces that follow one another. To clone it copies no bytes.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pieces: Vec<Piece>,
    /// Small things until the next large one.
    small: Vec<u8>,
    rows: usize,
    kinds: Arc<[Type]>,
    fate: Arc<Fate>,
}

/// What became of a body; its clones share it.
#[derive(Debug, Default)]
struct Fate {
    is_done: AtomicBool,
    halves: OnceLock<[Body; 2]>,
}

#[derive(Clone, Debug)]
struct Piece {
    bytes: Bytes,
    /// Whose memory it is.
    of: Option<BufferPlace>,
}

/// The buffers of a column that a body may take along, in the order in which ClickHouse reads them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Buffer {
    Offsets,
    Nulls,
    Values,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct BufferPlace {
    pub column: usize,
    pub buffer: Buffer,
}

impl Body {
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// How long it is.
    pub fn size(&self) -> usize {
        self.pieces().map(Bytes::len).sum()
    }

    pub fn pieces(&self) -> impl Iterator<Item = &Bytes> {
        self.pieces.iter().map(|piece| &piece.bytes)
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn len(&self) -> usize {
        self.pieces().map(Bytes::len).sum()
    }

    /// Cuts it in two by rows, whose bytes stay where they are; false where there is nothing to cut.
    pub fn cut(&self) -> bool {
        match cut(self) {
            Some(halves) => {
                let _ = self.fate.halves.set(halves);
                true
            }
            None => false,
        }
    }

    /// What it was cut into.
    pub fn halves(&self) -> Option<[Self; 2]> {
        self.fate.halves.get().cloned()
    }

    /// Acknowledged; it need not be sent again when another part is.
    pub fn is_done(&self) -> bool {
        self.fate.is_done.load(Ordering::Relaxed)
    }

    pub fn set_done(&self) {
        self.fate.is_done.store(true, Ordering::Relaxed);
    }

    pub(super) fn of(kinds: &Arc<[Type]>, rows: usize) -> Self {
        let mut body = Self { rows, kinds: Arc::clone(kinds), ..Self::default() };
        body.number(kinds.len() as u64);
        body.number(rows as u64);
        body
    }

    pub(super) fn kinds(&self) -> &Arc<[Type]> {
        &self.kinds
    }

    /// Bytes that lie somewhere already.
    pub(super) fn piece(&mut self, bytes: Bytes) {
        if bytes.len() <= COPIED_MAX {
            self.small.extend_from_slice(&bytes);
            return;
        }
        self.end();
        self.pieces.push(Piece { bytes, of: None });
    }

    pub(super) fn number(&mut self, value: u64) {
        varint(&mut self.small, value);
    }

    pub(super) fn text(&mut self, value: &str) {
        text(&mut self.small, value.as_bytes());
    }

    pub(super) fn bytes(&mut self, value: &[u8]) {
        self.small.extend_from_slice(value);
    }

    /// What a column has in one of its buffers, which is empty then.
    pub(super) fn buffer(&mut self, place: BufferPlace, buffer: &mut Vec<u8>) {
        if buffer.len() <= COPIED_MAX {
            self.small.extend_from_slice(buffer);
            buffer.clear();
            return;
        }
        self.end();
        self.pieces.push(Piece { bytes: std::mem::take(buffer).into(), of: Some(place) });
    }

    pub(super) fn end(&mut self) {
        if !self.small.is_empty() {
            self.pieces.push(Piece { bytes: std::mem::take(&mut self.small).into(), of: None });
        }
    }

    /// The buffers that it was made of, empty; without those that somebody still holds.
    pub(super) fn buffers(self) -> impl Iterator<Item = (BufferPlace, Vec<u8>)> {
        // Halves lie in the same memory.
        drop(self.fate);
        self.pieces.into_iter().filter_map(|piece| {
            let mut buffer = piece.bytes.try_into_mut().ok()?;
            buffer.clear();
            Some((piece.of?, buffer.into()))
        })
    }
}

/// Bytes after their number.
pub(super) fn text(out: &mut Vec<u8>, value: &[u8]) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(body: &Body) -> Vec<u8> {
        body.pieces().flat_map(|piece| piece.to_vec()).collect()
    }

    #[test]
    fn what_is_large_is_sent_as_it_lies_and_comes_back() {
        let mut body = Body::default();
        let (mut small, mut large) = (vec![1, 2, 3], vec![7; COPIED_MAX + 1]);
        let lies_at = large.as_ptr();
        body.number(300);
        body.buffer(BufferPlace { column: 0, buffer: Buffer::Values }, &mut small);
        body.buffer(BufferPlace { column: 4, buffer: Buffer::Nulls }, &mut large);
        body.text("end");
        body.end();
        assert!(small.is_empty() && small.capacity() > 0 && large.capacity() == 0);
        let expected = [&[0xac, 2, 1, 2, 3][..], &[7; COPIED_MAX + 1], &[3, b'e', b'n', b'd']].concat();
        assert_eq!(whole(&body), expected);
        assert_eq!(body.pieces().count(), 3);
        let held = body.clone();
        assert_eq!(body.buffers().count(), 0, "somebody may still send it");
        let back: Vec<_> = held.buffers().collect();
        let [(BufferPlace { column: 4, buffer: Buffer::Nulls }, buffer)] = &back[..] else { panic!("{back:?}") };
        assert!(buffer.is_empty() && buffer.as_ptr() == lies_at, "not the memory that it was");
    }
}
