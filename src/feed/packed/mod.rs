//! Compressed batches, unpacked record by record when their turn comes. librdkafka unpacks a batch as soon as it is fetched, whole,
//! so that a megabyte of the topic could be a gigabyte of memory before anybody can pause it. So it is kept from unpacking (`hook`):
//! a compressed batch comes as one message, weighs what it weighs on the wire, and is opened here.

mod codec;
mod header;
mod hook;
mod record;
#[cfg(test)]
mod tests;
mod unpacking;
mod waiting;

pub(super) use self::{
    hook::hand_on_packed,
    record::Record,
    unpacking::{Damaged, Unpacking},
    waiting::{NextRecord, WaitingBatches},
};
