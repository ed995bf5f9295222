//! Keeps librdkafka from unpacking. The linker puts these functions in place of the library's own (`--wrap`, see build.rs), which
//! get a batch's compressed bytes and give its records: here they give one record, with the whole batch as its value. Its offset is the
//! batch's last, so that the library goes on behind the batch, and skips it when it has been taken; the rest (transactions that were
//! given up, positions, what it counts as held) stays the library's. Where there is anything that we do not know the library's own
//! function does the work as ever. Tests with each codec on a real broker tell when a new release of the library has other functions.
#![allow(unsafe_code, reason = "these stand in for functions of the C library")]

use std::{
    ffi::{c_char, c_int, c_void},
    ptr, slice,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{
    header::{Header, SIZE},
    record::put_number,
};

/// Only what is handed on by this program can have it as its key.
static MARK: OnceLock<[u8; 16]> = OnceLock::new();
static IS_ON: AtomicBool = AtomicBool::new(false);

/// From now on compressed batches come packed, to every consumer of this process.
pub fn hand_on_packed() {
    MARK.get_or_init(rand::random);
    IS_ON.store(true, Ordering::Release);
}

/// The batch that was handed on as this message.
pub(super) fn batch_of<'a>(key: Option<&[u8]>, value: Option<&'a [u8]>) -> Option<&'a [u8]> {
    let mark = MARK.get()?;
    value.filter(|_| key == Some(mark))
}

/// The one record that stands in for a batch's: what comes before the batch, and the batch. Behind it is a zero: no headers.
struct Instead<'a> {
    before: Vec<u8>,
    batch: &'a [u8],
}

impl<'a> Instead<'a> {
    /// Length, attributes, time, offset, key, and the length of the value.
    fn of(batch: &'a [u8]) -> Option<Self> {
        let (mark, header) = (MARK.get()?, Header::of(batch)?);
        let mut inside = vec![0];
        put_number(&mut inside, header.last_time.saturating_sub(header.first_time));
        put_number(&mut inside, i64::from(header.last_delta));
        put_number(&mut inside, mark.len() as i64);
        inside.extend(mark);
        put_number(&mut inside, batch.len() as i64);
        let mut before = Vec::with_capacity(inside.len() + 10);
        put_number(&mut before, (inside.len() + batch.len() + 1) as i64);
        before.append(&mut inside);
        Some(Self { before, batch })
    }

    fn size(&self) -> usize {
        self.before.len() + self.batch.len() + 1
    }

    /// # Safety
    /// There is room for `size` bytes.
    unsafe fn write_to(&self, out: *mut u8) {
        // SAFETY: as above; the three pieces lie one behind the other.
        unsafe {
            ptr::copy_nonoverlapping(self.before.as_ptr(), out, self.before.len());
            ptr::copy_nonoverlapping(self.batch.as_ptr(), out.add(self.before.len()), self.batch.len());
            out.add(self.before.len() + self.batch.len()).write(0);
        }
    }

    /// In the C library's own memory, because it is given back there. Null: there is none.
    fn given(&self) -> *mut c_void {
        // SAFETY: as many bytes are written as were asked for.
        unsafe {
            let memory = malloc(self.size());
            if !memory.is_null() {
                self.write_to(memory.cast());
            }
            memory
        }
    }
}

