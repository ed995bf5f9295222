//! The facts of a case as marks of one lane, numbered as in the list below the axis. Those that would touch are one mark.

use super::{
    super::words::Lang,
    AxisBar, AxisDot, AxisLane, AxisLink, AxisText,
    labels::{clusters, long},
    scale::{RIGHT, Scale, tenth},
};
use crate::{
    domain::{fact::FactKind, fold::watch::TakenFact},
    report::case::{CaseTold, words},
};

/// So many facts are named in the title of one mark.
const NAMED: usize = 12;
const DOT: f64 = 17.0;

pub(super) fn lane(told: &CaseTold<'_>, scale: &Scale, y: f64, lang: Lang) -> AxisLane {
    let facts = &told.watched.facts;
    let places: Vec<f64> = facts.iter().map(|taken| scale.x(taken.event.occurred_at)).collect();
    let size = |first: usize, last: usize| if first == last { DOT } else { long(&numbers(first, last)) + 9.0 };
    let marks = clusters(&places, size, RIGHT + 12.0);
    let link = |(first, last, x): &(usize, usize, f64)| {
        mark((*first, *last), (tenth(*x), y + 13.0), size(*first, *last), told, lang)
    };
    AxisLane { texts: Vec::new(), links: marks.iter().map(link).collect() }
}

fn numbers(first: usize, last: usize) -> String {
    if first == last { (first + 1).to_string() } else { format!("{}–{}", first + 1, last + 1) }
}

fn mark((first, last): (usize, usize), (x, y): (f64, f64), w: f64, told: &CaseTold<'_>, lang: Lang) -> AxisLink {
    let facts = &told.watched.facts[first..=last];
    let shown = told.shown();
    let named = |(n, taken): (usize, &TakenFact)| {
        let kind = taken.event.fact.kind();
        let name = lang.of(words::fact(kind), kind.name());
        format!("{} {name} {}", first + n + 1, shown.at(taken.event.occurred_at))
    };
    let mut label: Vec<String> = facts.iter().take(NAMED).enumerate().map(named).collect();
    if facts.len() > NAMED {
        let more = facts.len() - NAMED;
        label.push(match lang {
            Lang::Zh => format!("另有 {more} 件"),
            Lang::En => format!("and {more} more"),
        });
    }
    let is_odd = facts.iter().any(|taken| taken.is_irregular || taken.is_gap);
    let is_end = matches!(facts, [one] if one.event.fact.kind() == FactKind::Closed);
    let cls = if is_odd {
        "bad"
    } else if is_end {
        "end"
    } else {
        ""
    };
    let (cls, is_one) = (cls.to_owned(), first == last);
    let bar = AxisBar {
        cls: format!("many {cls}"),
        x: tenth(x - w / 2.0),
        y: y - 8.5,
        w: tenth(w),
        h: 17.0,
        ..AxisBar::default()
    };
    AxisLink {
        href: format!("#f{}", first + 1),
        label: label.join("\n"),
        dots: if is_one { vec![AxisDot { cls, x, y }] } else { Vec::new() },
        bars: if is_one { Vec::new() } else { vec![bar] },
        texts: vec![AxisText { cls: "no".to_owned(), x, y: y + 3.7, anchor: "middle", text: numbers(first, last) }],
        ..AxisLink::default()
    }
}
