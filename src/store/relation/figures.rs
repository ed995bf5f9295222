//! The columns of the figures: what a row adds to numerator and denominator, and how long it lasts.

use super::{cohort::within, column::Column};
use crate::{
    domain::kpi::{
        Figure, Grain,
        atoms::{ATOMS, DURATIONS, QUANTITIES},
        catalogue,
        expression::{Expression, Writing},
    },
    store::literal::quoted,
};

/// The atoms that are no column yet, and what figures sum up.
pub(super) fn atoms(grain: Grain) -> Vec<Column> {
    let atoms = ATOMS.iter().filter(|atom| atom.grain() == grain).map(|atom| (atom.name, atom.sql));
    let quantities =
        QUANTITIES.iter().map(|one| (one.name, one.sql)).chain(DURATIONS.iter().map(|one| (one.name, one.sql)));
    let of_cases = quantities.filter(|_| grain == Grain::Case);
    let is_new = |(_, sql): &(&str, &str)| !sql.is_empty();
    let hidden = |(name, sql): (&str, &str)| Column::new(name.to_owned(), "", Default::default(), sql.to_owned());
    atoms.chain(of_cases).filter(is_new).map(hidden).collect()
}

/// Of every figure, the town's own too.
pub(super) fn columns(grain: Grain) -> Vec<Column> {
    catalogue::figures().filter(|figure| figure.grain == grain && figure.has_cases()).flat_map(of_figure).collect()
}

fn of_figure(figure: &Figure) -> Vec<Column> {
    let counting = &figure.counting;
    let sql = |all: &Expression| format!("({})", all.written(&IN_SQL));
    let asked = counting.denominator.as_ref().map(|all| held(figure, [Some(sql(all)), stage(figure)]));
    let numerator = counting.numerator.as_ref().map(sql);
    let is_in = match (&asked, numerator) {
        (Some(asked), Some(numerator)) => format!("{asked} and {numerator}"),
        (Some(asked), None) => asked.clone(),
        (None, Some(all)) => held(figure, [Some(all), None]),
        (None, None) => "false".to_owned(),
    };
    let n = counted(figure, FigureEnd::Numerator, figure.numerator_sums.as_deref(), &is_in);
    let d = asked.map(|asked| counted(figure, FigureEnd::Denominator, figure.denominator_sums.as_deref(), &asked));
    let lasts =
        |name: &String| made(figure, FigureEnd::Duration, "Nullable(Int64)", format!("if({is_in}, {name}, NULL)"));
    [Some(n), d, figure.lasts.as_ref().map(lasts)].into_iter().flatten().collect()
}

/// A built-in figure says in its atoms what the period holds; a town need not.
fn held(figure: &Figure, parts: [Option<String>; 2]) -> String {
    let within = figure.is_own().then(|| format!("ifNull({}, false)", within(figure)));
    within.into_iter().chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(" and ")
}

/// An atom is a column of its name.
const IN_SQL: Writing = Writing {
    and: " and ",
    or: " or ",
    not: "not ",
    atom: |atom| ATOMS[atom].name,
    stands: |dimension, values| {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        format!("{} IN ({})", dimension.name(), values.join(", "))
    },
};

/// Which column of a relation is a figure's.
#[derive(Clone, Copy, Debug)]
pub enum FigureEnd {
    Numerator,
    Denominator,
    Duration,
}

/// `k05a_n`.
pub fn column(figure: &Figure, end: FigureEnd) -> String {
    let end = match end {
        FigureEnd::Numerator => 'n',
        FigureEnd::Denominator => 'd',
        FigureEnd::Duration => 'v',
    };
    format!("{}_{end}", figure.id.to_ascii_lowercase())
}

/// Which clocks are meant, of a figure of clocks.
pub fn stage(figure: &Figure) -> Option<String> {
    let whose = if figure.of_unit { ">" } else { "=" };
    figure.stage.as_ref().map(|stage| format!("stage = '{stage}' and assignment {whose} 0"))
}

fn counted(figure: &Figure, end: FigureEnd, sums: Option<&str>, is_in: &str) -> Column {
    let (kind, sql) = match sums {
        Some(sums) => ("UInt32", format!("if({is_in}, toUInt32({sums}), toUInt32(0))")),
        None => ("UInt8", format!("toUInt8({is_in})")),
    };
    made(figure, end, kind, sql)
}

fn made(figure: &Figure, end: FigureEnd, kind: &str, sql: String) -> Column {
    let (zh, en) = match end {
        FigureEnd::Numerator => ("分子", "numerator"),
        FigureEnd::Denominator => ("分母", "denominator"),
        FigureEnd::Duration => ("时长（毫秒）", "duration, milliseconds"),
    };
    let title = (format!("{} {}{zh}", figure.id, figure.title.zh), format!("{} {en}: {}", figure.id, figure.title.en));
    Column::new(column(figure, end), kind, title, sql).of_figure(&figure.id)
}
