//! Whether a worked example holds: its lives are folded, and what each case adds is compared with what the example says.

use smol_str::format_smolstr;

use super::{
    Figure, Part, Period,
    example::{Example, ExampleCase},
    rows,
};
use crate::domain::{
    case::Case,
    life::{Differs, Expected, LifeError, Setting},
    rules::Rules,
};

/// Why an example does not hold. Cases are counted from 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExampleError {
    /// A time of the example itself, with its key, is not one.
    #[error("{0}: {1}")]
    Time(&'static str, LifeError),
    /// The life of this case cannot be read.
    #[error("case {0}: {1}")]
    Life(usize, LifeError),
    /// This case is not what is said.
    #[error("case {0}: {1}")]
    Differs(usize, Differs),
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

    /// An error names the time that cannot be read.
    pub fn period(&self, rules: &Rules) -> Result<Period, ExampleError> {
        let setting = Setting { stream: &rules.stream, case_id: "", year: 0 };
        let at = |field, text: &str| setting.instant(text).map_err(|error| ExampleError::Time(field, error));
        Ok(Period { from: at("from", &self.from)?, to: at("to", &self.to)?, as_of: at("as_of", &self.as_of)? })
    }
}

const NEITHER: &str = "-";

impl ExampleCase {
    fn errors(&self, number: usize, figure: &Figure, rules: &Rules, period: Period) -> Vec<ExampleError> {
        match self.differences(number, figure, rules, period) {
            Ok(differs) => differs.into_iter().map(|one| ExampleError::Differs(number, one)).collect(),
            Err(error) => vec![ExampleError::Life(number, error)],
        }
    }

    fn differences(
        &self,
        number: usize,
        figure: &Figure,
        rules: &Rules,
        period: Period,
    ) -> Result<Vec<Differs>, LifeError> {
        let id = format_smolstr!("{number}");
        let setting = Setting { stream: &rules.stream, case_id: &id, year: period.from.year(&rules.stream.zone) };
        let case = setting.case(rules, &self.life)?;
        let expected = Expected { due: self.due.clone(), standing: self.standing.clone(), rule: None };
        let counted = Differs::between("counts", &self.counts, &counts(figure, &case, period));
        let others = expected.differences(&setting, &case, period.as_of)?;
        Ok(counted.into_iter().chain(others).collect())
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
