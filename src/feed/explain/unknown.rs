//! Fields that the contract does not name, and what each might be. The names are somebody's own: they are shown only where they
//! look like names of fields.

use super::{
    NEAR, contract,
    shape::{fields, is_list},
};
use crate::{
    document::most_alike,
    domain::fact::FactKind,
    feed::contract::{Data, envelope::is_unseen},
};

/// Of one message, as many are told.
const UNKNOWN_MAX: usize = 50;
/// A longer name is not compared with those of the contract: that takes time by its length.
const COMPARED_MAX: usize = 160;

/// Each as the reader tells it: `place.Town`.
pub fn unknown(kind: FactKind, data: &str) -> Vec<String> {
    let mut found = Vec::new();
    let _ = Data::parse(kind, data, |path| {
        if found.len() < UNKNOWN_MAX {
            found.push(path.to_owned());
        }
    });
    found
}

/// Where one stands in the data, and what it might be: `/dueAt (due_at?)`.
pub fn meant(kind: FactKind, path: &str) -> String {
    let schema = &contract(kind).schema;
    // Some levels have no name in JSON; the reader marks them so.
    let steps: Vec<&str> = path.split('.').filter(|step| *step != "?").collect();
    let (name, above) = steps.split_last().map_or(("", &[][..]), |(name, above)| (*name, above));
    let shown = if is_name(name) { name } else { "…" };
    let mut pointer = String::new();
    for step in above {
        let is_place = step.bytes().all(|byte| byte.is_ascii_digit()) && is_list(schema, &pointer);
        // Not the contract's: a name with a dot in it.
        if !is_place && !fields(schema, &pointer).contains(step) {
            return format!("{pointer}/…");
        }
        pointer = format!("{pointer}/{step}");
    }
    if name.len() > COMPARED_MAX {
        return format!("{pointer}/{shown}");
    }
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&plain(known), &plain(name));
    match most_alike(fields(schema, &pointer), likeness, NEAR) {
        Some(nearest) => format!("{pointer}/{shown} ({nearest}?)"),
        None => format!("{pointer}/{shown}"),
    }
}

/// `dueAt`, `due-at` and `DUE_AT` are one word.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether it may be shown: numbers of people, addresses and sentences are no names of fields. That of a person alone looks like one.
pub(super) fn is_name(name: &str) -> bool {
    let is_no_letter = |c: char| c.is_whitespace() || is_unseen(c) || ['@', ':', '/'].contains(&c);
    let has_number = name.split(|c: char| !c.is_numeric()).any(|digits| digits.chars().count() > 4);
    let foreign = name.chars().filter(|c| !c.is_ascii()).count();
    name.chars().count() <= 40
        && foreign <= 12
        && !has_number
        && name.chars().any(char::is_alphabetic)
        && !name.contains(is_no_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(data: &str) -> Vec<String> {
        unknown(FactKind::Accepted, data).iter().map(|path| meant(FactKind::Accepted, path)).collect()
    }

    #[test]
    fn what_it_might_be_is_named_and_content_is_not_shown() {
        let data = r#"{"dueAt":"x","Urgency":"x","place":{"Town":"x"},"王小明 13800138000":"x","whatever":1}"#;
        assert_eq!(told(data), ["/dueAt (due_at?)", "/Urgency (urgency?)", "/place/Town (town?)", "/…", "/whatever"]);
    }

    #[test]
    fn what_a_terminal_would_obey_and_what_has_a_dot_is_no_name() {
        let data = "{\"due\\u001b[31m\":1,\"du\\u202ee\":1,\"王小明.at\":1}";
        assert_eq!(told(data), ["/…", "/… (due_at?)", "/…"]);
    }

    #[test]
    fn numbers_and_addresses_of_people_are_no_names_wherever_they_stand() {
        for key in [
            "13800138000.x",
            "13800138000.channel",
            "310101199001011234.a",
            "310101199001011234X",
            "王小明13800138000",
            "tel:13800138000",
            "a@example.cn",
            "浦东新区张江路100号3幢201室王小明",
            "１３８００１３８０００号",
        ] {
            let shown = told(&format!("{{\"{key}\":1}}"));
            assert_eq!(shown, ["/…"], "{key}");
        }
        for name in ["column_2026", "处置时限（天）", "x1y2z3", "报案人所在街道名称"] {
            assert_eq!(told(&format!("{{\"{name}\":1}}")), [format!("/{name}")]);
        }
    }

    #[test]
    fn of_thousands_of_fields_and_of_a_name_without_end_no_more_is_looked_at_than_is_told() {
        let fields: Vec<String> = (0..33_000).map(|n| format!("\"field{n}\":1")).collect();
        assert_eq!(told(&format!("{{{}}}", fields.join(","))).len(), 50);
        let long = format!("{{\"{}\":1}}", "x".repeat(900_000));
        assert_eq!(told(&long), ["/…"]);
    }
}
