//! The expressions of the catalogue: names of atoms with `and`, `or`, `not` and parentheses. Resolved when they are read.

/// Atoms are numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Is(usize),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    #[error("{0:?} is no atom that can be asked here")]
    Unknown(String),
    #[error("expected a name, `not` or `(`, found {0}")]
    NoTerm(String),
    #[error("a parenthesis is not closed")]
    Unclosed,
    #[error("{0:?} follows where the expression is complete; is `and` or `or` missing?")]
    Rest(String),
}

impl Expression {
    pub fn parse(text: &str, atom: &dyn Fn(&str) -> Option<usize>) -> Result<Self, ExpressionError> {
        let mut reader = Reader { rest: text, atom };
        let all = reader.any()?;
        match reader.next() {
            Some(word) => Err(ExpressionError::Rest(word.to_owned())),
            None => Ok(all),
        }
    }

    pub fn holds(&self, atom: &dyn Fn(usize) -> bool) -> bool {
        match self {
            Self::Is(number) => atom(*number),
            Self::Not(inner) => !inner.holds(atom),
            Self::All(parts) => parts.iter().all(|part| part.holds(atom)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(atom)),
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
        while self.peek() == Some(between) {
            self.next();
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { of(parts) })
    }

    fn term(&mut self) -> Result<Expression, ExpressionError> {
        match self.next() {
            Some("not") => Ok(Expression::Not(Box::new(self.term()?))),
            Some("(") => {
                let inner = self.any()?;
                if self.next() == Some(")") { Ok(inner) } else { Err(ExpressionError::Unclosed) }
            }
            Some(word) if is_name(word) => {
                (self.atom)(word).map(Expression::Is).ok_or_else(|| ExpressionError::Unknown(word.to_owned()))
            }
            found => Err(ExpressionError::NoTerm(found.map_or("the end".to_owned(), |word| format!("{word:?}")))),
        }
    }

    fn peek(&self) -> Option<&'a str> {
        Reader { rest: self.rest, atom: self.atom }.next()
    }

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let first = rest.chars().next()?;
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = if is_inner(first) { rest.find(|c| !is_inner(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(length);
        self.rest = after;
        Some(word)
    }
}

/// `and` and `or` stand between; a name begins with a letter.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase()) && !["and", "or", "not"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Expression, ExpressionError> {
        Expression::parse(text, &|name| ["a", "b", "c"].iter().position(|atom| *atom == name))
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
            let holds = |row: usize| expression.holds(&|atom| row >> (2 - atom) & 1 == 1);
            let found: String = (0..8).map(|row| if holds(row) { '1' } else { '0' }).collect();
            assert_eq!(found, truth, "{text}");
        }
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
    }
}
