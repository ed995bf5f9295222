//! The closure and the timeliness rate that a report leads with, under one convention.

use crate::domain::kpi::Figure;

/// 结案率 and 及时率 of one convention, which stand on the first page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline {
    /// 结案率.
    pub closure: &'static Figure,
    /// 及时率.
    pub timeliness: &'static Figure,
}

/// Those that both rates have. The first is what published notices divide by: 应结案数.
pub const CONVENTIONS: [&str; 4] = ["need-close", "shanghai", "carry", "mature"];

impl Headline {
    /// None: not both have it.
    pub fn of(convention: &str) -> Option<Self> {
        let figure = |name| Figure::named(name).into_iter().find(|figure| figure.convention == convention);
        Some(Self { closure: figure("closure")?, timeliness: figure("timeliness")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_rates_have_every_convention_that_a_report_may_lead_with() {
        let ids = CONVENTIONS.map(|convention| {
            let headline = Headline::of(convention).unwrap();
            format!("{} {}", headline.closure.id, headline.timeliness.id)
        });
        assert_eq!(ids, ["K05b K06b", "K05a K06a", "K05c K06g", "K05d K06h"]);
        assert_eq!(Headline::of("light"), None);
    }
}
