//! What a rule says of the settings, and where it stands.

use std::collections::BTreeMap;

use super::Problem;

/// Whether it is broken, the key to change, what is wrong, and what to do.
pub(super) type Rule = (bool, &'static str, &'static str, &'static str);

/// The broken ones.
pub(super) fn told(rules: &[Rule], origins: &BTreeMap<String, String>) -> impl Iterator<Item = Problem> {
    let broken = rules.iter().filter(|(is_broken, ..)| *is_broken);
    let origin = |key: &str| origins.get(key).map_or("default", String::as_str);
    let problems: Vec<_> =
        broken.map(|(_, key, what, todo)| Problem::new(place(key, origin(key)), *what, *todo)).collect();
    problems.into_iter()
}

pub(super) fn place(key: &str, origin: &str) -> String {
    format!("{key} ({origin})")
}

pub(super) fn is_topic(text: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || ['.', '_', '-'].contains(&c);
    !text.is_empty() && text.len() <= 200 && text.chars().all(legal)
}
