//! 通报: the report of a month, a quarter or a year that a town's leaders receive, filled in as a [`Paper`].
//!
//! One file a section; each asks the store for what it shows. The arithmetic of the whole agrees with itself: what was
//! received is the sum of what became of it, and every rate stands beside its counts.

mod conventions;
mod headline;
mod overview;

pub use self::headline::{CONVENTIONS, Headline};
use super::{
    figures::Scope,
    paper::{Fact, Paper, Text, words},
    span::Span,
};
use crate::{
    domain::time::Millis,
    store::{Store, StoreError},
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
}

impl Order {
    fn stream_title(&self, name: &str) -> Text {
        let found = self.streams.iter().find(|(known, _)| known == name);
        found.map_or_else(|| Text::same(name), |(_, title)| title.clone())
    }

    fn time(&self, at: Millis) -> String {
        let zone = jiff::tz::TimeZone::get(&self.scope.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        words::time(at, &zone)
    }
}

pub async fn written(store: &Store, order: &Order) -> Result<Paper, StoreError> {
    let sections = vec![overview::section(store, order).await?, conventions::section(store, order).await?];
    Ok(Paper {
        title: title(order),
        period: order.scope.period,
        zone: order.scope.zone.clone(),
        facts: facts(order),
        sections,
    })
}

fn title(order: &Order) -> Text {
    let (span, adjective) = (order.span.title(), order.span.kind.adjective());
    let about = match &order.scope.stream {
        Some(stream) => order.stream_title(stream),
        None => Text::new("城市运行", "City operations"),
    };
    Text::new(
        format!("{}{}{}通报", span.zh, about.zh, adjective.zh),
        format!("{}: {} report, {}", about.en, adjective.en.to_lowercase(), span.en),
    )
}

fn facts(order: &Order) -> Vec<Fact> {
    let period = order.scope.period;
    let fact = |zh: &str, en: &str, value: Text| Fact { name: Text::new(zh, en), value };
    let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
    let both = |zh: bool| {
        let title = |figure: &crate::domain::kpi::Figure| {
            format!("{} {}", figure.id, if zh { &figure.title.zh } else { &figure.title.en })
        };
        format!("{}{}{}", title(closure), if zh { "、" } else { "; " }, title(timeliness))
    };
    let to = order.time(period.to);
    vec![
        fact(
            "统计时段",
            "Period",
            Text::new(
                format!("{} 至 {to}（不含）", order.time(period.from)),
                format!("{} up to, not including, {to}", order.time(period.from)),
            ),
        ),
        fact("数据截至", "As of", Text::same(&format!("{} ({})", order.time(period.as_of), order.scope.zone))),
        fact("口径", "Conventions", Text::new(both(true), both(false))),
    ]
}
