//! The partitions that are ours: whether each flows, where it goes on, whether it moves, and what is asked about it.

use std::time::Duration;

use tokio::time::Instant;

use super::{
    flow::{Flow, FlowChange},
    movement::Movement,
};
use crate::{
    feed::{observer::Observation, partition::Partition},
    metrics,
};

#[derive(Debug)]
struct Own {
    partition: Partition,
    flow: Flow,
    /// The next offset to take; none before it was placed.
    next: Option<i64>,
    /// What the client was told last: fetch it, or not. None: it did not take the order, or forgot it.
    told: Option<bool>,
    movement: Movement,
    /// What the client library said of the bytes that it cannot read there. It is paused then, until they are readable or a
    /// person has stepped over them.
    unreadable: Option<String>,
    is_stuck: bool,
    /// A question about it is open. Answers take seconds: another one would wait behind it, and keep others waiting.
    is_asked: bool,
}

#[derive(Debug, Default)]
pub struct Partitions {
    own: Vec<Own>,
    /// Where the last message's partition stands: the next one is mostly of the same.
    last: usize,
    /// Has the writer no room?
    is_full: bool,
}

/// How long a partition may stand, and longer where others keep the client busy.
const BUSY_TIMES: u32 = 4;

impl Partitions {
    pub fn count(&self) -> usize {
        self.own.len()
    }

    /// Is a message of this place to be taken? Not while nobody knows where to go on, nor from before that.
    pub fn takes(&mut self, topic: &str, partition: i32, offset: i64) -> bool {
        let is = |own: &Own| own.partition.partition == partition && own.partition.topic == topic;
        if !self.own.get(self.last).is_some_and(is) {
            let Some(at) = self.own.iter().position(is) else { return false };
            self.last = at;
        }
        let own = &mut self.own[self.last];
        match own.next {
            Some(next) if own.flow.is_taken() && offset >= next => {
                own.next = Some(offset + 1);
                true
            }
            _ => false,
        }
    }

    pub fn next_of(&self, partition: &Partition) -> Option<i64> {
        self.own.iter().find(|own| own.partition == *partition)?.next
    }

    /// Where to go on with them is asked.
    pub fn assigned(&mut self, partitions: Vec<Partition>) {
        self.gone(&partitions, FlowChange::Revoked);
        self.own.extend(partitions.into_iter().map(|partition| Own {
            partition,
            flow: Flow::Away.after(FlowChange::Assigned),
            next: None,
            told: None,
            movement: Movement::default(),
            unreadable: None,
            is_stuck: false,
            is_asked: true,
        }));
    }

    pub fn revoked(&mut self, partitions: &[Partition]) {
        self.gone(partitions, FlowChange::Revoked);
    }

    /// All of them, with the client.
    pub fn lost(&mut self) -> Vec<Partition> {
        let all: Vec<Partition> = self.own.iter().map(|own| own.partition.clone()).collect();
        self.gone(&all, FlowChange::Lost);
        all
    }

    fn gone(&mut self, partitions: &[Partition], change: FlowChange) {
        self.own.retain(|own| {
            let stays = !partitions.contains(&own.partition) || own.flow.after(change) != Flow::Away;
            if !stays && own.is_stuck {
                metrics::partition_stuck(&own.partition.topic, own.partition.partition, false);
            }
            stays
        });
    }

    /// It was moved to where it goes on.
    pub fn placed(&mut self, partition: &Partition, start: i64) {
        let is_full = self.is_full;
        for own in self.own.iter_mut().filter(|own| own.partition == *partition) {
            own.flow = own.flow.after(FlowChange::Placed);
            if is_full {
                own.flow = own.flow.after(FlowChange::Full);
            }
            (own.next, own.unreadable) = (Some(start), None);
            // Whatever it was told, it is told again.
            own.told = None;
            own.movement.anew();
            own.stands(false);
        }
    }

    pub fn is_placing(&self, partition: &Partition) -> bool {
        self.own.iter().any(|own| own.partition == *partition && own.flow == Flow::Placing)
    }

    /// Is it known where each goes on? Also where that cannot be read.
    pub fn all_placed(&self) -> bool {
        self.own.iter().all(|own| own.flow != Flow::Placing || own.unreadable.is_some())
    }

    /// The positions of all are in doubt: each with how far it was taken. Nothing of them is taken, until that is asked and answered.
    pub fn doubted(&mut self) -> Vec<(Partition, i64)> {
        let mut doubted = Vec::new();
        for own in self.own.iter_mut().filter(|own| own.flow != Flow::Placing) {
            let Some(next) = own.next else { continue };
            own.flow = own.flow.after(FlowChange::Doubted);
            own.is_asked = true;
            doubted.push((own.partition.clone(), next));
        }
        doubted
    }

    /// A question about it was answered; another one may follow.
    pub fn answered(&mut self, partition: &Partition) {
        self.asked(partition, false);
    }

    pub fn asked_again(&mut self, partition: &Partition) {
        self.asked(partition, true);
    }

