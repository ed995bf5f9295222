//! A value of a document.

mod section;

use std::ops::RangeInclusive;

use toml::{Spanned, de::DeValue};

use super::{Document, nearest::one_of, shown::in_quotes};
pub use section::Section;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct TomlEntry<'a> {
    doc: &'a Document<'a>,
    path: String,
    at: usize,
    value: &'a DeValue<'a>,
}

impl<'a> TomlEntry<'a> {
    pub(super) fn new(doc: &'a Document<'a>, path: String, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { doc, path, at: value.span().start, value: value.get_ref() }
    }

    pub fn place(&self) -> String {
        self.doc.place(self.at, &self.path)
    }

    /// Where in the text, for the order of complaints.
    pub fn at(&self) -> usize {
        self.at
    }

    pub fn wrong(&self, what: impl Into<String>, remedy: impl Into<String>) {
        self.doc.add(self.at, &self.path, || (what.into(), remedy.into()));
    }

    /// Nothing, because it is wrong.
    pub fn refuse<T>(&self, what: impl Into<String>, remedy: impl Into<String>) -> Option<T> {
        self.wrong(what, remedy);
        None
    }

    /// Nothing, because it names what there is not.
    pub fn no_such<'n, T>(&self, what: String, wanted: &str, names: impl FnOnce() -> Vec<&'n str>) -> Option<T> {
        self.doc.add(self.at, &self.path, || (what, self.doc.comparing.remedy(wanted, &names())));
        None
    }

    /// Tells that it names what there is not; what was probably meant.
    pub fn misnames<'n>(&self, what: String, wanted: &str, names: &[&'n str]) -> Option<&'n str> {
        let meant = self.doc.comparing.nearest(wanted, names);
        self.doc.add(self.at, &self.path, || (what, one_of(meant, names)));
        meant
    }

    /// The name of which this is a slip of the pen.
    pub fn slip<'n>(&self, wanted: &str, names: &[&'n str]) -> Option<&'n str> {
        self.doc.comparing.slip(wanted, names)
    }

    pub fn is_true(&self) -> bool {
        matches!(self.value, DeValue::Boolean(true))
    }

    pub fn is_text(&self) -> bool {
        matches!(self.value, DeValue::String(_))
    }

    pub fn is_list(&self) -> bool {
        matches!(self.value, DeValue::Array(_))
    }

    pub fn is_table(&self) -> bool {
        matches!(self.value, DeValue::Table(_))
    }

    /// Not empty.
    pub fn text(&self) -> Option<&'a str> {
        let text = self.any_text()?;
        if text.trim().is_empty() {
            return self.refuse("is empty", "write it, or leave the key out");
        }
        Some(text)
    }

    pub fn any_text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => self.refuse("is no text", "write a text in quotes"),
        }
    }

    pub fn flag(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.refuse("is neither true nor false", "write true or false, without quotes"),
        }
    }

    pub fn count(&self) -> Option<u32> {
        self.count_in(0..=u32::MAX.into()).and_then(|read| read.try_into().ok())
    }

    pub fn count_in(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let DeValue::Integer(number) = self.value else {
            return self.refuse("is no whole number", "write a whole number, without quotes");
        };
        let read = u64::from_str_radix(number.as_str(), number.radix()).ok().filter(|read| range.contains(read));
        let (least, most) = range.into_inner();
        read.or_else(|| self.refuse("is out of range", format!("write a whole number from {least} to {most}")))
    }

    /// A text, a whole number or a time, in quotes or without.
    pub fn written(&self) -> Option<String> {
        let found = match self.value {
            DeValue::String(text) => Some(text.clone().into_owned()),
            DeValue::Datetime(time) => Some(time.to_string()),
            DeValue::Integer(number) => {
                i128::from_str_radix(number.as_str(), number.radix()).ok().map(|read| read.to_string())
            }
            _ => None,
        };
        found.or_else(|| self.refuse("is no text, whole number or time", "write a text in quotes"))
    }

    /// A text, or a number or truth value as text.
    pub fn scalar(&self) -> Option<String> {
        match self.value {
            DeValue::String(text) => Some(text.clone().into_owned()),
            DeValue::Boolean(flag) => Some(flag.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
            _ => self.refuse("is no text, whole number, true or false", "write a text in quotes"),
        }
    }

    pub fn items(&self) -> Option<Vec<Self>> {
        let like = if let DeValue::String(text) = self.value { in_quotes(text) } else { "…".to_owned() };
        self.listed().or_else(|| self.refuse("is no list", format!("write a list, like [{like}]")))
    }

    fn listed(&self) -> Option<Vec<Self>> {
        let DeValue::Array(items) = self.value else { return None };
        let item = |(index, item)| Self::new(self.doc, format!("{}[{}]", self.path, index + 1), item);
        Some(items.iter().enumerate().map(item).collect())
    }

    /// Of `[[key]]`. One in single brackets is read all the same, after it is told.
    pub fn sections(&self) -> Vec<Self> {
        if self.is_table() {
            self.wrong("is no list, but one section", self.in_double_brackets());
            return vec![self.clone()];
        }
        self.listed().unwrap_or_else(|| {
            self.wrong("is no list of sections", self.in_double_brackets());
            Vec::new()
        })
    }

    /// At least one of them.
    pub fn some_sections(&self) -> Vec<Self> {
        let found = self.sections();
        if found.is_empty() && self.is_list() {
            self.wrong("is an empty list", self.in_double_brackets());
        }
        found
    }

    fn in_double_brackets(&self) -> String {
        format!("write it as [[{}]], in two pairs of brackets", without_places(&self.path))
    }

    /// All the items, each of which is read, whatever is wrong with another.
    pub fn each<T>(&self, read: impl FnMut(&Self) -> Option<T>) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = self.items()?.iter().map(read).collect();
        read.into_iter().collect()
    }

    /// A text, or a list of texts.
    pub fn texts(&self) -> Option<Vec<&'a str>> {
        if self.is_text() {
            return self.text().map(|text| vec![text]);
        }
        if !self.is_list() {
            return self.refuse("is no text and no list of texts", "write a text in quotes, or several in [ ]");
        }
        let texts = self.each(Self::text)?;
        if texts.is_empty() {
            return self.refuse("is an empty list", "write at least one text, or leave the key out");
        }
        Some(texts)
    }

    pub fn section(&self) -> Option<Section<'a>> {
        self.section_like("{ key = value, … }, or a section of its own in [ ]")
    }

    /// `example` is what could stand here. One in double brackets is read all the same, after it is told.
    pub fn section_like(&self, example: &str) -> Option<Section<'a>> {
        match self.value {
            DeValue::Table(table) => Some(Section::new(self.doc, self.path.clone(), self.at, table)),
            DeValue::Array(items) if matches!(items.first().map(Spanned::get_ref), Some(DeValue::Table(_))) => {
                self.wrong("is a list of sections, and there is one only", "write it once, in one pair of brackets");
                Self { value: items.first()?.get_ref(), ..self.clone() }.section_like(example)
            }
            _ => self.refuse("is no table", format!("write {example}")),
        }
    }

    /// One of a few names, by what it stands for.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice);
        found.or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.no_such(format!("there is no {} here", in_quotes(text)), text, || names)
        })
    }
}

/// As it is written in brackets: `event.data` of `event[2].data`.
fn without_places(path: &str) -> String {
    let named = path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
    named.collect()
}
