//! Why a row is rejected: a short name to count by, and a sentence that says what to do.
//! Never the value itself, because it may be personal; the row stands beside the reason in the rejects file.

/// What is wrong with one value or row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    FieldCount {
        expected: usize,
        found: usize,
    },
    /// Something stands behind a closing quote.
    StrayQuote,
    /// A quote that was left open, and closed by another or never.
    OpenQuote {
        lines: usize,
        limit: usize,
    },
    DamagedText,
    /// A spreadsheet made something else of it.
    Damaged {
        how: Damage,
    },
    Missing {
        what: String,
    },
    NotATime,
    TimeSkipped,
    TimeOutOfRange,
    /// The service would refuse the event, as the contract says.
    ImpossibleTime {
        problem: &'static str,
    },
    NotListed {
        map: String,
    },
    WrongKind {
        wanted: String,
    },
    /// In bytes.
    TooLong {
        what: &'static str,
        limit: usize,
    },
    BadCaseId {
        problem: String,
    },
    NoRule,
    Contract {
        problem: String,
    },
}

impl Fault {
    pub fn name(&self) -> &'static str {
        match self {
            Self::FieldCount { .. } => "field_count",
            Self::StrayQuote => "stray_quote",
            Self::OpenQuote { .. } => "open_quote",
            Self::DamagedText => "damaged_text",
            Self::Damaged { .. } => "damaged",
            Self::Missing { .. } => "missing",
            Self::NotATime => "not_a_time",
            Self::TimeSkipped => "time_skipped",
            Self::TimeOutOfRange => "time_out_of_range",
            Self::ImpossibleTime { .. } => "impossible_time",
            Self::NotListed { .. } => "not_listed",
            Self::WrongKind { .. } => "wrong_kind",
            Self::TooLong { .. } => "too_long",
            Self::BadCaseId { .. } => "case_id",
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
            Self::StrayQuote => f.write_str(
                "something stands behind a closing quote: quotes in a quoted field are doubled; where quotes are characters \
                 like any other, write csv.quote = \"\"",
            ),
            Self::OpenQuote { lines, limit } => write!(
                f,
                "a quote opens on this line and runs over {lines} lines, through other rows or beyond csv.max_lines = {limit}; \
                 it costs this line alone, the next is read as a row"
            ),
            Self::Damaged { how } => f.write_str(how.in_words()),
            Self::Missing { what } => write!(f, "{what} is empty"),
            Self::NotATime => f.write_str("fits none of time.formats"),
            Self::TimeSkipped => f.write_str(
                "no clock showed this time: it lies in the hour that was skipped when the clocks went forward; \
                 nonexistent = \"later\" would move it on",
            ),
            Self::TimeOutOfRange => f.write_str("the year is not within 1970 to 2099"),
            Self::ImpossibleTime { problem } => write!(f, "cannot be: {problem}"),
            Self::NotListed { map } => write!(f, "not listed in values.{map}; list it, or give `default` or `keep`"),
            Self::WrongKind { wanted } => write!(f, "must be {wanted}"),
            Self::TooLong { what, limit } => write!(f, "{what} is longer than {limit} bytes (a Chinese character has three)"),
            Self::BadCaseId { problem } => write!(f, "the case's number {problem}"),
            Self::NoRule => f.write_str(
                "no rule matched: none of the [[event]] rules made an event of this row; unmatched = \"skip\" accepts that",
            ),
            Self::Contract { problem } => write!(f, "the contract says: {problem}"),
        }
    }
}

/// What a spreadsheet does to the text of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// 2.10101E+15
    Exponent,
    TooManyDigits,
    /// ######
    Narrow,
    /// #N/A and its like.
    Error,
    WithoutValue,
    /// 3-1 became the first of March.
    Date,
}

impl Damage {
    /// Of a text as it stands in a cell.
    pub(super) fn of(text: &str) -> Option<Self> {
        const ERRORS: [&str; 7] = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"];
        match text.as_bytes().first()? {
            b'#' if ERRORS.contains(&text) => Some(Self::Error),
            b'#' if text.len() > 2 && text.bytes().all(|byte| byte == b'#') => Some(Self::Narrow),
            b'0'..=b'9' | b'+' | b'-' if is_exponent(text) => Some(Self::Exponent),
            _ => None,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Exponent => {
                "damaged by a spreadsheet: a number in powers of ten, whose other digits are lost; export the column as text"
            }
            Self::TooManyDigits => {
                "damaged by a spreadsheet: a number of more than 15 digits, of which it keeps 15; export the column as text"
            }
            Self::Narrow => {
                "damaged by a spreadsheet: the column was too narrow to show it; export the values, not what is shown"
            }
            Self::Error => "an error value of a spreadsheet; mend the formula, or list it in csv.null_values",
            Self::WithoutValue => "a formula without its value; open the workbook, let it compute, and save it",
            Self::Date => "damaged by a spreadsheet: a number that it took for a date; export the column as text",
        }
    }
}

/// 2.1E+15, 2.1e15, 1E+15, but not 1E5, which may be somebody's code.
fn is_exponent(text: &str) -> bool {
    let Some((mantissa, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, part)| (whole, Some(part)));
    let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let (signed, power) = power.strip_prefix(['-', '+']).map_or((false, power), |rest| (true, rest));
    digits(whole) && digits(power) && power.len() <= 3 && fraction.map_or(signed, digits)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_made_of_a_number_is_told_from_a_code() {
        for damaged in ["2.10101E+15", "2.10101e+15", "2.10101E15", "1E+15", "1.0e-7", "########", "#N/A", "-2.1E+17"] {
            assert!(Damage::of(damaged).is_some(), "{damaged}");
        }
        for code in ["1E5", "E12", "12E", "2021E0305", "1.2.3E+4", "2E+", "##", "#12", "A#", "3.14", "X.5E+3"] {
            assert_eq!(Damage::of(code), None, "{code}");
        }
    }
}
