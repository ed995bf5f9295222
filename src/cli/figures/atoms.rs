//! `tongguan figures atoms`: the words of the language.

use std::io::Write;

use serde_json::{Value, json};

use crate::{
    cli::lines::write_json,
    domain::kpi::{
        atoms::{ATOMS, Atom, DURATIONS, QUANTITIES},
        dimension::CaseDimension,
    },
    report::table::TextTable,
};

pub(super) fn run(json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    if json {
        return write_json(&as_json(), out);
    }
    let heads = ["名称 name", "对象 of a", "含义 meaning"];
    let mut table = TextTable::of_texts(heads);
    for atom in ATOMS {
        let meaning = format!("{} | {}", atom.zh, atom.en);
        table.push(vec![atom.name.to_owned(), atom.grain().name().to_owned(), meaning]);
    }
    table.write(out)?;
    let (sums, lasts) = (QUANTITIES.iter().map(|one| one.name), DURATIONS.iter().map(|one| one.name));
    writeln!(out)?;
    for (head, names) in [
        ("维度 dimensions, as kind = \"…\"", CaseDimension::names().collect::<Vec<_>>()),
        ("可累加 numerator_sums, denominator_sums", sums.collect()),
        ("时长 lasts", lasts.collect()),
    ] {
        writeln!(out, "{head}: {}", names.join(", "))?;
    }
    Ok(())
}

fn as_json() -> Value {
    let atom = |atom: &Atom| json!({"name": atom.name, "of": atom.grain().name(), "zh": atom.zh, "en": atom.en});
    json!({
        "atoms": ATOMS.iter().map(atom).collect::<Vec<_>>(),
        "dimensions": CaseDimension::names().collect::<Vec<_>>(),
        "sums": QUANTITIES.iter().map(|one| one.name).collect::<Vec<_>>(),
        "durations": DURATIONS.iter().map(|one| one.name).collect::<Vec<_>>(),
    })
}
