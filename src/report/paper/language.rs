//! In which language a paper is read: Chinese, English, or the one with the other under it.

use super::{Card, Chart, Letterhead, Paper, PaperBlock, PaperCell, PaperFact, PaperSection, PaperTable, Text};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    #[default]
    Zh,
    En,
    /// Chinese first, the English after or under it.
    Both,
}

impl Language {
    /// One language is both twins: whoever renders shows what is the same once.
    pub fn of(self, text: &Text) -> Text {
        match self {
            Self::Zh => Text::new(text.zh.clone(), text.zh.clone()),
            Self::En => Text::new(text.en.clone(), text.en.clone()),
            Self::Both => text.clone(),
        }
    }

    /// Of our own words in a renderer.
    pub fn said(self, zh: &str, en: &str) -> Text {
        self.of(&Text::new(zh, en))
    }

    /// For programs that read aloud or choose a font.
    pub fn tag(self) -> &'static str {
        if self == Self::En { "en" } else { "zh-CN" }
    }
}

impl Paper {
    /// The same paper, read in this language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        if language == Language::Both {
            return Self { language, ..self };
        }
        let letterhead = self.letterhead.map(|head| Letterhead { date: language.of(&head.date), ..head });
        Self {
            title: language.of(&self.title),
            facts: self.facts.iter().map(|fact| fact.read(language)).collect(),
            sections: self.sections.into_iter().map(|section| section.read(language)).collect(),
            letterhead,
            language,
            ..self
        }
    }
}

impl PaperFact {
    fn read(&self, language: Language) -> Self {
        Self { name: language.of(&self.name), value: language.of(&self.value) }
    }
}

impl PaperSection {
    fn read(self, language: Language) -> Self {
        let blocks = self.blocks.into_iter().map(|block| block.read(language)).collect();
        Self { title: language.of(&self.title), blocks, ..self }
    }
}

impl PaperBlock {
    fn read(self, language: Language) -> Self {
        match self {
            Self::Paragraph(text) => Self::Paragraph(language.of(&text)),
            Self::Note(text) => Self::Note(language.of(&text)),
            Self::Cards(cards) => Self::Cards(cards.into_iter().map(|card| card.read(language)).collect()),
            Self::Table(table) => Self::Table(table.read(language)),
            Self::Chart(chart) => Self::Chart(chart.read(language)),
        }
    }
}

impl Card {
    fn read(self, language: Language) -> Self {
        let change = |(name, cell): (Text, PaperCell)| (language.of(&name), cell.read(language));
        Self {
            title: language.of(&self.title),
            value: self.value.read(language),
            changes: self.changes.into_iter().map(change).collect(),
            ..self
        }
    }
}

impl PaperTable {
    fn read(mut self, language: Language) -> Self {
        self.title = language.of(&self.title);
        self.population = self.population.map(|text| language.of(&text));
        for column in &mut self.columns {
            column.title = language.of(&column.title);
            column.counts = column.counts.as_ref().map(|both| both.each_ref().map(|text| language.of(text)));
        }
        let read = |row: Vec<PaperCell>| row.into_iter().map(|cell| cell.read(language)).collect();
        self.rows = self.rows.into_iter().map(read).collect();
        self
    }
}

impl PaperCell {
    fn read(self, language: Language) -> Self {
        if let Self::Said(text) = &self { Self::Said(language.of(text)) } else { self }
    }
}

impl Chart {
    fn read(mut self, language: Language) -> Self {
        self.title = language.of(&self.title);
        self.labels = self.labels.iter().map(|label| language.of(label)).collect();
        for series in &mut self.series {
            series.name = language.of(&series.name);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_language_says_everything_once() {
        let text = Text::new("受理", "Received");
        assert_eq!(Language::Zh.of(&text), Text::new("受理", "受理"));
        assert_eq!(Language::En.of(&text), Text::new("Received", "Received"));
        assert_eq!(Language::Both.of(&text), text);
        assert_eq!(PaperCell::Said(text).read(Language::En), PaperCell::Said(Text::new("Received", "Received")));
    }
}
