//! The name that was probably meant.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

use super::shown::shown;

/// Below this likeness a suggestion would puzzle more than it helps.
const ALIKE: f64 = 0.45;
/// From this likeness on it is a slip of the pen, and nothing else can be meant.
const SLIP: f64 = 0.66;
/// A longer name is no slip of the pen, and to compare it takes time by its length.
const COMPARED_MAX: usize = 160;
/// Names that are listed; more help nobody.
const LISTED_MAX: usize = 80;
/// Nor do long ones.
const LISTED_BYTES_MAX: usize = 4_000;
/// Pairs of letters that are compared for the faults of one file, which takes some 30 ms. Who has more names that are wrong is told
/// the right ones, and not which is nearest.
const PAIRS_MAX: usize = 10_000_000;
/// What a comparison costs beside that, in pairs.
const PAIRS_EACH: usize = 100;

/// What comparing the names of one file may still cost, and what came of it so far.
#[derive(Debug)]
pub struct Comparing {
    left: Cell<usize>,
    /// By what was asked, the place of the name: the same mistake may stand in thousands of places.
    known: RefCell<HashMap<u64, Option<usize>>>,
}

impl Default for Comparing {
    fn default() -> Self {
        Self { left: Cell::new(PAIRS_MAX), known: RefCell::default() }
    }
}

impl Comparing {
    /// The last of those that are most alike; none where to compare all of them would cost too much.
    pub fn nearest<'a>(&self, wanted: &str, names: &[&'a str]) -> Option<&'a str> {
        self.nearest_from(ALIKE, wanted, names)
    }

    /// The name of which this is a slip of the pen.
    pub fn slip<'a>(&self, wanted: &str, names: &[&'a str]) -> Option<&'a str> {
        self.nearest_from(SLIP, wanted, names)
    }

    fn nearest_from<'a>(&self, least: f64, wanted: &str, names: &[&'a str]) -> Option<&'a str> {
        let length = letters(wanted)?;
        let asked = BuildHasherDefault::<DefaultHasher>::default().hash_one((least.to_bits(), wanted, names));
        if let Some(known) = self.known.borrow().get(&asked) {
            return known.and_then(|at| names.get(at).copied());
        }
        let may_be = |other: usize| length.min(other) as f64 >= least * length.max(other) as f64;
        let lengths = names.iter().filter_map(|name| Some((*name, letters(name).filter(|other| may_be(*other))?)));
        let compared: Vec<(&str, usize)> = lengths.collect();
        let cost: usize = compared.iter().map(|(_, other)| length * other + PAIRS_EACH).sum();
        self.left.set(self.left.get().checked_sub(cost)?);
        let wanted = wanted.to_lowercase();
        let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
        let found = most_alike(compared.into_iter().map(|(name, _)| name), likeness, least);
        let place = found.and_then(|found| names.iter().position(|name| *name == found));
        self.known.borrow_mut().insert(asked, place);
        found
    }

    /// What to do about a name that there is not.
    pub(super) fn remedy(&self, wanted: &str, names: &[&str]) -> String {
        one_of(self.nearest(wanted, names), names)
    }
}

/// How long it is; none where it is not compared.
fn letters(name: &str) -> Option<usize> {
    (name.len() <= COMPARED_MAX).then(|| name.chars().count())
}

/// The last of those that are most alike, if they are alike enough.
pub fn most_alike<'a>(
    names: impl IntoIterator<Item = &'a str>,
    likeness: impl Fn(&str) -> f64,
    least: f64,
) -> Option<&'a str> {
    let alike = names.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= least);
    alike.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// The same for one name that stands in no file.
pub fn remedy(wanted: &str, names: &[&str]) -> String {
    Comparing::default().remedy(wanted, names)
}

/// The same, where it is known which of them is nearest.
pub(super) fn one_of(nearest: Option<&str>, names: &[&str]) -> String {
    let nearest = nearest.map(|name| format!("the nearest right one is `{}`; ", shown(name)));
    let there = if names.is_empty() { "there is none".to_owned() } else { format!("there are {}", listed(names)) };
    nearest.unwrap_or_default() + &there
}

/// `a`, `b`, `c`
pub fn listed(names: &[&str]) -> String {
    let mut listed = String::new();
    for (at, name) in names.iter().enumerate() {
        if at == LISTED_MAX || listed.len() > LISTED_BYTES_MAX {
            return listed + &format!(" and {} more", names.len() - at);
        }
        let comma = if at == 0 { "" } else { ", " };
        listed += &format!("{comma}`{}`", shown(name));
    }
    listed
}
