//! A worked example of a figure: lives of cases, a period, an as-of, and what each case adds. It stands in the figure's own file,
//! and holds or does not.

use serde::Deserialize;
use smol_str::format_smolstr;

use super::{Figure, Part, Period, Seen, rows};
use crate::domain::{
    case::Case,
    event::Event,
    fold::fold,
    life::{LifeError, Setting},
    rules::Rules,
    time::Millis,
};

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// `2021-03-01`, or with a time.
    pub from: String,
    pub to: String,
    pub as_of: String,
    /// Where no event states a due, the policy does; without it there is none.
    #[serde(default)]
    pub by_policy: bool,
    /// The article that says so.
    #[serde(default)]
    pub because: String,
    pub cases: Vec<ExampleCase>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleCase {
    pub life: String,
    /// `1/1`, `0/1`; of a count `1`; `-` for neither.
    pub counts: String,
    /// What else should be so at the as-of, where it is said.
    pub due: Option<String>,
    pub standing: Option<String>,
    #[serde(default)]
    pub why: String,
}

/// Why an example does not hold. Cases are counted from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExampleError {
    #[error("{0}: {1}")]
    Time(&'static str, LifeError),
    #[error("case {0}: {1}")]
    Life(usize, LifeError),
    #[error("case {case}: {what} is {found:?}, the example says {said:?}")]
    Differs { case: usize, what: &'static str, said: String, found: String },
}

impl Example {
    /// Everything in it that does not hold.
    pub fn errors(&self, figure: &Figure, rules: &Rules) -> Vec<ExampleError> {
        let rules = if self.by_policy { rules.clone() } else { Rules { limits: None, ..rules.clone() } };
        let period = match self.period(&rules) {
            Ok(period) => period,
            Err(error) => return vec![error],
        };
        self.cases.iter().enumerate().flat_map(|(n, case)| case.errors(n + 1, figure, &rules, period)).collect()
    }

    pub fn period(&self, rules: &Rules) -> Result<Period, ExampleError> {
        let setting = Setting { stream: &rules.stream, case_id: "", year: 0 };
        let at = |field, text: &str| setting.instant(text).map_err(|error| ExampleError::Time(field, error));
        Ok(Period { from: at("from", &self.from)?, to: at("to", &self.to)?, as_of: at("as_of", &self.as_of)? })
    }

    /// What they come to, as it should be printed beside them: nothing where an example is wrong.
    pub fn total(&self) -> Option<(u64, Option<u64>)> {
        let mut total = (0, None);
        for case in &self.cases {
            let (n, d) = counted(&case.counts)?;
            total = (total.0 + n, d.map_or(total.1, |d| Some(total.1.unwrap_or_default() + d)));
        }
        Some(total)
    }
}

fn counted(text: &str) -> Option<(u64, Option<u64>)> {
    match text.split_once('/') {
        Some((n, d)) => Some((n.parse().ok()?, Some(d.parse().ok()?))),
        None if text == NEITHER => Some((0, None)),
        None => Some((text.parse().ok()?, None)),
    }
}

const NEITHER: &str = "-";

impl ExampleCase {
    fn errors(&self, number: usize, figure: &Figure, rules: &Rules, period: Period) -> Vec<ExampleError> {
        let id = format_smolstr!("{number}");
        let setting = Setting { stream: &rules.stream, case_id: &id, year: period.from.year(&rules.stream.zone) };
        let life = |error| vec![ExampleError::Life(number, error)];
        let events = match setting.events(&self.life) {
            Ok(events) => events,
            Err(error) => return life(error),
        };
        let case = fold(rules, &events.iter().collect::<Vec<&Event>>());
        let due = match self.due.as_deref().map(|text| setting.instant(text)).transpose() {
            Ok(due) => due,
            Err(error) => return life(error),
        };
        let step = Seen::new(&case, period);
        let found_due = step.and_then(|seen| seen.step.due).map(|due| due.at);
        let shown = |at: Option<Millis>| at.map_or("none".to_owned(), |at| at.rfc3339(&rules.stream.zone));
        let standing = step.map_or("not known", |seen| seen.bucket());
        let differs = |what, said: String, found: String| {
            (said != found).then_some(ExampleError::Differs { case: number, what, said, found })
        };
        [
            differs("counts", self.counts.clone(), counts(figure, &case, period)),
            self.due.as_ref().and_then(|_| differs("due", shown(due), shown(found_due))),
            self.standing.as_ref().and_then(|said| differs("standing", said.clone(), standing.to_owned())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// As an example writes it.
fn counts(figure: &Figure, case: &Case, period: Period) -> String {
    let rows = rows(figure, case, &period);
    let sum = rows.iter().fold(Part::default(), |sum, row| Part {
        numerator: sum.numerator + row.part.numerator,
        denominator: sum.denominator + row.part.denominator,
        duration: None,
    });
    match figure.is_rate() {
        _ if !sum.is_in() => NEITHER.to_owned(),
        true => format!("{}/{}", sum.numerator, sum.denominator),
        false => sum.numerator.to_string(),
    }
}
