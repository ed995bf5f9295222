//! What the brokers say of topics: their ids, their partitions, and who leads each. A topic that was deleted and made anew has
//! another id, and nothing else tells. The Rust client does not ask for ids, so this is the C client's own call.
#![allow(
    unsafe_code,
    reason = "DescribeTopics is in librdkafka only; each pointer is checked, used here and freed here"
)]

use std::{
    ffi::{CStr, CString},
    os::raw::c_char,
    time::Duration,
};

use rdkafka::{
    bindings as c,
    consumer::{BaseConsumer, Consumer as _, ConsumerContext},
    error::{KafkaError, RDKafkaErrorCode},
};
use smol_str::SmolStr;

/// A topic as the brokers know it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub topic: SmolStr,
    /// Empty where the brokers are too old to have ids.
    pub id: SmolStr,
    /// Each partition and its leader, none where nobody leads it.
    pub partitions: Vec<(i32, Option<i32>)>,
}

/// What "no id" looks like.
const NO_ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// A pointer of the C client that is freed at the end.
struct Owned<T>(*mut T, unsafe extern "C" fn(*mut T));

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: made by the C client for us, freed once, with the function that belongs to it.
            unsafe { self.1(self.0) }
        }
    }
}

/// Asks for all of them at once. A topic that is not there is not in the answer.
pub(super) fn topics<C: ConsumerContext>(
    client: &BaseConsumer<C>,
    names: &[SmolStr],
    patience: Duration,
) -> Result<Vec<Described>, KafkaError> {
    let no_answer = || KafkaError::MetadataFetch(RDKafkaErrorCode::OperationTimedOut);
    let names: Vec<CString> = names.iter().filter_map(|name| CString::new(name.as_str()).ok()).collect();
    let mut pointers: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
    let patience_ms = i32::try_from(patience.as_millis()).unwrap_or(i32::MAX);
    let rk = client.client().native_ptr();
    // SAFETY: `rk` lives as long as `client`; `pointers` and `names` outlive the call that copies them; what the C client makes
    // is owned here and freed after the last use of what it lends.
    unsafe {
        let wanted = c::rd_kafka_TopicCollection_of_topic_names(pointers.as_mut_ptr(), pointers.len());
        let wanted = Owned(wanted, c::rd_kafka_TopicCollection_destroy);
        let queue = Owned(c::rd_kafka_queue_new(rk), c::rd_kafka_queue_destroy);
        let describe = c::rd_kafka_admin_op_t::RD_KAFKA_ADMIN_OP_DESCRIBETOPICS;
        let options = Owned(c::rd_kafka_AdminOptions_new(rk, describe), c::rd_kafka_AdminOptions_destroy);
        let mut why = [0 as c_char; 256];
        c::rd_kafka_AdminOptions_set_request_timeout(options.0, patience_ms, why.as_mut_ptr(), why.len());
        c::rd_kafka_DescribeTopics(rk, wanted.0, options.0, queue.0);
        let event = Owned(c::rd_kafka_queue_poll(queue.0, patience_ms), c::rd_kafka_event_destroy);
        if event.0.is_null() {
            return Err(no_answer());
        }
        let error = c::rd_kafka_event_error(event.0);
        if error != c::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR {
            return Err(KafkaError::MetadataFetch(error.into()));
        }
        let result = c::rd_kafka_event_DescribeTopics_result(event.0);
        if result.is_null() {
            return Err(no_answer());
        }
        let mut count = 0;
        let all = c::rd_kafka_DescribeTopics_result_topics(result, &mut count);
        (0..count).filter_map(|at| described(*all.add(at)).transpose()).collect()
    }
}

/// None for a topic that is not there.
///
/// # Safety
/// `topic` is lent by a result that is still there.
unsafe fn described(topic: *const c::rd_kafka_TopicDescription_t) -> Result<Option<Described>, KafkaError> {
    // SAFETY: as the caller promises; texts are copied before anything is freed.
    unsafe {
        let error = c::rd_kafka_TopicDescription_error(topic);
        let code = if error.is_null() {
            c::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR
        } else {
            c::rd_kafka_error_code(error)
        };
        match code {
            c::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_NO_ERROR => {}
            c::rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART => return Ok(None),
            other => return Err(KafkaError::MetadataFetch(other.into())),
        }
        let id = text(c::rd_kafka_Uuid_base64str(c::rd_kafka_TopicDescription_topic_id(topic)));
        let mut count = 0;
        let all = c::rd_kafka_TopicDescription_partitions(topic, &mut count);
        let partitions = (0..count).map(|at| {
            let one = *all.add(at);
            let leader = c::rd_kafka_TopicPartitionInfo_leader(one);
            let leader = (!leader.is_null()).then(|| c::rd_kafka_Node_id(leader)).filter(|id| *id >= 0);
            (c::rd_kafka_TopicPartitionInfo_partition(one), leader)
        });
        Ok(Some(Described {
            topic: text(c::rd_kafka_TopicDescription_name(topic)),
            id: if id == NO_ID { SmolStr::default() } else { id },
            partitions: partitions.collect(),
        }))
    }
}

/// # Safety
/// `pointer` is null or a text of the C client's.
unsafe fn text(pointer: *const c_char) -> SmolStr {
    if pointer.is_null() {
        return SmolStr::default();
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into()
}
