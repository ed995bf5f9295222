//! A table: columns with a heading each, and rows of cells.

use super::{PaperCell, Text};

/// Rows of cells under columns; every row is as long as there are columns.
#[derive(Clone, Debug)]
pub struct PaperTable {
    /// Stable, for programs: `by_unit`.
    pub key: String,
    pub title: Text,
    /// 统计范围: which cases it counts, where that is the same for all of it.
    pub population: Option<Text>,
    pub columns: Vec<PaperColumn>,
    pub rows: Vec<Vec<PaperCell>>,
    /// The last row is the sum of the others, or the whole.
    pub has_total: bool,
}

#[derive(Clone, Debug)]
pub struct PaperColumn {
    /// Stable, for programs: `closure`.
    pub key: String,
    /// As it is shown; may have both languages.
    pub title: Text,
    /// Of a column of rates: what numerator and denominator are, because a sheet shows them in columns of their own.
    pub counts: Option<[Text; 2]>,
}

impl PaperColumn {
    pub fn new(key: &str, zh: &str, en: &str) -> Self {
        Self::titled(key, Text::new(zh, en))
    }

    pub fn titled(key: &str, title: Text) -> Self {
        Self { key: key.to_owned(), title, counts: None }
    }

    /// A column of rates.
    #[must_use]
    pub fn with_counts(mut self, numerator: Text, denominator: Text) -> Self {
        self.counts = Some([numerator, denominator]);
        self
    }
}

impl PaperTable {
    /// Without rows, and over no population.
    pub fn new(key: impl Into<String>, title: Text, columns: Vec<PaperColumn>) -> Self {
        Self { key: key.into(), title, population: None, columns, rows: Vec::new(), has_total: false }
    }

    /// 统计范围 of all of it.
    #[must_use]
    pub fn over(mut self, population: Text) -> Self {
        self.population = Some(population);
        self
    }

    /// The title and the population, as they stand over it.
    pub fn caption(&self) -> Text {
        let Some(of) = &self.population else { return self.title.clone() };
        let (title, is_one) = (&self.title, self.title.zh == self.title.en);
        let in_chinese = format!("{}（{}）", title.zh, of.zh);
        Text::new(in_chinese.clone(), if is_one { in_chinese } else { format!("{} ({})", title.en, of.en) })
    }

    /// Without these columns where they are 0 in every row.
    #[must_use]
    pub fn without_idle(mut self, keys: &[&str]) -> Self {
        for index in (0..self.columns.len()).rev() {
            let is_idle = self.rows.iter().all(|row| row.get(index) == Some(&PaperCell::Count(0)));
            if is_idle && keys.contains(&self.columns[index].key.as_str()) {
                self.columns.remove(index);
                self.rows.iter_mut().for_each(|row| drop(row.remove(index)));
            }
        }
        self
    }

    /// Does this column hold texts? Numbers stand right.
    pub fn is_text(&self, index: usize) -> bool {
        let is_text = |cell: &PaperCell| matches!(cell, PaperCell::Given(_) | PaperCell::Said(_));
        self.rows.iter().filter_map(|row| row.get(index)).any(is_text)
    }

    pub fn push(&mut self, row: Vec<PaperCell>) {
        self.rows.push(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_columns_go_and_a_caption_of_one_language_stays_one() {
        let columns = ["a", "b", "c"].map(|key| PaperColumn::new(key, key, key)).to_vec();
        let mut table = PaperTable::new("t", Text::same("去向"), columns).over(Text::same("本期受理"));
        table.push([1, 0, 0].map(PaperCell::Count).to_vec());
        table.push([0, 0, 0].map(PaperCell::Count).to_vec());
        let shown = table.clone().without_idle(&["a", "b"]);
        assert_eq!(shown.columns.iter().map(|column| column.key.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!((shown.rows[0].len(), table.caption()), (2, Text::same("去向（本期受理）")));
        table.title = Text::new("去向", "Fates");
        table.population = Some(Text::new("本期受理", "received"));
        assert_eq!(table.caption(), Text::new("去向（本期受理）", "Fates (received)"));
    }
}
