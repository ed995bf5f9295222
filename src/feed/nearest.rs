//! The name that was probably meant.

/// The last of those that are most alike, if they are alike enough: below that a suggestion would puzzle more than it helps.
pub fn nearest<'a>(
    names: impl IntoIterator<Item = &'a str>,
    likeness: impl Fn(&str) -> f64,
    least: f64,
) -> Option<&'a str> {
    let alike = names.into_iter().map(|name| (likeness(name), name)).filter(|(likeness, _)| *likeness >= least);
    alike.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}
