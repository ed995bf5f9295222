//! Records that no client library would send: any bytes as the names of headers.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

#[derive(Clone, Debug, Default)]
pub struct Record {
    pub key: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    pub payload: Option<Vec<u8>>,
}

/// Puts one batch on partition 0, so many times.
pub fn produce(brokers: &str, topic: &str, records: &[Record], times: usize) {
    let batch = batch(records);
    let mut broker = TcpStream::connect(brokers).expect("Kafka answers");
    for _ in 0..times {
        put(&mut broker, topic, &batch);
    }
}

fn put(broker: &mut TcpStream, topic: &str, batch: &[u8]) {
    let mut request = Vec::new();
    request.extend(0i16.to_be_bytes()); // Produce
    request.extend(3i16.to_be_bytes());
    request.extend(1i32.to_be_bytes());
    string(&mut request, "it");
    request.extend((-1i16).to_be_bytes()); // no transaction
    request.extend((-1i16).to_be_bytes()); // all replicas
    request.extend(30_000i32.to_be_bytes());
    request.extend(1i32.to_be_bytes());
    string(&mut request, topic);
    request.extend(1i32.to_be_bytes());
    request.extend(0i32.to_be_bytes());
    request.extend((batch.len() as i32).to_be_bytes());
    request.extend(batch);
    broker.write_all(&(request.len() as i32).to_be_bytes()).unwrap();
    broker.write_all(&request).unwrap();
    let mut length = [0; 4];
    broker.read_exact(&mut length).unwrap();
    let mut answer = vec![0; i32::from_be_bytes(length) as usize];
    broker.read_exact(&mut answer).unwrap();
    // Correlation id, count, name, count, partition.
    let at = 4 + 4 + 2 + topic.len() + 4 + 4;
    assert_eq!(i16::from_be_bytes([answer[at], answer[at + 1]]), 0, "the broker refuses the batch");
}

fn string(into: &mut Vec<u8>, text: &str) {
    into.extend((text.len() as i16).to_be_bytes());
    into.extend(text.as_bytes());
}

fn batch(records: &[Record]) -> Vec<u8> {
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
    let now = jiff::Timestamp::now().as_millisecond();
    let mut checked = Vec::new();
    checked.extend(0i16.to_be_bytes());
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
