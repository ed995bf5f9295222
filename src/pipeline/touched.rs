//! The cases that a batch touches, in the order of the table `cases`: what is held of each, and what the batch brings.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;
use smol_str::SmolStr;

use super::{
    cache::{Cache, CaseKey, HeldCase},
    lighten::lighten,
};
use crate::{
    domain::{
        event::{Event, Place},
        events::Events,
    },
    feed::ours::PartitionAssignment,
};

#[derive(Debug, Default)]
pub struct Touch {
    pub key: CaseKey,
    /// What was known of it before the batch.
    pub held: HeldCase,
    /// What the batch brings.
    fresh: Vec<Event>,
    /// Was nothing held of it in memory? Then the ledger has to be asked.
    pub is_unknown: bool,
    /// Has it messages on a partition that is not ours?
    pub is_split: bool,
    /// Did other writers hear of it before it was looked up?
    pub is_noted: bool,
    /// So many of its events were there before the batch.
    pub earlier: usize,
}

#[derive(Debug, Default)]
pub struct Touched {
    cases: Vec<Touch>,
    places: Places,
}

impl Touched {
    /// The cases of these events, each with its events. Grouped before anything is written: the ledger wants its rows in the
    /// order of its cases, or ClickHouse has to bring them into it.
    pub fn by(events: Events) -> Self {
        let mut places = Places::default();
        let of_events: Vec<usize> = events.iter().map(|event| places.of(&event.stream, &event.case_id)).collect();
        let (mut touched, now_at) = Self::in_order(places);
        let mut counts = vec![0; touched.cases.len()];
        of_events.iter().for_each(|place| counts[now_at[*place]] += 1);
        // Room for all of a case's events at once: an event is three hundred bytes, and to move it along as a list grows is
        // a twentieth of the service.
        touched.cases.iter_mut().zip(counts).for_each(|(case, count)| case.fresh.reserve_exact(count));
        for (event, place) in events.into_iter().zip(of_events) {
            touched.cases[now_at[place]].fresh.push(event);
        }
        touched
    }

    /// These cases, with nothing held of them.
    pub fn afresh(keys: &[CaseKey]) -> Self {
        let mut places = Places::default();
        for (stream, case_id) in keys {
            places.of(stream, case_id);
        }
        let (mut touched, _) = Self::in_order(places);
        touched.cases.iter_mut().for_each(|case| case.is_unknown = true);
        touched
    }

    /// Also gives where each case is now, by its place in the order of coming.
    fn in_order(mut places: Places) -> (Self, Vec<usize>) {
        let mut keys: Vec<(CaseKey, usize)> = Vec::with_capacity(places.taken);
        for (stream, cases) in &places.by_stream {
            keys.extend(cases.iter().map(|(case_id, place)| ((stream.clone(), case_id.clone()), *place)));
        }
        keys.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut now_at = vec![0; keys.len()];
        keys.iter().enumerate().for_each(|(at, (_, place))| now_at[*place] = at);
        places.by_stream.values_mut().flat_map(HashMap::values_mut).for_each(|place| *place = now_at[*place]);
        let cases = keys.into_iter().map(|(key, _)| Touch { key, ..Touch::default() }).collect();
        (Self { cases, places }, now_at)
    }

    /// What the batch brings, in the order of the ledger. Where two streams use one case id it may be out of order, which costs
    /// time and nothing else.
    pub fn fresh(&self) -> Vec<&Event> {
        let mut cases: Vec<&Touch> = self.cases.iter().collect();
        // A run for each stream: a stable sort only merges them.
        cases.sort_by(|one, other| one.key.1.cmp(&other.key.1));
        let mut events = Vec::with_capacity(cases.iter().map(|case| case.fresh.len()).sum());
        for case in cases {
            let first = events.len();
            events.extend(&case.fresh);
            events[first..].sort_by(|one, other| in_ledger(one).cmp(&in_ledger(other)));
        }
        events
    }

    /// When the ledger's rows are written down, what the fold does not read can go.
    pub fn lighten(&mut self) {
        self.cases.iter_mut().flat_map(|case| &mut case.fresh).for_each(lighten);
    }

    /// Takes what is held of the cases out of the memory.
    pub fn recall(&mut self, cache: &mut Cache) {
        for case in &mut self.cases {
            match cache.take(&case.key) {
                Some(held) => case.held = held,
                None => case.is_unknown = true,
            }
        }
    }

    /// Cases with news from a partition that is not ours (any more) count as split: its owner may hold them in memory.
    pub fn doubt_fresh(&mut self, ours: &PartitionAssignment) {
        for case in self.cases.iter_mut().filter(|case| is_any_foreign(&case.fresh, ours)) {
            (case.is_split, case.is_unknown) = (true, true);
            case.forget_held();
        }
    }

