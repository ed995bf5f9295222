//! Where everything that was received stands: buckets that add up, each with its list.

use super::Show;
use crate::{
    http::page::part::{Stack, StackItem, StackPiece},
    report::{count::grouped, rate},
    store::kpi::{Answer, Dimension},
};

/// How each is drawn.
const CLASSES: [(&str, &str); 10] = [
    ("closed_in_time", "ontime"),
    ("closed_late", "late"),
    ("closed_without_due", "nodue"),
    ("answered", "answered"),
    ("not_due", "notdue"),
    ("due_soon", "soon"),
    ("overdue", "overdue"),
    ("suspended", "paused"),
    ("no_limit", "nodue"),
    ("out_of_base", "nodue"),
];

const WIDTH: f64 = 1000.0;

pub(super) fn stack(show: &Show<'_>, answers: &[Answer]) -> Stack {
    let lang = show.lang();
    let count = |name: &str| {
        let found = answers.iter().find(|answer| answer.group.concat() == name);
        found.map_or(0, |answer| answer.numerator.unsigned_abs())
    };
    let total: u64 = answers.iter().map(|answer| answer.numerator.unsigned_abs()).sum();
    let (mut pieces, mut items, mut x) = (Vec::new(), Vec::new(), 0.0);
    for value in Dimension::Fate.fixed() {
        let n = count(value.name);
        let Some((_, cls)) = CLASSES.iter().find(|(name, _)| *name == value.name) else { continue };
        if n == 0 && !["closed_in_time", "closed_late", "not_due", "overdue"].contains(&value.name) {
            continue;
        }
        let href = show.list("K01").and("only", &format!("fate={}", value.name)).href();
        let name = lang.of(value.zh, value.en).to_owned();
        let share = rate::percent(n, Some(total));
        let w = WIDTH * n as f64 / total.max(1) as f64;
        if n > 0 {
            let label = format!("{name} {} ({share})", grouped(n));
            pieces.push(StackPiece { href: href.clone(), cls: (*cls).to_owned(), x, w, label });
        }
        x += w;
        let is_worse = value.name == "overdue" && n > 0;
        let tone = if is_worse { "worse".to_owned() } else { String::new() };
        items.push(StackItem { href, cls: (*cls).to_owned(), name, n: grouped(n), share, tone });
    }
    Stack {
        id: "fates".to_owned(),
        title: lang.of("受理案件办理情况", "Where everything received stands").to_owned(),
        sub: lang.of("本期受理的每一件都在其中一类", "every case received in the period is in exactly one").to_owned(),
        pieces,
        items,
        sum_name: lang.of("受理", "received").to_owned(),
        sum: grouped(total),
        sum_href: show.list("K01").href(),
    }
}
