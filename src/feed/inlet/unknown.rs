//! What the unknown fields of the events of one request might be. Each is compared with the contract once and so many at most, because
//! that takes longer than to read an event, and the events of one sender mostly have the same.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
};

use super::EventAnswer;
use crate::feed::{
    decode::{Message, UnknownFields},
    explain,
};

/// Different ones that are named in a request.
const NAMED_MAX: usize = 50;

#[derive(Debug, Default)]
pub(super) struct UnknownNames {
    /// By the hash of its path: that may be as long as an event.
    meant: HashMap<u64, String>,
    hasher: RandomState,
}

impl UnknownNames {
    /// Where each stands in what was sent, and what it might be: `/data/chanel (channel?)`.
    pub(super) fn of(&mut self, message: &Message<'_>) -> Vec<String> {
        let Some(fields) = UnknownFields::of(message) else { return Vec::new() };
        let (kind, root) = (fields.kind, fields.root());
        let mut told: Vec<String> = Vec::new();
        for path in &fields.paths {
            let key = self.hasher.hash_one((kind.name(), path));
            if self.meant.len() < NAMED_MAX {
                self.meant.entry(key).or_insert_with(|| explain::meant(kind, path));
            }
            match self.meant.get(&key) {
                Some(meant) => told.push(format!("{root}{meant}")),
                None if told.last().is_none_or(|last| last != EventAnswer::MORE_UNKNOWN) => {
                    told.push(EventAnswer::MORE_UNKNOWN.to_owned());
                }
                None => {}
            }
        }
        told
    }
}