    /// Marks those of the cases looked up that have a message on a partition that is not ours.
    pub fn mark_split(&mut self, ours: &PartitionAssignment) {
        for case in self.cases.iter_mut().filter(|case| case.is_unknown) {
            case.is_split |= is_any_foreign(&case.held.events, ours);
        }
    }

    pub fn unknown(&self) -> impl Iterator<Item = &Touch> {
        self.cases.iter().filter(|case| case.is_unknown)
    }

    pub fn unknown_mut(&mut self) -> impl Iterator<Item = &mut Touch> {
        self.cases.iter_mut().filter(|case| case.is_unknown)
    }

    /// Adds an event that the ledger holds; of a case that was not asked for there is none.
    pub fn add(&mut self, mut event: Event) {
        if let Some(place) = self.places.known(&event.stream, &event.case_id) {
            lighten(&mut event);
            self.cases[place].held.add(event);
        }
    }

    /// The first cases, so many at most, taken out; none where there are none left.
    pub fn first(&mut self, most: usize) -> Option<Self> {
        if self.cases.is_empty() {
            return None;
        }
        let is_whole = self.cases.len() == self.places.taken;
        if is_whole && self.cases.len() <= most {
            return Some(std::mem::take(self));
        }
        let rest = self.cases.split_off(most.min(self.cases.len()));
        let cases = std::mem::replace(&mut self.cases, rest);
        // Places are those of a list, and this is another one.
        let mut places = Places::default();
        for case in &cases {
            places.of(&case.key.0, &case.key.1);
        }
        Some(Self { cases, places })
    }

    pub fn len(&self) -> usize {
        self.cases.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// What was looked up of them, in bytes.
    pub fn looked_up(&self) -> usize {
        self.unknown().map(|case| case.held.weight()).sum()
    }

    /// The cases with everything that is known of them, without those of which that is nothing.
    pub fn whole(self) -> Vec<Touch> {
        let mut cases = self.cases;
        cases.iter_mut().for_each(Touch::absorb);
        cases.retain(|case| !case.held.events.is_empty());
        cases
    }
}

fn is_any_foreign(events: &[Event], ours: &PartitionAssignment) -> bool {
    events.iter().any(|event| !ours.has(&event.place.topic, event.place.partition))
}

impl Touch {
    pub fn key(&self) -> CaseKey {
        self.key.clone()
    }

    pub fn forget_held(&mut self) {
        self.held = HeldCase::default();
    }

    fn absorb(&mut self) {
        let fresh = std::mem::take(&mut self.fresh);
        // A look-up may have found the batch's own messages in the ledger already.
        if self.is_unknown && !self.held.events.is_empty() {
            let own: BTreeSet<&Place> = fresh.iter().map(|event| &event.place).collect();
            self.held.without(|event| own.contains(&event.place));
        }
        self.earlier = self.held.events.len();
        // Should the batch itself have a message twice, the fold takes it once.
        if self.held.events.is_empty() {
            self.held = HeldCase::of(fresh);
            return;
        }
        self.held.events.reserve_exact(fresh.len());
        fresh.into_iter().for_each(|event| self.held.add(event));
    }
}

/// The rest of the ledger's order, after the case id.
fn in_ledger(event: &Event) -> (&str, &str, &str, i32, i64) {
    let Event { source, id, place: Place { topic, partition, offset }, .. } = event;
    (source, id, topic, *partition, *offset)
}

/// A number for each case, in the order of coming. By stream and then by case, so that to look one up needs no key made.
#[derive(Debug, Default)]
struct Places {
    by_stream: HashMap<SmolStr, HashMap<SmolStr, usize, RandomState>, RandomState>,
    taken: usize,
}

impl Places {
    fn known(&self, stream: &str, case_id: &str) -> Option<usize> {
        self.by_stream.get(stream)?.get(case_id).copied()
    }

