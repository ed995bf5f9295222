//! A message's headers as bytes. The wrapper of librdkafka takes their names for UTF-8 and panics where they are not, so they
//! are read from the library itself: the one place of this program with `unsafe` in it.
#![allow(unsafe_code, reason = "librdkafka gives a header's name and value as pointers")]

use std::{ffi::CStr, ptr, slice};

use rdkafka::{
    bindings::{self, rd_kafka_headers_t, rd_kafka_resp_err_t as Code},
    message::BorrowedMessage,
};

use super::decode::Header;

/// The headers of one message. They live as long as the message does.
#[derive(Debug)]
pub struct Headers<'a> {
    /// Null: there are none.
    all: *const rd_kafka_headers_t,
    message: &'a BorrowedMessage<'a>,
}

/// Librdkafka takes at most 100,000 headers, and none that are damaged.
#[derive(Debug)]
pub struct Unreadable;

impl<'a> Headers<'a> {
    pub fn of(message: &'a BorrowedMessage<'a>) -> Result<Self, Unreadable> {
        let mut all = ptr::null_mut();
        // SAFETY: the message is valid while it is borrowed. Its headers are parsed at the first call and belong to it.
        match unsafe { bindings::rd_kafka_message_headers(message.ptr(), &raw mut all) } {
            Code::RD_KAFKA_RESP_ERR_NO_ERROR => Ok(Self { all, message }),
            Code::RD_KAFKA_RESP_ERR__NOENT => Ok(Self { all: ptr::null(), message }),
            _ => Err(Unreadable),
        }
    }

    pub fn count(&self) -> usize {
        // SAFETY: not null, and alive with the message.
        if self.all.is_null() { 0 } else { unsafe { bindings::rd_kafka_header_cnt(self.all) } }
    }

    /// The header at that place. A name with a NUL byte in it ends there: the library hands out no more of it.
    pub fn get(&self, place: usize) -> Option<Header<'a>> {
        let _alive: &'a BorrowedMessage<'a> = self.message;
        let (mut name, mut value, mut size) = (ptr::null(), ptr::null(), 0);
        if self.all.is_null() {
            return None;
        }
        // SAFETY: the library checks the place, and says by its answer whether the three are set. The name ends with NUL; the
        // value is null or has `size` bytes. Both belong to the message and stay unchanged as long as it is borrowed.
        unsafe {
            let answer =
                bindings::rd_kafka_header_get_all(self.all, place, &raw mut name, &raw mut value, &raw mut size);
            (answer == Code::RD_KAFKA_RESP_ERR_NO_ERROR).then(|| Header {
                name: CStr::from_ptr(name).to_bytes(),
                value: (!value.is_null()).then(|| slice::from_raw_parts(value.cast(), size)),
            })
        }
    }
}
