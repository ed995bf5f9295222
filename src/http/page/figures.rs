//! Every figure under each of its conventions: what there is to be asked, and what those of one name come to.

use askama::Template;

use super::{
    account::{cell, head, number, of_all},
    address::Address,
    asked::{Wanted, lang},
    figure::value,
    frame::Page,
    part::{Panel, Row, State, Table},
    sheet::{self, head_link},
    site::{Site, Took},
    words::Words,
};
use crate::{
    ask::unclear::AskError,
    domain::kpi::{Figure, catalogue},
    store::kpi::{self, Answer, Question},
};

#[derive(Debug, Template)]
#[template(path = "figures.html")]
pub(super) struct FiguresPage {
    page: Page,
    states: Vec<State>,
    panels: Vec<Panel>,
    t: &'static Words,
}

pub(super) fn page(site: &Site, here: &Address) -> Result<FiguresPage, AskError> {
    let lang = lang(here)?;
    let heads = [
        (lang.of("指标", "figure"), ""),
        (lang.of("编号", "id"), ""),
        (lang.of("口径", "convention"), ""),
        (lang.of("问题", "question"), ""),
    ];
    let row = |figure: &'static Figure| {
        let href = here.at(&format!("/figures/{}", figure.id)).href();
        sheet::row(vec![
            head_link(lang.of(&figure.title.zh, &figure.title.en), href),
            cell(&figure.id),
            cell(&figure.convention),
            cell(lang.of(&figure.question.zh, &figure.question.en)),
        ])
    };
    let title = lang.of("指标", "Figures");
    let panel = panel("figures", title, &heads, catalogue::figures().map(row).collect());
    let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
    page.asks(site, lang, here);
    Ok(FiguresPage { page, states: Vec::new(), panels: vec![panel], t: lang.words() })
}

/// A figure by its name, as a whole: each of its conventions, which lead to their pages.
pub(super) async fn of_name(site: &Site, wanted: &Wanted) -> Result<FiguresPage, AskError> {
    let (took, lang) = (Took::begin(), wanted.lang);
    let figures: Vec<&'static Figure> = wanted.asked.questions.iter().map(|question| question.figure).collect();
    let question = Question { group_by: Vec::new(), ..wanted.asked.questions[0].clone() };
    let answers = kpi::many(&site.store, &question, &figures).await?;
    let heads = [
        (lang.of("口径", "convention"), ""),
        (lang.of("编号", "id"), ""),
        (lang.of("数值", "value"), "n"),
        (lang.of("分子/分母", "n/d"), "n"),
        (lang.of("问题", "question"), ""),
    ];
    let row = |(figure, answer): (&&Figure, &Answer)| {
        let href = wanted.here.at(&format!("/figures/{}", figure.id)).without(&["convention"]).href();
        let (shown, unit) = value(figure, answer, lang);
        sheet::row(vec![
            head_link(lang.of(&figure.title.zh, &figure.title.en), href),
            cell(&figure.id),
            number(&format!("{shown} {unit}")),
            number(&of_all(answer.numerator, answer.denominator)),
            cell(lang.of(&figure.question.zh, &figure.question.en)),
        ])
    };
    let title = format!("{} {}", lang.of("各口径", "Every convention of"), question.figure.name);
    let rows = figures.iter().zip(&answers).filter_map(|(figure, answers)| Some((figure, answers.first()?)));
    let panel = panel("conventions", &title, &heads, rows.map(row).collect());
    let page = Page::of_question(site, wanted, &question, ("figure", title), &took);
    Ok(FiguresPage { page, states: Vec::new(), panels: vec![panel], t: lang.words() })
}

/// Heads with their classes, and the rows under them.
fn panel(id: &str, title: &str, heads: &[(&str, &str)], rows: Vec<Row>) -> Panel {
    let table = Table {
        caption: title.to_owned(),
        is_caption_hidden: true,
        cols: heads.iter().map(|(text, cls)| head(text, cls)).collect(),
        rows,
        ..Table::default()
    };
    sheet::panel(id, title, vec![table])
}
