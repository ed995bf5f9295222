//! The worked examples of a policy file.

use crate::{
    document::TomlEntry,
    domain::{life::Expected, policy::PolicyExample},
};

pub(super) fn read(entry: &TomlEntry<'_>) -> Option<PolicyExample> {
    let section = entry.section()?;
    let needed = |key, what| section.require(key, what).and_then(|entry| entry.text()).map(str::to_owned);
    let said = |key| section.get(key).and_then(|entry| entry.text()).map(str::to_owned);
    let stream = needed("stream", "the stream of the case");
    let life = needed("life", "what happened when, such as \"accepted 03-03 09:00, closed 03-08 10:00\"");
    let as_of = needed("as_of", "the instant at which it is asked, such as 2021-04-10");
    let expected = Expected { due: said("due"), standing: said("standing"), rule: said("rule") };
    let because = said("because").unwrap_or_default();
    if expected == Expected::default() {
        entry.wrong("the example expects nothing", "write rule, due or standing");
    }
    section.finish();
    Some(PolicyExample { stream: stream?, life: life?, as_of: as_of?, expected, because })
}
