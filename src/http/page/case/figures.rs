//! The figures in which a case is: of the month in which it was received, in or out, and why.

use super::super::{
    account::{cell, head, number},
    address::Address,
    part::{Cell, Panel, Row, Table},
    words::Lang,
};
use crate::{
    ask::span::{CalendarSpan, SpanKind},
    domain::kpi::{CaseInFigure, Period, figures_of_case},
    report::{case::CaseTold, explain::words::reason},
};

/// The questions that a case's due, its close and its citizen decide.
const NAMES: [&str; 6] = ["received", "closure", "timeliness", "overdue", "duration", "satisfaction"];

/// None of a case that nobody received.
pub(super) fn panel(here: &Address, told: &CaseTold<'_>, lang: Lang) -> Option<Panel> {
    let (month, period) = month_of(told)?;
    let found = figures_of_case(&told.watched.case, period, &NAMES);
    if found.is_empty() {
        return None;
    }
    let heads = [
        (lang.of("指标", "figure"), ""),
        (lang.of("编号", "id"), ""),
        (lang.of("口径", "convention"), ""),
        (lang.of("这件案件", "this case"), ""),
    ];
    let table = Table {
        caption: lang.of("计入的指标", "In which figures").to_owned(),
        is_caption_hidden: true,
        cols: heads.map(|(text, cls)| head(text, cls)).into(),
        rows: found.iter().map(|one| row(one, &month, here, lang)).collect(),
        ..Table::default()
    };
    Some(Panel {
        id: "figures".to_owned(),
        title: lang.of("计入的指标", "In which figures").to_owned(),
        sub: match lang {
            Lang::Zh => format!("受理月 {month}，共 {} 个", found.len()),
            Lang::En => format!("of {month}, when it was received: {}", found.len()),
        },
        tables: vec![table],
        ..Panel::default()
    })
}

fn row(one: &CaseInFigure, month: &str, here: &Address, lang: Lang) -> Row {
    let figure = one.figure;
    let (zh, en) = reason(one.reason, figure);
    let why = lang.of(&zh, &en);
    let word = match (one.is_met(), one.is_in(), figure.is_rate()) {
        (true, _, true) => lang.of("在分子", "in the numerator").to_owned(),
        (true, _, false) => lang.of("计入", "counted").to_owned(),
        (false, true, _) => format!("{}{why}", lang.of("只在分母：", "in the denominator only: ")),
        (false, false, _) => format!("{}{why}", lang.of("未计入：", "left out: ")),
    };
    let href = here.at(&format!("/figures/{}", figure.id)).with("month", month).href();
    Row {
        cells: vec![
            Cell { is_head: true, has_href: true, href, ..cell(lang.of(&figure.title.zh, &figure.title.en)) },
            number(&figure.id),
            cell(&figure.convention),
            cell(&word),
        ],
        ..Row::default()
    }
}

/// Its name, and its period as of the instant of the page.
pub(super) fn month_of(told: &CaseTold<'_>) -> Option<(String, Period)> {
    let received = told.watched.case.milestones.received_at?;
    let at = jiff::Timestamp::from_millisecond(received.0).ok()?.to_zoned(told.zone.clone());
    let month = CalendarSpan::of(SpanKind::Month, at.date())?;
    Some((month.name(), month.period(&told.zone, told.as_of)))
}
