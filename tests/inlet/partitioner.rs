//! Which partition a case goes to: as other clients of Kafka reckon it, so that a case that several of them feed stays on one.

use serde_json::json;

use crate::{client::Ask, events::SOURCE, inlet::Feeders};

/// Case, its partition of four by librdkafka's CRC-32, and by the murmur2 of Kafka's Java client, whose own tests say that it
/// is -790332482 of the first and -985981536 of the second.
const CASES: [(&str, i32, i32); 2] = [("foobar", 1, 2), ("a-little-bit-long-string", 2, 0)];

#[test]
fn a_case_goes_where_librdkafka_puts_it_or_where_java_does_if_that_is_set() {
    for (settings, is_java) in [(&[][..], false), (&[("KAFKA__EXTRA__PARTITIONER", "murmur2_random")][..], true)] {
        let feeders = Feeders::new();
        let inlet = feeders.inlet(settings);
        inlet.wait_until_ready();
        for (case_id, crc, murmur2) in CASES {
            let event = json!({"type": "case.accepted.v1", "case_id": case_id, "id": case_id, "source": SOURCE,
                "occurred_at": "2021-03-08T09:41:00+08:00"});
            let answer = Ask::json(&event).to(&inlet);
            assert_eq!(answer.status, 202, "{answer:?}");
            let wanted = if is_java { murmur2 } else { crc };
            assert_eq!(answer.json()["place"]["partition"], json!(wanted), "{case_id}, as Java: {is_java}");
        }
    }
}
