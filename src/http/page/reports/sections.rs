//! The sections of a report in the parts of the page: tables whose numbers open, charts as bars in a table.

use super::asked::ReportAsked;
use crate::{
    domain::kpi::Figure,
    http::page::{
        account::{cell, head, number},
        address::{Address, of_case},
        part::{Cell, CellBar, Col, Delta, Row, Table, Tile},
        sheet::said,
        words::Lang,
    },
    report::{
        count::grouped,
        paper::{
            Card, Chart, Paper, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Text,
            words::{both, counts, heading},
        },
    },
};

#[derive(Clone, Debug, Default)]
pub(super) struct PaperShown {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) blocks: Vec<PaperPiece>,
}

/// One of these.
#[derive(Clone, Debug, Default)]
pub(super) struct PaperPiece {
    pub(super) said: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) tiles: Vec<Tile>,
    pub(super) tables: Vec<Table>,
    pub(super) charts: Vec<Table>,
}

/// Where the numbers of a report lead: to the figure of its period and as-of.
pub(super) struct PaperLinks<'a> {
    lang: Lang,
    question: Address,
    cases: Address,
    /// Of the whole report.
    stream: Option<&'a str>,
    streams: &'a [(String, Text)],
}

impl<'a> PaperLinks<'a> {
    pub(super) fn new(here: &Address, asked: &'a ReportAsked, as_of: &str) -> Self {
        let lang = here.get("lang").unwrap_or_default();
        let (span, order) = (asked.when.span, &asked.order);
        let cases = Address::new("/cases", Vec::new()).with("as-of", as_of).with("lang", lang);
        let question = Address::new("/figures", Vec::new()).with(span.kind.word(), &span.name());
        let question = question.with("as-of", as_of).with("timezone", here.get("timezone").unwrap_or_default());
        Self {
            lang: asked.lang,
            question: question.with("lang", lang),
            cases,
            stream: order.scope.stream.as_deref(),
            streams: &order.streams,
        }
    }

    /// `by`: where it has a row for each group.
    fn figure(&self, figure: &Figure, stream: Option<&str>, by: &str) -> String {
        let here = self.question.at(&format!("/figures/{}", figure.id));
        here.with("stream", stream.or(self.stream).unwrap_or_default()).with("group-by", by).href()
    }

    /// The stream that a row is about, by its title.
    fn stream_of(&self, cell: &PaperCell) -> Option<&'a str> {
        let title = match cell {
            PaperCell::Said(text) => text.zh.as_str(),
            PaperCell::Given(text) => text.as_str(),
            _ => return None,
        };
        self.streams.iter().find(|(name, known)| known.zh == title || name == title).map(|(name, _)| name.as_str())
    }

    /// The stream that a table is about, by the end of its key.
    fn stream_in(&self, key: &str) -> Option<&'a str> {
        let is_of = |name: &str| key.strip_suffix(name).is_some_and(|rest| rest.ends_with('_'));
        self.streams.iter().map(|(name, _)| name.as_str()).find(|name| is_of(name))
    }
}

/// What the rows of a table are about, by the beginning of its key: where a figure has a row for each of them.
const GROUPED: [(&str, &str); 6] = [
    ("ends_", "unit"),
    ("departments_", "unit"),
    ("communities_", "unit"),
    ("places", "community"),
    ("classes_", "category"),
    ("categories_", "category"),
];

/// Columns of other periods, each seen from as far away: the figure of this one is another number.
const EARLIER: [&str; 2] = ["before", "year_before"];

/// Columns whose words are not broken.
const WHOLE: [&str; 2] = ["kpi", "case_id"];

pub(super) fn all(paper: &Paper, links: &PaperLinks<'_>) -> Vec<PaperShown> {
    let of = |part| {
        let language = links.lang.language();
        paper.of_part(part).map(move |(index, section)| (heading(part, index, section, language), section))
    };
    of(PaperPart::Notice).chain(of(PaperPart::Annex)).map(|(title, section)| one(&title, section, links)).collect()
}

fn one(title: &Text, section: &PaperSection, links: &PaperLinks<'_>) -> PaperShown {
    PaperShown {
        id: section.key.to_owned(),
        title: said(links.lang, title).to_owned(),
        blocks: section.blocks.iter().map(|block| piece(block, links)).collect(),
    }
}

fn piece(block: &PaperBlock, links: &PaperLinks<'_>) -> PaperPiece {
    let text = |text: &Text| vec![said(links.lang, text).to_owned()];
    match block {
        PaperBlock::Paragraph(one) => PaperPiece { said: text(one), ..PaperPiece::default() },
        PaperBlock::Note(one) => PaperPiece { notes: text(one), ..PaperPiece::default() },
        PaperBlock::Cards(cards) => {
            PaperPiece { tiles: cards.iter().map(|card| tile(card, links)).collect(), ..PaperPiece::default() }
        }
        PaperBlock::Table(one) => PaperPiece { tables: vec![table(one, links)], ..PaperPiece::default() },
        PaperBlock::Chart(one) => PaperPiece { charts: vec![bars(one, links)], ..PaperPiece::default() },
    }
}

fn shown(cell: &PaperCell, lang: Lang) -> String {
    both(cell, lang.language()).0
}

