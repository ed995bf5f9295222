//! What the columns of a table are called and what they are, as the migrations that made and changed them say it: said there, and
//! nowhere again.

use std::collections::BTreeMap;

use crate::store::migrations::MIGRATIONS;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// ClickHouse's type.
    pub(super) kind: String,
    pub(super) zh: String,
    pub(super) en: String,
}

/// By name; those that are no part of a nested one.
pub(super) fn columns(table: &str) -> BTreeMap<&'static str, Declared> {
    after(MIGRATIONS.iter().map(|(_, sql)| *sql).filter(|sql| is_about(sql, table)))
}

fn is_about(sql: &str, table: &str) -> bool {
    [CREATE, ALTER].map(|verb| format!("{verb}{table}")).iter().any(|named| sql.lines().any(|line| line == named))
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS {{database}}.";
const ALTER: &str = "ALTER TABLE {{database}}.";
const ADD: &str = "ADD COLUMN IF NOT EXISTS ";
const MODIFY: &str = "MODIFY COLUMN ";

/// Of one table, in their order: the last that says something of a column holds.
fn after<'a>(migrations: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, Declared> {
    let mut all = BTreeMap::<&str, Declared>::new();
    for (name, Declared { kind, zh, en }) in migrations.flat_map(str::lines).filter_map(declared) {
        let column = all.entry(name).or_default();
        for (known, said) in [(&mut column.kind, kind), (&mut column.zh, zh), (&mut column.en, en)] {
            if !said.is_empty() {
                *known = said;
            }
        }
    }
    all
}

/// `    town  LowCardinality(String)  COMMENT '街镇代码 | Town',`. A change may leave the type or the words as they are.
fn declared(line: &str) -> Option<(&str, Declared)> {
    let line = line.strip_prefix("    ")?;
    let changed = line.strip_prefix(MODIFY);
    let (name, is) = changed.or(line.strip_prefix(ADD)).unwrap_or(line).split_once(' ')?;
    let (kind, words) = match is.split_once("COMMENT '") {
        Some((kind, comment)) => (kind, comment[..comment.rfind('\'')?].split_once(" | ")?),
        None => (changed.and(Some(is.trim_end_matches(',')))?, ("", "")),
    };
    let kind = kind.split("CODEC(").next()?.trim().to_owned();
    let [zh, en] = [words.0, words.1].map(|words| words.replace("''", "'"));
    Some((name, Declared { kind, zh, en }))
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
        assert_eq!(cases["closed_at"].kind, "Nullable(DateTime64(3, 'Asia/Shanghai'))", "packed later");
        assert_eq!(cases["reporter_name"].en, "Keyed pseudonym of the reporter's name");
        assert!(columns("events").contains_key("seq") && !columns("events").contains_key("standing"));
    }

    #[test]
    fn a_column_is_what_it_was_made_last() {
        let made = "    n  UInt32  COMMENT '数 | Number',\n    at DateTime COMMENT '时间 | When'";
        let wider = "    MODIFY COLUMN n UInt64,\n    MODIFY COLUMN at CODEC(T64, LZ4)";
        let called =
            "    MODIFY COLUMN n COMMENT '个数 | How many',\n    MODIFY COLUMN at Date COMMENT '日 | Day' CODEC(LZ4)";
        let is = |kind: &str, zh: &str, en: &str| Declared { kind: kind.into(), zh: zh.into(), en: en.into() };
        let all = after([made, wider].into_iter());
        assert_eq!((&all["n"], &all["at"]), (&is("UInt64", "数", "Number"), &is("DateTime", "时间", "When")));
        let all = after([made, wider, called].into_iter());
        assert_eq!((&all["n"], &all["at"]), (&is("UInt64", "个数", "How many"), &is("Date", "日", "Day")));
    }

    /// The first line that the columns are not read from, though it may change one.
    fn not_read(sql: &str) -> Option<&str> {
        let mut lines = sql.lines().filter(|line| !line.starts_with("--"));
        let first = lines.next()?;
        if let Some(table) = first.strip_prefix(ALTER) {
            return if table.contains(' ') { Some(first) } else { lines.find(|line| !is_read(line)) };
        }
        let is_made = first.starts_with(CREATE) || first.starts_with("CREATE DATABASE ");
        if is_made { lines.find(|line| line.contains("ALTER TABLE")) } else { Some(first) }
    }

    fn is_read(step: &str) -> bool {
        const NO_TYPE: [&str; 8] = ["EXISTS", "REMOVE", "DEFAULT", "MATERIALIZED", "ALIAS", "TTL", "AFTER", "FIRST"];
        let is_column = [ADD, MODIFY].iter().any(|verb| step.trim_start().starts_with(verb));
        let is_one = step.matches(" COLUMN ").count() == 1;
        let is_plain = |of: &Declared| !of.kind.split_whitespace().any(|word| NO_TYPE.contains(&word));
        let is_index = step.starts_with("    ADD INDEX IF NOT EXISTS ");
        is_index || is_column && is_one && declared(step).is_some_and(|(_, of)| is_plain(&of))
    }

    #[test]
    fn every_step_that_changes_a_column_is_read() {
        for (name, sql) in MIGRATIONS {
            assert_eq!(not_read(sql), None, "{name}: the views would not know of it; `declared` must read it first");
        }
        for step in [
            "RENAME COLUMN a TO b",
            "DROP COLUMN a",
            "COMMENT COLUMN a '数 | Number'",
            "MODIFY COLUMN IF EXISTS a UInt64",
            "MODIFY COLUMN a REMOVE COMMENT",
            "MODIFY COLUMN a UInt64 AFTER b",
            "ADD COLUMN IF NOT EXISTS a UInt64",
        ] {
            let sql = format!("-- Why.\n{ALTER}cases\n    MODIFY COLUMN b UInt64,\n    {step}");
            assert_eq!(not_read(&sql), sql.lines().last(), "{step}");
        }
        for alone in ["RENAME TABLE a TO b", "ALTER TABLE {{database}}.cases MODIFY COLUMN n UInt64"] {
            assert_eq!(not_read(alone), Some(alone));
        }
        assert!(not_read(&format!("{ALTER}cases\n    MODIFY COLUMN a UInt64, MODIFY COLUMN b UInt64")).is_some());
    }
}
