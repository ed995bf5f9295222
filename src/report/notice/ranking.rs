//! 排名: units and communities by timeliness, then closure. Counts stand beside the rates, and a rate over few cases is shown
//! and not ranked.

use std::cmp::Ordering;

use super::{Order, names::cell};
use crate::{
    domain::kpi::Figure,
    report::{
        figures::{self, Gathered},
        paper::{Block, Cell, Chart, Column, Kind, Rate, Scale, Section, Series, Table, Text},
    },
    store::{Store, StoreError, kpi::Dimension},
};

/// Of fewer cases a rate says more about chance than about work.
pub const RANKED_FROM: u64 = 10;

pub struct Ranking<'a> {
    pub key: &'static str,
    pub title: Text,
    pub head: Text,
    pub dimension: Dimension,
    pub name: &'a dyn Fn(&str) -> Text,
}

struct Line {
    code: String,
    received: Cell,
    closure: Rate,
    timeliness: Rate,
    overdue: Cell,
    solution: Cell,
    satisfaction: Cell,
}

impl Ranking<'_> {
    pub async fn section(&self, store: &Store, order: &Order) -> Result<Section, StoreError> {
        let lines = self.lines(store, order).await?;
        let ranks = ranks(&lines);
        let mut table = Table::new(self.key, self.title.clone(), self.columns(order));
        for (line, rank) in lines.iter().zip(&ranks) {
            table.push(vec![
                rank.map_or(Cell::Nothing, |rank| Cell::Count(rank as i64)),
                cell((self.name)(&line.code)),
                line.received.clone(),
                Cell::Rate(line.timeliness),
                Cell::Rate(line.closure),
                line.overdue.clone(),
                line.solution.clone(),
                line.satisfaction.clone(),
            ]);
        }
        let mut by_received: Vec<&Line> = lines.iter().collect();
        by_received.sort_by_key(|line| std::cmp::Reverse(count(&line.received)));
        let chart = Chart {
            key: self.key,
            title: Text::new(format!("{}：受理量", self.head.zh), format!("{}: cases received", self.head.en)),
            kind: Kind::Bars,
            scale: Scale::Count,
            labels: by_received.iter().map(|line| (self.name)(&line.code).zh).collect(),
            series: vec![Series {
                name: Text::new("受理", "Received"),
                values: by_received.iter().map(|line| Some(count(&line.received) as f64)).collect(),
            }],
        };
        let blocks = vec![Block::Table(table), Block::Note(note()), Block::Chart(chart)];
        Ok(Section { key: self.key, title: self.title.clone(), blocks })
    }

    fn columns(&self, order: &Order) -> Vec<Column> {
        let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
        let named =
            |zh: &str, en: &str, figure: &Figure| (format!("{zh}（{}）", figure.id), format!("{en} ({})", figure.id));
        let rate = |key, zh: &str, en: &str, figure: &Figure, n: [&str; 2], d: [&str; 2]| {
            let (zh, en) = named(zh, en, figure);
            Column::new(key, &zh, &en).with_counts(Text::new(n[0], n[1]), Text::new(d[0], d[1]))
        };
        let mut columns = vec![
            Column::new("rank", "名次", "Rank"),
            Column::titled("name", self.head.clone()),
            Column::new("received", "受理", "Received"),
            rate("timeliness", "及时率", "Timeliness", timeliness, ["按时结案", "Closed in time"], ["应按时", "Of"]),
            rate("closure", "结案率", "Closure", closure, ["已结", "Closed"], ["应结", "Of"]),
            Column::new("overdue", "超期未结（K07）", "Overdue (K07)")
                .with_counts(Text::new("超期未结", "Open and overdue"), Text::new("在办", "Open")),
        ];
        for (key, zh, en, id, n, d) in [
            ("solution", "实际解决率", "Solved", "K14", ["解决", "Solved"], ["有结果", "With a result"]),
            ("satisfaction", "满意率", "Satisfaction", "K15", ["分值", "Points"], ["已评价", "Rated"]),
        ] {
            columns.extend(Figure::by_id(id).map(|figure| rate(key, zh, en, figure, n, d)));
        }
        columns
    }

    /// In the order of the ranks; those that are not ranked at the end, by what they received.
    async fn lines(&self, store: &Store, order: &Order) -> Result<Vec<Line>, StoreError> {
        let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
        let ids = ["K01", &closure.id, &timeliness.id, "K07", "K14", "K15"];
        let chosen: Vec<&'static Figure> = ids.into_iter().filter_map(Figure::by_id).collect();
        let found = figures::asked(store, &order.scope, &[self.dimension], &chosen).await?;
        let mut codes: Vec<&String> = found.iter().map(|one| &one.answer.group[0]).collect();
        codes.sort();
        codes.dedup();
        let mut lines: Vec<Line> = codes.into_iter().map(|code| line(code, &found, closure, timeliness)).collect();
        // Who received nothing may still have what came in before.
        let is_late = |line: &Line| matches!(line.overdue, Cell::Rate(rate) if rate.numerator > 0);
        lines.retain(|line| count(&line.received) > 0 || line.closure.denominator > 0 || is_late(line));
        lines.sort_by(|a, b| {
            let ranked = is_ranked(b).cmp(&is_ranked(a));
            let by_rate = if is_ranked(a) { better(a, b) } else { Ordering::Equal };
            let by_count = count(&b.received).cmp(&count(&a.received));
            ranked.then(by_rate).then(by_count).then_with(|| a.code.cmp(&b.code))
        });
        Ok(lines)
    }
}

