//! Fields that the contract does not name, and what each might be. The names are somebody's own: they are shown only where they
//! look like names of fields.

use super::{NEAR, contract, shape::fields};
use crate::{
    domain::fact::FactKind,
    feed::{contract::Data, nearest::nearest},
};

/// Each as `/data/dueAt (due_at?)`.
pub fn unknown(kind: FactKind, data: &str) -> Vec<String> {
    let mut found = Vec::new();
    let _ = Data::parse(kind, data, |path| found.push(path.to_owned()));
    found.iter().map(|path| of_path(&contract(kind).schema, path)).collect()
}

fn of_path(schema: &serde_json::Value, path: &str) -> String {
    // Some levels have no name in JSON; the reader marks them so.
    let steps: Vec<&str> = path.split('.').filter(|step| *step != "?").collect();
    let (name, above) = steps.split_last().map_or(("", &[][..]), |(name, above)| (*name, above));
    let shown = if is_name(name) { name } else { "…" };
    let pointer: String = above.iter().map(|step| format!("/{step}")).collect();
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
        && !name.contains(char::is_whitespace)
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
}
