//! Platforms whose tables are known: the mappings of `config/sources`, which are taken as they are where a file has all of their columns.

use super::super::mapping::{Mapping, Streams};

const SOURCES: [(&str, &str); 4] = [
    ("citygrid", include_str!("../../../../config/sources/citygrid.toml")),
    ("citygrid-hotline", include_str!("../../../../config/sources/citygrid-hotline.toml")),
    ("citygrid-solving", include_str!("../../../../config/sources/citygrid-solving.toml")),
    ("boston311", include_str!("../../../../config/sources/boston311.toml")),
];

/// A mapping that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProposeKnown {
    pub name: &'static str,
    pub text: &'static str,
}

/// The one that takes most of the columns, for this stream.
pub(super) fn known(header: &[&str], delimiter: Option<char>, stream: &str) -> Option<ProposeKnown> {
    let fits = |(name, text): (&'static str, &'static str)| {
        let mapping = Mapping::parse(name, text, Streams::Known(&[stream])).ok()?;
        let is_so_split = delimiter.is_none_or(|found| found as u32 == u32::from(mapping.layout.delimiter));
        (is_so_split && mapping.columns.bind(header).is_ok())
            .then_some((mapping.columns.len(), ProposeKnown { name, text }))
    };
    SOURCES.into_iter().filter_map(fits).max_by_key(|(columns, _)| *columns).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_by_its_own_columns_and_by_no_part_of_them() {
        for (name, text) in SOURCES {
            let stream = if text.contains("stream = \"grid\"") { "grid" } else { "hotline" };
            let mapping = Mapping::parse(name, text, Streams::Always(stream)).unwrap();
            let header: Vec<&str> = mapping.columns.names().collect();
            assert_eq!(known(&header, Some(','), stream).map(|found| found.name), Some(name));
            assert_eq!(known(&header[1..], Some(','), stream).map(|found| found.name), None, "{name}");
            assert_eq!(known(&header, Some(';'), stream), None, "{name}");
            assert_eq!(known(&header, None, "other"), None, "{name}");
        }
    }
}
