use std::io::Write as _;

use super::{Damaged, NextRecord, Unpacking, WaitingBatches, header::Header, record::put_number};
use crate::feed::partition::Partition;

const LARGEST: usize = 1 << 20;
const BASE: i64 = 100;

fn of(partition: i32) -> Partition {
    Partition { topic: "t".into(), partition }
}

fn record(delta: i64, value: &[u8]) -> Vec<u8> {
    let mut one = vec![0];
    put_number(&mut one, delta * 10);
    put_number(&mut one, delta);
    put_number(&mut one, 1);
    one.push(b'k');
    put_number(&mut one, value.len() as i64);
    one.extend(value);
    put_number(&mut one, 0);
    let mut whole = Vec::new();
    put_number(&mut whole, one.len() as i64);
    whole.extend(one);
    whole
}

fn packed(codec: i16, bytes: &[u8]) -> Vec<u8> {
    match codec {
        1 => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            gzip.write_all(bytes).unwrap();
            gzip.finish().unwrap()
        }
        2 => snap::raw::Encoder::new().compress_vec(bytes).unwrap(),
        3 => {
            let mut lz4 = lz4_flex::frame::FrameEncoder::new(Vec::new());
            lz4.write_all(bytes).unwrap();
            lz4.finish().unwrap()
        }
        4 => zstd::stream::encode_all(bytes, 3).unwrap(),
        // Snappy as Java's library writes it.
        _ => {
            let mut framed = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01".to_vec();
            for block in bytes.chunks(32 * 1024) {
                let block = snap::raw::Encoder::new().compress_vec(block).unwrap();
                framed.extend((block.len() as u32).to_be_bytes());
                framed.extend(block);
            }
            framed
        }
    }
}

fn batch(codec: i16, records: i32, packed: &[u8]) -> Vec<u8> {
    let mut batch = BASE.to_be_bytes().to_vec();
    batch.extend((49 + packed.len() as i32).to_be_bytes());
    batch.extend([0, 0, 0, 0, 2, 0, 0, 0, 0]);
    batch.extend((if codec == 5 { 2 } else { codec }).to_be_bytes());
    batch.extend((records - 1).to_be_bytes());
    batch.extend(1_000i64.to_be_bytes());
    batch.extend(2_000i64.to_be_bytes());
    batch.extend([0xFF; 14]);
    batch.extend(records.to_be_bytes());
    batch.extend(packed);
    batch
}

fn values(codec: i16, all: &[Vec<u8>]) -> Unpacking {
    let records: Vec<u8> = (0..).zip(all).flat_map(|(delta, value)| record(delta, value)).collect();
    Unpacking::new(&of(0), &batch(codec, all.len() as i32, &packed(codec, &records)), LARGEST).unwrap()
}

const CODECS: [i16; 5] = [1, 2, 3, 4, 5];

#[test]
fn what_was_packed_comes_out_record_by_record() {
    let all: Vec<Vec<u8>> = (0..500).map(|number: usize| vec![number as u8; number * 7]).collect();
    for codec in CODECS {
        let mut batch = values(codec, &all);
        for (offset, value) in (BASE..).zip(&all) {
            assert_eq!(batch.advance(), Ok(true), "{codec}");
            let record = batch.record();
            assert_eq!(
                (record.offset, record.value, record.key),
                (offset, Some(&value[..]), Some(&b"k"[..])),
                "{codec}"
            );
            assert_eq!((record.time, record.too_large), (Some(1_000 + 10 * (offset - BASE)), None));
            assert_eq!(record.headers.all(), Some(Vec::new()));
        }
        assert_eq!(batch.advance(), Ok(false));
    }
}

#[test]
fn what_unpacks_to_a_thousand_times_its_size_is_held_in_a_window() {
    let all = vec![vec![b' '; LARGEST / 2]; 60];
    for codec in [1, 3, 4, 5] {
        let mut batch = values(codec, &all);
        while batch.advance().unwrap() {
            assert!(batch.held() <= 4 * LARGEST, "{codec}: {} bytes", batch.held());
        }
    }
}

