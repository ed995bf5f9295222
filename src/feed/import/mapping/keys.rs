//! Walks a TOML document so that every complaint names file, line and key path, and no key goes unread.

use std::{cell::RefCell, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    error::{MappingError, listed},
    nearest::hint,
};

#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn parse(&self) -> Result<Spanned<DeTable<'a>>, MappingError> {
        DeTable::parse(self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = self.text.get(..start).unwrap_or_default();
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            let (file, line, mut problem) = (self.file.to_owned(), self.line(start), error.message().to_owned());
            if problem.contains("unquoted key") {
                problem.push_str("; other keys need quotes: \"受理\" = …");
            }
            MappingError::NotToml { file, line, column, problem }
        })
    }

    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    doc: &'a Document<'a>,
    pub(super) path: String,
    span: Range<usize>,
    pub(super) value: &'a DeValue<'a>,
}

impl<'a> Entry<'a> {
    fn new(doc: &'a Document<'a>, path: String, value: &'a Spanned<DeValue<'a>>) -> Self {
        Self { doc, path, span: value.span(), value: value.get_ref() }
    }

    pub(super) fn file(&self) -> &str {
        self.doc.file
    }

    pub(super) fn line(&self) -> usize {
        self.doc.line(self.span.start)
    }

    pub(super) fn wrong(&self, problem: impl Into<String>) -> MappingError {
        let (file, key) = (self.doc.file.to_owned(), self.path.clone());
        MappingError::Invalid { file, line: self.line(), key, problem: problem.into() }
    }

    pub(super) fn text(&self) -> Result<&'a str, MappingError> {
        match self.value {
            DeValue::String(text) => Ok(text),
            _ => Err(self.wrong("must be text in quotes")),
        }
    }

    pub(super) fn flag(&self) -> Result<bool, MappingError> {
        match self.value {
            DeValue::Boolean(flag) => Ok(*flag),
            _ => Err(self.wrong("must be true or false, without quotes")),
        }
    }

    pub(super) fn count(&self) -> Result<usize, MappingError> {
        match self.value {
            DeValue::Integer(number) => {
                usize::from_str_radix(number.as_str(), number.radix()).map_err(|_| self.wrong("must be 0 or more"))
            }
            _ => Err(self.wrong("must be a whole number, without quotes")),
        }
    }

    /// Text, or a number or truth value as text.
    pub(super) fn scalar(&self) -> Result<String, MappingError> {
        match self.value {
            DeValue::String(text) => Ok(text.clone().into_owned()),
            DeValue::Boolean(flag) => Ok(flag.to_string()),
            DeValue::Integer(number) if number.radix() == 10 => Ok(number.as_str().to_owned()),
            _ => Err(self.wrong("must be text in quotes, a whole number, true or false")),
        }
    }

    pub(super) fn items(&self) -> Result<Vec<Self>, MappingError> {
        match self.value {
            DeValue::Array(items) => Ok(items
                .iter()
                .enumerate()
                .map(|(index, item)| Self::new(self.doc, format!("{}[{}]", self.path, index + 1), item))
                .collect()),
            _ => Err(self.wrong("must be a list in [ ]")),
        }
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, MappingError> {
        self.items()?.iter().map(|item| item.text().map(str::to_owned)).collect()
    }

    pub(super) fn section(&self) -> Result<Section<'a>, MappingError> {
        match self.value {
            DeValue::Table(table) => Ok(Section::new(self.doc, self.path.clone(), self.span.clone(), table)),
            _ => Err(self.wrong("must be a table: { key = value, … }, or a section of its own in [ ]")),
        }
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, MappingError> {
        let text = self.text()?;
        choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.wrong(format!("`{text}` is not allowed{}; allowed: {}", hint(text, &names), listed(&names)))
        })
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

    fn key_path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn get(&self, key: &'static str) -> Option<Entry<'a>> {
        self.asked.borrow_mut().push(key);
        self.table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| Entry::new(self.doc, self.key_path(key), value))
    }

    pub(super) fn require(&self, key: &'static str, what: &str) -> Result<Entry<'a>, MappingError> {
        self.get(key).ok_or_else(|| self.lacks(key, what))
    }

    pub(super) fn lacks(&self, key: &str, what: &str) -> MappingError {
        let (file, line) = (self.doc.file.to_owned(), self.doc.line(self.span.start));
        MappingError::Invalid { file, line, key: self.key_path(key), problem: format!("is missing: {what}") }
    }

    /// Every key with its value, whatever it is called.
    pub(super) fn entries(&self) -> Vec<(&'a str, Entry<'a>)> {
        self.table
            .iter()
            .map(|(name, value)| {
                let name: &'a str = name.get_ref();
                (name, Entry::new(self.doc, self.key_path(name), value))
            })
            .collect()
    }

    pub(super) fn finish(&self) -> Result<(), MappingError> {
        let asked = self.asked.borrow();
        match self.entries().into_iter().find(|(name, _)| !asked.contains(name)) {
            None => Ok(()),
            Some((name, entry)) => Err(entry.wrong(format!(
                "there is no such key{}; allowed here: {}",
                hint(name, &asked),
                listed(&asked)
            ))),
        }
    }
}
