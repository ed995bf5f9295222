//! Where reading begins, and how that is written for whoever comes back.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::domain::{time::Millis, verify::Log};

/// Where reading begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedFrom {
    /// What arrived since, and of that the newest.
    Time {
        at: Millis,
        newest: i64,
    },
    /// The newest of each partition.
    Newest(i64),
    Now,
    /// There was no topic: all that comes onto it.
    Beginning,
    /// Where an earlier reading ended. The id is Kafka's own of the topic, empty where it has none.
    After {
        topic_id: String,
        next: BTreeMap<i32, i64>,
    },
}

const BEGINNING: &str = "start";
/// Kafka's have 22 letters.
const ID_MAX: usize = 64;

impl FeedFrom {
    /// The first offset that is wanted of a partition; within what is there.
    pub(super) fn start(&self, partition: i32, log: &Log, topic_id: &str) -> i64 {
        let start = match self {
            Self::Newest(newest) => log.stable.saturating_sub(*newest),
            Self::Time { .. } | Self::Now => log.stable,
            Self::Beginning => log.low,
            Self::After { topic_id: before, next } => {
                let is_other = !before.is_empty() && !topic_id.is_empty() && before != topic_id;
                // A partition that is not named was added since; of a topic made anew everything is new.
                let next = next.get(&partition).filter(|next| !is_other && **next <= log.high);
                next.copied().unwrap_or(log.low)
            }
        };
        start.clamp(log.low, log.stable)
    }

    /// Where to go on when there was no topic: what is put on it then is all new.
    pub fn once_there_is_a_topic(self) -> Self {
        if self == Self::Now { Self::Beginning } else { self }
    }

    /// `9GiCzgKRR7m…@0:17,1:4`, for whoever comes back with it; empty where nothing was read.
    pub fn text(&self) -> String {
        match self {
            Self::Time { .. } | Self::Newest(_) | Self::Now => String::new(),
            Self::Beginning => BEGINNING.to_owned(),
            Self::After { topic_id, next } => {
                let mut text = if topic_id.is_empty() { String::new() } else { format!("{topic_id}@") };
                for (place, (partition, offset)) in next.iter().enumerate() {
                    let _ = write!(text, "{}{partition}:{offset}", if place > 0 { "," } else { "" });
                }
                text
            }
        }
    }

    pub fn from_text(text: &str) -> Option<Self> {
        if text == BEGINNING {
            return Some(Self::Beginning);
        }
        let one = |pair: &str| {
            let (partition, offset) = pair.split_once(':')?;
            let (partition, offset) = (partition.parse().ok()?, offset.parse().ok()?);
            (partition >= 0 && offset >= 0).then_some((partition, offset))
        };
        let (topic_id, places) = text.split_once('@').unwrap_or(("", text));
        let is_id =
            topic_id.len() <= ID_MAX && topic_id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let next = places.split(',').map(one).collect::<Option<_>>().filter(|_| is_id)?;
        Some(Self::After { topic_id: topic_id.to_owned(), next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(topic_id: &str) -> FeedFrom {
        FeedFrom::After { topic_id: topic_id.to_owned(), next: [(0, 17), (12, 4)].into() }
    }

    #[test]
    fn where_to_go_on_comes_back_as_it_went_and_nothing_else_does() {
        for (from, text) in
            [(after("9Gi-_C"), "9Gi-_C@0:17,12:4"), (after(""), "0:17,12:4"), (FeedFrom::Beginning, "start")]
        {
            assert_eq!(from.text(), text);
            assert_eq!(FeedFrom::from_text(text), Some(from));
        }
        let long = format!("{}@0:1", "x".repeat(65));
        for wrong in ["", "0", "0:", ":1", "-1:3", "0:-3", "0:1;1:2", "0:1,", "a:b", "a@", "a b@0:1", "a@b@0:1", &long]
        {
            assert_eq!(FeedFrom::from_text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_was_added_or_made_anew_is_read_from_its_beginning() {
        let log = Log { low: 2, stable: 20, high: 25 };
        let short = Log { low: 2, stable: 10, high: 10 };
        for (from, partition, log, start, why) in [
            (after("id"), 0, &log, 17, "where it ended"),
            (after("id"), 1, &log, 2, "added since"),
            (after("other"), 0, &log, 2, "the topic was made anew"),
            (after(""), 0, &log, 17, "no id was known"),
            (after("id"), 0, &short, 2, "it ends before that"),
            (FeedFrom::Now, 0, &log, 20, "from now on"),
            (FeedFrom::Beginning, 0, &log, 2, "there was no topic"),
            (FeedFrom::Newest(3), 0, &log, 17, "the newest"),
            (FeedFrom::Newest(300), 0, &log, 2, "as many as there are"),
        ] {
            assert_eq!(from.start(partition, log, "id"), start, "{why}");
        }
        assert_eq!(after("id").start(0, &log, ""), 17, "no id is known any more");
    }

    #[test]
    fn from_now_on_of_a_topic_that_there_is_not_is_all_of_it() {
        assert_eq!(FeedFrom::Now.once_there_is_a_topic(), FeedFrom::Beginning);
        assert_eq!(after("id").once_there_is_a_topic(), after("id"));
    }
}
