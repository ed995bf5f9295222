//! 综合情况: the numbers that a leader asks for first.

use super::Order;
use crate::{
    domain::kpi::Figure,
    report::paper::{Block, Card, Cell, Section, Text},
    store::{Store, StoreError, kpi::answers},
};

pub async fn section(store: &Store, order: &Order) -> Result<Section, StoreError> {
    let mut cards = Vec::new();
    let figures = ["K01"].iter().filter_map(|id| Figure::by_id(id));
    for figure in figures.chain([order.headline.closure, order.headline.timeliness]) {
        for answer in answers(store, &order.scope.question(figure, &[])).await? {
            cards.push(Card {
                key: figure.name.clone(),
                title: figure.title.clone(),
                value: Cell::of(figure, &answer),
                changes: Vec::new(),
            });
        }
    }
    Ok(Section { key: "overview", title: Text::new("综合情况", "Overview"), blocks: vec![Block::Cards(cards)] })
}
