//! A list of cases that an address asks for, and its pages: what the page and the interface for programs have in common.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::page::Site;
use crate::{
    ask::{ListTerms, NextPage, can_list, unclear::AskError},
    report::listed::CaseColumn,
    store::kpi::{self, CaseBehind, CaseOrder, LastCase, Page, Question, Side},
};

#[derive(Clone, Debug)]
pub(super) struct CaseList {
    pub(super) question: Question,
    pub(super) side: Side,
    pub(super) order: CaseOrder,
    /// Where it begins; none: at the first.
    pub(super) after: Option<LastCase>,
    /// None: every field.
    pub(super) columns: Vec<&'static CaseColumn>,
    pub(super) zone: TimeZone,
}

impl CaseList {
    pub(super) fn of(
        question: &Question,
        terms: &ListTerms,
        columns: &[&'static CaseColumn],
        zone: &TimeZone,
    ) -> Result<Self, AskError> {
        can_list(question, terms.side == Side::NotMet)?;
        let question = Question { group_by: Vec::new(), ..question.clone() };
        let after = terms.last_said(&question)?;
        let (side, order) = (terms.side, terms.order);
        Ok(Self { question, side, order, after, columns: columns.to_vec(), zone: zone.clone() })
    }

    /// The next page, and where the one after it begins.
    pub(super) async fn page(
        &self,
        site: &Arc<Site>,
        limit: u64,
    ) -> Result<(Vec<CaseBehind>, Option<NextPage>), AskError> {
        let page = Page { limit, side: self.side, order: self.order, after: self.after.as_ref() };
        let cases = kpi::cases_behind(&site.store, &self.question, page).await?;
        let next = NextPage::after(&self.question, self.side, self.order, limit, &cases);
        Ok((cases, next))
    }
}
