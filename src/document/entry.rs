//! A value of a document.

mod section;

use toml::{Spanned, de::DeValue};

use super::{
    Document,
    nearest::{nearest, one_of},
};
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
    pub fn no_such<T>(&self, what: String, wanted: &str, names: &[&str]) -> Option<T> {
        self.misnames(what, wanted, names);
        None
    }

    /// Tells that it names what there is not; what was probably meant. That is not looked for where it would not be told.
    pub fn misnames<'n>(&self, what: String, wanted: &str, names: &[&'n str]) -> Option<&'n str> {
        let mut meant = None;
        self.doc.add(self.at, &self.path, || {
            meant = nearest(wanted, names);
            (what, one_of(meant, names))
        });
        meant
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
        let DeValue::Integer(number) = self.value else {
            return self.refuse("is no whole number", "write a whole number, without quotes");
        };
        let read = u32::from_str_radix(number.as_str(), number.radix()).ok();
        read.or_else(|| self.refuse("is out of range", "write a whole number from 0 on"))
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
        let DeValue::Array(items) = self.value else {
            return self.refuse("is no list", "write a list in [ ], or sections of its own in [[ ]]");
        };
        let item = |(index, item)| Self::new(self.doc, format!("{}[{}]", self.path, index + 1), item);
        Some(items.iter().enumerate().map(item).collect())
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
        let texts = self.each(Self::text)?;
        if texts.is_empty() {
            return self.refuse("is an empty list", "write at least one text, or leave the key out");
        }
        Some(texts)
    }

    pub fn section(&self) -> Option<Section<'a>> {
        match self.value {
            DeValue::Table(table) => Some(Section::new(self.doc, self.path.clone(), self.at, table)),
            _ => self.refuse("is no table", "write { key = value, … }, or a section of its own in [ ]"),
        }
    }

    /// One of a few names, by what it stands for.
    pub fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice);
        found.or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.no_such(format!("there is no {text:?} here"), text, &names)
        })
    }
}
