//! 通报: the report of a month, a quarter or a year that a town's leaders receive, filled in as a [`Paper`].
//!
//! One file a section; each asks the store for what it shows. The arithmetic of the whole agrees with itself: what was
//! received is the sum of what became of it, and every rate stands beside its counts.

mod categories;
mod changes;
mod citizens;
mod compared;
mod conventions;
mod durations;
mod headline;
mod names;
mod overview;
mod quality;
mod ranking;
mod sources;
mod topics;

use jiff::tz::TimeZone;

use self::{compared::Compared, ranking::Ranking};
pub use self::{
    headline::{CONVENTIONS, Headline},
    names::Names,
};
use super::{
    figures::{self, Scope},
    paper::{Fact, Paper, Section, Text, words},
    span::{Span, SpanKind},
};
use crate::{
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    store::{
        Store, StoreError,
        kpi::{Against, Dimension},
        report::{self, About, JudgedBy},
    },
};

/// What is ordered.
#[derive(Clone, Debug)]
pub struct Order {
    pub span: Span,
    pub scope: Scope,
    /// The closure and timeliness rates that the report leads with.
    pub headline: Headline,
    /// Name and title of every stream that is declared.
    pub streams: Vec<(String, Text)>,
    pub names: Names,
}

impl Order {
    fn stream_title(&self, name: &str) -> Text {
        let found = self.streams.iter().find(|(known, _)| known == name);
        found.map_or_else(|| Text::same(name), |(_, title)| title.clone())
    }

    fn time(&self, at: Millis) -> String {
        words::time(at, &TimeZone::get(&self.scope.zone).unwrap_or(TimeZone::UTC))
    }

    fn about(&self) -> About<'_> {
        About { period: self.scope.period, stream: self.scope.stream.as_deref() }
    }

    /// The year before a year is the period before it.
    fn against(&self) -> &'static [Against] {
        match self.span.kind {
            SpanKind::Year => &[Against::YearBefore],
            SpanKind::Month | SpanKind::Quarter => &[Against::PeriodBefore, Against::YearBefore],
        }
    }
}

pub async fn written(store: &Store, order: &Order) -> Result<Paper, StoreError> {
    let names = order.names.clone().with_units(&report::units(store).await?);
    let compared = Compared::of(store, order).await?;
    let fates = report::fates(store, order.about()).await?;
    let categories = report::categories(store, order.about()).await?;
    let answers = report::answers(store, order.about()).await?;
    let sections = vec![
        overview::section(order, &compared, &fates),
        changes::section(store, order, &compared).await?,
        sources::section(store, order, &names, &compared).await?,
        categories::section(order, &names, &categories),
        units(store, order, &names).await?,
        communities(store, order, &names).await?,
        topics::section(store, order, &names, &compared, &categories).await?,
        citizens::section(order, &compared, &answers),
        durations::section(store, order, &names).await?,
        quality::section(store, order).await?,
        conventions::section(store, order).await?,
    ];
    Ok(Paper {
        title: title(order, place(store, order, &names).await?),
        period: order.scope.period,
        zone: order.scope.zone.clone(),
        facts: facts(order, &report::judged_by(store, order.about()).await?),
        sections,
    })
}

async fn units(store: &Store, order: &Order, names: &Names) -> Result<Section, StoreError> {
    let ranking = Ranking {
        key: "units",
        title: Text::new("责任单位排名", "Ranking of units"),
        head: Text::new("责任单位", "Unit"),
        dimension: Dimension::Unit,
        name: &|code| names.unit(code),
    };
    ranking.section(store, order).await
}

async fn communities(store: &Store, order: &Order, names: &Names) -> Result<Section, StoreError> {
    let ranking = Ranking {
        key: "communities",
        title: Text::new("村居排名", "Ranking of communities"),
        head: Text::new("村居", "Community"),
        dimension: Dimension::Community,
        name: &|code| names.community(code),
    };
    ranking.section(store, order).await
}

/// The town, if the report is of one.
async fn place(store: &Store, order: &Order, names: &Names) -> Result<Option<Text>, StoreError> {
    let received: Vec<&'static Figure> = Figure::by_id("K01").into_iter().collect();
    let towns = figures::asked(store, &order.scope, &[Dimension::Town], &received).await?;
    Ok(match &towns[..] {
        [one] if !one.answer.group[0].is_empty() => Some(names.town(&one.answer.group[0])),
        _ => None,
    })
}

fn title(order: &Order, place: Option<Text>) -> Text {
    let (span, adjective) = (order.span.title(), order.span.kind.adjective());
    let about = match &order.scope.stream {
        Some(stream) => order.stream_title(stream),
        None => Text::new("城市运行", "City operations"),
    };
    let place = place.unwrap_or_default();
    let of = if place.en.is_empty() { String::new() } else { format!(" of {}", place.en) };
    Text::new(
        format!("{}{}{}{}通报", place.zh, span.zh, about.zh, adjective.zh),
        format!("{}{of}: {} report, {}", about.en, adjective.en.to_lowercase(), span.en),
    )
}

fn facts(order: &Order, judged: &[JudgedBy]) -> Vec<Fact> {
    let Period { from, to, as_of } = order.scope.period;
    let fact = |zh: &str, en: &str, value: Text| Fact { name: Text::new(zh, en), value };
    let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
    let [from, to, as_of] = [from, to, as_of].map(|at| order.time(at));
    let rules = judged.iter().map(|one| match one.policy.as_str() {
        "" => {
            (format!("来源给定的时限（{} 件）", one.cases), format!("dues stated by the source ({} cases)", one.cases))
        }
        policy => {
            let both = format!("{policy}, {}", one.calendar);
            (format!("{both}（{} 件）", one.cases), format!("{both} ({} cases)", one.cases))
        }
    });
    let (rules_zh, rules_en): (Vec<_>, Vec<_>) = rules.unzip();
    vec![
        fact(
            "统计时段",
            "Period",
            Text::new(format!("{from} 至 {to}（不含）"), format!("{from} to {to}, not included")),
        ),
        fact("数据截至", "As of", Text::same(&format!("{as_of} ({})", order.scope.zone))),
        fact(
            "口径",
            "Conventions",
            Text::new(
                format!("{} {}；{} {}", closure.id, closure.title.zh, timeliness.id, timeliness.title.zh),
                format!("{} {}; {} {}", closure.id, closure.title.en, timeliness.id, timeliness.title.en),
            ),
        ),
        fact("时限规则与日历", "Policy and calendar", Text::new(rules_zh.join("；"), rules_en.join("; "))),
    ]
}
