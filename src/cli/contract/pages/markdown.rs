//! What the pages are written in.

use std::fmt::Write as _;

/// A table; without rows nothing. A cell may hold links and code.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text + "\n"
}

pub(super) fn heading(level: usize, text: &str) -> String {
    format!("{} {text}\n\n", "#".repeat(level))
}

pub(super) fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n\n", text.trim_end())
}

pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

pub(super) fn link(name: &str) -> String {
    format!("[{name}](#{})", anchor(name))
}

/// As GitHub makes it of a heading.
pub(super) fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || "-_ ".contains(*letter);
    heading.to_lowercase().chars().filter(kept).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// Words of a description: what stands in angles is no HTML, unless it is code.
pub(super) fn words(text: &str) -> String {
    let part = |(place, part): (usize, &str)| if place % 2 == 0 { part.replace('<', "&lt;") } else { part.to_owned() };
    text.split('`').enumerate().map(part).collect::<Vec<String>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_page_does_not() {
        assert_eq!(table(&["a"], &[vec!["x|y\nz".to_owned()]]), "| a |\n|---|\n| x\\|y z |\n\n");
        assert_eq!(words("of <type>, `case.<name>.v1`"), "of &lt;type>, `case.<name>.v1`");
    }

    #[test]
    fn a_link_leads_where_github_puts_the_heading() {
        assert_eq!(anchor("`POST /v1/events`"), "post-v1events");
        assert_eq!(anchor("case.not_filed.v1"), "casenot_filedv1");
    }
}
