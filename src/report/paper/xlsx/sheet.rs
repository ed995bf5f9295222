//! Sections as a sheet: tables under each other, then the charts; it prints on A4, one page wide.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::{
    chart::{self, Data},
    column::{Columns, lines},
    fitting,
    formats::Formats,
    page::{PaperPage, UPRIGHT_PLACES},
    sheet_name,
};
use crate::report::{
    paper::{
        Card, Chart, Language, Paper, PaperBlock, PaperCell, PaperColumn, PaperFact, PaperPart, PaperSection,
        PaperTable, Text, words,
    },
    table::printable,
};

const A4: u8 = 9;
const LINE_HEIGHT: f64 = 15.0;
/// A sheet whose head stands lower keeps only its title in sight.
const FROZEN_ROWS: u32 = 9;

pub struct Sheet<'a> {
    worksheet: &'a mut Worksheet,
    formats: &'a Formats,
    row: u32,
    widths: Vec<usize>,
    frozen: Option<u32>,
    page: PaperPage,
    /// It is the notice.
    is_told: bool,
}

impl<'a> Sheet<'a> {
    pub fn new(worksheet: &'a mut Worksheet, formats: &'a Formats) -> Self {
        Self {
            worksheet,
            formats,
            row: 0,
            widths: Vec::new(),
            frozen: None,
            page: PaperPage::default(),
            is_told: false,
        }
    }

    /// The sections of one sheet, under each other, and then their charts.
    pub fn write(
        mut self,
        paper: &Paper,
        sections: &[(usize, &PaperSection)],
        data: &mut Data,
    ) -> Result<(), XlsxError> {
        self.worksheet.set_name(sheet_name(&name(sections, paper.language)))?;
        let blocks: Vec<&PaperBlock> = sections.iter().flat_map(|(_, section)| &section.blocks).collect();
        let tables: Vec<PaperTable> = blocks.iter().filter_map(|block| tabled(block, paper.language)).collect();
        self.is_told = sections.iter().any(|(_, section)| section.part == PaperPart::Notice);
        self.widths = widths(tables.iter(), self.is_told);
        self.page = PaperPage::of(self.widths.iter().sum());
        for (column, wide) in (0..).zip(&self.widths) {
            self.worksheet.set_column_width(column, *wide as f64)?;
        }
        self.write_title(paper, sections)?;
        for (index, section) in sections {
            if sections.len() > 1 {
                let heading = words::heading(section.part, *index, section, paper.language);
                self.skip_row();
                self.page.keep(self.row, 9.0 * LINE_HEIGHT);
                self.write_line(&heading.both("  "), &self.formats.heading, 2)?;
            }
            for block in &section.blocks {
                self.write_block(block, paper.language)?;
            }
        }
        if let Some(head) = paper.letterhead.as_ref().filter(|_| self.is_told) {
            self.skip_row();
            self.write_text(&Text::same(&head.issuer), &self.formats.signed)?;
            self.write_text(&head.date, &self.formats.signed)?;
        }
        for block in blocks {
            if let PaperBlock::Chart(one) = block {
                self.draw(one, data)?;
            }
        }
        self.set_up_page(paper)
    }

    fn write_block(&mut self, block: &PaperBlock, language: Language) -> Result<(), XlsxError> {
        match block {
            PaperBlock::Paragraph(text) => self.write_text(text, &self.formats.said),
            PaperBlock::Note(text) => self.write_text(text, &self.formats.note),
            PaperBlock::Chart(_) => Ok(()),
            PaperBlock::Cards(_) | PaperBlock::Table(_) => {
                tabled(block, language).map_or(Ok(()), |table| self.write_table(&table, language))
            }
        }
    }

    fn draw(&mut self, chart: &Chart, data: &mut Data) -> Result<(), XlsxError> {
        let drawn = data.add(chart);
        self.skip_row();
        let rows = chart::rows(chart);
        self.page.keep(self.row, f64::from(rows) * LINE_HEIGHT);
        self.page.add(f64::from(rows) * LINE_HEIGHT);
        chart::insert(self.worksheet, self.row, chart, &drawn)?;
        self.row += rows;
        Ok(())
    }

    /// The first sheet bears the title of the whole, who issues it and what it is about.
    fn write_title(&mut self, paper: &Paper, sections: &[(usize, &PaperSection)]) -> Result<(), XlsxError> {
        let formats = self.formats;
        let Some((index, section)) = sections.first() else { return Ok(()) };
        if section.part == PaperPart::Notice && *index == 0 {
            self.write_line(&paper.title.zh, &formats.title, 2)?;
            let head = paper.letterhead.as_ref();
            let head = head.map(|head| [head.issuer.clone(), head.number.clone(), head.date.both("  ")].join("    "));
            let twin = (paper.title.zh != paper.title.en).then(|| paper.title.en.clone());
            for line in twin.into_iter().chain(head) {
                self.write_line(&line, &formats.twin, 1)?;
            }
            for PaperFact { name, value } in &paper.facts {
                let zh = format!("{}：{}", name.zh, value.zh);
                let is_one = name.zh == name.en && value.zh == value.en;
                let en = if is_one { zh.clone() } else { format!("{}: {}", name.en, value.en) };
                self.write_text(&Text::new(zh, en), &formats.note)?;
            }
            return Ok(());
        }
        let heading = words::heading(section.part, *index, section, paper.language);
        self.write_line(&heading.both("  "), &formats.title, 2)?;
        let about: Vec<&str> = paper.facts.iter().take(2).map(|fact| fact.value.zh.as_str()).collect();
        self.write_line(&format!("{}  {}", paper.title.zh, about.join("  ")), &formats.twin, 1)
    }

