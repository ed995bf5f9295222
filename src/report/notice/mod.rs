//! 通报: the report of a month, a quarter or a year that a town's leaders receive, filled in as a [`Paper`]: a notice of two or
//! three pages, and the annex behind it.
//!
//! One file a section; each shows what [`found`] asked the store once. So the report agrees with itself: every table sums the
//! same rows, says which cases it counts ([`population`]), and has its counts beside every rate.

mod basis;
mod categories;
mod changes;
mod citizens;
mod compared;
mod conventions;
mod durations;
mod fates;
mod found;
mod headline;
mod names;
mod overdue;
mod overview;
mod peers;
pub(crate) mod population;
mod problems;
mod quality;
mod ranking;
mod sources;
mod topics;

use jiff::tz::TimeZone;

pub use self::basis::NoticeBasis;
pub(crate) use self::{
    basis::NoticeWhen,
    compared::changed,
    headline::{CONVENTIONS, Headline},
    names::NoticeNames,
    peers::{RANKED_FROM, ranks},
};
use self::{found::NoticeFound, peers::Peers};
use super::{
    figures::{self, ReportScope},
    paper::{Language, Letterhead, Paper, PaperFact, Text, words},
    span,
};
use crate::{
    ask::span::{CalendarSpan, SpanKind},
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    store::{
        Store, StoreError,
        kpi::{Against, Dimension},
        report::{self, About},
    },
};

/// What is ordered.
#[derive(Clone, Debug)]
pub(crate) struct NoticeOrder {
    /// Of which the title speaks.
    pub span: CalendarSpan,
    /// Which part of the town's work, as of when.
    pub scope: ReportScope,
    /// The closure and timeliness rates that the report leads with.
    pub headline: Headline,
    /// Name and title of every stream that is declared.
    pub streams: Vec<(String, Text)>,
    pub names: NoticeNames,
    /// None: neither head nor signature.
    pub letterhead: Option<Letterhead>,
}

impl NoticeOrder {
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

/// 通报: every section of it, asked and put into words; each is there, also with nothing to tell.
pub(crate) async fn written(store: &Store, order: &NoticeOrder) -> Result<Paper, StoreError> {
    // What asks nothing of the rest fills the time in which the rest waits for its largest question.
    let of_data = async {
        let quality = quality::section(store, order).await?;
        Ok::<_, StoreError>((quality, report::judged_by(store, order.about()).await?))
    };
    let (found, (quality, judged_by)) = tokio::try_join!(NoticeFound::of(store, order), of_data)?;
    let of_time = async {
        let changes = changes::section(store, order, &found).await?;
        Ok::<_, StoreError>((changes, durations::section(store, order, &found).await?))
    };
    let place = place(store, order, &found.names);
    let asked = tokio::try_join!(of_time, place, sources::section(store, order, &found))?;
    let ((changes, durations), place, sources) = asked;
    let sections = vec![
        overview::section(order, &found),
        ranking::section(order, &found),
        problems::section(order, &found),
        overdue::section(order, &found),
        fates::section(order, &found),
        changes,
        sources,
        categories::section(order, &found),
        ranking::whole(order, &found, Peers::Departments),
        ranking::whole(order, &found, Peers::Communities),
        overdue::list(order, &found),
        topics::section(order, &found),
        citizens::section(order, &found),
        durations,
        quality,
        conventions::section(order, &found, &judged_by),
        conventions::others(),
    ];
    Ok(Paper {
        title: title(order, place),
        letterhead: order.letterhead.clone(),
        period: order.scope.period,
        zone: order.scope.zone.clone(),
        facts: facts(order),
        sections,
        language: Language::Both,
    })
}

/// The town, if the report is of one.
async fn place(store: &Store, order: &NoticeOrder, names: &NoticeNames) -> Result<Option<Text>, StoreError> {
    let received: Vec<&'static Figure> = Figure::by_id("K01").into_iter().collect();
    let towns = figures::asked(store, &order.scope, &[Dimension::Town], &received).await?;
    Ok(match &towns[..] {
        [one] if !one.answer.group[0].is_empty() => Some(names.town(&one.answer.group[0])),
        _ => None,
    })
}

fn title(order: &NoticeOrder, place: Option<Text>) -> Text {
    let (span, adjective) = (span::title(&order.span), span::adjective(order.span.kind));
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

fn facts(order: &NoticeOrder) -> Vec<PaperFact> {
    let Period { from, to, as_of } = order.scope.period;
    let fact = |zh: &str, en: &str, value: Text| PaperFact { name: Text::new(zh, en), value };
    let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
    let [from, to, as_of] = [from, to, as_of].map(|at| order.time(at));
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
    ]
}
