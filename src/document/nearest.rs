//! The name that was probably meant.

/// Below this likeness a suggestion would puzzle more than it helps.
const ALIKE: f64 = 0.45;
/// A longer name is no slip of the pen, and to compare it takes time by its length.
const COMPARED_MAX: usize = 160;
/// Names that are listed; more help nobody.
const LISTED_MAX: usize = 80;

/// The last of those that are most alike, if they are alike enough.
pub fn most_alike<'a>(
    names: impl IntoIterator<Item = &'a str>,
    likeness: impl Fn(&str) -> f64,
    least: f64,
) -> Option<&'a str> {
    let alike = names.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= least);
    alike.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

pub fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
    let short = names.iter().copied().filter(|name| wanted.len().max(name.len()) <= COMPARED_MAX);
    most_alike(short, likeness, ALIKE)
}

/// What to do about a name that there is not.
pub fn remedy(wanted: &str, names: &[&str]) -> String {
    one_of(nearest(wanted, names), names)
}

/// The same, where it is known which of them is nearest.
pub(super) fn one_of(nearest: Option<&str>, names: &[&str]) -> String {
    let nearest = nearest.map(|name| format!("the nearest right one is `{name}`; "));
    let there = if names.is_empty() { "there is none".to_owned() } else { format!("there are {}", listed(names)) };
    nearest.unwrap_or_default() + &there
}

/// `a`, `b`, `c`
pub fn listed(names: &[&str]) -> String {
    let first: Vec<String> = names.iter().take(LISTED_MAX).map(|name| format!("`{name}`")).collect();
    let more = names.len() - first.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    first.join(", ") + &more
}
