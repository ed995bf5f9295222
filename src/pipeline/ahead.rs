//! How many messages the Kafka client may keep ready. It stops at so many bytes, but counts payloads only: keys and headers of a
//! megabyte each would fill the memory without its notice. So what they weigh is watched here. Pure.

/// Enough that the client is never waited for; a few megabytes of usual messages.
pub const MOST: u32 = 10_000;
const LEAST: u32 = 4;
/// One message in so many has its headers weighed: to parse them is dear.
const WEIGHED: u64 = 16;

#[derive(Debug)]
pub struct Ahead {
    messages: u32,
    /// Of keys and headers, over the last messages weighed.
    average: usize,
    bytes_max: usize,
    seen: u64,
}

impl Ahead {
    pub fn new(bytes_max: usize) -> Self {
        Self { messages: MOST, average: 0, bytes_max, seen: 0 }
    }

    /// Whether to weigh the next message.
    pub fn weighs(&mut self) -> bool {
        self.seen += 1;
        self.seen % WEIGHED == 1
    }

    /// Key and headers of a message weigh so much. Gives the number of messages to keep ready from now on, if it has to be less.
    pub fn weigh(&mut self, bytes: usize) -> Option<u32> {
        self.average = (self.average * 15 + bytes) / 16;
        if self.average.saturating_mul(self.messages as usize) <= 2 * self.bytes_max || self.messages == LEAST {
            return None;
        }
        // Once and for good: each time the group has to settle again.
        self.messages = (self.bytes_max / self.average.max(bytes) / 2).clamp(LEAST as usize, MOST as usize) as u32;
        Some(self.messages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: usize = 16 * 1024 * 1024;

    #[test]
    fn usual_keys_and_headers_change_nothing() {
        let mut ahead = Ahead::new(SHARE);
        assert!((0..1000).all(|_| ahead.weigh(600).is_none()));
        assert!(ahead.weigh(30_000).is_none(), "nor does a large one now and then");
    }

    #[test]
    fn large_ones_let_fewer_be_kept_ready_once() {
        let mut ahead = Ahead::new(SHARE);
        assert_eq!(ahead.weigh(900_000), Some(9));
        assert!((0..100).all(|_| ahead.weigh(900_000).is_none()));
        assert_eq!(Ahead::new(SHARE).weigh(100_000_000), Some(LEAST));
    }

    #[test]
    fn one_message_in_sixteen_is_weighed() {
        let mut ahead = Ahead::new(SHARE);
        assert_eq!((0..64).filter(|_| ahead.weighs()).count(), 4);
    }
}
