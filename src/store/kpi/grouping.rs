//! How the rows of a question are grouped, as SQL: not at all, by dimensions together, or in several ways in one reading.

use super::Dimension;

/// What is grouped by, as columns before the sums: of several together, which are grouped by their [`number`], any row has them.
pub(super) fn keys(groupings: &[Vec<Dimension>]) -> String {
    let of = |(n, group_by): (usize, &Vec<Dimension>)| -> String {
        let key = |(m, dimension): (usize, &Dimension)| {
            let key = dimension.key();
            let key = if group_by.len() == 1 { key.to_owned() } else { format!("any({key})") };
            format!("{key} AS {}, ", column(n, m))
        };
        group_by.iter().enumerate().map(key).collect()
    };
    groupings.iter().enumerate().map(of).collect()
}

/// The texts of a row's group; `grouping` is the column of [`place`].
pub(super) fn labels(groupings: &[Vec<Dimension>]) -> String {
    let of = |(n, group_by): (usize, &Vec<Dimension>)| {
        let label = |(m, dimension): (usize, &Dimension)| dimension.label(&column(n, m));
        let texts: Vec<String> = group_by.iter().enumerate().map(label).collect();
        format!("CAST([{}], 'Array(String)')", texts.join(", "))
    };
    let all: Vec<String> = groupings.iter().enumerate().map(of).collect();
    match &all[..] {
        [one] => one.clone(),
        [first, others @ ..] => {
            let other = |(n, labels): (usize, &String)| format!("grouping = {}, {labels}", n + 1);
            let others: Vec<String> = others.iter().enumerate().map(other).collect();
            format!("multiIf({}, {first})", others.join(", "))
        }
        [] => unreachable!("a question is grouped in some way"),
    }
}

/// Which of the groupings a row is of.
pub(super) fn place(groupings: &[Vec<Dimension>]) -> String {
    let is_of = |(n, group_by): (usize, &Vec<Dimension>)| Some(format!("grouping({}) = 0, {n}, ", number(group_by)?));
    let all: String = groupings.iter().enumerate().filter_map(is_of).collect();
    match groupings.len() {
        1 => "toUInt8(0)".to_owned(),
        _ => format!("toUInt8(multiIf({all}{}))", groupings.iter().position(Vec::is_empty).unwrap_or_default()),
    }
}

pub(super) fn group_by(groupings: &[Vec<Dimension>]) -> String {
    let numbers: Vec<String> = groupings.iter().map(|one| number(one).unwrap_or_default()).collect();
    match &numbers[..] {
        [one] if one.is_empty() => String::new(),
        [one] => format!("GROUP BY {one}"),
        _ => format!("GROUP BY GROUPING SETS (({}))", numbers.join("), (")),
    }
}

fn column(grouping: usize, dimension: usize) -> String {
    format!("key_{grouping}_{dimension}")
}

/// By one number, even for several dimensions: ClickHouse groups by one number three times as fast as by a tuple of
/// texts. The numbers are 64 bits of hash; that two of a thousand groups fall together happens once in 10^13 answers.
fn number(group_by: &[Dimension]) -> Option<String> {
    match group_by {
        [one] => Some(one.key().to_owned()),
        _ => group_by.iter().enumerate().map(|(n, one)| one.number(n)).reduce(|a, b| format!("bitXor({a}, {b})")),
    }
}