    fn asked(&mut self, partition: &Partition, is_asked: bool) {
        self.own.iter_mut().filter(|own| own.partition == *partition).for_each(|own| own.is_asked = is_asked);
    }

    /// The writer has room, or none. True when that is news.
    pub fn full(&mut self, is_full: bool) -> bool {
        let change = if is_full { FlowChange::Full } else { FlowChange::Room };
        self.own.iter_mut().for_each(|own| own.flow = own.flow.after(change));
        std::mem::replace(&mut self.is_full, is_full) != is_full
    }

    /// What the client has to be told: to pause these, and to resume those.
    pub fn orders(&self) -> (Vec<Partition>, Vec<Partition>) {
        let open = |fetched: bool| {
            let is_open = move |own: &&Own| own.flow.is_fetched() == fetched && own.told != Some(fetched);
            self.own.iter().filter(is_open).map(|own| own.partition.clone()).collect()
        };
        (open(false), open(true))
    }

    /// The client has taken the order.
    pub fn told(&mut self, partitions: &[Partition], fetched: bool) {
        for own in self.own.iter_mut().filter(|own| partitions.contains(&own.partition)) {
            own.told = Some(fetched);
        }
    }

    /// Looks whether each moves, as far as the last observation tells. Those that stand and are not asked about yet, with where.
    pub fn look(
        &mut self,
        seen: Option<&Observation>,
        is_busy: bool,
        now: Instant,
        stuck_after: Duration,
    ) -> Vec<(Partition, i64)> {
        let patience = if is_busy { stuck_after.saturating_mul(BUSY_TIMES) } else { stuck_after };
        let mut stuck = Vec::new();
        for own in &mut self.own {
            let Some(next) = own.next else { continue };
            let end = seen.and_then(|seen| seen.extents.get(&own.partition)).map(|extent| extent.end);
            // What cannot be read needs no patience, but somebody may have done something about it.
            let (may_move, after) = match own.unreadable {
                Some(_) => (true, stuck_after),
                None => (own.flow == Flow::Flowing, patience),
            };
            let is_stuck = own.movement.look(next, end, may_move, now, after);
            own.stands(is_stuck || own.unreadable.is_some());
            if is_stuck && !std::mem::replace(&mut own.is_asked, true) {
                stuck.push((own.partition.clone(), next));
            }
        }
        stuck
    }

    pub fn nothing_between(&mut self, partition: &Partition, next: i64, seen: Option<&Observation>) {
        let Some(end) = seen.and_then(|seen| seen.extents.get(partition)).map(|extent| extent.end) else { return };
        for own in self.own.iter_mut().filter(|own| own.partition == *partition) {
            own.movement.nothing_between(next, end);
        }
    }

    /// The bytes there cannot be read: nothing is fetched from there. True when that is news.
    pub fn unreadable(&mut self, partition: &Partition, at: i64, cause: &str) -> bool {
        let Some(own) = self.own.iter_mut().find(|own| own.partition == *partition && own.next == Some(at)) else {
            return false;
        };
        own.flow = own.flow.after(FlowChange::Doubted);
        own.movement.anew();
        own.stands(true);
        own.unreadable.replace(cause.to_owned()).is_none()
    }

    /// By now they can.
    pub fn readable(&mut self, partition: &Partition) {
        self.own.iter_mut().filter(|own| own.partition == *partition).for_each(|own| own.unreadable = None);
    }

    pub fn is_unreadable(&self, partition: &Partition) -> bool {
        self.own.iter().any(|own| own.partition == *partition && own.unreadable.is_some())
    }

    pub fn has_unreadable(&self) -> bool {
        self.own.iter().any(|own| own.unreadable.is_some())
    }

    /// In words, what stands and what to do; none when everything moves.
    pub fn trouble(&self) -> Option<String> {
        let words = |own: &Own| {
            let (Partition { topic, partition }, next) = (&own.partition, own.next.unwrap_or(0));
            match &own.unreadable {
                Some(cause) => format!(
                    "{topic}[{partition}] cannot be read at offset {next} ({cause}): everything behind it waits. \
                     To step over it, on record: tongguan gaps skip {topic}/{partition}/{next} --yes"
                ),
                None => format!(
                    "{topic}[{partition}] has messages from offset {next} on and gives none: the service looks at what lies there \
                     and makes its consumer anew where that helps. If it stays so, look at the broker that leads the partition"
                ),
            }
        };
        let all: Vec<String> = self.own.iter().filter(|own| own.is_stuck).map(words).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }
}

impl Own {
    fn stands(&mut self, is_stuck: bool) {
        if self.is_stuck != is_stuck {
            metrics::partition_stuck(&self.partition.topic, self.partition.partition, is_stuck);
            self.is_stuck = is_stuck;
        }
    }
}

