//! The worked examples of a policy file.

use crate::{
    document::TomlEntry,
    domain::{life::Expected, policy::PolicyExample},
};

/// What an example may expect.
const EXPECTED: [&str; 3] = ["due", "standing", "rule"];

pub(super) fn read(entry: &TomlEntry<'_>) -> Option<PolicyExample> {
    let section = entry.section()?;
    let needed = |key, what| section.require(key, what).and_then(|entry| entry.text()).map(str::to_owned);
    let stream = needed("stream", "the stream of the case");
    let life = needed("life", "what happened when, such as \"accepted 03-03 09:00, closed 03-08 10:00\"");
    let as_of = needed("as_of", "the instant at which it is asked, such as 2021-04-10");
    let given = EXPECTED.map(|key| section.get(key));
    let is_given = given.iter().any(Option::is_some);
    let [due, standing, rule] = given.map(|entry| entry.and_then(|entry| entry.text()).map(str::to_owned));
    let because = section.get("because").and_then(|entry| entry.text()).unwrap_or_default().to_owned();
    if !is_given && !EXPECTED.iter().any(|key| section.is_misspelt(key)) {
        entry.wrong("the example expects nothing", "write rule, due or standing");
    }
    section.finish();
    let expected = Expected { due, standing, rule };
    Some(PolicyExample { stream: stream?, life: life?, as_of: as_of?, expected, because })
}
