//! A body cut in two by rows. Large buffers are shared, not copied: a body is cut where memory is short.

use bytes::Bytes;

use super::Body;
use crate::store::native::types::{Layout, Width};

/// None where there are no two rows.
pub(super) fn cut(body: &Body) -> Option<[Body; 2]> {
    let first = body.rows() / 2;
    if first == 0 {
        return None;
    }
    let mut read = Reader { pieces: body.pieces().cloned().collect(), piece: 0, at: 0 };
    let mut halves = [Body::of(body.kinds(), first), Body::of(body.kinds(), body.rows() - first)];
    read.varint()?;
    read.varint()?;
    for kind in body.kinds().iter() {
        // Its name and its type.
        for _ in 0..2 {
            let text = read.text(1)?;
            halves.iter_mut().for_each(|half| half.bytes(&text));
        }
        column(&mut read, kind.layout()?, [first, body.rows() - first], &mut halves)?;
    }
    halves.iter_mut().for_each(Body::end);
    Some(halves)
}

fn column(read: &mut Reader, layout: Layout, rows: [usize; 2], halves: &mut [Body; 2]) -> Option<()> {
    if layout.width == Width::Keys {
        return low(read, rows, halves);
    }
    let elements = if layout.is_array { offsets(read, rows, halves)? } else { rows };
    if layout.is_nullable {
        for (half, elements) in halves.iter_mut().zip(elements) {
            half.piece(read.take(elements)?);
        }
    }
    for (half, elements) in halves.iter_mut().zip(elements) {
        let values = match layout.width {
            Width::Bytes(width) => read.take(elements * width)?,
            Width::Text | Width::Keys => read.text(elements)?,
        };
        half.piece(values);
    }
    Some(())
}

/// Where each row's elements end; those of the second half are counted anew. Gives the elements of each half.
fn offsets(read: &mut Reader, rows: [usize; 2], halves: &mut [Body; 2]) -> Option<[usize; 2]> {
    let first = read.take(rows[0] * 8)?;
    let second = read.take(rows[1] * 8)?;
    let begin = last(&first)?;
    let anew = second.chunks_exact(8).flat_map(|end| (number(end) - begin).to_le_bytes());
    let anew: Vec<u8> = anew.collect();
    let all = last(&second)?;
    halves[0].piece(first);
    halves[1].piece(anew.into());
    Some([usize::try_from(begin).ok()?, usize::try_from(all - begin).ok()?])
}

fn last(offsets: &[u8]) -> Option<u64> {
    offsets.rchunks_exact(8).next().map(number)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The dictionary goes into both.
fn low(read: &mut Reader, rows: [usize; 2], halves: &mut [Body; 2]) -> Option<()> {
    let head = read.take(24)?;
    let (flags, keys) = (number(&head[8..16]), number(&head[16..24]));
    let dictionary = read.text(usize::try_from(keys).ok()?)?;
    read.take(8)?;
    let width = 1 << (flags & 0xff);
    for (half, rows) in halves.iter_mut().zip(rows) {
        half.bytes(&head);
        half.piece(dictionary.clone());
        half.bytes(&(rows as u64).to_le_bytes());
        half.piece(read.take(rows * width)?);
    }
    Some(())
}

/// Reads pieces one after the other. No buffer lies in two.
struct Reader {
    pieces: Vec<Bytes>,
    piece: usize,
    at: usize,
}

impl Reader {
    fn rest(&mut self) -> &[u8] {
        while self.pieces.get(self.piece).is_some_and(|piece| piece.len() == self.at) {
            self.piece += 1;
            self.at = 0;
        }
        self.pieces.get(self.piece).map_or(&[], |piece| &piece[self.at..])
    }

    fn take(&mut self, length: usize) -> Option<Bytes> {
        if length == 0 {
            return Some(Bytes::new());
        }
        if self.rest().len() < length {
            return None;
        }
        let taken = self.pieces[self.piece].slice(self.at..self.at + length);
        self.at += length;
        Some(taken)
    }

    /// So many texts, each after its length.
    fn text(&mut self, count: usize) -> Option<Bytes> {
        let mut length = 0;
        let rest = self.rest();
        for _ in 0..count {
            let (value, bytes) = varint(&rest[length..])?;
            length += bytes + usize::try_from(value).ok()?;
            if length > rest.len() {
                return None;
            }
        }
        self.take(length)
    }

    fn varint(&mut self) -> Option<u64> {
        let (value, bytes) = varint(self.rest())?;
        self.at += bytes;
        Some(value)
    }
}

/// A number, and how many bytes it takes.
fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::time::Millis,
        store::native::{Block, Type},
    };

    const PLAIN: &[(&str, Type)] = &[
        ("name", Type::Text),
        ("offset", Type::I64),
        ("at", Type::MaybeTime),
        ("is_closed", Type::Bool),
        ("units", Type::Texts),
        ("ends", Type::MaybeTimes),
        ("marks", Type::U16s),
    ];
    const WITH_KEYS: &[(&str, Type)] = &[("name", Type::Text), ("stream", Type::Low), ("offset", Type::I64)];

    fn plain(range: std::ops::Range<i64>) -> Body {
        let mut block = Block::new(PLAIN.iter().copied());
        for n in range {
            block.text(&"行".repeat((n % 7) as usize));
            block.i64(n);
            block.maybe_time((n % 3 == 0).then_some(Millis(n)));
            block.bool(n % 2 == 0);
            block.texts((0..n % 4).map(|_| "unit"));
            block.maybe_times((0..n % 3).map(|k| (k == 1).then_some(Millis(n))));
            block.u16s((0..n % 5).map(|k| k as u16));
            block.end_row();
        }
        block.encode()
    }

    fn with_keys(range: std::ops::Range<i64>) -> Body {
        let mut block = Block::new(WITH_KEYS.iter().copied());
        for n in range {
            block.text("庙行镇");
            block.low(&format!("stream {}", n % 300));
            block.i64(n);
            block.end_row();
        }
        block.encode()
    }

    fn whole(body: &Body) -> Vec<u8> {
        body.pieces().flat_map(|piece| piece.to_vec()).collect()
    }

    #[test]
    fn both_halves_are_what_their_rows_alone_would_have_been() {
        for rows in [2, 3, 100, 20_001] {
            let [first, second] = cut(&plain(0..rows)).unwrap();
            assert!(whole(&first) == whole(&plain(0..rows / 2)), "{rows}");
            assert!(whole(&second) == whole(&plain(rows / 2..rows)), "{rows}");
        }
        assert!(cut(&plain(0..1)).is_none() && cut(&Body::default()).is_none());
    }

    #[test]
    fn cut_again_and_again_no_row_is_lost_and_the_same_comes_each_time() {
        let body = with_keys(0..50_000);
        let mut todo = vec![body.clone()];
        let mut counts = Vec::new();
        while let Some(part) = todo.pop() {
            if part.rows() <= 10_000 {
                counts.push(part.rows());
                continue;
            }
            assert!(part.cut());
            todo.extend(part.halves().unwrap());
        }
        assert_eq!(counts.iter().sum::<usize>(), 50_000);
        let again = cut(&body).unwrap();
        let first = body.halves().unwrap();
        assert!(first.iter().zip(&again).all(|(one, other)| whole(one) == whole(other)));
        let lies = |body: &Body| body.pieces().map(|piece| piece.as_ptr() as usize).collect::<Vec<_>>();
        let shared = lies(&first[0]).iter().filter(|at| lies(&body).contains(at)).count();
        assert!(shared >= 2, "large buffers are shared: {shared}");
    }
}
