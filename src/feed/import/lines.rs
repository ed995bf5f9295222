//! The lines of a text, however they end, none of them longer than memory allows.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

/// Longer than any row that is meant.
pub(super) const LINE_MAX: usize = 16 * 1024 * 1024;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    /// With what ends it, as it stands in the file.
    pub(super) text: String,
    /// It was longer than `LINE_MAX`; nothing of it is held.
    pub(super) is_cut: bool,
}

impl Line {
    /// The text without its end.
    pub(super) fn body(&self) -> &str {
        without_end(&self.text)
    }
}

pub(super) fn without_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// What ends a line of this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    /// Only \n; a \r before it belongs to it, and one elsewhere to the text.
    Newline,
    /// \r too, as old systems write it.
    Return,
}

pub(super) struct Lines<R> {
    reader: R,
    ends: Option<Ends>,
    next_number: u64,
    /// Read before and given back.
    returned: VecDeque<Line>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, ends: None, next_number: 1, returned: VecDeque::new() }
    }

    pub(super) fn give_back(&mut self, lines: impl DoubleEndedIterator<Item = Line>) {
        lines.rev().for_each(|line| self.returned.push_front(line));
    }

    /// The line that was reached, for what goes wrong there.
    pub(super) fn reached(&self) -> u64 {
        self.next_number - 1
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let (mut bytes, mut is_cut) = (Vec::new(), false);
        while self.read_piece(&mut bytes, &mut is_cut)? {}
        if bytes.is_empty() && !is_cut {
            return Ok(None);
        }
        let number = self.next_number;
        self.next_number += 1;
        let text = String::from_utf8(bytes).map_err(|_| io::Error::other("text that was not decoded"))?;
        Ok(Some(Line { number, text, is_cut }))
    }

    /// Takes what the buffer has of the line; false when the line is at its end.
    fn read_piece(&mut self, bytes: &mut Vec<u8>, is_cut: &mut bool) -> io::Result<bool> {
        let buffer = self.reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let ends = *self.ends.get_or_insert_with(|| ends_of(buffer));
        // A \r that was the last of the buffer ends the line, unless the \n that belongs to it follows.
        if ends == Ends::Return && bytes.last() == Some(&b'\r') {
            if buffer.first() == Some(&b'\n') {
                bytes.push(b'\n');
                self.reader.consume(1);
            }
            return Ok(false);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n' || (*byte == b'\r' && ends == Ends::Return));
        let taken = end.map_or(buffer.len(), |at| at + 1);
        let is_return = buffer.get(taken - 1) == Some(&b'\r') && ends == Ends::Return;
        *is_cut |= bytes.len() + taken > LINE_MAX;
        if *is_cut {
            *bytes = Vec::new();
        }
        // Of a line that is not held, the end is: it says whether a \n may belong to it.
        bytes.extend_from_slice(if *is_cut { &buffer[taken - 1..taken] } else { &buffer[..taken] });
        self.reader.consume(taken);
        if *is_cut && end.is_none() {
            bytes.clear();
        }
        Ok(end.is_none() || is_return)
    }
}

/// By the beginning of the file. Where more lines end in \r alone than in \n, a \r ends a line.
fn ends_of(beginning: &[u8]) -> Ends {
    let newlines = beginning.iter().filter(|byte| **byte == b'\n').count();
    let pairs = beginning.windows(2).filter(|pair| *pair == b"\r\n").count();
    let returns = beginning.iter().filter(|byte| **byte == b'\r').count();
    // The buffer may end between the two of a pair.
    let alone = returns - pairs - usize::from(beginning.last() == Some(&b'\r') && newlines > 0);
    if alone > newlines || (newlines == 0 && returns > 0) { Ends::Return } else { Ends::Newline }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lines(text: &str, buffer: usize) -> Vec<(u64, String)> {
        let mut lines = Lines::new(BufReader::with_capacity(buffer, text.as_bytes()));
        std::iter::from_fn(|| lines.next().unwrap()).map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn lines_end_in_any_of_the_three_ways_and_keep_their_end() {
        for buffer in [64, 1024] {
            for (text, wanted) in [
                ("a\nb", vec!["a\n", "b"]),
                ("a\r\nb\r\n", vec!["a\r\n", "b\r\n"]),
                ("a\rb\r", vec!["a\r", "b\r"]),
                ("a\r\nb\rc\rd\re", vec!["a\r\n", "b\r", "c\r", "d\r", "e"]),
                ("a,\"x\ry\"\nb\n", vec!["a,\"x\ry\"\n", "b\n"]),
                ("a\r\rb\r\n", vec!["a\r", "\r", "b\r\n"]),
            ] {
                let found = lines(text, buffer);
                let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
                assert_eq!(texts, wanted, "{text:?}");
                assert!(found.iter().map(|(number, _)| *number).eq(1..=wanted.len() as u64));
            }
        }
    }

    #[test]
    fn a_line_without_an_end_is_not_held_and_the_next_is_read() {
        let long = [vec![b'x'; LINE_MAX + 10], b"\nnext\n".to_vec()].concat();
        let mut lines = Lines::new(BufReader::new(&long[..]));
        let cut = lines.next().unwrap().unwrap();
        assert!(cut.is_cut && cut.body().is_empty());
        let next = lines.next().unwrap().unwrap();
        assert_eq!((next.number, next.text.as_str()), (2, "next\n"));
    }

    #[test]
    fn lines_that_are_given_back_come_again() {
        let mut lines = Lines::new(&b"a\nb\nc\n"[..]);
        let read: Vec<Line> = std::iter::from_fn(|| lines.next().unwrap()).skip(1).collect();
        lines.give_back(read.into_iter());
        assert_eq!(lines.next().unwrap().unwrap().text, "b\n");
        assert_eq!(lines.next().unwrap().unwrap().text, "c\n");
        assert_eq!(lines.next().unwrap(), None);
    }
}
