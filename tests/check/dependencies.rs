//! deny.toml, as far as it can be asked without a network: whose licences fit, and which crates are there twice. Advisories are
//! `cargo deny check advisories`, which fetches their list.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    process::Command,
};

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> toml::Table {
    fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap()
}

/// Of this platform, which is what is on the disk.
fn packages() -> Vec<Value> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let platform = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    let asked = Command::new(cargo)
        .args(["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", &platform])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let mut said: Value = serde_json::from_slice(&asked.stdout).unwrap();
    serde_json::from_value(said["packages"].take()).unwrap()
}

/// `MIT OR (Apache-2.0 AND ISC)`, and the old `MIT/Apache-2.0`: whether one of what may be chosen fits.
fn fits(licence: &str, allowed: &BTreeSet<&str>) -> bool {
    let text = licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    let fits = any(&words, &mut at, allowed);
    assert_eq!(at, words.len(), "not understood: {licence}");
    fits
}

fn any(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut fits = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        fits |= all(words, at, allowed);
    }
    fits
}

fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let mut fits = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        fits &= one(words, at, allowed);
    }
    fits
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<&str>) -> bool {
    let word = words[*at];
    *at += 1;
    if word == "(" {
        let fits = any(words, at, allowed);
        assert_eq!(words[*at], ")");
        *at += 1;
        return fits;
    }
    // An exception only adds to what is allowed.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allowed.contains(word)
}

#[test]
fn a_licence_fits_by_what_may_be_chosen() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0"]);
    for licence in
        ["MIT", "MIT/GPL-3.0", "Apache-2.0 WITH LLVM-exception OR X", "(MIT OR X) AND Apache-2.0", "X OR MIT"]
    {
        assert!(fits(licence, &allowed), "{licence}");
    }
    for licence in ["GPL-3.0", "MIT AND GPL-3.0", "(X OR Y) AND MIT", "X OR Y AND MIT"] {
        assert!(!fits(licence, &allowed), "{licence}");
    }
}

#[test]
fn every_dependency_has_a_licence_that_fits() {
    let rules = rules();
    let allowed: BTreeSet<&str> =
        rules["licenses"]["allow"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let mut used = BTreeSet::new();
    for package in packages() {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or_default());
        assert!(fits(licence, &allowed), "{name} is under {licence:?}, of which deny.toml allows nothing");
        used.extend(allowed.iter().filter(|one| licence.contains(**one)));
    }
    assert_eq!(used, allowed, "deny.toml allows what nothing is under");
}

#[test]
fn what_is_there_twice_is_known() {
    let rules = rules();
    let known: BTreeSet<&str> =
        rules["bans"]["skip"].as_array().unwrap().iter().map(|one| one["crate"].as_str().unwrap()).collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages() {
        let text = |field: &str| package[field].as_str().unwrap().to_owned();
        versions.entry(text("name")).or_default().push(text("version"));
    }
    versions.retain(|_, all| all.len() > 1);
    let twice: BTreeSet<&str> = versions.keys().map(String::as_str).collect();
    assert_eq!(twice, known, "deny.toml lists, with the reason, what is there in several versions: {versions:?}");
}
