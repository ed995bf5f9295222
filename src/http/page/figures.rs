//! Every figure under each of its conventions: what there is to be asked.

use askama::Template;

use super::{
    account::{cell, head},
    address::Address,
    asked::lang,
    frame::Page,
    part::{Cell, Panel, Row, State, Table},
    site::Site,
    words::Words,
};
use crate::{ask::unclear::AskError, domain::kpi::catalogue};

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
    let heads =
        [lang.of("指标", "figure"), lang.of("编号", "id"), lang.of("口径", "convention"), lang.of("问题", "question")];
    let row = |figure: &'static crate::domain::kpi::Figure| Row {
        cells: vec![
            Cell {
                is_head: true,
                has_href: true,
                href: here.at(&format!("/figures/{}", figure.id)).href(),
                ..cell(lang.of(&figure.title.zh, &figure.title.en))
            },
            cell(&figure.id),
            cell(&figure.convention),
            cell(lang.of(&figure.question.zh, &figure.question.en)),
        ],
        ..Row::default()
    };
    let title = lang.of("指标", "Figures");
    let table = Table {
        caption: title.to_owned(),
        is_caption_hidden: true,
        cols: heads.map(|text| head(text, "")).into(),
        rows: catalogue::figures().map(row).collect(),
        ..Table::default()
    };
    let panel = Panel { id: "figures".to_owned(), title: title.to_owned(), tables: vec![table], ..Panel::default() };
    let mut page = Page::of(site, lang, here, ("words", title.to_owned()));
    page.asks(site, lang, here);
    Ok(FiguresPage { page, states: Vec::new(), panels: vec![panel], t: lang.words() })
}
