//! The catalogue of figures for people and programs: the list, and one figure in full.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{json, table::TextTable};
use crate::domain::kpi::{
    Figure, Grain, Shape,
    catalogue::{self, Text},
};

/// Every figure in a line each: `tongguan kpi list`.
pub fn write_list(out: &mut impl Write) -> io::Result<()> {
    let heads = ["编号 id", "名称 name", "口径 convention", "人群 cohort", "指标 figure"];
    let mut table = TextTable::of_texts(heads);
    for figure in catalogue::figures() {
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

/// One figure in full: `tongguan kpi show`.
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

/// Question, formula, what it counts and leaves out, when it is final, and whether its counts add up.
pub fn write_meaning(figure: &Figure, out: &mut impl Write) -> io::Result<()> {
    let (zh, en) = grain(figure.grain);
    let (settles, adds_up) = (figure.settles.text(), adds_up(figure));
    for (head, zh, en) in [
        ("计数 counted", zh, en),
        ("问题 question", figure.question.zh.as_str(), figure.question.en.as_str()),
        ("公式 formula", &figure.formula.zh, &figure.formula.en),
        ("计入 counts", &figure.counts.zh, &figure.counts.en),
        ("不计 leaves out", &figure.leaves_out.zh, &figure.leaves_out.en),
        ("何时定 final", settles.0, settles.1),
        ("可加 adds up", adds_up.0, adds_up.1),
    ] {
        if !zh.is_empty() {
            writeln!(out, "{head}: {zh}\n    {en}")?;
        }
    }
    if let Some(version) = &figure.version {
        writeln!(out, "版本 version: {version}")?;
    }
    let expressions = [("分母 denominator", &figure.denominator), ("分子 numerator", &figure.numerator)];
    for (head, said) in expressions.into_iter().filter_map(|(head, said)| Some((head, said.as_ref()?))) {
        writeln!(out, "{head}: {said}")?;
    }
    write_examples(figure, out)
}

/// Whether counts of several periods, or groups, may be summed up.
pub fn adds_up(figure: &Figure) -> (&'static str, &'static str) {
    match figure.cohort.adds_up_over_time() {
        true => ("各时段、各维度的计数可相加", "counts of periods and of every dimension add up"),
        false => (
            "同一时段各维度的计数可相加；不同时段不可相加，同一案件可计入多个时段",
            "counts of every dimension of one period add up; those of periods do not, because a case may be in several",
        ),
    }
}

fn write_examples(figure: &Figure, out: &mut impl Write) -> io::Result<()> {
    for example in &figure.example {
        writeln!(out, "算例 example: [{}, {}) as of {} {}", example.from, example.to, example.as_of, example.because)?;
        for case in &example.cases {
            writeln!(out, "    {:>4}  {}  {}", case.counts, case.life, case.why)?;
        }
    }
    Ok(())
}

/// 计数单位 in words, for more than one.
pub fn grain(grain: Grain) -> (&'static str, &'static str) {
    match grain {
        Grain::Case => ("案件", "cases"),
        Grain::Clock => ("计时", "clocks"),
        Grain::Assignment => ("派遣", "assignments"),
        Grain::Check => ("核查", "checks"),
    }
}

pub fn write_json<'a>(figures: impl Iterator<Item = &'a Figure>, out: &mut impl Write) -> io::Result<()> {
    let figures: Vec<Value> = figures.map(definition).collect();
    json::write(&figures, out)
}

/// All that the catalogue says of a figure; of a town's own also how it counts, because no version of the program says so.
pub fn definition(figure: &Figure) -> Value {
    let text = |text: &Text| json!({ "zh": text.zh, "en": text.en });
    let mut all = json!({
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
    });
    if figure.is_own() {
        all["version"] = json!(figure.version);
        for (name, said) in [
            ("denominator", &figure.denominator),
            ("numerator", &figure.numerator),
            ("denominator_sums", &figure.denominator_sums),
            ("numerator_sums", &figure.numerator_sums),
            ("lasts", &figure.lasts),
            ("stage", &figure.stage),
        ] {
            all[name] = json!(said);
        }
    }
    all
}

/// The version that a definition names: only a town's own has one.
pub fn version(definition: &str) -> Option<String> {
    let said: Value = serde_json::from_str(definition).ok()?;
    said.get("version")?.as_str().map(str::to_owned)
}
