//! The arrows drawn in ARCHITECTURE.md, checked. A new arrow is a visible edit to `MAY_USE`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Each module, lowest first, and the modules it may name with `crate::`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("document", &[]),
    ("domain", &[]),
    ("health", &[]),
    ("metrics", &[]),
    ("said", &[]),
    ("shutdown", &[]),
    ("tls", &[]),
    ("config", &["document", "domain", "tls"]),
    ("telemetry", &["config"]),
    ("store", &["domain", "metrics", "tls"]),
    ("feed", &["document", "domain", "metrics", "said", "tls"]),
    ("pull", &["document", "feed", "tls"]),
    ("simulate", &["domain", "feed"]),
    ("ask", &["domain", "store"]),
    ("report", &["ask", "domain", "store"]),
    ("pipeline", &["domain", "feed", "health", "metrics", "said", "store"]),
    ("http", &["ask", "domain", "feed", "health", "metrics", "report", "store", "tls"]),
];

/// Wiring: these may name anything, and nothing may name them.
const COMPOSITION_ROOT: &[&str] = &["lib", "main", "cli"];

/// What the pure layer never names: clocks, files, sockets, tasks, formats.
const IMPURE: &[&str] =
    &["tokio", "std::fs", "std::net", "std::env", "SystemTime", "Instant::now", "serde_json", "toml::"];

/// The catalogue is a file that is part of the program; the table of atoms has each one's SQL beside it.
const READS_ITS_FILE: &str = "domain/kpi/catalogue.rs";

const LINES_MAX: usize = 400;

#[test]
fn imports_run_one_way() {
    for (module, allowed) in MAY_USE {
        for (file, code) in sources(module) {
            for used in crate_imports(&code) {
                assert!(
                    used == *module || allowed.contains(&used.as_str()),
                    "{file}: `{module}` must not use `{used}`"
                );
            }
        }
    }
}

#[test]
fn every_module_is_in_the_table() {
    let listed: BTreeSet<_> =
        MAY_USE.iter().map(|(module, _)| *module).chain(COMPOSITION_ROOT.iter().copied()).collect();
    for entry in fs::read_dir(src()).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_str().unwrap();
        assert!(listed.contains(module), "`{module}` has no row in MAY_USE");
    }
}

#[test]
fn domain_is_pure() {
    for (file, code) in sources("domain") {
        for word in IMPURE {
            let may = *word == "toml::" && file.ends_with(READS_ITS_FILE);
            assert!(
                may || is_test(&file) || !without_tests(&code).contains(word),
                "{file}: domain code must not name `{word}`"
            );
        }
    }
}

/// The only files that ask the C client directly.
const UNSAFE: &[&str] = &["feed/describe.rs", "feed/headers.rs", "feed/packed/hook.rs"];

#[test]
fn unsafe_code_stays_where_the_c_client_is_asked() {
    for (module, _) in MAY_USE {
        for (file, code) in sources(module) {
            let may = UNSAFE.iter().any(|one| file.ends_with(one));
            assert!(may || !code.contains("unsafe_code"), "{file}: unsafe code belongs to {UNSAFE:?} only");
        }
    }
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for module in all() {
        for (file, code) in sources(module) {
            let lines = without_tests(&code).lines().count();
            assert!(lines <= LINES_MAX, "{file}: {lines} lines; split it by responsibility");
        }
    }
}

/// An error without a name is for whoever only shows it.
#[test]
fn every_error_below_the_commands_has_a_name() {
    for (module, _) in MAY_USE {
        for (file, code) in sources(module) {
            assert!(!without_tests(&code).contains("anyhow"), "{file}: an enum of errors instead of anyhow");
        }
    }
}

/// The contract of the wire: its types are called as in the published JSON schemas (`contracts/`), and often stand for what the
/// domain has a type of the same name for.
const NAMED_BY_THE_SCHEMAS: &str = "feed/contract/data/";

