//! The columns of a list of cases: the one list of them.

use crate::{
    ask::unclear::{Unclear, ensure, no_such},
    store::kpi::{CaseBehind, CaseSort},
};

/// One column of lists of cases, wherever they are shown.
pub struct CaseColumn {
    /// In `columns=case,unit,due`.
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    /// What it is in JSON and CSV, which say code and name apart.
    pub fields: &'static [&'static str],
    /// The order in which a list can be by it.
    pub sort: Option<CaseSort>,
    pub cell: fn(&CaseBehind) -> CaseCell<'_>,
}

impl std::fmt::Debug for CaseColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CaseColumn").field(&self.name).finish()
    }
}

/// What a person is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseCell<'a> {
    /// The number of the case, which opens it.
    Number(&'a str),
    Text(&'a str),
    /// 统计状态, by its name in the column: shown in words.
    Standing(&'a str),
    /// Milliseconds since 1970.
    Time(Option<i64>),
    /// Milliseconds.
    Lasted(Option<i64>),
    /// In the numerator; not in it, but in the denominator; in neither.
    Met(Option<bool>),
    Count(u64),
}

macro_rules! columns {
    ($($name:literal $zh:literal $en:literal $fields:expr, $sort:expr, $cell:expr;)*) => {
        &[$(CaseColumn { name: $name, zh: $zh, en: $en, fields: &$fields, sort: $sort, cell: $cell }),*]
    };
}

/// In the order in which they are offered.
#[rustfmt::skip]
pub const CASE_COLUMNS: &[CaseColumn] = columns! {
    "case" "案件编号" "case" ["case_id"], Some(CaseSort::Case), |case| CaseCell::Number(&case.case_id);
    "stream" "业务流" "stream" ["stream"], None, |case| CaseCell::Text(&case.stream);
    "kind" "类型" "kind" ["kind"], None, |case| CaseCell::Text(&case.kind);
    "channel" "来源渠道" "channel" ["channel"], None, |case| CaseCell::Text(&case.channel);
    "category" "类别" "category" ["category_standard", "category_code", "category_name"], None, |case| CaseCell::Text(either(&case.category_name, &case.category_code));
    "area" "区" "area" ["area"], None, |case| CaseCell::Text(&case.area);
    "town" "街镇" "town" ["town"], None, |case| CaseCell::Text(&case.town);
    "community" "村居" "community" ["community"], None, |case| CaseCell::Text(&case.community);
    "cell" "单元网格" "grid cell" ["cell"], None, |case| CaseCell::Text(&case.cell);
    "duty-grid" "责任网格" "duty grid" ["duty_grid"], None, |case| CaseCell::Text(&case.duty_grid);
    "unit" "责任单位" "unit" ["unit", "unit_name"], Some(CaseSort::Unit), |case| CaseCell::Text(either(&case.unit_name, &case.unit));
    "urgency" "紧急程度" "urgency" ["urgency"], None, |case| CaseCell::Text(&case.urgency);
    "standing" "状态" "standing" ["standing"], None, |case| CaseCell::Standing(&case.standing);
    "received" "受理" "received" ["received_at"], Some(CaseSort::Received), |case| CaseCell::Time(case.received_at);
    "due" "时限" "due" ["due_at"], Some(CaseSort::Due), |case| CaseCell::Time(case.due_at);
    "closed" "结案" "closed" ["closed_at"], Some(CaseSort::Closed), |case| CaseCell::Time(case.closed_at);
    "duration" "用时" "duration" ["duration_s"], Some(CaseSort::Duration), |case| CaseCell::Lasted(case.duration_ms);
    "met" "达标" "met" ["numerator", "denominator"], None, met;
    "n" "计入分子" "adds to n" ["n"], None, |case| CaseCell::Count(case.n);
    "d" "计入分母" "adds to d" ["d"], None, |case| CaseCell::Count(case.d);
};

/// Where nothing is chosen.
pub const USUAL_COLUMNS: [&str; 10] =
    ["case", "stream", "category", "unit", "community", "standing", "received", "due", "closed", "met"];

/// In the order of all columns.
pub fn usual() -> Vec<&'static CaseColumn> {
    CASE_COLUMNS.iter().filter(|column| USUAL_COLUMNS.contains(&column.name)).collect()
}

/// `case,unit,due`, in this order.
pub fn chosen(text: &str) -> Result<Vec<&'static CaseColumn>, Unclear> {
    let mut all: Vec<&'static CaseColumn> = Vec::new();
    for name in text.split(',').filter(|name| !name.is_empty()) {
        let names = || CASE_COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>();
        let column = CASE_COLUMNS.iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| no_such(("列", "column"), name, &names()))?;
        ensure(!all.iter().any(|one| one.name == name), || Unclear::NamedTwice {
            parameter: "columns",
            name: name.to_owned(),
        })?;
        all.push(column);
    }
    Ok(all)
}

/// The name, or the code where it has none.
pub fn either<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.is_empty() { code } else { name }
}

fn met(case: &CaseBehind) -> CaseCell<'_> {
    CaseCell::Met(if case.numerator { Some(true) } else { case.denominator.then_some(false) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::report::kpi_json::case_fields;

    #[test]
    fn every_field_of_a_case_is_in_one_column_and_every_sort_is_of_one() {
        let fields: BTreeSet<String> =
            case_fields(&CaseBehind::default(), &TimeZone::UTC).into_iter().map(|(name, _)| name).collect();
        let of_columns: Vec<&str> = CASE_COLUMNS.iter().flat_map(|column| column.fields).copied().collect();
        assert_eq!(of_columns.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), fields);
        assert_eq!(of_columns.len(), fields.len());
        for name in CaseSort::names() {
            let column = CASE_COLUMNS.iter().find(|column| column.name == name);
            assert_eq!(column.and_then(|column| column.sort).map(CaseSort::name), Some(name));
        }
        assert_eq!(usual().len(), USUAL_COLUMNS.len());
    }

    #[test]
    fn columns_are_chosen_by_name_and_what_there_is_not_is_told_with_the_nearest() {
        let names = |text| chosen(text).map(|all| all.iter().map(|column| column.name).collect::<Vec<_>>());
        assert_eq!(names("due,case").unwrap(), ["due", "case"]);
        assert!(names("unti").unwrap_err().to_string().contains("unit?"));
        assert!(names("due,due").unwrap_err().to_string().contains("due twice"));
    }
}
