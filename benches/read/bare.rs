//! The SQL by hand, and its answer.

use std::collections::BTreeMap;

use clickhouse::Row;
use serde::Deserialize;
use tongguan::store::query::Query;

use super::{bench::Bench, figures::Asked};

/// By place and month; empty where it is not grouped.
pub type Groups = BTreeMap<(String, String), (i64, u64)>;

#[derive(Row, Deserialize)]
struct Group {
    place: String,
    month: String,
    n: u64,
    d: u64,
}

/// Of each figure its SQL, and what its months are counted by.
const FIGURES: [(&str, &str, &str); 12] = [
    ("K05a", include_str!("bare/k05a.sql"), "received_at"),
    ("K05b", include_str!("bare/k05b.sql"), "received_at"),
    ("K05c", include_str!("bare/k05c.sql"), CARRIED),
    ("K05d", include_str!("bare/k05d.sql"), "received_at"),
    ("K06a", include_str!("bare/k06a.sql"), "received_at"),
    ("K06b", include_str!("bare/k06b.sql"), "received_at"),
    ("K06c", include_str!("bare/k06c.sql"), "due_at"),
    ("K06d", include_str!("bare/k06d.sql"), "closed_at"),
    ("K06e", include_str!("bare/k06e.sql"), "original_due_at"),
    ("K06f", include_str!("bare/k06f.sql"), "received_at"),
    ("K06g", include_str!("bare/k06g.sql"), CARRIED),
    ("K06h", include_str!("bare/k06h.sql"), "received_at"),
];

/// What is carried over counts in the first month.
const CARRIED: &str = "greatest(due_at, {{from}})";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Nothing,
    Town,
    UnitAndMonth,
}

impl By {
    fn keys(self) -> &'static str {
        match self {
            Self::Nothing => "'' AS place, '' AS month, ",
            Self::Town => "town AS place, '' AS month, ",
            Self::UnitAndMonth => {
                "if(unit = '', unit_name, unit) AS place, toString(toStartOfMonth(assumeNotNull({{at}}))) AS month, "
            }
        }
    }

    fn group(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Town => "GROUP BY place",
            Self::UnitAndMonth => "GROUP BY place, toStartOfMonth(assumeNotNull({{at}}))",
        }
    }
}

pub async fn answer(bench: &Bench, asked: &Asked) -> Groups {
    let rows: Vec<Group> = bench.store.fetch_all(bound(bench, asked, &sql(asked))).await.unwrap();
    let group = |row: Group| ((row.place, row.month.chars().take(7).collect()), (row.n as i64, row.d));
    rows.into_iter().map(group).filter(|(_, counts)| *counts != (0, 0)).collect()
}

fn sql(asked: &Asked) -> String {
    let (_, sql, at) = FIGURES.iter().find(|(id, ..)| *id == asked.figure.id).expect("its SQL is in benches/read/bare");
    let sql = sql.replace("{{keys}}", asked.by.keys()).replace("{{group}}", asked.by.group()).replace("{{at}}", at);
    let cases = if asked.is_past { past(&sql) } else { "{{database}}.cases FINAL".to_owned() };
    sql.replace("{{cases}}", &cases)
}

/// Of `past.sql` the columns that the figure names.
fn past(sql: &str) -> String {
    let is_named = |line: &&str| {
        let column = line.strip_prefix("    , ").and_then(|column| column.rsplit(' ').next());
        column.is_none_or(|column| sql.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == column))
    };
    let lines: Vec<&str> = include_str!("bare/past.sql").lines().filter(is_named).collect();
    format!("({})", lines.join("\n"))
}

/// The three instants as parameters, as the library binds its own.
pub fn bound(bench: &Bench, asked: &Asked, sql: &str) -> Query {
    let names = ["from", "to", "as_of"];
    let typed = |sql: String, name: &str| {
        sql.replace(&format!("{{{{{name}}}}}"), &format!("{{{name}:DateTime64(3, 'Asia/Shanghai')}}"))
    };
    let sql = names.into_iter().fold(sql.to_owned(), typed);
    let period = asked.period;
    let at = [period.from, period.to, period.as_of]
        .map(|at| format!("{}.{:03}", at.0.div_euclid(1000), at.0.rem_euclid(1000)));
    names.into_iter().zip(at).fold(bench.store.query(&sql), |query, (name, at)| query.param(name, at))
}
