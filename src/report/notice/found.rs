//! What the store says of the period: asked once, and shown in several sections, so that these agree.

use std::collections::BTreeMap;

use super::{NoticeOrder, compared::NoticeCompared, names::NoticeNames};
use crate::{
    domain::kpi::Figure,
    report::figures::{self, Gathered},
    store::{
        Store, StoreError,
        kpi::Dimension,
        report::{
            self, About, Answers, CategoryRow, Dissatisfied, Edges, Fates, Outstanding, Overdue, Repeats, Reporters,
        },
    },
};

pub struct NoticeFound {
    pub names: NoticeNames,
    pub compared: NoticeCompared,
    pub fates: Vec<Fates>,
    pub dissatisfied: Vec<Dissatisfied>,
    /// Closure, timeliness and extensions of each unit.
    pub by_unit: Vec<Gathered>,
    pub outstanding: Vec<Outstanding>,
    /// The longest first.
    pub overdue: Vec<Overdue>,
    pub edges: Vec<Edges>,
    /// The most frequent first.
    pub categories: Vec<CategoryRow>,
    /// Those of the first period that there is to compare with.
    pub before: Vec<CategoryRow>,
    pub repeats: Vec<Repeats>,
    pub reporters: Vec<Reporters>,
    pub answers: Vec<Answers>,
}

/// 延期率.
pub const EXTENDED: &str = "K11a";

impl NoticeFound {
    pub async fn of(store: &Store, order: &NoticeOrder) -> Result<Self, StoreError> {
        let about = order.about();
        let ids = [&order.headline.closure.id, &order.headline.timeliness.id, EXTENDED];
        let rates: Vec<&'static Figure> = ids.into_iter().filter_map(Figure::by_id).collect();
        // One at a time in each of three rows: ClickHouse plans each on one core, for longer than it reads.
        let compared = async {
            let compared = NoticeCompared::of(store, order).await?;
            let before = match compared.earlier.first() {
                Some(earlier) => report::categories(store, About { period: earlier.period, ..about }).await?,
                None => Vec::new(),
            };
            Ok::<_, StoreError>((compared, before))
        };
        let cases = async {
            let units = report::units(store).await?;
            let fates = report::fates(store, about).await?;
            let outstanding = report::outstanding(store, about).await?;
            let overdue = report::overdue(store, about).await?;
            let edges = report::edges(store, about).await?;
            Ok::<_, StoreError>((units, fates, outstanding, overdue, edges))
        };
        let citizens = async {
            let by_unit = figures::asked(store, &order.scope, &[Dimension::Stream, Dimension::Unit], &rates).await?;
            let dissatisfied = report::dissatisfied(store, about).await?;
            let categories = report::categories(store, about).await?;
            let repeats = report::repeats(store, about).await?;
            let reporters = report::reporters(store, about).await?;
            let answers = report::answers(store, about).await?;
            Ok::<_, StoreError>((by_unit, dissatisfied, categories, repeats, reporters, answers))
        };
        let (compared, cases, citizens) = tokio::try_join!(compared, cases, citizens)?;
        let ((compared, before), (units, fates, outstanding, overdue, edges)) = (compared, cases);
        let (by_unit, dissatisfied, categories, repeats, reporters, answers) = citizens;
        let names = order.names.clone().with_units(&units);
        Ok(Self {
            compared,
            before,
            names,
            fates,
            outstanding,
            overdue,
            edges,
            by_unit,
            dissatisfied,
            categories,
            repeats,
            reporters,
            answers,
        })
    }

    /// Those that received anything or have something overdue, as they were declared; the one that was asked for in any case.
    pub fn streams(&self, order: &NoticeOrder) -> Vec<String> {
        if let Some(one) = &order.scope.stream {
            return vec![one.clone()];
        }
        let is_there = |name: &str| {
            self.fates.iter().any(|fates| fates.stream == name) || self.outstanding.iter().any(|one| one.stream == name)
        };
        let declared = order.streams.iter().map(|(name, _)| name.as_str());
        let known: Vec<String> = declared.filter(|name| is_there(name)).map(str::to_owned).collect();
        // What was declared when it came, and is no more.
        let mut all = known;
        for fates in &self.fates {
            if !all.contains(&fates.stream) {
                all.push(fates.stream.clone());
            }
        }
        all
    }

    /// What became of the cases of a stream.
    pub fn sum(&self, stream: &str) -> Fates {
        self.fates.iter().filter(|fates| fates.stream == stream).fold(Fates::default(), added)
    }

    /// How many are dissatisfied, by what `key` says of a row.
    pub fn dissatisfied_by<'a>(
        &'a self,
        stream: &str,
        key: impl Fn(&'a Dissatisfied) -> &'a str,
    ) -> BTreeMap<&'a str, u64> {
        let mut all = BTreeMap::new();
        for one in self.dissatisfied.iter().filter(|one| one.stream == stream) {
            *all.entry(key(one)).or_default() += one.cases;
        }
        all
    }

    /// What became of the cases of a stream, by what `key` says of a row.
    pub fn sums_by<'a>(&'a self, stream: &str, key: impl Fn(&'a Fates) -> &'a str) -> BTreeMap<&'a str, Fates> {
        let mut all: BTreeMap<&str, Fates> = BTreeMap::new();
        for one in self.fates.iter().filter(|one| one.stream == stream) {
            let sum = all.entry(key(one)).or_default();
            *sum = added(std::mem::take(sum), one);
        }
        all
    }

    /// Of the same category in the earlier period.
    pub fn before(&self, one: &CategoryRow) -> u64 {
        let is_same = |other: &&CategoryRow| {
            (&other.stream, &other.standard, &other.code, &other.name)
                == (&one.stream, &one.standard, &one.code, &one.name)
        };
        self.before.iter().find(is_same).map_or(0, |other| other.received)
    }

    pub fn outstanding(&self, stream: &str) -> Outstanding {
        self.outstanding.iter().find(|one| one.stream == stream).cloned().unwrap_or_default()
    }
}

fn added(sum: Fates, one: &Fates) -> Fates {
    Fates {
        received: sum.received + one.received,
        out_of_base: sum.out_of_base + one.out_of_base,
        on_time: sum.on_time + one.on_time,
        late: sum.late + one.late,
        closed_without_due: sum.closed_without_due + one.closed_without_due,
        answered: sum.answered + one.answered,
        not_due: sum.not_due + one.not_due,
        due_soon: sum.due_soon + one.due_soon,
        overdue: sum.overdue + one.overdue,
        suspended: sum.suspended + one.suspended,
        no_limit: sum.no_limit + one.no_limit,
        ..sum
    }
}

/// What a leader asks of them.
pub trait FatesTold {
    /// 已结.
    fn closed(&self) -> u64;
    /// 未办结, overdue or not.
    fn not_closed(&self) -> u64;
    /// 应结案.
    fn need_close(&self) -> u64;
}

impl FatesTold for Fates {
    fn closed(&self) -> u64 {
        self.on_time + self.late + self.closed_without_due
    }

    fn not_closed(&self) -> u64 {
        self.answered + self.not_due + self.due_soon + self.overdue + self.suspended + self.no_limit
    }

    fn need_close(&self) -> u64 {
        self.closed() + self.overdue
    }
}
