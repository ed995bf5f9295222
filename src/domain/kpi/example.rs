//! A worked example of a figure: lives of cases, a period, an as-of, and what each case adds. It stands in the figure's own file.

use serde::Deserialize;

/// 算例 of a town's own figure, in its file; `figures check` works it out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// `2021-03-01`, or with a time.
    pub from: String,
    /// No longer in it.
    pub to: String,
    /// 统计时点.
    pub as_of: String,
    /// Where no event states a due, the policy does; without it there is none.
    #[serde(default)]
    pub by_policy: bool,
    /// The article that says so.
    #[serde(default)]
    pub because: String,
    /// What each adds.
    pub cases: Vec<ExampleCase>,
}

/// One case of an example.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleCase {
    /// 生平: one line (docs/figures.md, "Worked examples").
    pub life: String,
    /// `1/1`, `0/1`; of a count `1`; `-` for neither.
    pub counts: String,
    /// What else should be so at the as-of, where it is said.
    pub due: Option<String>,
    /// 归类, as [`Seen::end`](super::Seen::end) says it.
    pub standing: Option<String>,
    /// For people: what the case shows.
    #[serde(default)]
    pub why: String,
}