    /// As it is, over whatever stands beside it; `lines` is how high.
    fn write_line(&mut self, text: &str, format: &Format, lines: usize) -> Result<(), XlsxError> {
        self.worksheet.write_string_with_format(self.row, 0, fitting(text), format)?;
        self.end_row(lines)
    }

    fn skip_row(&mut self) {
        self.page.add(LINE_HEIGHT);
        self.row += 1;
    }

    fn end_row(&mut self, lines: usize) -> Result<(), XlsxError> {
        let high = lines as f64 * LINE_HEIGHT;
        self.worksheet.set_row_height(self.row, high)?;
        self.page.add(high);
        self.row += 1;
        Ok(())
    }

    /// Over the whole width, as high as it needs: Excel does not reckon that for cells that are one.
    fn write_text(&mut self, text: &Text, format: &Format) -> Result<(), XlsxError> {
        let wide: usize = self.widths.iter().sum();
        let text = fitting(&text.both("\n"));
        let last = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
        if last > 0 {
            self.worksheet.merge_range(self.row, 0, self.row, last, &text, format)?;
        } else {
            self.worksheet.write_string_with_format(self.row, 0, &text, format)?;
        }
        self.end_row(lines(&text, wide))
    }

    fn write_table(&mut self, table: &PaperTable, language: Language) -> Result<(), XlsxError> {
        let columns = Columns::of(table, self.is_told);
        self.skip_row();
        self.page.keep(self.row, 7.0 * LINE_HEIGHT);
        self.write_line(&table.caption().both("  "), &self.formats.caption, 1)?;
        columns.write_heads(self.worksheet, self.row, self.formats)?;
        self.end_row(columns.head_lines(&self.widths))?;
        if self.frozen.is_none() && self.row <= FROZEN_ROWS {
            self.frozen = Some(self.row);
        }
        for index in 0..table.rows.len() {
            let lines = columns.write_row(self.worksheet, self.row, index, &self.widths, self.formats)?;
            self.end_row(lines)?;
        }
        if table.rows.is_empty() {
            self.write_line(&language.said("无", "None").both("  "), &self.formats.note, 1)?;
        }
        Ok(())
    }

    fn set_up_page(self, paper: &Paper) -> Result<(), XlsxError> {
        let frozen = self.frozen.unwrap_or(1);
        let sheet = self.worksheet;
        sheet.set_page_breaks(&self.page.breaks)?;
        sheet.set_freeze_panes(frozen, 0)?;
        // Of several tables only the title is common to all pages.
        sheet.set_repeat_rows(0, 1)?;
        sheet.set_paper_size(A4);
        if self.page.is_lying {
            sheet.set_landscape();
        }
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35);
        sheet.set_print_center_horizontally(true);
        sheet.set_screen_gridlines(false);
        // `&` begins a code there, and more than 255 characters are refused.
        let title: String = printable(&paper.title.zh).chars().take(100).collect();
        let title = title.replace('&', "&&");
        sheet.set_footer(format!("&L&9{title}&R&9&A  &P / &N"));
        Ok(())
    }
}

/// As wide as the widest table asks in each place.
fn widths<'a>(tables: impl Iterator<Item = &'a PaperTable>, is_told: bool) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for table in tables {
        let columns = Columns::of(table, is_told);
        widths.resize(widths.len().max(columns.len()), 0);
        for (wide, own) in widths.iter_mut().zip(columns.widths()) {
            *wide = (*wide).max(own);
        }
    }
    if widths.is_empty() { vec![UPRIGHT_PLACES] } else { widths }
}

/// Several sections are the notice.
fn name(sections: &[(usize, &PaperSection)], language: Language) -> String {
    match sections {
        [(_, one)] => one.title.zh.clone(),
        _ => language.said("通报", "Notice").zh,
    }
}

/// Cards are a table, on a sheet.
fn tabled(block: &PaperBlock, language: Language) -> Option<PaperTable> {
    match block {
        PaperBlock::Table(table) => Some(table.clone()),
        PaperBlock::Cards(cards) => Some(of_cards(cards, language)),
        _ => None,
    }
}

fn of_cards(cards: &[Card], language: Language) -> PaperTable {
    let titled = |key: &str, zh: &str, en: &str| PaperColumn::titled(key, language.said(zh, en));
    let mut columns = vec![
        titled("figure", "指标", "Figure"),
        titled("value", "率", "Rate")
            .with_counts(language.said("数量或分子", "Count or numerator"), language.said("分母", "Denominator")),
    ];
    let widest = cards.iter().max_by_key(|card| card.changes.len());
    let changes: Vec<Text> =
        widest.map_or(Vec::new(), |card| card.changes.iter().map(|(name, _)| name.clone()).collect());
    columns.extend(changes.iter().map(|name| PaperColumn::titled("change", name.clone())));
    let mut table = PaperTable::new("cards", language.said("主要数字", "At a glance"), columns);
    for card in cards {
        let mut row = vec![PaperCell::Said(card.title.clone()), card.value.clone()];
        row.extend(
            (0..changes.len())
                .map(|index| card.changes.get(index).map_or(PaperCell::Nothing, |(_, change)| change.clone())),
        );
        table.push(row);
    }
    table
}