#[test]
fn a_record_that_is_too_large_is_passed_over_and_says_its_size() {
    let all = [b"before".to_vec(), vec![b'x'; 3 * LARGEST], b"behind".to_vec()];
    for codec in [1, 3, 4, 5] {
        let mut batch = values(codec, &all);
        let mut seen = Vec::new();
        while batch.advance().unwrap() {
            seen.push((
                batch.record().offset,
                batch.record().too_large.is_some(),
                batch.record().value.map(<[u8]>::len),
            ));
        }
        assert_eq!(seen, [(100, false, Some(6)), (101, true, None), (102, false, Some(6))], "{codec}");
    }
}

#[test]
fn damage_says_from_where_to_where_and_keeps_what_came_before() {
    let all: Vec<Vec<u8>> = (0..50u8).map(|number| vec![number; 5_000]).collect();
    let records: Vec<u8> = (0..).zip(&all).flat_map(|(delta, value)| record(delta, value)).collect();
    for codec in CODECS {
        let mut cut = packed(codec, &records);
        cut.truncate(cut.len() / 2);
        let mut batch = Unpacking::new(&of(0), &batch(codec, 50, &cut), LARGEST).unwrap();
        let mut taken = 0;
        let Damaged { offset, next, cause } = loop {
            match batch.advance() {
                Ok(more) => assert!(more, "{codec}"),
                Err(damaged) => break damaged,
            }
            taken += 1;
        };
        assert_eq!((offset, next), (BASE + taken, BASE + 50), "{codec}: {cause}");
    }
    let garbage = Unpacking::new(&of(0), &batch(1, 1, b"no gzip at all"), LARGEST).unwrap().advance();
    assert_eq!(garbage.unwrap_err().offset, BASE);
}

#[test]
fn a_snappy_block_that_claims_a_gigabyte_is_refused() {
    let mut claim = vec![0x80, 0x80, 0x80, 0x80, 0x04];
    claim.extend([0; 40]);
    let refused = Unpacking::new(&of(0), &batch(2, 1, &claim), LARGEST).unwrap().advance().unwrap_err();
    assert!(refused.cause.contains("1073741824 bytes"), "{refused:?}");
}

#[test]
fn only_whole_compressed_batches_are_batches() {
    let whole = batch(4, 3, b"xyz");
    assert!(Header::of(&whole).is_some());
    assert!(Header::of(&whole[..whole.len() - 1]).is_none() && Header::of(&[]).is_none());
    assert!(Header::of(&batch(0, 3, b"xyz")).is_none(), "not packed");
    assert!(Header::of(&batch(7, 3, b"xyz")).is_none(), "by nobody knows what");
}

#[test]
fn what_is_paused_stays_where_it_is_and_the_others_go_on() {
    let mut waiting = WaitingBatches::default();
    for partition in [0, 1] {
        let records: Vec<u8> = (0..3).flat_map(|delta| record(delta, b"v")).collect();
        waiting.push(Unpacking::new(&of(partition), &batch(3, 3, &packed(3, &records)), LARGEST).unwrap());
    }
    let next = |waiting: &mut WaitingBatches| match waiting.advance() {
        NextRecord::Record => Some((waiting.record().partition, waiting.record().offset)),
        _ => None,
    };
    assert_eq!(next(&mut waiting), Some((0, 100)));
    waiting.hold(&[of(0)], true);
    assert_eq!(next(&mut waiting), Some((1, 100)));
    waiting.hold(&[of(0), of(1)], true);
    assert_eq!(next(&mut waiting), None);
    waiting.hold(&[of(0)], false);
    assert_eq!(next(&mut waiting), Some((0, 101)));
    waiting.forget(&[of(0)]);
    waiting.hold(&[of(1)], false);
    assert_eq!((next(&mut waiting), next(&mut waiting), next(&mut waiting)), (Some((1, 101)), Some((1, 102)), None));
}
