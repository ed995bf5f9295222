//! A printed report as data: what it says, not how it looks. Who fills it knows the figures; the renderers know only this.
//!
//! A [`Paper`] is a title, a few lines on what it is about, and sections. A [`PaperSection`] is a heading and blocks: paragraphs,
//! cards, tables, charts and notes, in the order in which they are read; in a workbook it is a sheet. Whatever we say is
//! said in Chinese and in English ([`Text`]); what comes from the data is a plain text and is escaped by whoever renders it.

pub mod cell;
pub mod chart;
pub mod html;
pub mod json;
pub mod language;
pub mod md;
pub mod table;
pub mod words;
pub mod xlsx;

pub use self::{
    cell::{PaperCell, Rate},
    chart::{Chart, ChartKind, Series},
    language::Language,
    table::{PaperColumn, PaperTable},
};
pub use crate::domain::kpi::catalogue::Text;
use crate::domain::{kpi::Period, time::Millis};

/// A report as it is printed, in every format and either language. The same data and the same as-of give the same paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// 庙行镇 2021 年 6 月运行情况通报.
    pub title: Text,
    /// Who issues it; none: nobody is named.
    pub letterhead: Option<Letterhead>,
    pub period: Period,
    /// IANA name of the zone of every time in it.
    pub zone: String,
    /// What a reader must know first: the period, the as-of, the convention, by what it was judged.
    pub facts: Vec<PaperFact>,
    /// The notice first, then the annex.
    pub sections: Vec<PaperSection>,
    /// In which it is read; the texts have both all the same.
    pub language: Language,
}

/// What stands over and under an official notice: 发文单位, 文号, 日期.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// 发文单位.
    pub issuer: String,
    /// Empty: none.
    pub number: String,
    /// 日期.
    pub date: Text,
}

/// Where a section stands: in what everybody reads, or in what is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperPart {
    /// 通报: what is read and printed.
    Notice,
    /// 附件: what is looked up.
    Annex,
}

impl Paper {
    /// Each with its place among those of its part, from 0: they are numbered apart.
    pub fn of_part(&self, part: PaperPart) -> impl Iterator<Item = (usize, &PaperSection)> {
        self.sections.iter().filter(move |section| section.part == part).enumerate()
    }

    /// The one time of its own that a rendered file may bear: the same data and the same as-of give the same bytes.
    pub fn as_of(&self) -> Millis {
        self.period.as_of
    }
}

/// `统计时段 Period: 2021-06-01 … 2021-06-30`.
#[derive(Clone, Debug)]
pub struct PaperFact {
    /// What is told: 统计时段.
    pub name: Text,
    pub value: Text,
}

#[derive(Clone, Debug)]
pub struct PaperSection {
    /// Stable, for programs and anchors: `units`.
    pub key: &'static str,
    /// In a workbook the Chinese is the name of the sheet: at most 31 characters, none of `[]:*?/\`.
    pub title: Text,
    pub part: PaperPart,
    pub blocks: Vec<PaperBlock>,
}

#[derive(Clone, Debug)]
pub enum PaperBlock {
    Paragraph(Text),
    /// A few numbers large, side by side.
    Cards(Vec<Card>),
    Table(PaperTable),
    Chart(Chart),
    /// In small: how to read what stands above it.
    Note(Text),
}

#[derive(Clone, Debug)]
pub struct Card {
    /// Stable, for programs: `received`.
    pub key: String,
    pub title: Text,
    pub value: PaperCell,
    /// What it was before: 同比 and 环比, where there is something to compare with.
    pub changes: Vec<(Text, PaperCell)>,
}
