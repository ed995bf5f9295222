//! Fields that the contract does not name, and what each might be. The names are somebody's own: they are shown only where they
//! look like names of fields.

use super::{NEAR, contract, shape::fields};
use crate::{
    domain::fact::FactKind,
    feed::{
        contract::{Data, envelope::is_unseen},
        nearest::nearest,
    },
};

/// Of one message, as many are told.
const UNKNOWN_MAX: usize = 50;
/// A longer name is not compared with those of the contract: that takes time by its length.
const COMPARED_MAX: usize = 160;

/// Each as `/data/dueAt (due_at?)`.
pub fn unknown(kind: FactKind, data: &str) -> Vec<String> {
    let mut found = Vec::new();
    let _ = Data::parse(kind, data, |path| {
        if found.len() < UNKNOWN_MAX {
            found.push(path.to_owned());
        }
    });
    found.iter().map(|path| of_path(&contract(kind).schema, path)).collect()
}

fn of_path(schema: &serde_json::Value, path: &str) -> String {
    // Some levels have no name in JSON; the reader marks them so.
    let steps: Vec<&str> = path.split('.').filter(|step| *step != "?").collect();
    let (name, above) = steps.split_last().map_or(("", &[][..]), |(name, above)| (*name, above));
    let shown = if is_name(name) { name } else { "…" };
    let mut pointer = String::new();
    for step in above {
        let is_place = step.bytes().all(|byte| byte.is_ascii_digit());
        // Not the contract's: a name with a dot in it.
        if !is_place && !fields(schema, &pointer).contains(step) {
            return format!("/data{pointer}/…");
        }
        pointer = format!("{pointer}/{step}");
    }
    if name.len() > COMPARED_MAX {
        return format!("/data{pointer}/{shown}");
    }
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&plain(known), &plain(name));
    match nearest(fields(schema, &pointer), likeness, NEAR) {
        Some(nearest) => format!("/data{pointer}/{shown} ({nearest}?)"),
        None => format!("/data{pointer}/{shown}"),
    }
}

/// `dueAt`, `due-at` and `DUE_AT` are one word.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= 40
        && name.chars().any(char::is_alphabetic)
        && !name.contains(|letter: char| letter.is_whitespace() || is_unseen(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_might_be_is_named_and_content_is_not_shown() {
        let data = r#"{"dueAt":"x","Urgency":"x","place":{"Town":"x"},"王小明 13800138000":"x","whatever":1}"#;
        let found = unknown(FactKind::Accepted, data);
        assert_eq!(
            found,
            [
                "/data/dueAt (due_at?)",
                "/data/Urgency (urgency?)",
                "/data/place/Town (town?)",
                "/data/…",
                "/data/whatever"
            ]
        );
    }

    #[test]
    fn what_a_terminal_would_obey_and_what_has_a_dot_is_no_name() {
        let data = "{\"due\\u001b[31m\":1,\"du\\u202ee\":1,\"王小明.at\":1}";
        assert_eq!(unknown(FactKind::Accepted, data), ["/data/…", "/data/… (due_at?)", "/data/…"]);
    }

    #[test]
    fn of_thousands_of_fields_and_of_a_name_without_end_no_more_is_looked_at_than_is_told() {
        let fields: Vec<String> = (0..33_000).map(|n| format!("\"field{n}\":1")).collect();
        assert_eq!(unknown(FactKind::Accepted, &format!("{{{}}}", fields.join(","))).len(), 50);
        let long = format!("{{\"{}\":1}}", "x".repeat(900_000));
        assert_eq!(unknown(FactKind::Accepted, &long), ["/data/…"]);
    }
}