fn tile(card: &Card, links: &PaperLinks<'_>) -> Tile {
    let (lang, stream) = (links.lang, card.key.rsplit_once('_').map(|(stream, _)| stream));
    let counted = Figure::by_id("K01").filter(|_| card.key.ends_with("_received"));
    let figure = match &card.value {
        PaperCell::Rate(rate) => rate.figure,
        _ => counted,
    };
    let text = shown(&card.value, lang);
    let (value, unit) = text.split_once(' ').unwrap_or((&text, ""));
    let delta = |(name, change): &(Text, PaperCell)| Delta {
        label: said(lang, name).to_owned(),
        text: shown(change, lang),
        ..Delta::default()
    };
    Tile {
        id: format!("tile-{}", card.key),
        // What is overdue is listed below.
        href: figure.map_or_else(|| "#overdue_cases".to_owned(), |figure| links.figure(figure, stream, "")),
        name: said(lang, &card.title).to_owned(),
        code: figure.map(|figure| figure.id.clone()).unwrap_or_default(),
        value: value.to_owned(),
        unit: unit.to_owned(),
        basis: counts(&card.value).unwrap_or_default(),
        deltas: card.changes.iter().map(delta).collect(),
        is_ok: true,
        ..Tile::default()
    }
}

fn table(of: &PaperTable, links: &PaperLinks<'_>) -> Table {
    let lang = links.lang;
    let texts: Vec<bool> = (0..of.columns.len()).map(|index| of.is_text(index)).collect();
    let last = of.rows.len().saturating_sub(1);
    let row = |(index, row): (usize, &Vec<PaperCell>)| {
        let hrefs = hrefs(of, row, links);
        let cell = |(at, ((one, is_text), href)): (usize, ((&PaperCell, &bool), Option<String>))| {
            let (text, sub) = (shown(one, lang), counts(one));
            Cell {
                label: said(lang, &of.columns[at].title).to_owned(),
                has_href: href.is_some(),
                href: href.unwrap_or_default(),
                has_sub: sub.is_some(),
                sub: sub.unwrap_or_default(),
                is_head: at == 0,
                ..match (*is_text, WHOLE.contains(&of.columns[at].key.as_str())) {
                    (true, true) => Cell { cls: "t".to_owned(), ..cell(&text) },
                    (true, false) => cell(&text),
                    (false, _) => number(&text),
                }
            }
        };
        let is_total = of.has_total && index == last;
        Row {
            cls: if is_total { "sum" } else { "" }.to_owned(),
            cells: row.iter().zip(&texts).zip(hrefs).enumerate().map(cell).collect(),
        }
    };
    let heads = of.columns.iter().zip(&texts);
    let heads = heads.map(|(column, is_text)| head(said(lang, &column.title), if *is_text { "" } else { "n" }));
    Table {
        caption: said(lang, &of.caption()).to_owned(),
        cols: heads.collect(),
        rows: of.rows.iter().enumerate().map(row).collect(),
        notes: if of.rows.is_empty() { vec![lang.of("无", "None").to_owned()] } else { Vec::new() },
        is_linkless: true,
        ..Table::default()
    }
}

/// Where each cell of a row leads.
fn hrefs(of: &PaperTable, row: &[PaperCell], links: &PaperLinks<'_>) -> Vec<Option<String>> {
    let of_row = of.columns.iter().position(|column| column.key == "stream").and_then(|at| row.get(at));
    let stream = of_row.and_then(|cell| links.stream_of(cell)).or_else(|| links.stream_in(&of.key));
    let by = GROUPED.iter().find(|(key, _)| of.key.starts_with(key)).map_or("", |(_, by)| by);
    let href = |(column, cell): (&PaperColumn, &PaperCell)| match (cell, column.key.as_str()) {
        (_, key) if EARLIER.contains(&key) => None,
        (PaperCell::Rate(rate), _) => rate.figure.map(|figure| links.figure(figure, stream, by)),
        (PaperCell::Given(id), "kpi") => Figure::by_id(id).map(|figure| links.figure(figure, stream, "")),
        (PaperCell::Given(id), "case_id") => stream.map(|stream| links.cases.at(&of_case(stream, id)).href()),
        (PaperCell::Count(_), "received") if of.key == "streams" => {
            Figure::by_id("K01").map(|figure| links.figure(figure, stream, ""))
        }
        _ => None,
    };
    of.columns.iter().zip(row).map(href).collect()
}

/// A chart as a table with a bar beside each number: what it says can be read without it.
fn bars(of: &Chart, links: &PaperLinks<'_>) -> Table {
    let lang = links.lang;
    let most = of.series.iter().flat_map(|series| series.values.iter().flatten()).max().copied().unwrap_or(0).max(1);
    let mut cols = vec![head("", "")];
    for series in &of.series {
        cols.push(head(said(lang, &series.name), "n"));
        cols.push(Col { cls: "barcell".to_owned(), ..Col::default() });
    }
    cols[0].has_text = false;
    let row = |(index, label): (usize, &Text)| {
        let mut cells = vec![Cell { is_head: true, ..cell(said(lang, label)) }];
        for (nth, series) in of.series.iter().enumerate() {
            let value = series.values.get(index).copied().flatten();
            cells.push(number(&value.map(grouped).unwrap_or_else(|| "—".to_owned())));
            let width = (value.unwrap_or(0) as f64 * 1000.0 / most as f64).round() / 10.0;
            let bar = CellBar { cls: if nth == 0 { "plainbar" } else { "softbar" }.to_owned(), w: width };
            cells.push(Cell { cls: "barcell".to_owned(), bars: vec![bar], ..Cell::default() });
        }
        Row { cells, ..Row::default() }
    };
    Table {
        caption: said(lang, &of.title).to_owned(),
        cols,
        rows: of.labels.iter().enumerate().map(row).collect(),
        is_linkless: true,
        ..Table::default()
    }
}