pub fn names(partitions: &[Partition]) -> String {
    let names: Vec<String> = partitions.iter().map(|one| format!("{}[{}]", one.topic, one.partition)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{feed::observer::Extent, pipeline::clock::after};

    fn partition(number: i32) -> Partition {
        Partition { topic: "t".into(), partition: number }
    }

    fn flowing(next: i64) -> Partitions {
        let mut own = Partitions::default();
        own.assigned(vec![partition(0)]);
        own.answered(&partition(0));
        own.placed(&partition(0), next);
        own
    }

    const AFTER: Duration = Duration::from_secs(1);

    fn seen(end: i64) -> Observation {
        let extents = [(partition(0), Extent { low: 0, end, committed: None })].into();
        Observation { extents, ..Observation::default() }
    }

    #[test]
    fn nothing_is_taken_before_it_is_known_where_to_go_on_nor_from_before_that() {
        let mut own = Partitions::default();
        own.assigned(vec![partition(0), partition(1)]);
        assert!(!own.takes("t", 0, 7));
        own.placed(&partition(0), 5);
        assert!(!own.takes("t", 0, 4) && own.takes("t", 0, 5) && !own.takes("t", 0, 5) && own.takes("t", 0, 9));
        assert!(!own.takes("t", 1, 5) && !own.takes("u", 0, 9));
        assert_eq!(own.next_of(&partition(0)), Some(10));
        own.revoked(&[partition(0)]);
        assert!(!own.takes("t", 0, 10));
    }

    #[test]
    fn orders_stay_open_until_the_client_has_taken_them() {
        let mut own = Partitions::default();
        own.assigned(vec![partition(0)]);
        assert_eq!(own.orders(), (vec![partition(0)], vec![]));
        own.told(&[partition(0)], false);
        assert_eq!(own.orders(), (vec![], vec![]));
        own.placed(&partition(0), 0);
        assert_eq!(own.orders(), (vec![], vec![partition(0)]));
        own.told(&[partition(0)], true);
        assert!(own.full(true) && !own.full(true));
        assert_eq!(own.orders(), (vec![partition(0)], vec![]));
    }

    #[test]
    fn a_partition_that_comes_back_while_the_writer_is_busy_waits_and_runs_as_soon_as_there_is_room() {
        let mut own = flowing(0);
        own.full(true);
        own.revoked(&[partition(0)]);
        own.assigned(vec![partition(0)]);
        own.placed(&partition(0), 3);
        assert_eq!(own.orders().1, []);
        own.full(false);
        assert_eq!(own.orders(), (vec![], vec![partition(0)]));
    }

    #[test]
    fn what_stands_is_named_with_what_to_do_until_it_moves() {
        let mut own = flowing(5);
        assert!(own.look(Some(&seen(9)), false, after(0), AFTER).is_empty());
        assert!(own.look(Some(&seen(9)), true, after(1000), AFTER).is_empty(), "the others keep the client busy");
        assert_eq!(own.look(Some(&seen(9)), false, after(1000), AFTER), [(partition(0), 5)]);
        assert!(own.trouble().unwrap().contains("t[0] has messages from offset 5 on"));
        assert!(own.unreadable(&partition(0), 5, "Bad compression") && !own.unreadable(&partition(0), 5, "again"));
        let text = own.trouble().unwrap();
        assert!(text.contains("offset 5 (again)") && text.contains("gaps skip t/0/5 --yes"), "{text}");
        own.placed(&partition(0), 6);
        assert_eq!(own.trouble(), None);
    }

    #[test]
    fn what_stands_is_asked_about_once_until_that_is_answered() {
        let mut own = flowing(5);
        let look = |own: &mut Partitions, at| own.look(Some(&seen(9)), false, after(at), AFTER).len();
        assert_eq!([0, 1000, 2000, 60_000].map(|at| look(&mut own, at)), [0, 1, 0, 0]);
        own.answered(&partition(0));
        assert_eq!([61_000, 62_000].map(|at| look(&mut own, at)), [1, 0]);
    }

    #[test]
    fn what_cannot_be_read_is_paused_and_asked_about_now_and_then_and_is_trouble_all_the_time() {
        let mut own = flowing(5);
        own.told(&[partition(0)], true);
        own.doubted();
        own.unreadable(&partition(0), 5, "Bad compression");
        own.answered(&partition(0));
        assert_eq!(own.orders(), (vec![partition(0)], vec![]));
        assert!(!own.takes("t", 0, 7) && own.all_placed());
        let mut look = |at| {
            let due = own.look(Some(&seen(9)), false, after(at), AFTER);
            assert!(own.trouble().unwrap().contains("gaps skip t/0/5 --yes"));
            if !due.is_empty() {
                own.unreadable(&partition(0), 5, "Bad compression");
                own.answered(&partition(0));
            }
            due.len()
        };
        assert_eq!([0, 999, 1000, 1001, 2000, 2001].map(&mut look), [0, 0, 1, 0, 0, 1]);
        assert_eq!(own.doubted(), [], "nobody doubts where it is");
    }

    #[test]
    fn in_doubt_it_is_placed_anew_from_where_it_was() {
        let mut own = flowing(5);
        own.takes("t", 0, 5);
        assert_eq!(own.doubted(), [(partition(0), 6)]);
        assert!(own.doubted().is_empty(), "once is enough");
        assert!(!own.all_placed() && !own.takes("t", 0, 6));
    }
}
