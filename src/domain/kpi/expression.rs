//! The expressions of figures: names of atoms, and where the case stands towards a dimension (`kind = "投诉"`), with `and`, `or`, `not`
//! and parentheses. Resolved when they are read.

use smol_str::SmolStr;

use super::dimension::CaseDimension;

/// Atoms are numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// The atom with this number in [`ATOMS`](super::atoms::ATOMS).
    Is(usize),
    /// At one of the values.
    Stands(CaseDimension, Vec<SmolStr>),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

/// What an expression is asked of.
pub trait AtomsAsked {
    fn is(&self, atom: usize) -> bool;
    /// Where the row's case stands towards it; empty: not stated.
    fn stands(&self, dimension: CaseDimension) -> &str;
}

/// How an expression is written down: its words, what an atom is called, and how a dimension is compared.
#[derive(Clone, Copy, Debug)]
pub struct Writing {
    pub and: &'static str,
    pub or: &'static str,
    pub not: &'static str,
    pub atom: fn(usize) -> &'static str,
    pub stands: fn(CaseDimension, &[SmolStr]) -> String,
}

/// What is wrong with an expression, for whoever wrote it: the word at which it could not be read on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// Nor is it an atom of another grain.
    #[error("{0:?} is no atom that can be asked here")]
    NoAtom(String),
    /// Before `=` or `in` stands something that no case has.
    #[error("{0:?} is no dimension of a case")]
    NoDimension(String),
    /// A name was due, or another beginning of a term.
    #[error("expected a name, `not` or `(`, found {0}")]
    NoTerm(String),
    /// A value stands without its quotes.
    #[error("expected a text in quotes, found {0}")]
    NoText(String),
    /// The end came first.
    #[error("a parenthesis is not closed")]
    Unclosed,
    /// Two terms stand beside each other.
    #[error("{0:?} follows where the expression is complete; is `and` or `or` missing?")]
    Rest(String),
}

impl Expression {
    /// `atom` gives the number of a name that may be asked here. The first thing that is wrong is the error.
    pub fn parse(text: &str, atom: &dyn Fn(&str) -> Option<usize>) -> Result<Self, ExpressionError> {
        let mut reader = Reader { rest: text, atom };
        let all = reader.any()?;
        match reader.next() {
            Some(word) => Err(ExpressionError::Rest(word.to_owned())),
            None => Ok(all),
        }
    }

    /// Is it true of the row?
    pub fn holds(&self, of: &impl AtomsAsked) -> bool {
        match self {
            Self::Is(number) => of.is(*number),
            Self::Stands(dimension, values) => values.iter().any(|value| value == of.stands(*dimension)),
            Self::Not(inner) => !inner.holds(of),
            Self::All(parts) => parts.iter().all(|part| part.holds(of)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(of)),
        }
    }

    /// For people, in the language of `how`; with parentheses only where they are needed.
    pub fn written(&self, how: &Writing) -> String {
        let parts = |parts: &[Self], between| parts.iter().map(|part| part.part(how)).collect::<Vec<_>>().join(between);
        match self {
            Self::Is(number) => (how.atom)(*number).to_owned(),
            Self::Stands(dimension, values) => (how.stands)(*dimension, values),
            Self::Not(inner) => format!("{}{}", how.not, inner.part(how)),
            Self::All(all) => parts(all, how.and),
            Self::Any(any) => parts(any, how.or),
        }
    }