/// In place of `length` compressed bytes, of which `before` stand before the pointer.
///
/// # Safety
/// The bytes lie in the broker's answer, behind a batch's header. (In answers of the forms before that, other fields stand there, as
/// many bytes at least; `Header` takes them for no batch.) They stay there as long as what this gives is used.
unsafe fn in_place_of<'a>(compressed: *const c_void, length: usize, before: usize) -> Option<Instead<'a>> {
    if !IS_ON.load(Ordering::Acquire) {
        return None;
    }
    // SAFETY: as above.
    let batch = unsafe {
        let start = compressed.cast::<u8>().sub(SIZE + before);
        slice::from_raw_parts(start, SIZE + before + length)
    };
    Instead::of(batch)
}

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn __real_rd_gz_decompress(packed: *const c_void, length: c_int, unpacked: *mut u64) -> *mut c_void;
    fn __real_rd_kafka_lz4_decompress(
        broker: *mut c_void,
        proper: c_int,
        offset: i64,
        packed: *mut c_char,
        length: usize,
        out: *mut *mut c_void,
        unpacked: *mut usize,
    ) -> c_int;
    fn __real_rd_kafka_zstd_decompress(
        broker: *mut c_void,
        packed: *mut c_char,
        length: usize,
        out: *mut *mut c_void,
        unpacked: *mut usize,
    ) -> c_int;
    fn __real_rd_kafka_snappy_java_uncompress(
        packed: *const c_char,
        length: usize,
        unpacked: *mut usize,
        error: *mut c_char,
        size: usize,
    ) -> *mut c_char;
    fn __real_rd_kafka_snappy_uncompressed_length(packed: *const c_char, length: usize, unpacked: *mut usize) -> bool;
    fn __real_rd_kafka_snappy_uncompress(packed: *const c_char, length: usize, out: *mut c_char) -> c_int;
}

// SAFETY, of all: pointers and lengths are the library's own and are handed on as they are; what is written goes where it says.

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_gz_decompress(packed: *const c_void, length: c_int, unpacked: *mut u64) -> *mut c_void {
    unsafe {
        let Some(record) = in_place_of(packed, length as usize, 0) else {
            return __real_rd_gz_decompress(packed, length, unpacked);
        };
        *unpacked = record.size() as u64;
        record.given()
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_lz4_decompress(
    broker: *mut c_void,
    proper: c_int,
    offset: i64,
    packed: *mut c_char,
    length: usize,
    out: *mut *mut c_void,
    unpacked: *mut usize,
) -> c_int {
    unsafe {
        let Some(record) = in_place_of(packed.cast(), length, 0) else {
            return __real_rd_kafka_lz4_decompress(broker, proper, offset, packed, length, out, unpacked);
        };
        hand_over(&record, out, unpacked)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_zstd_decompress(
    broker: *mut c_void,
    packed: *mut c_char,
    length: usize,
    out: *mut *mut c_void,
    unpacked: *mut usize,
) -> c_int {
    unsafe {
        let Some(record) = in_place_of(packed.cast(), length, 0) else {
            return __real_rd_kafka_zstd_decompress(broker, packed, length, out, unpacked);
        };
        hand_over(&record, out, unpacked)
    }
}

const NO_ERROR: c_int = 0;
/// `RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE`: there is no memory.
const NO_MEMORY: c_int = -194;

unsafe fn hand_over(record: &Instead<'_>, out: *mut *mut c_void, unpacked: *mut usize) -> c_int {
    let memory = record.given();
    unsafe {
        *out = memory;
        *unpacked = record.size();
    }
    if memory.is_null() { NO_MEMORY } else { NO_ERROR }
}

/// Java's form of snappy has a mark before its blocks, which the library has passed over.
const BEFORE_JAVA: usize = 16;

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_snappy_java_uncompress(
    packed: *const c_char,
    length: usize,
    unpacked: *mut usize,
    error: *mut c_char,
    size: usize,
) -> *mut c_char {
    unsafe {
        let Some(record) = in_place_of(packed.cast(), length, BEFORE_JAVA) else {
            return __real_rd_kafka_snappy_java_uncompress(packed, length, unpacked, error, size);
        };
        *unpacked = record.size();
        record.given().cast()
    }
}

/// The library asks for the length first, makes room for it, and then has it filled.
#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_snappy_uncompressed_length(
    packed: *const c_char,
    length: usize,
    unpacked: *mut usize,
) -> bool {
    unsafe {
        let Some(record) = in_place_of(packed.cast(), length, 0) else {
            return __real_rd_kafka_snappy_uncompressed_length(packed, length, unpacked);
        };
        *unpacked = record.size();
        true
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn __wrap_rd_kafka_snappy_uncompress(
    packed: *const c_char,
    length: usize,
    out: *mut c_char,
) -> c_int {
    unsafe {
        let Some(record) = in_place_of(packed.cast(), length, 0) else {
            return __real_rd_kafka_snappy_uncompress(packed, length, out);
        };
        record.write_to(out.cast());
        NO_ERROR
    }
}
