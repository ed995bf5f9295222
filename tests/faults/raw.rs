//! Puts records on a topic that no client library would send: any bytes as names of headers, batches packed by hand.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::servers::local;

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub key: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    pub payload: Option<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Codec {
    None,
    Gzip,
}

/// The offset of the first.
pub async fn produce(port: u16, topic: &str, partition: i32, records: &[Record], codec: Codec) -> i64 {
    let batch = batch(records, codec);
    let mut request = Vec::new();
    request.extend(0i16.to_be_bytes()); // Produce
    request.extend(3i16.to_be_bytes());
    request.extend(1i32.to_be_bytes());
    string(&mut request, "faults");
    request.extend((-1i16).to_be_bytes()); // no transaction
    request.extend((-1i16).to_be_bytes()); // all replicas
    request.extend(30_000i32.to_be_bytes());
    request.extend(1i32.to_be_bytes());
    string(&mut request, topic);
    request.extend(1i32.to_be_bytes());
    request.extend(partition.to_be_bytes());
    request.extend((batch.len() as i32).to_be_bytes());
    request.extend(batch);
    let mut broker = TcpStream::connect(local(port)).await.unwrap();
    broker.write_all(&(request.len() as i32).to_be_bytes()).await.unwrap();
    broker.write_all(&request).await.unwrap();
    let mut answer = vec![0; broker.read_i32().await.unwrap() as usize];
    broker.read_exact(&mut answer).await.unwrap();
    // Correlation id, count, name, count, partition.
    let at = 4 + 4 + 2 + topic.len() + 4 + 4;
    let code = i16::from_be_bytes([answer[at], answer[at + 1]]);
    assert_eq!(code, 0, "the broker refuses the batch");
    i64::from_be_bytes(answer[at + 2..at + 10].try_into().unwrap())
}

fn string(into: &mut Vec<u8>, text: &str) {
    into.extend((text.len() as i16).to_be_bytes());
    into.extend(text.as_bytes());
}

fn batch(records: &[Record], codec: Codec) -> Vec<u8> {
    let mut body = Vec::new();
    for (delta, record) in (0i64..).zip(records) {
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
        varint(&mut body, one.len() as i64);
        body.extend(one);
    }
    if codec == Codec::Gzip {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&body).unwrap();
        body = packed.finish().unwrap();
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let mut checked = Vec::new();
    checked.extend(i16::from(codec == Codec::Gzip).to_be_bytes());
    checked.extend((records.len() as i32 - 1).to_be_bytes());
    checked.extend(now.to_be_bytes());
    checked.extend(now.to_be_bytes());
    checked.extend((-1i64).to_be_bytes());
    checked.extend((-1i16).to_be_bytes());
    checked.extend((-1i32).to_be_bytes());
    checked.extend((records.len() as i32).to_be_bytes());
    checked.extend(body);
    let mut batch = 0i64.to_be_bytes().to_vec();
    batch.extend((checked.len() as i32 + 9).to_be_bytes());
    batch.extend((-1i32).to_be_bytes());
    batch.push(2);
    batch.extend(crc32c(&checked).to_be_bytes());
    batch.extend(checked);
    batch
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
