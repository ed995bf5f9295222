//! A table of a document.

use std::cell::RefCell;

use toml::de::DeTable;

use super::TomlEntry;
use crate::document::{Document, listed, shown};

/// Unknown keys that are compared with one that is missing: a file of nothing else costs no more.
const COMPARED_MAX: usize = 50;

/// A table whose keys are asked for one by one; `finish` complains about those that nobody asked for, and those that are missing.
#[derive(Debug)]
pub struct Section<'a> {
    doc: &'a Document<'a>,
    path: String,
    at: usize,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
    /// Keys that are needed and not there, and what to write. Told at the end, when it is known whether they are only misspelt.
    missing: RefCell<Vec<(&'static str, String)>>,
}

impl<'a> Section<'a> {
    pub(in crate::document) fn new(doc: &'a Document<'a>, path: String, at: usize, table: &'a DeTable<'a>) -> Self {
        Self { doc, path, at, table, asked: RefCell::default(), missing: RefCell::default() }
    }

    pub fn wrong(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.doc.add(self.at, &self.path, || (what.into(), remedy.into()));
    }

    pub fn get(&self, key: &'static str) -> Option<TomlEntry<'a>> {
        self.asked.borrow_mut().push(key);
        Some(TomlEntry::new(self.doc, self.path_of(key), self.table.get(key)?))
    }

    /// `what` it is, for whoever left it out.
    pub fn require(&self, key: &'static str, what: &str) -> Option<TomlEntry<'a>> {
        let found = self.get(key);
        if found.is_none() {
            self.missing.borrow_mut().push((key, format!("write {what}")));
        }
        found
    }

    /// What is read where the key is there, and `usual` where it is not.
    pub fn optional<T>(
        &self,
        key: &'static str,
        usual: T,
        read: impl FnOnce(&TomlEntry<'a>) -> Option<T>,
    ) -> Option<T> {
        self.get(key).map_or(Some(usual), |entry| read(&entry))
    }

    /// The same where there is none usually.
    pub fn given<T>(&self, key: &'static str, read: impl FnOnce(&TomlEntry<'a>) -> Option<T>) -> Option<Option<T>> {
        self.optional(key, None, |entry| read(entry).map(Some))
    }

    /// The only one of these keys that is there. To be asked for last: where there is none, it may be misspelt, which `finish` tells.
    pub fn one_of(&self, keys: &[&'static str]) -> Option<(&'static str, TomlEntry<'a>)> {
        let mut given: Vec<_> = keys.iter().filter_map(|key| self.get(key).map(|found| (*key, found))).collect();
        if given.len() == 1 {
            return given.pop();
        }
        let slips = if given.is_empty() { self.slips() } else { Vec::new() };
        if !slips.iter().any(|slip| keys.contains(slip)) {
            let count = if given.is_empty() { "none" } else { "several" };
            self.wrong(format!("has {count} of {}", listed(keys)), "write exactly one of them");
        }
        None
    }

    /// Every key with its value, whatever it is called, in the order of the file.
    pub fn entries(&self) -> Vec<(&'a str, TomlEntry<'a>)> {
        let all = self.table.iter().map(|(name, value)| {
            let name: &'a str = name.get_ref();
            (name, TomlEntry::new(self.doc, self.path_of(name), value))
        });
        let mut entries: Vec<_> = all.collect();
        entries.sort_by_key(|(_, entry)| entry.at);
        entries
    }

    /// Whether a key that nobody asked for is meant to be this one. To be asked when all the others are asked for.
    pub fn is_misspelt(&self, key: &str) -> bool {
        self.slips().contains(&key)
    }

    /// What the keys that nobody asked for are meant to be, as far as that is clear.
    fn slips(&self) -> Vec<&'static str> {
        let asked = self.asked.borrow();
        let unknown = self.unknown().into_iter().take(COMPARED_MAX);
        unknown.filter_map(|(name, _)| self.doc.comparing.slip(name, &asked)).collect()
    }

    pub fn finish(&self) {
        let missing = self.missing.take();
        let slips = if missing.is_empty() { Vec::new() } else { self.slips() };
        for (key, remedy) in missing.into_iter().filter(|(key, _)| !slips.contains(key)) {
            self.doc.add(self.at, &self.path_of(key), || ("is missing".to_owned(), remedy));
        }
        for (name, at) in self.unknown() {
            self.doc.add(at, &self.path_of(name), || {
                let remedy = self.doc.comparing.remedy(name, &self.asked.borrow());
                (format!("unknown key `{}`", shown(name)), remedy)
            });
        }
    }

    /// The keys that nobody asked for, and where they stand.
    fn unknown(&self) -> Vec<(&'a str, usize)> {
        let asked = self.asked.borrow();
        let all = self.table.iter().map(|(name, value)| {
            let key: &'a str = name.get_ref();
            (key, name.span().start.min(value.span().start))
        });
        let mut unknown: Vec<_> = all.filter(|(key, _)| !asked.contains(key)).collect();
        unknown.sort_by_key(|(_, at)| *at);
        unknown
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { shown(key) } else { format!("{}.{}", self.path, shown(key)) }
    }
}
