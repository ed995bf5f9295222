//! An aligned table for a terminal, where a Chinese character takes two places.

use std::io::{self, Write};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// Rows under heads; widths are known when all are there.
#[derive(Debug)]
pub struct TextTable {
    heads: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Each head with the side on which its column stands.
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = (S, Align)>) -> Self {
        let heads = heads.into_iter().map(|(head, align)| (head.into(), align));
        Self { heads: heads.collect(), rows: Vec::new() }
    }

    /// Of texts only.
    pub fn of_texts<const N: usize>(heads: [&str; N]) -> Self {
        Self::new(heads.map(|head| (head, Align::Left)))
    }

    /// What a terminal would obey is replaced.
    pub fn push(&mut self, row: Vec<String>) {
        self.rows.push(row.into_iter().map(|text| printable(&text)).collect());
    }

    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let heads: Vec<String> = self.heads.iter().map(|(head, _)| head.clone()).collect();
        let lines = || std::iter::once(&heads).chain(&self.rows);
        let widths: Vec<usize> = (0..heads.len())
            .map(|column| lines().filter_map(|line| line.get(column)).map(|text| width(text)).max().unwrap_or(0))
            .collect();
        for line in lines() {
            let cells = line.iter().zip(&widths).zip(&self.heads);
            let cells: Vec<String> = cells.map(|((text, width), (_, align))| padded(text, *width, *align)).collect();
            writeln!(out, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// A label and what it stands for, in two columns.
pub fn write_line(label: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    const COLUMN: usize = 22;
    writeln!(out, "{label}{}{}", " ".repeat(COLUMN.saturating_sub(width(label)).max(1)), printable(text))
}

fn padded(text: &str, to: usize, align: Align) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(text)));
    match align {
        Align::Left => format!("{text}{blanks}"),
        Align::Right => format!("{blanks}{text}"),
    }
}

/// Case numbers and names come from outside; a terminal must not obey them.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Places that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { usize::from(!is_combining(c)) }).sum()
}

/// East Asian wide and full-width characters, by the blocks that occur in Chinese text.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd)
}

fn is_combining(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036f | 0x200b..=0x200f | 0xfe00..=0xfe0f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_places() {
        assert_eq!(width("结案率"), 6);
        assert_eq!(width("（应结）"), 8);
        assert_eq!(width("K05a — 99.33 %"), 14);
        assert_eq!(width("𠮷e\u{301}"), 3);
    }

    #[test]
    fn columns_line_up_and_lines_end_without_blanks() {
        let mut table = TextTable::new(vec![("街镇", Align::Left), ("n", Align::Right)]);
        table.push(vec!["庙行镇".into(), "2827".into()]);
        table.push(vec!["x".into(), "5".into()]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "街镇       n\n庙行镇  2827\nx          5\n");
    }

    #[test]
    fn a_case_number_cannot_give_orders_to_the_terminal() {
        assert_eq!(printable("A\u{1b}[2J"), "A\u{fffd}[2J");
    }
}
