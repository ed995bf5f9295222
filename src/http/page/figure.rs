//! A figure: what it says with its counts, what it means, what is in and what is left out, every other convention with the reasons
//! for each difference, over time, and by a dimension. Every number leads to the cases behind it.

use std::sync::Arc;

use askama::Template;

use super::{
    account::{self, list, signed},
    asked::{SHOWN, Wanted},
    chart::by_month,
    frame::Page,
    groups::by_dimension,
    others::others,
    part::{Panel, Part, Tile},
    reports::published,
    site::{Site, Took},
    words::{Lang, Words},
};
use crate::{
    ask::unclear::AskError,
    domain::kpi::Figure,
    report::{count::grouped, rate, town::command::quoted},
    store::kpi::{self, Answer, Question, Side},
};

#[derive(Debug, Template)]
#[template(path = "figure.html")]
pub(super) struct FigurePage {
    page: Page,
    fig: Fig,
    tiles: Vec<Tile>,
    upper: Vec<Panel>,
    others: Vec<Panel>,
    lower: Vec<Panel>,
    t: &'static Words,
}

#[derive(Clone, Debug, Default)]
struct Fig {
    title: String,
    code: String,
    question: String,
    version: String,
    states: Vec<super::part::State>,
    sql: String,
    definition: Vec<Pair>,
    lists: Vec<FigList>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Pair {
    pub(super) k: String,
    pub(super) v: String,
}

#[derive(Clone, Debug, Default)]
struct FigList {
    href: String,
    text: String,
    n: String,
}

pub(super) async fn page(site: &Arc<Site>, wanted: &Wanted) -> Result<FigurePage, AskError> {
    let took = Took::begin();
    let question = Question { group_by: Vec::new(), ..wanted.question()?.clone() };
    let lang = wanted.lang;
    let by = &wanted.asked.questions[0].group_by;
    let (answer, account, others, groups, months, editions) = tokio::try_join!(
        the_answer(site, &question),
        account::panel(site, wanted, &question),
        others(site, wanted, &question),
        by_dimension(site, wanted, &question, by),
        by_month(site, wanted, &question),
        published::values(site, &question),
    )?;
    let editions = published::of_figure(wanted, &question, &answer, &editions);
    let title = lang.of(&question.figure.title.zh, &question.figure.title.en).to_owned();
    let page = Page::of_question(site, wanted, &question, ("figure", title), &took);
    Ok(FigurePage {
        page,
        fig: fig(site, wanted, &question, &answer),
        tiles: vec![tile(wanted, &question, &answer)],
        upper: account.into_iter().chain(months).collect(),
        others: others.into_iter().chain(editions).collect(),
        lower: vec![groups],
        t: lang.words(),
    })
}

/// Ungrouped there is always one.
pub(super) async fn the_answer(site: &Site, question: &Question) -> Result<Answer, AskError> {
    let nothing = Answer { group: Vec::new(), numerator: 0, denominator: None, spread: None };
    Ok(kpi::answers(&site.store, question).await?.into_iter().next().unwrap_or(nothing))
}

fn tile(wanted: &Wanted, question: &Question, answer: &Answer) -> Tile {
    let (lang, figure) = (wanted.lang, question.figure);
    let (value, unit) = value(figure, answer, lang);
    Tile {
        id: format!("tile-{}", figure.id),
        href: wanted.here.href(),
        name: lang.of(&figure.title.zh, &figure.title.en).to_owned(),
        code: figure.id.clone(),
        value,
        unit: unit.to_owned(),
        parts: parts(wanted, question, answer),
        basis: format!("{} · {}", figure.convention, figure.cohort.name()),
        size: "large".to_owned(),
        is_ok: true,
        ..Tile::default()
    }
}

/// As a figure is shown large, and its unit.
pub(super) fn value(figure: &Figure, answer: &Answer, lang: Lang) -> (String, &'static str) {
    match answer.denominator {
        Some(_) => {
            let shown = rate::of_figure(Some(figure), answer.numerator.unsigned_abs(), answer.denominator);
            match shown.strip_suffix(" %") {
                Some(value) => (value.to_owned(), "%"),
                None => (shown, ""),
            }
        }
        None => (signed(answer.numerator), lang.of("件", "")),
    }
}

fn parts(wanted: &Wanted, question: &Question, answer: &Answer) -> Vec<Part> {
    let (lang, figure) = (wanted.lang, question.figure);
    let part = |label: (&str, &str), number: String, side| Part {
        label: lang.of(label.0, label.1).to_owned(),
        text: number,
        href: list(wanted, figure, side),
    };
    if !figure.has_cases() {
        return Vec::new();
    }
    let n = part(("分子", "n"), signed(answer.numerator), Side::Numerator);
    let Some(d) = answer.denominator else { return vec![n] };
    let mut all = vec![n, part(("分母", "d"), grouped(d), Side::Denominator)];
    if figure.numerator_sums.is_none() && figure.denominator_sums.is_none() {
        let not_met = d.saturating_sub(answer.numerator.unsigned_abs());
        all.push(part(("未达标", "not met"), grouped(not_met), Side::NotMet));
    }
    all
}

fn fig(site: &Site, wanted: &Wanted, question: &Question, answer: &Answer) -> Fig {
    let (lang, figure) = (wanted.lang, question.figure);
    let pair = |(zh, en): (&str, &str), text: &crate::domain::kpi::catalogue::Text| Pair {
        k: lang.of(zh, en).to_owned(),
        v: lang.of(&text.zh, &text.en).to_owned(),
    };
    let definition = [
        pair(("算法", "formula"), &figure.formula),
        pair(("计入", "counts"), &figure.counts),
        pair(("不计入", "leaves out"), &figure.leaves_out),
    ];
    let command = Pair {
        k: lang.of("命令", "command").to_owned(),
        v: format!("tongguan kpi {} {}", figure.id, arguments(wanted)),
    };
    Fig {
        title: lang.of(&figure.title.zh, &figure.title.en).to_owned(),
        code: figure.id.clone(),
        question: lang.of(&figure.question.zh, &figure.question.en).to_owned(),
        version: figure.version.clone().unwrap_or_default(),
        sql: kpi::pasted(&site.store, question),
        definition: definition.into_iter().filter(|pair| !pair.v.is_empty()).chain([command]).collect(),
        lists: parts(wanted, question, answer)
            .into_iter()
            .map(|part| FigList { href: part.href, text: part.label, n: part.text })
            .collect(),
        ..Fig::default()
    }
}

/// The question as the command line takes it.
fn arguments(wanted: &Wanted) -> String {
    let flag = |(name, value): (&str, &str)| match name {
        "assessed" => "--assessed".to_owned(),
        _ => format!("--{name} {}", quoted(value)),
    };
    wanted.here.pairs().filter(|(name, _)| !SHOWN.contains(name)).map(flag).collect::<Vec<_>>().join(" ")
}
