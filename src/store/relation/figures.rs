//! The columns of the figures: what a row adds to numerator and denominator, and how long it lasts.

use super::column::Column;
use crate::domain::kpi::{
    CATALOGUE, Figure, Grain,
    atoms::{ATOMS, DURATIONS, QUANTITIES},
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

pub(super) fn columns(grain: Grain) -> Vec<Column> {
    CATALOGUE.iter().filter(|figure| figure.grain == grain && figure.has_cases()).flat_map(of_figure).collect()
}

fn of_figure(figure: &Figure) -> Vec<Column> {
    let is_asked = figure.denominator.as_ref().map(|sql| both(&format!("({sql})"), stage(figure).as_deref()));
    let is_in = match (&is_asked, &figure.numerator) {
        (Some(asked), Some(numerator)) => format!("{asked} and ({numerator})"),
        (Some(all), None) | (None, Some(all)) => all.clone(),
        (None, None) => "false".to_owned(),
    };
    let title = |zh: &str, en: &str| {
        (format!("{} {}{zh}", figure.id, figure.title.zh), format!("{} {en}: {}", figure.id, figure.title.en))
    };
    let mut columns =
        vec![counted(figure, End::Numerator, figure.numerator_sums.as_deref(), &is_in, title("分子", "numerator"))];
    if let Some(asked) = &is_asked {
        columns.push(counted(
            figure,
            End::Denominator,
            figure.denominator_sums.as_deref(),
            asked,
            title("分母", "denominator"),
        ));
    }
    if let Some(lasts) = &figure.lasts {
        let title = title("时长（毫秒）", "duration, milliseconds");
        columns.push(Column::new(
            column(figure, End::Duration),
            "Nullable(Int64)",
            title,
            format!("if({is_in}, {lasts}, NULL)"),
        ));
    }
    columns
}

/// Which column of a relation is a figure's.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Numerator,
    Denominator,
    Duration,
}

/// `k05a_n`.
pub fn column(figure: &Figure, end: End) -> String {
    let end = match end {
        End::Numerator => 'n',
        End::Denominator => 'd',
        End::Duration => 'v',
    };
    format!("{}_{end}", figure.id.to_ascii_lowercase())
}

/// Which clocks are meant, of a figure of clocks.
pub fn stage(figure: &Figure) -> Option<String> {
    let whose = if figure.of_unit { ">" } else { "=" };
    figure.stage.as_ref().map(|stage| format!("stage = '{stage}' and assignment {whose} 0"))
}

fn counted(figure: &Figure, end: End, sums: Option<&str>, is_in: &str, title: (String, String)) -> Column {
    let (kind, sql) = match sums {
        Some(sums) => ("UInt32", format!("if({is_in}, toUInt32({sums}), toUInt32(0))")),
        None => ("UInt8", format!("toUInt8({is_in})")),
    };
    Column::new(column(figure, end), kind, title, sql)
}

fn both(one: &str, other: Option<&str>) -> String {
    other.map_or(one.to_owned(), |other| format!("{one} and {other}"))
}