    fn of(&mut self, stream: &SmolStr, case_id: &SmolStr) -> usize {
        if let Some(place) = self.known(stream, case_id) {
            return place;
        }
        self.by_stream.entry(stream.clone()).or_default().insert(case_id.clone(), self.taken);
        self.taken += 1;
        self.taken - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{ours::Ours, partition::Partition};

    fn event(stream: &str, case_id: &str, id: &str, offset: i64) -> Event {
        Event { stream: stream.into(), case_id: case_id.into(), id: id.into(), ..Event::any(0, offset) }
    }

    fn offsets(events: &[Event]) -> Vec<i64> {
        events.iter().map(|event| event.place.offset).collect()
    }

    #[test]
    fn cases_are_taken_out_part_by_part_and_each_part_finds_its_own() {
        let events = (0..5).map(|number| event("grid", &format!("c{number}"), "1", number)).collect();
        let mut touched = Touched::by(events);
        let mut parts = Vec::new();
        while let Some(mut part) = touched.first(2) {
            // Of the second part's first case, and of nobody in the others.
            part.add(event("grid", "c2", "0", 9));
            parts.push(part.whole().iter().map(|case| offsets(&case.held.events)).collect::<Vec<_>>());
        }
        assert_eq!(parts, [vec![vec![0], vec![1]], vec![vec![9, 2], vec![3]], vec![vec![4]]]);
        assert!(touched.is_empty());
    }

    #[test]
    fn events_go_to_their_cases_and_cases_into_the_tables_order() {
        let events = [
            event("hotline", "a", "1", 0),
            event("grid", "b", "2", 1),
            event("grid", "a", "1", 2),
            event("grid", "b", "1", 3),
        ];
        let touched = Touched::by(events.into_iter().collect());
        assert_eq!(touched.fresh().iter().map(|event| event.place.offset).collect::<Vec<_>>(), [2, 0, 3, 1]);
        let whole: Vec<_> = touched
            .whole()
            .into_iter()
            .map(|case| (case.key.0.to_string(), case.key.1.to_string(), offsets(&case.held.events)))
            .collect();
        let case = |stream: &str, case_id: &str, offsets: &[i64]| (stream.into(), case_id.into(), offsets.to_vec());
        assert_eq!(whole, [case("grid", "a", &[2]), case("grid", "b", &[1, 3]), case("hotline", "a", &[0])]);
    }

    #[test]
    fn what_was_held_comes_before_what_is_new_and_no_message_comes_twice() {
        let mut cache = Cache::new(1_000_000);
        let mut held = HeldCase::of(vec![event("grid", "a", "1", 0), event("grid", "a", "2", 1)]);
        held.counted = [1, 0, 0];
        cache.put(("grid".into(), "a".into()), held);
        let events = [event("grid", "a", "2", 1), event("grid", "a", "3", 2), event("grid", "b", "1", 3)];
        let mut touched = Touched::by(events.into_iter().collect());
        touched.recall(&mut cache);
        assert_eq!(touched.unknown().map(Touch::key).collect::<Vec<_>>(), [("grid".into(), "b".into())]);
        touched.add(event("grid", "b", "0", 9));
        touched.add(event("hotline", "b", "0", 8));
        let whole = touched.whole();
        assert_eq!(offsets(&whole[0].held.events), [0, 1, 2]);
        assert_eq!(whole[0].held.counted, [1, 0, 0]);
        assert_eq!(offsets(&whole[1].held.events), [9, 3]);
    }

    #[test]
    fn a_case_with_a_message_on_a_partition_of_somebody_else_is_split() {
        let ours = Ours::default();
        ours.gained(&[Partition { topic: "t".into(), partition: 0 }]);
        let mut cache = Cache::new(1_000_000);
        cache.put(("grid".into(), "c".into()), HeldCase::of(vec![event("grid", "c", "1", 0)]));
        let mut touched = Touched::by(["a", "b", "c"].map(|case| event("grid", case, "2", 5)).into_iter().collect());
        touched.recall(&mut cache);
        let split = |touched: &Touched| -> Vec<String> {
            touched.cases.iter().filter(|case| case.is_split).map(|case| case.key.1.to_string()).collect()
        };
        touched.doubt_fresh(&ours.now());
        touched.add(event("grid", "a", "1", 1));
        touched.add(Event { place: Place { partition: 1, ..Event::any(0, 2).place }, ..event("grid", "b", "1", 2) });
        touched.mark_split(&ours.now());
        assert_eq!(split(&touched), ["b"]);
        // What is held of a case is as good as the partition is ours that its news come from.
        touched.doubt_fresh(&Ours::default().now());
        assert_eq!(split(&touched), ["a", "b", "c"]);
        assert!(touched.cases.iter().all(|case| case.is_unknown && case.held.events.is_empty()));
    }

    #[test]
    fn a_case_of_which_there_is_nothing_is_left_out() {
        let mut touched = Touched::afresh(&[("grid".into(), "b".into()), ("grid".into(), "a".into())]);
        assert_eq!(touched.unknown().count(), 2);
        touched.add(event("grid", "b", "1", 0));
        assert_eq!(touched.whole().len(), 1);
    }
}
