//! A section as a sheet: tables under each other, then the charts; it prints on A4, one page wide.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::{
    chart::{self, Data},
    column::{Columns, lines, two_lines},
    formats::Formats,
    page::{Page, UPRIGHT_PLACES},
    sheet_name,
};
use crate::report::{
    paper::{Block, Card, Cell, Column, Paper, Section, Table, Text, words},
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
    page: Page,
}

impl<'a> Sheet<'a> {
    pub fn new(worksheet: &'a mut Worksheet, formats: &'a Formats) -> Self {
        Self { worksheet, formats, row: 0, widths: Vec::new(), frozen: None, page: Page::default() }
    }

    pub fn write(mut self, paper: &Paper, index: usize, section: &Section, data: &mut Data) -> Result<(), XlsxError> {
        self.worksheet.set_name(sheet_name(&section.title.zh))?;
        let tables: Vec<(usize, Table)> = section.blocks.iter().enumerate().filter_map(tabled).collect();
        self.widths = widths(tables.iter().map(|(_, table)| table));
        self.page = Page::of(self.widths.iter().sum());
        for (column, wide) in (0..).zip(&self.widths) {
            self.worksheet.set_column_width(column, *wide as f64)?;
        }
        self.write_title(paper, index, section)?;
        for (place, block) in section.blocks.iter().enumerate() {
            match block {
                Block::Paragraph(text) => self.write_text(text, &self.formats.said)?,
                Block::Note(text) => self.write_text(text, &self.formats.note)?,
                Block::Cards(_) | Block::Table(_) => {
                    let found = tables.iter().find(|(at, _)| *at == place);
                    found.map_or(Ok(()), |(_, table)| self.write_table(table))?;
                }
                Block::Chart(_) => {}
            }
        }
        for block in &section.blocks {
            if let Block::Chart(one) = block {
                let drawn = data.add(one);
                self.skip_row();
                let rows = chart::rows(one);
                self.page.keep(self.row, f64::from(rows) * LINE_HEIGHT);
                self.page.add(f64::from(rows) * LINE_HEIGHT);
                chart::insert(self.worksheet, self.row, one, &drawn)?;
                self.row += rows;
            }
        }
        self.set_up_page(paper)
    }

    /// The first sheet bears the title of the whole and what it is about.
    fn write_title(&mut self, paper: &Paper, index: usize, section: &Section) -> Result<(), XlsxError> {
        let formats = self.formats;
        if index == 0 {
            self.write_line(&paper.title.zh, &formats.title, 2)?;
            self.write_line(&paper.title.en, &formats.twin, 1)?;
            for fact in &paper.facts {
                self.write_text(
                    &Text::new(
                        format!("{}：{}", fact.name.zh, fact.value.zh),
                        format!("{}: {}", fact.name.en, fact.value.en),
                    ),
                    &formats.note,
                )?;
            }
            return Ok(());
        }
        let number = words::chinese(index + 1);
        self.write_line(&format!("{number}、{}  {}", section.title.zh, section.title.en), &formats.title, 2)?;
        let about: Vec<&str> = paper.facts.iter().take(2).map(|fact| fact.value.zh.as_str()).collect();
        self.write_line(&format!("{}  {}", paper.title.zh, about.join("，截至 ")), &formats.twin, 1)
    }

    /// As it is, over whatever stands beside it; `lines` is how high.
    fn write_line(&mut self, text: &str, format: &Format, lines: usize) -> Result<(), XlsxError> {
        self.worksheet.write_string_with_format(self.row, 0, printable(text), format)?;
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
        let text = two_lines(text);
        let last = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
        if last > 0 {
            self.worksheet.merge_range(self.row, 0, self.row, last, &text, format)?;
        } else {
            self.worksheet.write_string_with_format(self.row, 0, &text, format)?;
        }
        self.end_row(lines(&text, wide))
    }

    fn write_table(&mut self, table: &Table) -> Result<(), XlsxError> {
        let columns = Columns::of(table);
        self.skip_row();
        self.page.keep(self.row, 7.0 * LINE_HEIGHT);
        let caption = format!("{}  {}", table.title.zh, table.title.en);
        self.write_line(&caption, &self.formats.caption, 1)?;
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
            self.write_line("无 None", &self.formats.note, 1)?;
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
        // `&` begins a code there.
        let title = printable(&paper.title.zh).replace('&', "&&");
        sheet.set_footer(format!("&L&9{title}&R&9&A  &P / &N"));
        Ok(())
    }
}

/// As wide as the widest table asks in each place.
fn widths<'a>(tables: impl Iterator<Item = &'a Table>) -> Vec<usize> {
    let mut widths: Vec<usize> = Vec::new();
    for table in tables {
        let columns = Columns::of(table);
        widths.resize(widths.len().max(columns.len()), 0);
        for (wide, own) in widths.iter_mut().zip(columns.widths()) {
            *wide = (*wide).max(own);
        }
    }
    if widths.is_empty() { vec![UPRIGHT_PLACES] } else { widths }
}

/// Cards are a table, on a sheet.
fn tabled((place, block): (usize, &Block)) -> Option<(usize, Table)> {
    match block {
        Block::Table(table) => Some((place, table.clone())),
        Block::Cards(cards) => Some((place, of_cards(cards))),
        _ => None,
    }
}

fn of_cards(cards: &[Card]) -> Table {
    let mut columns = vec![
        Column::new("figure", "指标", "Figure"),
        Column::new("value", "率", "Rate")
            .with_counts(Text::new("数量或分子", "Count or numerator"), Text::new("分母", "Denominator")),
    ];
    let widest = cards.iter().max_by_key(|card| card.changes.len());
    let changes: Vec<Text> =
        widest.map_or(Vec::new(), |card| card.changes.iter().map(|(name, _)| name.clone()).collect());
    columns.extend(changes.iter().map(|name| Column::titled("change", name.clone())));
    let mut table = Table::new("cards", Text::new("主要数字", "At a glance"), columns);
    for card in cards {
        let mut row = vec![Cell::Said(card.title.clone()), card.value.clone()];
        row.extend(
            (0..changes.len()).map(|index| card.changes.get(index).map_or(Cell::Nothing, |(_, change)| change.clone())),
        );
        table.push(row);
    }
    table
}
