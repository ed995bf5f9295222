//! The catalogue of figures for people and programs: the list, and one figure in full.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::table::{Align, Table};
use crate::domain::kpi::{CATALOGUE, Figure, Grain, Shape, catalogue::Text};

pub fn write_list(out: &mut impl Write) -> io::Result<()> {
    let heads = ["编号 id", "名称 name", "口径 convention", "人群 cohort", "指标 figure"];
    let mut table = Table::new(heads.map(|head| (head.to_owned(), Align::Left)).to_vec());
    for figure in CATALOGUE.iter() {
        table.push(vec![
            figure.id.clone(),
            figure.name.clone(),
            figure.convention.clone(),
            figure.cohort.name().to_owned(),
            format!("{} | {}", figure.title.zh, figure.title.en),
        ]);
    }
    table.write(out)
}

pub fn write_figure(figure: &Figure, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} {} | {}", figure.id, figure.title.zh, figure.title.en)?;
    writeln!(
        out,
        "名称 name {}, 口径 convention {}, 人群 cohort {}",
        figure.name,
        figure.convention,
        figure.cohort.name()
    )?;
    write_meaning(figure, out)
}

/// Question, formula, what it counts and leaves out, when it is final.
pub fn write_meaning(figure: &Figure, out: &mut impl Write) -> io::Result<()> {
    let (zh, en) = grain(figure.grain);
    let settles = figure.settles.text();
    for (head, zh, en) in [
        ("计数 counted", zh, en),
        ("问题 question", figure.question.zh.as_str(), figure.question.en.as_str()),
        ("公式 formula", &figure.formula.zh, &figure.formula.en),
        ("计入 counts", &figure.counts.zh, &figure.counts.en),
        ("不计 leaves out", &figure.leaves_out.zh, &figure.leaves_out.en),
        ("何时定 final", settles.0, settles.1),
    ] {
        writeln!(out, "{head}: {zh}\n    {en}")?;
    }
    Ok(())
}

pub fn grain(grain: Grain) -> (&'static str, &'static str) {
    match grain {
        Grain::Case => ("案件", "cases"),
        Grain::Clock => ("计时", "clocks"),
        Grain::Assignment => ("派遣", "assignments"),
        Grain::Check => ("核查", "checks"),
    }
}

pub fn write_json<'a>(figures: impl Iterator<Item = &'a Figure>, out: &mut impl Write) -> anyhow::Result<()> {
    let figures: Vec<Value> = figures.map(definition).collect();
    serde_json::to_writer_pretty(&mut *out, &figures)?;
    writeln!(out)?;
    Ok(())
}

/// All that the catalogue says of a figure.
pub fn definition(figure: &Figure) -> Value {
    let text = |text: &Text| json!({ "zh": text.zh, "en": text.en });
    json!({
        "kpi": figure.id,
        "name": figure.name,
        "convention": figure.convention,
        "cohort": figure.cohort.name(),
        "counted": grain(figure.grain).1,
        "is_rate": figure.is_rate(),
        "is_weighted": figure.shape == Shape::Points,
        "title": text(&figure.title),
        "question": text(&figure.question),
        "formula": text(&figure.formula),
        "counts": text(&figure.counts),
        "leaves_out": text(&figure.leaves_out),
    })
}