#[test]
fn a_public_type_name_stands_for_one_thing() {
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, code) in all().flat_map(sources).filter(|(file, _)| !file.contains(NAMED_BY_THE_SCHEMAS)) {
        for name in code.lines().filter_map(public_type) {
            files.entry(name).or_default().push(file.clone());
        }
    }
    assert!(files.len() > 500, "{} names: are they still found?", files.len());
    let shared: Vec<_> = files.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(shared.is_empty(), "each of these names stands for several things; give all but one another: {shared:#?}");
}

/// `Name` of `pub struct Name` or `pub(crate) struct Name`, and so on, at the beginning of a line.
fn public_type(line: &str) -> Option<String> {
    let line = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) "))?;
    let kinds = ["struct ", "enum ", "trait ", "type "];
    kinds.iter().find_map(|kind| line.strip_prefix(kind)).map(first_word)
}

fn all() -> impl Iterator<Item = &'static str> {
    MAY_USE.iter().map(|(module, _)| *module).chain(COMPOSITION_ROOT.iter().copied())
}

fn is_test(file: &str) -> bool {
    ["/tests", "/properties"]
        .iter()
        .any(|part| file.contains(&format!("{part}/")) || file.ends_with(&format!("{part}.rs")))
}

fn without_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod tests {").next().unwrap()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Path and code, comments removed, of every Rust file in a top-level module.
fn sources(module: &str) -> Vec<(String, String)> {
    let mut pending = vec![src().join(format!("{module}.rs")), src().join(module)];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.exists() {
            let text = fs::read_to_string(&path).unwrap();
            let code: Vec<_> = text.lines().map(|line| line.split("//").next().unwrap()).collect();
            found.push((path.display().to_string(), code.join("\n")));
        }
    }
    assert!(!found.is_empty(), "no source for `{module}`: is the table stale?");
    found
}

/// First segment after each `crate::`, including every item of `crate::{a, b::c}`.
fn crate_imports(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            names.push(first_word(rest));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for c in group.chars() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => names.push(first_word(&std::mem::take(&mut item))),
                _ => {}
            }
            item.push(c);
        }
        names.push(first_word(&item));
    }
    names.retain(|name| !name.is_empty());
    names
}

fn first_word(text: &str) -> String {
    let text = text.trim_start_matches([',', ' ', '\n']);
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Kafka is `feed`'s business and ClickHouse is `store`'s: nobody else names their crates.
#[test]
fn each_client_library_has_one_home() {
    for (krate, home) in [("rdkafka::", "feed"), ("use clickhouse::", "store")] {
        for module in all().filter(|module| module != &home) {
            for (file, code) in sources(module) {
                assert!(!code.contains(krate), "{file}: only `{home}` may name {krate}");
            }
        }
    }
}

/// Whoever asks ClickHouse past `store::Store` has no deadline and no proof that the answer is whole.
#[test]
fn only_the_store_itself_asks_clickhouse() {
    let doors = ["store/answer.rs", "store/client.rs", "store/insert.rs", "store/query.rs", "store/error.rs"];
    for (file, code) in sources("store").iter().filter(|(file, _)| !doors.iter().any(|door| file.ends_with(door))) {
        let past = asked_past_the_store(code);
        assert!(past.is_none(), "{file}: `{}`: ask through `Store`", past.unwrap());
    }
    for past in ["clickhouse::query::Query", "query.taken_apart().0.fetch()", "self.client\n    .query(sql)"] {
        assert!(asked_past_the_store(past).is_some(), "{past}");
    }
    assert_eq!(asked_past_the_store("use clickhouse::{Row, RowRead};\nself.clients; Store::client()"), None);
}

/// What a file would need to do so: a name of the crate, the connection of a store, or what a question is made of.
fn asked_past_the_store(code: &str) -> Option<&str> {
    let is_row = |rest: &str| rest.trim_start_matches('{').starts_with("Row");
    let named = code.match_indices("clickhouse::").find(|(at, name)| !is_row(&code[at + name.len()..]));
    let is_field = |(at, name): &(usize, &str)| {
        !code[at + name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '(')
    };
    let connection = || code.match_indices(".client").find(is_field);
    let parts = || code.match_indices("taken_apart").next();
    named.or_else(connection).or_else(parts).map(|(_, name)| name)
}
