//! Puts on a topic what no client library would send: records with any bytes as names of headers, batches packed by hand.
#![allow(clippy::disallowed_methods, reason = "tests wait for other processes, in real time")]

use std::{
    io::{Read as _, Write as _},
    net::{TcpStream, ToSocketAddrs},
    thread,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use lz4_flex::frame::FrameEncoder;

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub key: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    pub payload: Option<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Codec {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

/// A topic that was made just now is not known everywhere, nor led.
const NOT_YET: [i16; 3] = [3, 5, 6];
const PATIENCE: usize = 300;

/// A connection to the broker that leads what is written to.
#[derive(Debug)]
pub struct Broker(TcpStream);

impl Broker {
    pub fn at(address: impl ToSocketAddrs) -> Self {
        Self(TcpStream::connect(address).expect("Kafka answers"))
    }

    /// Puts one batch there. The offset of its first record.
    pub fn produce(&mut self, topic: &str, partition: i32, batch: &[u8]) -> i64 {
        for _ in 0..PATIENCE {
            self.put(&request(topic, partition, batch));
            let answer = self.take();
            // Correlation id, count, name, count, partition.
            let at = 4 + 4 + 2 + topic.len() + 4 + 4;
            match i16::from_be_bytes([answer[at], answer[at + 1]]) {
                0 => return i64::from_be_bytes(answer[at + 2..at + 10].try_into().unwrap()),
                code if NOT_YET.contains(&code) => thread::sleep(Duration::from_millis(100)),
                code => panic!("the broker refuses the batch: {code}"),
            }
        }
        panic!("{topic}[{partition}] has no leader");
    }

    fn put(&mut self, request: &[u8]) {
        self.0.write_all(&(request.len() as i32).to_be_bytes()).unwrap();
        self.0.write_all(request).unwrap();
    }

    fn take(&mut self) -> Vec<u8> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).unwrap();
        let mut answer = vec![0; i32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut answer).unwrap();
        answer
    }
}

fn request(topic: &str, partition: i32, batch: &[u8]) -> Vec<u8> {
    let mut request = Vec::new();
    request.extend(0i16.to_be_bytes()); // Produce
    request.extend(7i16.to_be_bytes()); // the first that takes zstd
    request.extend(1i32.to_be_bytes());
    string(&mut request, "test");
    request.extend((-1i16).to_be_bytes()); // no transaction
    request.extend((-1i16).to_be_bytes()); // all replicas
    request.extend(30_000i32.to_be_bytes());
    request.extend(1i32.to_be_bytes());
    string(&mut request, topic);
    request.extend(1i32.to_be_bytes());
    request.extend(partition.to_be_bytes());
    request.extend((batch.len() as i32).to_be_bytes());
    request.extend(batch);
    request
}

fn string(into: &mut Vec<u8>, text: &str) {
    into.extend((text.len() as i16).to_be_bytes());
    into.extend(text.as_bytes());
}

/// Records as one batch, as it is on the wire and on a broker's disk.
pub fn batch<'a>(records: impl IntoIterator<Item = &'a Record>, codec: Codec) -> Vec<u8> {
    let mut packer = Packer::new(codec);
    let mut count = 0i32;
    for record in records {
        packer.write(&written(i64::from(count), record));
        count += 1;
    }
    let body = packer.finish();
    let now = tongguan::pipeline::clock::now().0;
    let mut checked = Vec::new();
    checked.extend((codec as i16).to_be_bytes());
    checked.extend((count - 1).to_be_bytes());
    checked.extend(now.to_be_bytes());
    checked.extend(now.to_be_bytes());
    checked.extend((-1i64).to_be_bytes());
    checked.extend((-1i16).to_be_bytes());
    checked.extend((-1i32).to_be_bytes());
    checked.extend(count.to_be_bytes());
    checked.extend(body);
    let mut batch = 0i64.to_be_bytes().to_vec();
    batch.extend((checked.len() as i32 + 9).to_be_bytes());
    batch.extend((-1i32).to_be_bytes());
    batch.push(2);
    batch.extend([0; 4]);
    batch.extend(checked);
    seal(&mut batch);
    batch
}

/// Puts the checksum right.
pub fn seal(batch: &mut [u8]) {
    let (head, checked) = batch.split_at_mut(21);
    head[17..].copy_from_slice(&crc32c(checked).to_be_bytes());
}

fn written(delta: i64, record: &Record) -> Vec<u8> {
    let mut one = vec![0u8]; // attributes
    varint(&mut one, 0);
    varint(&mut one, delta);
    bytes(&mut one, record.key.as_deref());
    bytes(&mut one, record.payload.as_deref());
    varint(&mut one, record.headers.len() as i64);
    for (name, value) in &record.headers {
        bytes(&mut one, Some(name));
        bytes(&mut one, value.as_deref());
    }
    let mut whole = Vec::new();
    varint(&mut whole, one.len() as i64);
    whole.extend(one);
    whole
}

/// Packs as it comes, so that a gigabyte need not be held.
enum Packer {
    None(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
    /// Has one block only.
    Snappy(Vec<u8>),
    Lz4(FrameEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Packer {
    fn new(codec: Codec) -> Self {
        match codec {
            Codec::None => Self::None(Vec::new()),
            Codec::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::best())),
            Codec::Snappy => Self::Snappy(Vec::new()),
            Codec::Lz4 => Self::Lz4(FrameEncoder::new(Vec::new())),
            Codec::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap()),
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::None(all) | Self::Snappy(all) => all.write_all(bytes),
            Self::Gzip(packed) => packed.write_all(bytes),
            Self::Lz4(packed) => packed.write_all(bytes),
            Self::Zstd(packed) => packed.write_all(bytes),
        }
        .unwrap();
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::None(all) => all,
            Self::Snappy(all) => snap::raw::Encoder::new().compress_vec(&all).unwrap(),
            Self::Gzip(packed) => packed.finish().unwrap(),
            Self::Lz4(packed) => packed.finish().unwrap(),
            Self::Zstd(packed) => packed.finish().unwrap(),
        }
    }
}

fn bytes(into: &mut Vec<u8>, value: Option<&[u8]>) {
    varint(into, value.map_or(-1, |value| value.len() as i64));
    into.extend(value.unwrap_or_default());
}

fn varint(into: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)) as u64;
    while rest >= 0x80 {
        into.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    into.push(rest as u8);
}

/// Castagnoli's, bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0x82f6_3b78 } else { sum >> 1 })
    })
}
