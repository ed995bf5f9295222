//! The connections that are open: no more than there may be, and which of them goes when another one wants in.
//!
//! A connection that has brought its request is answered in milliseconds. One that stays has not brought it, or rests after its
//! answer: the one that has been silent longest goes first, and whoever is new gets a turn however many others hold on. An answer
//! that lasts has a bound of its own, set by who gives it, and takes nobody's place.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

/// What a connection has at least, before it can be ended for another: a client that is honest has long sent its request.
const TURN: Duration = Duration::from_millis(50);
/// A flood is said once in this time, not once a connection.
const SAID_EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
pub(super) struct Connections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    table: Mutex<Table>,
    freed: Notify,
    /// Told of each change how many are open.
    shown: fn(usize),
}

/// In the order in which they came: the first key is the oldest.
#[derive(Debug, Default)]
struct Table {
    open: BTreeMap<u64, Open>,
    /// With an answer that lasts.
    lasting: BTreeMap<u64, CancellationToken>,
    next: u64,
    ended: u64,
    said: Option<Instant>,
}

#[derive(Debug)]
struct Open {
    /// Its beginning, or the end of its last answer.
    since: Instant,
    has_asked: bool,
    end: CancellationToken,
}

#[derive(Debug, PartialEq, Eq)]
enum Room {
    Free,
    /// This one has to go.
    Ends(u64),
    /// The oldest has its turn until then.
    At(Instant),
    /// One is on its way out.
    Soon,
}

impl Connections {
    pub(super) fn new(most: usize, shown: fn(usize)) -> Self {
        Self(Arc::new(Shared { most: most.max(1), table: Mutex::default(), freed: Notify::new(), shown }))
    }

    /// A place for a new connection. When there is none, an old one has to go.
    pub(super) async fn place(&self) -> Place {
        loop {
            let (room, place) = self.step(Instant::now());
            if let Some(place) = place {
                return place;
            }
            match room {
                Room::At(turn) => {
                    let _ = tokio::time::timeout_at(turn, self.0.freed.notified()).await;
                }
                _ => self.0.freed.notified().await,
            }
        }
    }

    fn step(&self, now: Instant) -> (Room, Option<Place>) {
        let mut table = self.table();
        let room = table.room(self.0.most, now);
        match room {
            Room::Free => {
                let place = table.enter(self, now);
                (room, Some(place))
            }
            Room::Ends(id) => {
                table.end(id, now, self.0.most);
                (room, None)
            }
            Room::At(_) | Room::Soon => (room, None),
        }
    }

    /// Every connection is told to end; those that are being answered too, if `all`.
    pub(super) fn end(&self, all: bool) {
        let table = self.table();
        table.open.values().filter(|open| all || !open.has_asked).for_each(|open| open.end.cancel());
        table.lasting.values().filter(|_| all).for_each(CancellationToken::cancel);
    }

    pub(super) async fn all_gone(&self) {
        while !self.table().is_empty() {
            self.0.freed.notified().await;
        }
    }

    fn show(&self, table: &Table) {
        (self.0.shown)(table.open.len() + table.lasting.len());
    }

    /// A panic elsewhere does not make the table wrong.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn room(&self, most: usize, now: Instant) -> Room {
        if self.open.len() < most {
            return Room::Free;
        }
        if self.open.values().any(|open| open.end.is_cancelled()) {
            return Room::Soon;
        }
        let silent = self.open.iter().filter(|(_, open)| !open.has_asked).min_by_key(|(id, open)| (open.since, **id));
        match silent.or_else(|| self.open.first_key_value()) {
            Some((id, open)) if open.since + TURN <= now => Room::Ends(*id),
            Some((_, open)) => Room::At(open.since + TURN),
            None => Room::Free,
        }
    }

    fn enter(&mut self, of: &Connections, now: Instant) -> Place {
        let (id, end) = (self.next, CancellationToken::new());
        self.next += 1;
        self.open.insert(id, Open { since: now, has_asked: false, end: end.clone() });
        of.show(self);
        Place { of: of.clone(), id, end }
    }

    fn is_empty(&self) -> bool {
        self.open.is_empty() && self.lasting.is_empty()
    }

    fn end(&mut self, id: u64, now: Instant, most: usize) {
        if let Some(open) = self.open.get(&id) {
            open.end.cancel();
            self.ended += 1;
        }
        if self.said.is_none_or(|said| said + SAID_EVERY <= now) {
            self.said = Some(now);
            let ended = std::mem::take(&mut self.ended);
            tracing::warn!(
                connections_max = most,
                ended,
                "http is full: the oldest connections without a request are ended"
            );
        }
    }
}

