//! Why a row is rejected: a short name to count by, and a sentence that says what to do.
//! Never the value itself, because it may be personal; the row stands beside the reason in the rejects file.

/// What is wrong with one value or row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    FieldCount { expected: usize, found: usize },
    DamagedText,
    Missing { what: String },
    NotATime,
    TimeSkipped,
    TimeOutOfRange,
    NotListed { map: String },
    WrongKind { wanted: String },
    TooLong { what: &'static str, limit: usize },
    NoRule,
    Contract { problem: String },
}

impl Fault {
    pub fn name(&self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field_count",
            Self::DamagedText => "damaged_text",
            Self::Missing { .. } => "missing",
            Self::NotATime => "not_a_time",
            Self::TimeSkipped => "time_skipped",
            Self::TimeOutOfRange => "time_out_of_range",
            Self::NotListed { .. } => "not_listed",
            Self::WrongKind { .. } => "wrong_kind",
            Self::TooLong { .. } => "too_long",
            Self::NoRule => "no_rule",
            Self::Contract { .. } => "contract",
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FieldCount { expected, found } => {
                write!(f, "the row has {found} fields, the header has {expected}; look for a stray delimiter or quote")
            }
            Self::DamagedText => f.write_str("bytes that are no text in this encoding; check csv.encoding"),
            Self::Missing { what } => write!(f, "{what} is empty"),
            Self::NotATime => f.write_str("fits none of time.formats"),
            Self::TimeSkipped => f.write_str(
                "no clock showed this time: it lies in the hour that was skipped when the clocks went forward; \
                 nonexistent = \"later\" would move it on",
            ),
            Self::TimeOutOfRange => f.write_str("the year is not within 1970 to 2099"),
            Self::NotListed { map } => write!(f, "not listed in values.{map}; list it, or give `default` or `keep`"),
            Self::WrongKind { wanted } => write!(f, "must be {wanted}"),
            Self::TooLong { what, limit } => write!(f, "{what} is longer than {limit} characters"),
            Self::NoRule => f.write_str(
                "no rule matched: none of the [[event]] rules made an event of this row; unmatched = \"skip\" accepts that",
            ),
            Self::Contract { problem } => write!(f, "the contract says: {problem}"),
        }
    }
}

/// What is wrong with a row, and in which column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    pub fault: Fault,
    /// Empty when it is the whole row.
    pub column: String,
}

impl Fault {
    pub(super) fn at(self, column: &str) -> RowProblem {
        RowProblem { fault: self, column: column.to_owned() }
    }
}
