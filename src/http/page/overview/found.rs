//! What was found for the overview, and is kept for all who ask the same.

use std::{sync::Arc, time::Duration};

use crate::{
    ask::GroupNames,
    domain::{kpi::Figure, time::Millis},
    http::{auth, page::memo::Memo},
    store::{
        kpi::{Against, Answer, CaseBehind, Question, Side},
        report::{Late, Quality, Quarantined},
    },
};

/// What was found for one reader, for others who ask the same.
#[derive(Debug)]
pub struct Overviews {
    pub(super) found: Memo<OverviewFound>,
    /// When the newest case was received.
    pub(super) newest: Memo<Millis>,
    /// What the codes are called.
    pub(super) names: Memo<GroupNames>,
}

/// A name that is new may be seen a minute late; until then its code stands there.
const NAMES_KEPT: Duration = Duration::from_secs(60);

impl Overviews {
    pub fn kept_for(life: Duration) -> Self {
        Self { found: Memo::of(life), newest: Memo::of(life), names: Memo::of(NAMES_KEPT) }
    }
}

/// The figures at its head, in their order.
pub(super) const LEAD: usize = 5;

/// A figure with those of the periods that it is compared with.
#[derive(Debug)]
pub(super) struct Led {
    pub(super) figure: &'static Figure,
    pub(super) answer: Answer,
    pub(super) before: Vec<(Against, Answer)>,
}

/// A group with its figures in the order of [`OverviewFound::lead`], the last left out; nothing of one that has none.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) code: String,
    pub(super) figures: [Option<Answer>; LEAD - 1],
}

#[derive(Debug)]
pub struct OverviewFound {
    /// Closure and timeliness under the convention asked for, received, overdue, satisfaction.
    pub(super) lead: Vec<Led>,
    /// Closure, timeliness and received by month: two years up to the end of the period.
    pub(super) months: Vec<Vec<Answer>>,
    pub(super) streams: Vec<Peer>,
    pub(super) units: Vec<Peer>,
    pub(super) communities: Vec<Peer>,
    /// Where the wall has a map.
    pub(super) mapped: Option<Mapped>,
    /// What was received, by these.
    pub(super) fates: Vec<Answer>,
    pub(super) categories: Vec<Answer>,
    pub(super) channels: Vec<Answer>,
    pub(super) hours: Vec<Answer>,
    /// Of those who were called, what they said.
    pub(super) said: Vec<Answer>,
    pub(super) overdue: Listed,
    pub(super) due_next: Listed,
    pub(super) unknown: Unknown,
    pub(super) names: Arc<GroupNames>,
}

/// What a map is drawn with, besides the communities.
#[derive(Debug)]
pub(super) struct Mapped {
    /// Where its areas are towns.
    pub(super) towns: Vec<Peer>,
    /// Every code of its areas' kind that a case ever had.
    pub(super) known: Vec<String>,
}

/// The first cases of a list, and how many there are.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) question: Question,
    pub(super) side: Side,
    pub(super) cases: Vec<CaseBehind>,
    pub(super) in_all: u64,
}

impl Listed {
    /// None: who asks is told how many there are, and not which.
    pub(super) fn named(&self) -> Option<&[CaseBehind]> {
        (!auth::is_narrowed()).then_some(&self.cases)
    }
}

/// What the data cannot tell.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) quality: Vec<Quality>,
    pub(super) late: Vec<Late>,
    pub(super) quarantined: Vec<Quarantined>,
}
