//! Lives by lot: half of them plausible, half of them anything that the contract lets through.

use rand::{
    Rng, SeedableRng,
    seq::{IndexedRandom, SliceRandom},
};
use rand_chacha::ChaCha8Rng;

use super::{
    instant::{DAY, HOUR, MINUTE, day, midnight, number},
    message::{Life, Message},
};

const WEIGHTS: [(&str, u32); 34] = [
    ("reported", 3),
    ("accepted", 4),
    ("rejected", 1),
    ("verification_requested", 2),
    ("verified", 2),
    ("filed", 3),
    ("not_filed", 1),
    ("dispatched", 16),
    ("signed", 3),
    ("returned", 1),
    ("return_decided", 6),
    ("withdrawn", 2),
    ("contacted", 4),
    ("supervised", 3),
    ("urged", 1),
    ("extension_requested", 4),
    ("extension_decided", 8),
    ("suspension_requested", 1),
    ("suspended", 8),
    ("resumed", 7),
    ("submitted", 14),
    ("check_requested", 2),
    ("checked", 6),
    ("rework_ordered", 4),
    ("closed", 10),
    ("reopened", 5),
    ("revisited", 3),
    ("reviewed", 2),
    ("appeal_decided", 1),
    ("duplicate_linked", 1),
    ("duplicate_unlinked", 1),
    ("voided", 1),
    ("void_revoked", 2),
    ("corrected", 4),
];

pub struct Lot {
    pub rng: ChaCha8Rng,
    /// Instants worth hitting: every due that was stated.
    pub dues: Vec<i64>,
    /// A life without the types that seldom come: the clocks in depth.
    is_plain: bool,
}

pub fn life(number: u64) -> (Life, Lot) {
    let mut lot = Lot { rng: ChaCha8Rng::seed_from_u64(number), dues: Vec::new(), is_plain: false };
    lot.is_plain = lot.chance(50);
    let stream = if lot.chance(55) { "hotline" } else { "grid" };
    let most = if lot.chance(50) { 9 } else { 25 };
    let length = lot.rng.random_range(1..=most);
    let mut at = lot.beginning();
    let mut messages: Vec<Message> = Vec::new();
    let is_numbered = lot.chance(10);
    for place in 0..length {
        let kind = lot.kind(place, &messages);
        let data = lot.data(&kind, stream, at);
        let sequence = (is_numbered && lot.chance(80)).then(|| lot.rng.random_range(1..=9));
        messages.push(Message { kind, id: format!("{place}"), source: "urn:lives".into(), at, sequence, data });
        at = lot.later(at);
    }
    lot.disturb(&mut messages);
    (Life { name: format!("R{number}"), stream: stream.to_owned(), messages }, lot)
}

impl Lot {
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub fn one_of(&mut self, words: &[&str]) -> String {
        (*words.choose(&mut self.rng).expect("words")).to_owned()
    }

    /// Around the holidays of 2021, the ends of its months, or anywhere in it.
    fn beginning(&mut self) -> i64 {
        let days = [
            (2, 5),
            (2, 9),
            (2, 18),
            (3, 3),
            (3, 25),
            (4, 1),
            (4, 22),
            (4, 28),
            (6, 9),
            (6, 28),
            (9, 15),
            (9, 28),
            (10, 8),
            (12, 29),
        ];
        let day = if self.chance(60) {
            let (month, date) = *days.choose(&mut self.rng).expect("days");
            number(2021, month, date) + self.rng.random_range(0..3)
        } else {
            number(2021, 1, 1) + self.rng.random_range(0..365)
        };
        midnight(day) + self.clock()
    }

    fn clock(&mut self) -> i64 {
        match self.rng.random_range(0..10) {
            0 => 0,
            1 => *[8 * HOUR, 12 * HOUR, 14 * HOUR, 18 * HOUR].choose(&mut self.rng).expect("hours"),
            2 => self.rng.random_range(0..DAY),
            _ => self.rng.random_range(12..40) * 30 * MINUTE,
        }
    }

    fn later(&mut self, at: i64) -> i64 {
        if let Some(due) = self.dues.choose(&mut self.rng).copied()
            && due > at
            && self.chance(15)
        {
            return due + *[-1, 0, 0, 1, 30 * MINUTE].choose(&mut self.rng).expect("steps");
        }
        match self.rng.random_range(0..20) {
            0 | 1 => at,
            2..=6 => at + self.rng.random_range(1..8) * 30 * MINUTE,
            7 => at + self.rng.random_range(1..HOUR),
            8..=11 => midnight(day(at) + 1) + self.clock(),
            12..=16 => midnight(day(at) + self.rng.random_range(1..5)) + self.clock(),
            17 => midnight(day(at) + self.rng.random_range(5..15)) + self.clock(),
            _ => at + self.rng.random_range(0..3) * HOUR,
        }
        .max(at)
    }

    fn kind(&mut self, place: usize, before: &[Message]) -> String {
        if place == 0 && self.chance(80) {
            return self.one_of(&["accepted", "accepted", "accepted", "reported"]);
        }
        if place == 1 && before[0].kind == "reported" && self.chance(70) {
            return "accepted".into();
        }
        let seldom = [
            "rejected",
            "not_filed",
            "voided",
            "void_revoked",
            "corrected",
            "reviewed",
            "appeal_decided",
            "reported",
            "accepted",
            "duplicate_linked",
            "duplicate_unlinked",
            "revisited",
        ];
        loop {
            let (kind, _) = *WEIGHTS.choose_weighted(&mut self.rng, |(_, weight)| *weight).expect("weights");
            if !(self.is_plain && seldom.contains(&kind)) {
                return kind.into();
            }
        }
    }

    /// What Kafka and feeders do to a life: another order, the same again, something else under a used identity.
    fn disturb(&mut self, messages: &mut Vec<Message>) {
        if self.chance(20) {
            messages.shuffle(&mut self.rng);
        }
        if self.chance(15) {
            let again = messages.choose(&mut self.rng).expect("messages").clone();
            messages.insert(self.rng.random_range(0..=messages.len()), again);
        }
        if self.chance(4) {
            let mut other = messages.choose(&mut self.rng).expect("messages").clone();
            other.at += 30 * MINUTE;
            messages.insert(self.rng.random_range(0..=messages.len()), other);
        }
    }

    /// When the two sides are asked: after everything, and at instants between.
    pub fn asked(&mut self, life: &Life) -> Vec<i64> {
        let last = life.messages.iter().map(|message| message.at).max().expect("messages");
        let mut asked = vec![last + 60 * DAY];
        for _ in 0..2 {
            let near = if !self.dues.is_empty() && self.chance(30) {
                *self.dues.choose(&mut self.rng).expect("dues")
            } else {
                life.messages.choose(&mut self.rng).expect("messages").at
            };
            asked.push(near + *[-1, 0, 0, 0, 1, HOUR, 9 * HOUR, DAY, 3 * DAY].choose(&mut self.rng).expect("steps"));
        }
        asked
    }

    /// An instant whose month is asked about.
    pub fn about(&mut self, life: &Life, as_of: i64) -> i64 {
        match self.rng.random_range(0..4) {
            0 => as_of,
            1 if !self.dues.is_empty() => *self.dues.choose(&mut self.rng).expect("dues"),
            _ => life.messages.choose(&mut self.rng).expect("messages").at,
        }
    }
}
