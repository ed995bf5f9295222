//! Merged cells: the value of the first stands in each of its rows, in its first column.

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::{COLUMNS_MAX, LONG, ROW_MAX};
use crate::feed::import::record::Mark;

pub(super) type Text = (String, Option<Mark>);

#[derive(Debug, Default)]
pub(super) struct Merges {
    /// (first row, column, last row) of those that have several rows, by row.
    coming: Vec<(u32, u32, u32)>,
    next: usize,
    /// By column.
    open: BTreeMap<u32, (u32, Text)>,
}

impl Merges {
    pub(super) fn new(merged: &[Dimensions]) -> Self {
        let several = merged.iter().filter(|area| area.end.0 > area.start.0 && area.start.1 < COLUMNS_MAX);
        let mut coming: Vec<_> = several.map(|area| (area.start.0, area.start.1, area.end.0)).collect();
        coming.sort_unstable();
        Self { coming, ..Self::default() }
    }

    /// Rows come in order.
    pub(super) fn fill(&mut self, row: u32, texts: &mut Vec<Text>) -> Result<(), &'static str> {
        self.open.retain(|_, (last, _)| *last >= row);
        for (column, (_, text)) in &self.open {
            let place = *column as usize;
            if texts.len() <= place {
                texts.resize(place + 1, Text::default());
            }
            if texts[place].0.is_empty() {
                texts[place] = text.clone();
            }
        }
        while let Some((first, column, last)) = self.coming.get(self.next).filter(|(first, ..)| *first <= row) {
            if let Some(text) = texts.get(*column as usize).filter(|_| *first == row) {
                self.open.insert(*column, (*last, text.clone()));
            }
            self.next += 1;
        }
        // They stand in each of their rows.
        let held: usize = self.open.values().map(|(_, (text, _))| text.len()).sum();
        if held > ROW_MAX { Err(LONG) } else { Ok(()) }
    }
}
