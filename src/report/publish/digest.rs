//! What is hashed: lines of fields with tabs between them, as ClickHouse writes `FORMAT TabSeparated`. So the hashes of
//! verdicts and figures can be made without this program: docs/publish.md has the queries.

use std::fmt::{Display, Write as _};

use sha2::{Digest as _, Sha256};

use crate::store::published::{Edition, Frozen, PublishedVerdict};

/// Takes lines one by one and keeps none of them.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    hash: Sha256,
    line: String,
    fields: u32,
}

impl Digest {
    /// A field; tabs and the like are written as ClickHouse does.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.gap();
        escape(text, &mut self.line);
        self
    }

    pub fn number(&mut self, number: impl Display) -> &mut Self {
        self.gap();
        let _ = write!(self.line, "{number}");
        self
    }

    /// A field; none is `\N`.
    pub fn maybe(&mut self, number: Option<impl Display>) -> &mut Self {
        match number {
            Some(number) => self.number(number),
            None => {
                self.gap();
                self.line.push_str("\\N");
                self
            }
        }
    }

    /// One field: a list of numbers.
    pub fn numbers(&mut self, numbers: impl Iterator<Item = impl Display>) -> &mut Self {
        self.list(numbers, |number, line| {
            let _ = write!(line, "{number}");
        })
    }

    /// One field: a list of texts.
    pub fn texts<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> &mut Self {
        self.list(texts, |text, line| {
            line.push('\'');
            escape(text, line);
            line.push('\'');
        })
    }

    /// After the last field of a line.
    pub fn end_line(&mut self) {
        self.line.push('\n');
        self.hash.update(self.line.as_bytes());
        self.line.clear();
        self.fields = 0;
    }

    /// In hexadecimal.
    pub fn finish(self) -> String {
        self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Before every field but the first of a line.
    fn gap(&mut self) {
        if self.fields > 0 {
            self.line.push('\t');
        }
        self.fields += 1;
    }

    fn list<T>(&mut self, values: impl Iterator<Item = T>, write: impl Fn(T, &mut String)) -> &mut Self {
        self.gap();
        self.line.push('[');
        for (index, value) in values.enumerate() {
            if index > 0 {
                self.line.push(',');
            }
            write(value, &mut self.line);
        }
        self.line.push(']');
        self
    }
}

fn escape(text: &str, line: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\'' => line.push_str("\\'"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\0' => line.push_str("\\0"),
            '\u{8}' => line.push_str("\\b"),
            '\u{c}' => line.push_str("\\f"),
            c => line.push(c),
        }
    }
}

/// The line of one case, in the order of the columns of `edition_verdicts`.
pub fn verdict(digest: &mut Digest, one: &PublishedVerdict) {
    digest.text(&one.stream).text(&one.case_id).number(one.version);
    for text in [&one.policy, &one.policy_rule, &one.calendar, &one.standing, &one.unit, &one.unit_name, &one.community]
    {
        digest.text(text);
    }
    for time in [one.received_at, one.due_at, one.finished_at, one.closed_at, one.worked_ms] {
        digest.maybe(time);
    }
    digest.number(one.numerators).number(one.denominators);
    digest.numbers(one.amount_figures.iter()).numbers(one.amount_n.iter()).numbers(one.amount_d.iter());
    digest.end_line();
}

/// Over all of them, in the order in which they are kept.
pub fn figures(all: &[Frozen]) -> String {
    let mut digest = Digest::default();
    for one in all {
        digest.text(&one.figure);
        digest.texts(one.grouped_by.iter().map(String::as_str)).texts(one.groups.iter().map(String::as_str));
        digest.number(one.numerator).maybe(one.denominator);
        let spread = one.spread.as_ref();
        digest.maybe(spread.map(|spread| spread.median)).maybe(spread.map(|spread| spread.p90));
        digest.maybe(spread.map(|spread| spread.mean)).maybe(spread.map(|spread| spread.max));
        digest.text(&one.definition).text(&one.definition_sha256);
        digest.end_line();
    }
    digest.finish()
}

/// Over everything in a head but its own hash, so also over the hashes of figures, verdicts and the head before.
pub fn head(of: &Edition) -> String {
    let mut digest = Digest::default();
    digest.number(of.serial).text(&of.report).number(of.edition).text(&of.attempt).text(&of.zone);
    for at in [of.from, of.to, of.as_of, of.published_at] {
        digest.number(at.0);
    }
    for text in [&of.published_by, &of.note, &of.program] {
        digest.text(text);
    }
    digest.number(of.generation).text(&of.policy).text(&of.calendar);
    digest.texts(of.figures.iter().map(String::as_str));
    digest.texts(of.judged.iter().map(|one| one.policy.as_str()));
    digest.texts(of.judged.iter().map(|one| one.calendar.as_str()));
    digest.numbers(of.judged.iter().map(|one| one.cases));
    digest.texts(of.positions.iter().map(|one| one.topic.as_str()));
    digest.numbers(of.positions.iter().map(|one| one.partition));
    digest.numbers(of.positions.iter().map(|one| one.next));
    digest.number(of.cases);
    for text in [&of.verdicts_sha256, &of.figures_sha256, &of.previous] {
        digest.text(text);
    }
    digest.end_line();
    digest.finish()
}

/// Of a text by itself: a definition.
pub fn of_text(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(texts: &[&str]) -> String {
        let mut digest = Digest::default();
        for text in texts {
            digest.text(text);
        }
        digest.end_line();
        digest.finish()
    }

    #[test]
    fn a_line_is_what_clickhouse_writes() {
        let mut digest = Digest::default();
        digest.text("a\tb'c\\").number(-7).maybe(None::<i64>).numbers([1, 2].iter()).texts(["x'y", ""].into_iter());
        assert_eq!(digest.line, "a\\tb\\'c\\\\\t-7\t\\N\t[1,2]\t['x\\'y','']");
        let wanted = of_text(&format!("{}\n", digest.line));
        digest.end_line();
        assert_eq!(digest.finish(), wanted);
    }

    #[test]
    fn what_is_moved_from_one_field_to_the_next_is_seen() {
        let all = [&["ab", "c"][..], &["a", "bc"], &["ab\tc"], &["", "abc"], &["abc", ""]].map(hashed);
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one), "{index}");
        }
    }
}
