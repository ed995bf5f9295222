//! The words of a piece of SQL that may be names: not those in quotes or comments, and not what a parameter is called.

/// `answers.since` is one.
pub(super) fn identifiers(sql: &str) -> impl Iterator<Item = &str> {
    words(sql).filter(|word| is_name(word))
}

/// Each name as `to` says; the rest stays.
pub(super) fn renamed(sql: &str, to: impl Fn(&str) -> Option<&'static str>) -> String {
    words(sql).map(|word| to(word).filter(|_| is_name(word)).unwrap_or(word)).collect()
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Cut so that each name stands alone; nothing is lost.
fn words(sql: &str) -> impl Iterator<Item = &str> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let (word, after) = rest.split_at(length(rest)?);
        rest = after;
        Some(word)
    })
}

fn length(rest: &str) -> Option<usize> {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let up_to = |end: char| rest[1..].find(end).map_or(rest.len(), |at| at + 2);
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    Some(match rest.chars().next()? {
        '\'' => up_to('\''),
        '{' => up_to('}'),
        first if is_inner(first) => rest.find(|c| !is_inner(c)).unwrap_or(rest.len()),
        first => first.len_utf8(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_changed_and_what_is_quoted_is_not() {
        let sql = "if(a.b[1] <= instant, 'instant, 中', {instant:String}) AND x2 > 2.5";
        assert_eq!(identifiers(sql).collect::<Vec<_>>(), ["if", "a.b", "instant", "AND", "x2"]);
        let changed = renamed(sql, |name| (name == "instant").then_some("now()"));
        assert_eq!(changed, sql.replacen("<= instant", "<= now()", 1));
        assert_eq!(identifiers("-- the case's own\nx -- y").collect::<Vec<_>>(), ["x"]);
        assert_eq!(identifiers("'open").count() + identifiers("{").count(), 0);
    }
}
