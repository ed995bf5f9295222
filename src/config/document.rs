//! A TOML file walked key by key, so that every complaint names file, line and key, and no key goes unread.
//!
//! A fault does not stop the walk: what cannot be read is None, and all faults are told at the end.

use std::{cell::RefCell, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{ConfigError, Problem};

#[derive(Debug)]
pub(super) struct Document<'a> {
    place: &'a str,
    text: &'a str,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Document<'a> {
    pub(super) fn new(place: &'a str, text: &'a str) -> Self {
        Self { place, text, problems: RefCell::default() }
    }

    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'a>>, ConfigError> {
        DeTable::parse(self.text).map_err(|error| ConfigError::NotToml {
            place: self.place.to_owned(),
            line: self.line(error.span().map_or(0, |span| span.start)),
            message: error.message().trim().replace('\n', ", "),
        })
    }

    pub(super) fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn take_problems(&self) -> Vec<Problem> {
        self.problems.take()
    }

    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    doc: &'a Document<'a>,
    path: String,
    span: Range<usize>,
    value: &'a DeValue<'a>,
}

impl<'a> Entry<'a> {
    fn new(doc: &'a Document<'a>, path: String, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { doc, path, span: value.span(), value: value.get_ref() }
    }

    pub(super) fn place(&self) -> String {
        place(self.doc, self.span.start, &self.path)
    }

    pub(super) fn wrong(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.doc.add(Problem::new(self.place(), what, remedy));
    }

    fn none<T>(&self, what: &str, remedy: &str) -> Option<T> {
        self.wrong(what, remedy);
        None
    }

    /// Not empty.
    pub(super) fn text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) if text.trim().is_empty() => self.none("is empty", "write it, or leave the key out"),
            DeValue::String(text) => Some(text),
            _ => self.none("is no text", "write a text in quotes"),
        }
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.none("is neither true nor false", "write true or false, without quotes"),
        }
    }

    pub(super) fn count(&self) -> Option<u32> {
        let DeValue::Integer(number) = self.value else {
            return self.none("is no whole number", "write a whole number, without quotes");
        };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok();
        read.or_else(|| self.none("is out of range", "write a whole number from 0 on"))
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    pub(super) fn items(&self) -> Option<Vec<Self>> {
        let DeValue::Array(items) = self.value else {
            return self.none("is no list", "write a list in [ ]");
        };
        let item = |(index, item)| Self::new(self.doc, format!("{}[{}]", self.path, index + 1), item);
        Some(items.iter().enumerate().map(item).collect())
    }

    /// A text, or a list of texts.
    pub(super) fn texts(&self) -> Option<Vec<&'a str>> {
        if matches!(self.value, DeValue::String(_)) {
            return self.text().map(|text| vec![text]);
        }
        let items = self.items()?;
        if items.is_empty() {
            return self.none("is an empty list", "write at least one text, or leave the key out");
        }
        items.iter().map(Self::text).collect()
    }

    pub(super) fn section(&self) -> Option<Section<'a>> {
        match self.value {
            DeValue::Table(table) => Some(Section::new(self.doc, self.path.clone(), self.span.clone(), table)),
            _ => self.none("is no table", "write { key = value, … }, or a section of its own in [ ]"),
        }
    }

    /// One of a few names; `find` knows them.
    pub(super) fn choice<T>(&self, names: &[&str], find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text()?;
        let found = find(text);
        if found.is_none() {
            self.wrong(format!("there is no {text:?} here"), remedy(text, names));
        }
        found
    }
}

/// A table whose keys are asked for one by one; `finish` complains about those nobody asked for.
#[derive(Debug)]
pub(super) struct Section<'a> {
    doc: &'a Document<'a>,
    path: String,
    span: Range<usize>,
    table: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Section<'a> {
    pub(super) fn new(doc: &'a Document<'a>, path: String, span: Range<usize>, table: &'a DeTable<'a>) -> Self {
        Self { doc, path, span, table, asked: RefCell::default() }
    }

    pub(super) fn place(&self) -> String {
        place(self.doc, self.span.start, &self.path)
    }

    pub(super) fn wrong(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.doc.add(Problem::new(self.place(), what, remedy));
    }

    pub(super) fn get(&self, key: &'static str) -> Option<Entry<'a>> {
        self.asked.borrow_mut().push(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(Entry::new(self.doc, self.path_of(key), value))
    }

    /// `what` it is, for whoever left it out.
    pub(super) fn require(&self, key: &'static str, what: &str) -> Option<Entry<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let place = place(self.doc, self.span.start, &self.path_of(key));
            self.doc.add(Problem::new(place, "is missing", format!("write {what}")));
        }
        found
    }

    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (name, value) in self.table.iter().filter(|(name, _)| !asked.contains(&name.get_ref().as_ref())) {
            let key: &str = name.get_ref();
            let what = format!("unknown key `{key}`");
            let at = place(self.doc, name.span().start.min(value.span().start), &self.path_of(key));
            self.doc.add(Problem::new(at, what, remedy(key, &asked)));
        }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

fn place(doc: &Document<'_>, offset: usize, path: &str) -> String {
    let line = doc.line(offset);
    if path.is_empty() { format!("{}, line {line}", doc.place) } else { format!("{}, line {line}, {path}", doc.place) }
}

fn remedy(wanted: &str, names: &[&str]) -> String {
    let near = |name: &&&str| strsim::damerau_levenshtein(&name.to_lowercase(), &wanted.to_lowercase());
    let nearest = names.iter().min_by_key(near).copied().unwrap_or("none");
    format!("the nearest right one is `{nearest}`; there are {}", names.join(", "))
}
