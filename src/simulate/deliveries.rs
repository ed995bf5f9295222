//! In which order, and how often, the messages of one life are sent: as the source writes them down, except for those
//! that arrive after a later event of their case, and for those sent a second time.

use super::{
    draw::Draw,
    life::PlannedStep,
    options::Options,
    working::{DAY, HOUR, MINUTE},
};
use crate::domain::time::Millis;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delivery {
    pub at: Millis,
    /// Which step of the life.
    pub step: u16,
    pub is_repeat: bool,
    pub wrapping: PlannedWrapping,
}

/// How the message is wrapped; the same both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlannedWrapping {
    Structured,
    Binary,
    Bare,
}

impl PlannedWrapping {
    fn draw(draw: &mut Draw) -> Self {
        match draw.below(100) {
            0..=4 => Self::Binary,
            5..=9 => Self::Bare,
            _ => Self::Structured,
        }
    }
}

/// The messages of one life, in the order in which they are sent.
pub fn schedule(steps: &[PlannedStep], options: &Options, draw: &mut Draw) -> Vec<Delivery> {
    let mut deliveries: Vec<Delivery> = (0..)
        .zip(steps)
        .map(|(step, told)| Delivery {
            at: told.recorded_at,
            step,
            is_repeat: false,
            wrapping: PlannedWrapping::draw(draw),
        })
        .collect();
    // From the last to the first, so that the message to arrive before this one already stands where it will be sent.
    for index in (0..deliveries.len().saturating_sub(1)).rev() {
        if draw.chance(options.disorder) {
            let overtaking = index + 1 + draw.below(3) as usize;
            let overtaking = overtaking.min(deliveries.len() - 1);
            deliveries[index].at = deliveries[overtaking].at.plus(draw.between(1, 120) * 1000);
        }
    }
    for index in 0..steps.len() {
        if draw.chance(options.duplicates) {
            let first = deliveries[index];
            deliveries.push(Delivery { at: first.at.plus(until_repeated(draw)), is_repeat: true, ..first });
        }
    }
    deliveries.sort_unstable();
    deliveries
}

/// A retry comes within minutes, a repaired batch after hours, a feed sent again after days.
fn until_repeated(draw: &mut Draw) -> i64 {
    match draw.below(10) {
        0..=5 => draw.between(1000, 10 * MINUTE),
        6..=8 => draw.between(10 * MINUTE, 6 * HOUR),
        _ => draw.between(6 * HOUR, 10 * DAY),
    }
}

/// How many first deliveries tell of something that happened before what an earlier one told of.
pub fn out_of_order(steps: &[PlannedStep], deliveries: &[Delivery]) -> u64 {
    let mut latest = Millis(i64::MIN);
    let mut count = 0;
    for delivery in deliveries.iter().filter(|delivery| !delivery.is_repeat) {
        let at = steps[usize::from(delivery.step)].at;
        if at < latest {
            count += 1;
        }
        latest = latest.max(at);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::{draw::Purpose, life::PlannedAct};

    fn steps() -> Vec<PlannedStep> {
        (0..10)
            .map(|n| PlannedStep {
                act: PlannedAct::Reported,
                at: Millis(n * HOUR),
                recorded_at: Millis(n * HOUR + 5000),
            })
            .collect()
    }

    fn scheduled(options: Options) -> Vec<Delivery> {
        schedule(&steps(), &options, &mut Draw::new(3, Purpose::Deliveries, 0, 0))
    }

    #[test]
    fn without_disorder_everything_is_sent_once_and_in_order() {
        let sent = scheduled(Options::default());
        assert!(sent.iter().map(|delivery| delivery.step).eq(0..10));
        assert_eq!(out_of_order(&steps(), &sent), 0);
    }

    #[test]
    fn a_repeat_follows_its_first_message() {
        let sent = scheduled(Options { duplicates: 1.0, disorder: 0.5, ..Options::default() });
        assert_eq!(sent.len(), 20);
        for step in 0..10 {
            let both: Vec<&Delivery> = sent.iter().filter(|delivery| delivery.step == step).collect();
            assert!(!both[0].is_repeat && both[1].is_repeat && both[0].wrapping == both[1].wrapping);
        }
    }

    #[test]
    fn a_moved_message_arrives_after_a_later_event() {
        let sent = scheduled(Options { disorder: 0.4, ..Options::default() });
        assert!(out_of_order(&steps(), &sent) > 0);
    }
}
