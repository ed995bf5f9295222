//! The glossary ties each term to a name in code and a column: no column is missing, and nothing in it is made up.

use std::{collections::BTreeSet, fs, path::Path};

use tongguan::store::{migrations::MIGRATIONS, views::VIEWS};

struct Row {
    term_zh: String,
    term_en: String,
    code: String,
    column: String,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("docs/glossary.md")).unwrap();
    let lines = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| 中文"));
    let row = |line: &str| {
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        let [term_zh, term_en, code, column] = cells.try_into().unwrap_or_else(|_| panic!("four cells: {line}"));
        Row { term_zh, term_en, code, column }
    };
    lines.map(row).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between backticks.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Every name that a migration or a view gives to a column, to a column of a nested one, or to a table.
fn schema() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut columns, mut tables) = (BTreeSet::new(), BTreeSet::new());
    let views = VIEWS.iter().map(|(_, sql)| sql.as_str());
    for sql in MIGRATIONS.iter().map(|(_, sql)| *sql).chain(views) {
        if let Some((_, rest)) = sql.split_once("TABLE IF NOT EXISTS {{database}}.") {
            tables.insert(rest.split_whitespace().next().unwrap().to_owned());
        }
        let mut nested = None;
        for line in sql.lines().filter(|line| line.starts_with("    ") && !line.contains("ADD INDEX")) {
            let line = line.replace("ADD COLUMN IF NOT EXISTS ", "").replace('`', "");
            let mut words = line.split_whitespace();
            let (Some(name), kind) = (words.next(), words.next().unwrap_or_default()) else { continue };
            if kind == "Nested" {
                nested = Some(name.to_owned());
            } else if name == ")" {
                nested = None;
            } else if let Some(outer) = nested.as_ref().filter(|_| kind.starts_with(char::is_uppercase)) {
                columns.insert(format!("{outer}.{name}"));
            } else if line.contains(" COMMENT '") {
                columns.insert(name.to_owned());
            }
        }
    }
    (columns, tables)
}

#[test]
fn every_column_has_its_term() {
    let rows = rows();
    let known: BTreeSet<&str> = rows.iter().flat_map(|row| names(&row.column)).collect();
    let (columns, tables) = schema();
    assert!(columns.len() > 120 && columns.contains("steps.due_at") && tables.contains("cases"), "{columns:?}");
    let missing: Vec<&String> = columns.iter().filter(|column| !known.contains(column.as_str())).collect();
    assert!(missing.is_empty(), "not in docs/glossary.md: {missing:?}");
}

#[test]
fn every_term_is_in_both_languages_and_its_columns_exist() {
    let (columns, tables) = schema();
    let parameters = ["from", "to", "as_of"];
    for Row { term_zh, term_en, column, .. } in rows() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(is_chinese(&term_zh) && !is_chinese(&term_en) && !term_en.is_empty(), "{term_zh} | {term_en}");
        assert!(column == "–" || names(&column).count() > 0, "{term_zh}: {column}");
        for name in names(&column).filter(|name| !name.contains(['…', '<'])) {
            let there = columns.contains(name) || tables.contains(name) || parameters.contains(&name);
            assert!(there, "{term_zh}: there is no column or table `{name}`");
        }
    }
}

#[test]
fn every_name_in_code_exists() {
    let mut sources = String::new();
    collect(&root().join("src"), &mut sources);
    collect(&root().join("config/streams"), &mut sources);
    for row in rows() {
        for name in names(&row.code) {
            // `case.closed.v1` is made of its middle; `a::b` is looked for by its last part.
            let word = name.strip_prefix("case.").and_then(|name| name.strip_suffix(".v1")).unwrap_or(name);
            let word = word.rsplit("::").next().unwrap();
            assert!(is_a_word_of(&sources, word), "{}: `{name}` is nowhere in the sources", row.term_zh);
        }
    }
}

fn is_a_word_of(text: &str, word: &str) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word)
        .any(|(at, _)| !inner(text[..at].chars().next_back()) && !inner(text[at + word.len()..].chars().next()))
}

fn collect(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
