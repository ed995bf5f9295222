//! A paper as JSON for programs. Names are the keys of the model and stay; a row is an object by the keys of its columns.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{
    Card, Chart, ChartKind, Paper, PaperBlock, PaperCell, PaperColumn, PaperFact, PaperPart, PaperSection, PaperTable,
    Text,
};
use crate::report::json;

pub fn write(paper: &Paper, out: &mut impl Write) -> io::Result<()> {
    let zone = TimeZone::get(&paper.zone).unwrap_or(TimeZone::UTC);
    let value = json!({
        "title": text(&paper.title),
        "issuer": paper.letterhead.as_ref().map(|head| head.issuer.as_str()),
        "number": paper.letterhead.as_ref().map(|head| head.number.as_str()),
        "date": paper.letterhead.as_ref().map(|head| text(&head.date)),
        "from": paper.period.from.rfc3339(&zone),
        "to": paper.period.to.rfc3339(&zone),
        "as_of": paper.as_of().rfc3339(&zone),
        "facts": paper.facts.iter().map(fact).collect::<Vec<_>>(),
        "sections": paper.sections.iter().map(section).collect::<Vec<_>>(),
    });
    json::write(&value, out)
}

fn text(text: &Text) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

fn fact(fact: &PaperFact) -> Value {
    json!({ "name": text(&fact.name), "value": text(&fact.value) })
}

fn section(section: &PaperSection) -> Value {
    json!({
        "key": section.key,
        "part": if section.part == PaperPart::Notice { "notice" } else { "annex" },
        "title": text(&section.title),
        "blocks": section.blocks.iter().map(block).collect::<Vec<_>>(),
    })
}

fn block(block: &PaperBlock) -> Value {
    match block {
        PaperBlock::Paragraph(said) => json!({ "paragraph": text(said) }),
        PaperBlock::Note(said) => json!({ "note": text(said) }),
        PaperBlock::Cards(cards) => json!({ "cards": cards.iter().map(card).collect::<Vec<_>>() }),
        PaperBlock::Table(one) => json!({ "table": table(one) }),
        PaperBlock::Chart(one) => json!({ "chart": chart(one) }),
    }
}

fn card(card: &Card) -> Value {
    let change = |(name, value): &(Text, PaperCell)| json!({ "name": text(name), "value": cell(value) });
    json!({
        "key": card.key,
        "title": text(&card.title),
        "value": cell(&card.value),
        "changes": card.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn table(table: &PaperTable) -> Value {
    let row = |cells: &Vec<PaperCell>| -> Value {
        let field = |(column, value): (&PaperColumn, &PaperCell)| (column.key.clone(), cell(value));
        table.columns.iter().zip(cells).map(field).collect::<Map<_, _>>().into()
    };
    let column = |column: &PaperColumn| json!({ "key": column.key, "title": text(&column.title) });
    let (total, rows) = match table.rows.split_last() {
        Some((total, rows)) if table.has_total => (row(total), rows),
        _ => (Value::Null, table.rows.as_slice()),
    };
    json!({
        "key": table.key,
        "title": text(&table.title),
        "population": table.population.as_ref().map(text),
        "columns": table.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "total": total,
    })
}

fn chart(chart: &Chart) -> Value {
    let kind = match chart.kind {
        ChartKind::Bars => "bars",
        ChartKind::Columns => "columns",
        ChartKind::Line => "line",
        ChartKind::Pie => "pie",
    };
    let series = chart.series.iter().map(|series| json!({ "name": text(&series.name), "values": series.values }));
    json!({
        "key": chart.key,
        "title": text(&chart.title),
        "kind": kind,
        "unit": "count",
        "labels": chart.labels.iter().map(text).collect::<Vec<_>>(),
        "series": series.collect::<Vec<_>>(),
    })
}

/// A count is a number and a text a text; everything else says what it is.
fn cell(cell: &PaperCell) -> Value {
    match cell {
        PaperCell::Nothing => Value::Null,
        PaperCell::Given(given) => given.as_str().into(),
        PaperCell::Said(said) => text(said),
        PaperCell::Count(count) => (*count).into(),
        PaperCell::Duration(ms) => json!({ "seconds": ms.div_euclid(1000) }),
        PaperCell::Growth(hundredths) => json!({ "growth": *hundredths as f64 / 10_000.0 }),
        PaperCell::Points(hundredths) => json!({ "difference": *hundredths as f64 / 10_000.0 }),
        PaperCell::Rate(rate) => {
            let mut object = json!({
                "numerator": rate.numerator,
                "denominator": rate.denominator,
                "rate": rate.fraction(),
            });
            if let Some(figure) = rate.figure {
                object["kpi"] = figure.id.as_str().into();
                object["convention"] = figure.convention.as_str().into();
            }
            object
        }
    }
}