fn line(code: &str, found: &[Gathered], closure: &'static Figure, timeliness: &'static Figure) -> Line {
    let of = |id: &str| {
        let one = found.iter().find(|one| one.figure.id == id && one.answer.group[0] == code);
        one.map(|one| Cell::of(one.figure, &one.answer))
    };
    let cell = |id: &str| match of(id) {
        Some(Cell::Rate(Rate { denominator: 0, .. })) | None => Cell::Nothing,
        Some(cell) => cell,
    };
    let rate = |figure: &'static Figure| match of(&figure.id) {
        Some(Cell::Rate(rate)) => rate,
        _ => Rate { numerator: 0, denominator: 0, figure: Some(figure) },
    };
    Line {
        code: code.to_owned(),
        received: of("K01").unwrap_or(Cell::Count(0)),
        closure: rate(closure),
        timeliness: rate(timeliness),
        overdue: cell("K07"),
        solution: cell("K14"),
        satisfaction: cell("K15"),
    }
}

fn count(cell: &Cell) -> i64 {
    if let Cell::Count(count) = cell { *count } else { 0 }
}

/// A case without a unit is nobody's.
fn is_ranked(line: &Line) -> bool {
    line.timeliness.denominator >= RANKED_FROM && !line.code.is_empty()
}

/// The better one first: by the rates themselves, not as they are shown.
fn better(a: &Line, b: &Line) -> Ordering {
    let compare = |a: &Rate, b: &Rate| {
        let cross = |one: &Rate, other: &Rate| u128::from(one.numerator) * u128::from(other.denominator);
        cross(b, a).cmp(&cross(a, b))
    };
    compare(&a.timeliness, &b.timeliness).then(compare(&a.closure, &b.closure))
}

/// Equal rates share a rank, and the next one counts those before it.
fn ranks(lines: &[Line]) -> Vec<Option<usize>> {
    let mut ranks: Vec<Option<usize>> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let same = index > 0 && is_ranked(line) && better(&lines[index - 1], line) == Ordering::Equal;
        ranks.push(match (is_ranked(line), same) {
            (false, _) => None,
            (true, true) => ranks[index - 1],
            (true, false) => Some(index + 1),
        });
    }
    ranks
}

fn note() -> Text {
    Text::new(
        format!(
            "按及时率、再按结案率排名，率相同的名次并列；分母不足 {RANKED_FROM} 件的只列出、不排名（名次为 —），因为那样的率说明的多是偶然。\
             案件归截至时刻的责任单位或所在村居，各行之和即全部受理。超期未结（K07）不限本期受理，分母是截至时刻的全部在办案件。"
        ),
        format!(
            "Ranked by timeliness, then closure; equal rates share a rank. A rate over fewer than {RANKED_FROM} cases is shown \
             and not ranked (—): it says more about chance than about work. A case counts for the unit or community that has it \
             at the as-of, so that the rows add up to what was received. Overdue (K07) is out of all cases open at the as-of, \
             whenever they were received."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &str, on_time: u64, of: u64) -> Line {
        Line {
            code: code.to_owned(),
            received: Cell::Count(of as i64),
            closure: Rate::share(of, of),
            timeliness: Rate::share(on_time, of),
            overdue: Cell::Nothing,
            solution: Cell::Nothing,
            satisfaction: Cell::Nothing,
        }
    }

    #[test]
    fn equal_rates_share_a_rank_and_few_cases_have_none() {
        let lines = [line("a", 20, 20), line("b", 10, 10), line("c", 199, 200), line("d", 9, 9), line("", 50, 50)];
        assert_eq!(ranks(&lines), [Some(1), Some(1), Some(3), None, None]);
    }

    #[test]
    fn a_rate_that_is_shown_the_same_may_still_be_worse() {
        // Both are shown as 99.99 %.
        assert_eq!(better(&line("a", 99_999, 100_000), &line("b", 99_998, 100_000)), Ordering::Less);
    }
}