    fn part(&self, how: &Writing) -> String {
        match self {
            Self::All(_) | Self::Any(_) => format!("({})", self.written(how)),
            Self::Is(_) | Self::Stands(..) | Self::Not(_) => self.written(how),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    atom: &'a dyn Fn(&str) -> Option<usize>,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Result<Expression, ExpressionError> {
        self.list("or", Self::all, Expression::Any)
    }

    fn all(&mut self) -> Result<Expression, ExpressionError> {
        self.list("and", Self::term, Expression::All)
    }

    /// One part, or several with the word between.
    fn list(
        &mut self,
        between: &str,
        part: fn(&mut Self) -> Result<Expression, ExpressionError>,
        of: fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, ExpressionError> {
        let first = part(self)?;
        let mut parts = vec![first];
        while self.takes(between) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { of(parts) })
    }

    fn term(&mut self) -> Result<Expression, ExpressionError> {
        match self.next() {
            Some("not") => Ok(Expression::Not(Box::new(self.term()?))),
            Some("(") => {
                let inner = self.any()?;
                if self.takes(")") { Ok(inner) } else { Err(ExpressionError::Unclosed) }
            }
            Some(word) if is_name(word) => self.named(word),
            found => Err(ExpressionError::NoTerm(shown(found))),
        }
    }

    /// An atom; or a dimension, with what it stands at.
    fn named(&mut self, word: &str) -> Result<Expression, ExpressionError> {
        let is_one = self.takes("=");
        if !is_one && !self.takes("in") {
            return (self.atom)(word).map(Expression::Is).ok_or_else(|| ExpressionError::NoAtom(word.to_owned()));
        }
        let no_dimension = || ExpressionError::NoDimension(word.to_owned());
        let dimension = CaseDimension::from_name(word).ok_or_else(no_dimension)?;
        if is_one {
            return Ok(Expression::Stands(dimension, vec![self.text()?]));
        }
        if !self.takes("(") {
            return Err(ExpressionError::NoText(shown(self.next())));
        }
        let mut values = vec![self.text()?];
        while self.takes(",") {
            values.push(self.text()?);
        }
        if self.takes(")") { Ok(Expression::Stands(dimension, values)) } else { Err(ExpressionError::Unclosed) }
    }

    fn text(&mut self) -> Result<SmolStr, ExpressionError> {
        let found = self.next();
        let quoted = found
            .and_then(|word| ['"', '\''].into_iter().find_map(|quote| word.strip_prefix(quote)?.strip_suffix(quote)));
        quoted.map(SmolStr::new).ok_or_else(|| ExpressionError::NoText(shown(found)))
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = Reader { rest: self.rest, atom: self.atom }.next() == Some(word);
        if found {
            self.next();
        }
        found
    }

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let first = rest.chars().next()?;
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = match first {
            '"' | '\'' => rest[1..].find(first).map_or(rest.len(), |end| end + 2),
            _ if is_inner(first) => rest.find(|c| !is_inner(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        self.rest = after;
        Some(word)
    }
}

/// These stand between.
const RESERVED: [&str; 4] = ["and", "or", "not", "in"];

/// A name begins with a letter.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase()) && !RESERVED.contains(&word)
}

fn shown(word: Option<&str>) -> String {
    word.map_or("the end".to_owned(), |word| format!("{word:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Expression, ExpressionError> {
        Expression::parse(text, &|name| ["a", "b", "c"].iter().position(|atom| *atom == name))
    }

    /// Three atoms as the bits of a number, and a kind.
    struct Row(usize, &'static str);

    impl AtomsAsked for Row {
        fn is(&self, atom: usize) -> bool {
            self.0 >> (2 - atom) & 1 == 1
        }

        fn stands(&self, _: CaseDimension) -> &str {
            self.1
        }
    }

    #[test]
    fn not_binds_before_and_and_and_before_or() {
        for (text, truth) in [
            ("a and b or c", "01010111"),
            ("a and (b or c)", "00000111"),
            ("not a and b", "00110000"),
            ("not (a and b)", "11111100"),
            ("not not c", "01010101"),
        ] {
            let expression = parsed(text).unwrap();
            let found: String = (0..8).map(|row| if expression.holds(&Row(row, "")) { '1' } else { '0' }).collect();
            assert_eq!(found, truth, "{text}");
        }
    }

    #[test]
    fn a_dimension_stands_at_one_of_some_texts() {
        let holds = |text: &str, kind| parsed(text).unwrap().holds(&Row(7, kind));
        assert!(holds("a and kind = \"投诉\"", "投诉") && !holds("a and kind = '投诉'", "求助"));
        assert!(holds("kind in (\"投诉\", 'x y')", "x y") && !holds("kind in (\"投诉\", \"x\")", ""));
        assert!(holds("not kind = \"\"", "投诉"));
    }

    #[test]
    fn what_is_no_expression_is_refused_with_the_place() {
        let said = |text: &str| parsed(text).unwrap_err().to_string();
        assert_eq!(said("a and d"), "\"d\" is no atom that can be asked here");
        assert_eq!(said("a and"), "expected a name, `not` or `(`, found the end");
        assert_eq!(said("or a"), "expected a name, `not` or `(`, found \"or\"");
        assert_eq!(said("(a"), "a parenthesis is not closed");
        assert!(said("a b").contains("\"b\" follows"));
        assert!(said("a)").contains("\")\" follows"));
        assert!(said("").contains("the end"));
        assert_eq!(said("colour = 'red'"), "\"colour\" is no dimension of a case");
        assert_eq!(said("kind = red"), "expected a text in quotes, found \"red\"");
        assert_eq!(said("kind = \"red"), "expected a text in quotes, found \"\\\"red\"");
        assert_eq!(said("kind in \"red\""), "expected a text in quotes, found \"\\\"red\\\"\"");
        assert_eq!(said("kind in (\"red\""), "a parenthesis is not closed");
    }
}
