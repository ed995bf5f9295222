//! What the columns of a table are called and what they are, as the migrations that made them say it: said there, and nowhere again.

use std::collections::BTreeMap;

use crate::store::migrations::MIGRATIONS;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// ClickHouse's type.
    pub(super) kind: String,
    pub(super) zh: String,
    pub(super) en: String,
}

/// By name; those that are no part of a nested one.
pub(super) fn columns(table: &str) -> BTreeMap<&'static str, Declared> {
    let of_table = MIGRATIONS.iter().filter(|(_, sql)| is_about(sql, table));
    of_table.flat_map(|(_, sql)| sql.lines().filter_map(declared)).collect()
}

fn is_about(sql: &str, table: &str) -> bool {
    let named = ["CREATE TABLE IF NOT EXISTS", "ALTER TABLE"].map(|verb| format!("{verb} {{{{database}}}}.{table}"));
    sql.lines().any(|line| named.iter().any(|named| line == named))
}

/// `    town  LowCardinality(String)  COMMENT '街镇代码 | Town',`
fn declared(line: &'static str) -> Option<(&'static str, Declared)> {
    let line = line.strip_prefix("    ")?;
    let line = line.strip_prefix("ADD COLUMN IF NOT EXISTS ").unwrap_or(line);
    let (column, comment) = line.split_once(" COMMENT '")?;
    let (name, kind) = column.split_once(' ')?;
    let (zh, en) = comment[..comment.rfind('\'')?].split_once(" | ")?;
    let of = Declared { kind: kind.trim().to_owned(), zh: zh.replace("''", "'"), en: en.replace("''", "'") };
    Some((name, of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_what_its_migration_says() {
        let cases = columns("cases");
        let town = Declared { kind: "LowCardinality(String)".into(), zh: "街镇代码".into(), en: "Town".into() };
        assert_eq!(cases["town"], town);
        assert_eq!(cases["suspended_since"].kind, "Nullable(DateTime64(3, 'Asia/Shanghai'))", "added later");
        assert_eq!(cases["reporter_name"].en, "Keyed pseudonym of the reporter's name");
        assert!(columns("events").contains_key("seq") && !columns("events").contains_key("standing"));
    }
}
