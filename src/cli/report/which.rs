//! Which report is meant: `--month 2021-06`, `--quarter 2021-Q2` or `--year 2021`.

use clap::Args;

use crate::{
    ask::{
        span::{self, CalendarSpan},
        unclear::Unclear,
    },
    report::publish::{Chain, filed},
    store::published::Edition,
};

#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct WhichReport {
    /// A month: 2021-06
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
    /// A quarter: 2021-Q2
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<String>,
    /// A year: 2021
    #[arg(long, value_name = "YEAR")]
    year: Option<String>,
}

impl WhichReport {
    /// None where nothing is named.
    pub fn span(&self) -> anyhow::Result<Option<CalendarSpan>> {
        Ok(span::stated(&self.month, &self.quarter, &self.year)?)
    }

    pub fn required(&self) -> anyhow::Result<CalendarSpan> {
        Ok(self.span()?.ok_or(Unclear::NoReport)?)
    }
}

/// The edition asked for, or the newest.
pub fn edition<'a>(chain: &'a Chain, which: &WhichReport, number: Option<u32>) -> anyhow::Result<&'a Edition> {
    let report = filed(&which.required()?);
    if let Some(found) = chain.find(&report, number) {
        return Ok(found);
    }
    let known: Vec<String> = chain.of_report(&report).map(|one| one.edition.to_string()).collect();
    match number {
        Some(number) if !known.is_empty() => {
            anyhow::bail!("{report} has no edition {number}; there are {}", known.join(", "))
        }
        _ => anyhow::bail!("{report} was never published; `tongguan report list` shows what was"),
    }
}