/// Of one connection; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    of: Connections,
    id: u64,
    pub(super) end: CancellationToken,
}

impl Place {
    /// A request has come.
    pub(super) fn has_asked(&self) {
        self.changed(|open| open.has_asked = true);
    }

    /// It is answered, and may ask again.
    pub(super) fn rests(&self, now: Instant) {
        self.changed(|open| (open.has_asked, open.since) = (false, now));
        self.of.0.freed.notify_one();
    }

    /// Its answer lasts: the place is free for another.
    pub(super) fn lasts(&self) {
        let mut table = self.of.table();
        if let Some(open) = table.open.remove(&self.id) {
            table.lasting.insert(self.id, open.end);
        }
        drop(table);
        self.of.0.freed.notify_one();
    }

    fn changed(&self, change: impl FnOnce(&mut Open)) {
        if let Some(open) = self.of.table().open.get_mut(&self.id) {
            change(open);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut table = self.of.table();
        table.open.remove(&self.id);
        table.lasting.remove(&self.id);
        self.of.show(&table);
        drop(table);
        self.of.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Connections that came a millisecond apart, and whether each has asked.
    fn table(asked: &[bool], start: Instant) -> (Table, Vec<Place>) {
        let of = Connections::new(9, |_| {});
        let mut table = Table::default();
        let enter = |(n, has_asked): (u64, &bool)| {
            let place = table.enter(&of, start + Duration::from_millis(n));
            table.open.get_mut(&place.id).unwrap().has_asked = *has_asked;
            place
        };
        let places = (0..).zip(asked).map(enter).collect();
        (table, places)
    }

    #[test]
    fn the_oldest_that_has_not_asked_goes_and_only_after_its_turn() {
        let start = Instant::now();
        let later = start + TURN * 2;
        let first_turn = start + TURN;
        for (asked, most, now, room) in [
            (&[][..], 1, later, Room::Free),
            (&[false, false], 3, later, Room::Free),
            (&[false, false], 2, later, Room::Ends(0)),
            (&[true, false], 2, later, Room::Ends(1)),
            (&[true, true], 2, later, Room::Ends(0)),
            (&[false, false], 2, start, Room::At(first_turn)),
            (&[true, false], 2, start, Room::At(first_turn + Duration::from_millis(1))),
        ] {
            let (table, _places) = table(asked, start);
            assert_eq!(table.room(most, now), room, "{asked:?} of {most}");
        }
    }

    #[test]
    fn one_on_its_way_out_is_waited_for_and_no_other_ended() {
        let start = Instant::now();
        let (mut table, _places) = table(&[false, false], start);
        table.end(0, start, 2);
        assert_eq!(table.room(2, start + TURN * 9), Room::Soon);
    }

    #[test]
    fn of_those_that_rest_the_one_that_was_answered_longest_ago_goes() {
        let start = Instant::now();
        let (mut table, _places) = table(&[true, true, true], start);
        let later = start + TURN * 9;
        for (id, answered) in [(0, 5), (1, 3)] {
            let open = table.open.get_mut(&id).unwrap();
            (open.has_asked, open.since) = (false, start + Duration::from_millis(answered));
        }
        assert_eq!(table.room(3, later), Room::Ends(1));
    }

    #[tokio::test]
    async fn an_answer_that_lasts_takes_nobodys_place_and_ends_with_all() {
        let connections = Connections::new(1, |_| {});
        let lasting = connections.place().await;
        lasting.has_asked();
        lasting.lasts();
        let other = connections.place().await;
        connections.end(false);
        assert!(other.end.is_cancelled() && !lasting.end.is_cancelled());
        drop(other);
        assert!(!connections.table().is_empty());
        connections.end(true);
        assert!(lasting.end.is_cancelled());
        drop(lasting);
        assert!(connections.table().is_empty());
    }

    #[tokio::test]
    async fn a_newcomer_gets_the_place_of_the_oldest_as_soon_as_that_is_gone() {
        let connections = Connections::new(2, |_| {});
        let oldest = connections.place().await;
        let asked = connections.place().await;
        asked.has_asked();
        let ended = oldest.end.clone();
        tokio::spawn(async move {
            oldest.end.cancelled().await;
            drop(oldest);
        });
        let _newcomer = connections.place().await;
        assert!(ended.is_cancelled() && !asked.end.is_cancelled());
        assert_eq!(connections.table().open.len(), 2);
    }
}
