//! The four ways in which a batch is packed, each read as a stream: what is not asked for is not unpacked.

use std::io::{self, BufRead, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

const MASK: i16 = 7;

/// A snappy block is unpacked as a whole, to 21 times its size at most: what the brokers' usual megabyte may hold must be taken by
/// the least `memory.max_mb`.
const SNAPPY_TIMES: usize = 6;

impl Codec {
    /// As a batch's attributes name it; none where it is not packed, or by a codec that we do not know.
    pub(super) fn of(attributes: i16) -> Option<Self> {
        Some(match attributes & MASK {
            1 => Self::Gzip,
            2 => Self::Snappy,
            3 => Self::Lz4,
            4 => Self::Zstd,
            _ => return None,
        })
    }

    /// Memory: less than `window_max`, but for a block of snappy and what the libraries need for themselves.
    pub(super) fn reader(self, packed: Vec<u8>, window_max: usize) -> io::Result<Box<dyn Read + Send>> {
        let packed = Cursor::new(packed);
        Ok(match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Self::Snappy => Box::new(Snappy::new(packed.into_inner(), SNAPPY_TIMES * window_max)),
            Self::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(packed)),
            Self::Zstd => zstd(packed, window_max)?,
        })
    }
}

fn zstd(packed: impl BufRead + Send + 'static, window_max: usize) -> io::Result<Box<dyn Read + Send>> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
    // What is further back than this may not be referred to; every compression level but the ultra ones stays within 8 MB.
    decoder.window_log_max(window_max.max(1 << 23).ilog2())?;
    Ok(Box::new(decoder))
}

/// Snappy has blocks only: one, or those of Java's library, each with its length before it.
struct Snappy {
    packed: Vec<u8>,
    at: usize,
    is_framed: bool,
    block: Cursor<Vec<u8>>,
    block_max: usize,
}

const JAVA: &[u8] = &[0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
/// The mark, and two numbers of a version.
const JAVA_SIZE: usize = 16;

impl Snappy {
    fn new(packed: Vec<u8>, block_max: usize) -> Self {
        let is_framed = packed.starts_with(JAVA);
        Self { packed, at: if is_framed { JAVA_SIZE } else { 0 }, is_framed, block: Cursor::default(), block_max }
    }

    fn next_block(&mut self) -> io::Result<Option<Vec<u8>>> {
        let rest = self.packed.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let block = if self.is_framed {
            let (length, behind) = rest.split_first_chunk().ok_or(io::ErrorKind::UnexpectedEof)?;
            let length = u32::from_be_bytes(*length) as usize;
            self.at += 4 + length;
            behind.get(..length).ok_or(io::ErrorKind::UnexpectedEof)?
        } else {
            self.at = self.packed.len();
            rest
        };
        let size = snap::raw::decompress_len(block)?;
        if size > self.block_max {
            return Err(io::Error::other(format!(
                "a snappy block of {size} bytes; at most {} are taken (memory.max_mb)",
                self.block_max
            )));
        }
        Ok(Some(snap::raw::Decoder::new().decompress_vec(block)?))
    }
}

impl Read for Snappy {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.block.read(into)? {
                0 if !into.is_empty() => match self.next_block()? {
                    Some(block) => self.block = Cursor::new(block),
                    None => return Ok(0),
                },
                read => return Ok(read),
            }
        }
    }
}
