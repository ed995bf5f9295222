//! What closure and timeliness of a period would be under other rules, and which cases would be judged otherwise: of `tongguan whatif` and
//! of the page. The cases are folded by those rules in a database of their own, which whoever asks has made.

mod cases;
mod figures;

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

pub use self::{
    cases::{WhatifCase, WhatifPage, cases, cases_json, verdict_words, write_cases, write_csv},
    figures::{WhatifCounts, WhatifPair, figures, figures_json, write_figures},
};
use super::{kpi_text::period_text, table::write_line};
use crate::{
    domain::{kpi::Period, rules::Limits},
    store::{
        Store, StoreError,
        kpi::Dimension,
        ledger_stream::{Chosen, LedgerSelection},
    },
};

/// 试算: what is asked of the two.
#[derive(Clone, Debug)]
pub struct WhatifAsked {
    pub period: Period,
    /// Of its days and of what is shown.
    pub zone: TimeZone,
    pub stream: Option<String>,
    pub group_by: Vec<Dimension>,
    /// What is tried, as a case remembers it.
    pub policy: String,
    /// The calendar, by its version.
    pub calendar: String,
}

impl WhatifAsked {
    /// Of every stream, as a whole.
    pub fn new(period: Period, zone: TimeZone, limits: &Limits) -> Self {
        let (policy, calendar) = (limits.policy_version.to_string(), limits.calendar_version.to_string());
        Self { period, zone, stream: None, group_by: Vec::new(), policy, calendar }
    }

    /// The cases that are folded.
    pub fn selection(&self) -> LedgerSelection {
        let Period { from, to, .. } = self.period;
        LedgerSelection { chosen: Chosen::Around { from, to }, stream: self.stream.clone(), known_by: None }
    }

    pub fn write_heading(&self, out: &mut impl Write) -> io::Result<()> {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        write_line("时段 period", &period_text(self.period, &self.zone, zone), out)?;
        let tried = format!("时限规则 policy {}, 日历 calendar {}", self.policy, self.calendar);
        write_line("试用 tried", &tried, out)
    }

    /// What stands before the figures or the cases.
    pub fn heading_json(&self) -> Map<String, Value> {
        let heading = json!({
            "from": self.period.from.rfc3339(&self.zone),
            "to": self.period.to.rfc3339(&self.zone),
            "as_of": self.period.as_of.rfc3339(&self.zone),
            "stream": self.stream,
            "policy": self.policy,
            "calendar": self.calendar,
        });
        match heading {
            Value::Object(heading) => heading,
            _ => Map::new(),
        }
    }
}

/// So many cases are listed at once; `tongguan whatif --cases` goes on page by page.
const LISTED_MAX: u64 = 1_000;

/// Figures and cases at once.
#[derive(Clone, Debug)]
pub struct WhatifTold {
    pub figures: Vec<WhatifPair>,
    /// Those whose verdict or due would be another.
    pub cases: Vec<WhatifCase>,
    pub has_more: bool,
}

/// Both at once; `scratch` has the cases as folded by what is tried.
pub async fn told(live: &Store, scratch: &Store, asked: &WhatifAsked) -> Result<WhatifTold, StoreError> {
    let figures = figures(live, scratch, asked).await?;
    let cases = cases(live, scratch, asked, WhatifPage { limit: LISTED_MAX, after: "", with_dues: true }).await?;
    let has_more = cases.len() as u64 >= LISTED_MAX;
    Ok(WhatifTold { figures, cases, has_more })
}
