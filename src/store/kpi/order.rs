//! In which order the cases behind a figure are listed, and where a page of them begins: after the last of the page before, by what
//! that one is sorted by. So a page in the middle of a million costs what the first one costs.

use super::CaseBehind;
use crate::store::query::Query;

/// By what a list of cases is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaseSort {
    /// By its number.
    #[default]
    Case,
    /// When it came in.
    Received,
    /// By when it had to be done.
    Due,
    /// When it was done, in the sense of the list: closed, stopped or ended.
    Closed,
    /// How long it took, as the figure measures it.
    Duration,
    /// By its code, or its name where no code is sent.
    Unit,
}

impl CaseSort {
    /// The one list: name, and what is compared, over the columns of kpi_cases.sql. What is missing is null.
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Case, "case", "case_id"),
        (Self::Received, "received", "received_at"),
        (Self::Due, "due", "due_at"),
        (Self::Closed, "closed", "{{done}}"),
        (Self::Duration, "duration", "{{v}}"),
        (Self::Unit, "unit", "nullIf(toString(if(unit = '', unit_name, unit)), '')"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// None: there is no such order.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(sort, ..)| *sort)
    }

    /// Of all, as they are asked for.
    pub fn names() -> [&'static str; 6] {
        Self::ALL.map(|(_, name, _)| name)
    }

    fn key(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// As ClickHouse reads the parameter that the key is compared with.
    fn bound(self) -> &'static str {
        match self {
            Self::Case | Self::Unit => "{after_text:String}",
            Self::Received | Self::Due | Self::Closed => {
                "fromUnixTimestamp64Milli({after_number:Int64}, 'Asia/Shanghai')"
            }
            Self::Duration => "{after_number:Int64}",
        }
    }
}

/// What is missing comes last either way; ties are by stream and number, upwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseOrder {
    /// The key.
    pub sort: CaseSort,
    /// Largest first.
    pub is_descending: bool,
}

/// What a case is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseSortKey {
    /// The case has none.
    Missing,
    /// Milliseconds: an instant or a length.
    Number(i64),
    /// A number of a case, or a unit.
    Text(String),
}

/// The last case of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastCase {
    pub(crate) key: CaseSortKey,
    pub(crate) stream: String,
    /// Its number.
    pub case_id: String,
}

impl LastCase {
    pub(crate) fn of(case: &CaseBehind, sort: CaseSort) -> Self {
        let text = |text: &str| if text.is_empty() { CaseSortKey::Missing } else { CaseSortKey::Text(text.to_owned()) };
        let number = |number: Option<i64>| number.map_or(CaseSortKey::Missing, CaseSortKey::Number);
        let key = match sort {
            CaseSort::Case => CaseSortKey::Text(case.case_id.clone()),
            CaseSort::Received => number(case.received_at),
            CaseSort::Due => number(case.due_at),
            CaseSort::Closed => number(case.closed_at),
            CaseSort::Duration => number(case.duration_ms),
            CaseSort::Unit => text(if case.unit.is_empty() { &case.unit_name } else { &case.unit }),
        };
        Self { key, stream: case.stream.clone(), case_id: case.case_id.clone() }
    }

    /// Of a list by number, of which nothing else need be known.
    pub fn numbered(case_id: &str) -> Self {
        Self { key: CaseSortKey::Text(case_id.to_owned()), stream: String::new(), case_id: case_id.to_owned() }
    }
}

impl CaseOrder {
    /// What the template compares and is ordered by; WITH TIES a page by number never ends between the cases of one number, and
    /// any other not between the clocks of one case.
    pub(super) fn fill(self, template: &str, after: Option<&LastCase>) -> String {
        template.replace("{{after}}", &self.condition(after)).replace("{{order}}", &self.order())
    }

    fn order(self) -> String {
        let (key, direction) = (self.sort.key(), if self.is_descending { "DESC" } else { "ASC" });
        match self.sort {
            CaseSort::Case => format!("{key} {direction}"),
            _ => format!("{key} {direction} NULLS LAST, stream, case_id"),
        }
    }

    fn condition(self, after: Option<&LastCase>) -> String {
        let Some(after) = after else { return "true".to_owned() };
        let (key, bound, beyond) = (self.sort.key(), self.sort.bound(), if self.is_descending { "<" } else { ">" });
        let tied =
            "(stream > {after_stream:String} OR (stream = {after_stream:String} AND case_id > {after_case:String}))";
        match (self.sort, &after.key) {
            (CaseSort::Case, _) => format!("case_id {beyond} {bound}"),
            (_, CaseSortKey::Missing) => format!("({key} IS NULL AND {tied})"),
            _ => format!("({key} {beyond} {bound} OR ({key} = {bound} AND {tied}) OR {key} IS NULL)"),
        }
    }

    pub(super) fn bind(query: Query, after: Option<&LastCase>) -> Query {
        let Some(LastCase { key, stream, case_id }) = after else { return query };
        let query = query.param("after_stream", stream).param("after_case", case_id);
        match key {
            CaseSortKey::Missing => query,
            CaseSortKey::Number(number) => query.param("after_number", number),
            CaseSortKey::Text(text) => query.param("after_text", text),
        }
    }

    /// Cases of one number come in no order from ClickHouse.
    pub(super) fn settle(self, cases: &mut [CaseBehind]) {
        if self.sort == CaseSort::Case {
            let by_number = |a: &CaseBehind, b: &CaseBehind| a.case_id.cmp(&b.case_id);
            cases.sort_by(|a, b| {
                let numbers = if self.is_descending { by_number(b, a) } else { by_number(a, b) };
                numbers.then_with(|| a.stream.cmp(&b.stream))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_is_found_by_its_name() {
        for (sort, name, _) in CaseSort::ALL {
            assert_eq!((CaseSort::from_name(name), sort.name()), (Some(sort), name));
        }
        assert_eq!(CaseSort::from_name("age"), None);
    }
}
