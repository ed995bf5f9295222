//! What is in a figure and what is left out, which together is everything that it could have counted.

use super::{
    asked::Wanted,
    part::{Cell, Col, Panel, Row, Table},
    site::Site,
};
use crate::{
    ask::unclear::AskError,
    domain::kpi::Figure,
    report::{count::grouped, left_out::reasons},
    store::kpi::{self, Account, Question, Side},
};

/// Nothing for a difference, which has no cases of its own.
pub(super) async fn panel(site: &Site, wanted: &Wanted, question: &Question) -> Result<Option<Panel>, AskError> {
    if !question.figure.has_cases() {
        return Ok(None);
    }
    let account = kpi::account(&site.store, question).await?;
    let lang = wanted.lang;
    Ok(Some(Panel {
        id: "account".to_owned(),
        title: lang.of("计入与未计入", "In and left out").to_owned(),
        sub: format!(
            "{} + {} + {} = {}",
            grouped(account.counted),
            grouped(account.left_out.sum()),
            grouped(account.not_yet),
            grouped(account.everything)
        ),
        tables: vec![table(wanted, question, &account)],
        ..Panel::default()
    }))
}

fn table(wanted: &Wanted, question: &Question, account: &Account) -> Table {
    let lang = wanted.lang;
    let row = |name: String, count: u64, href: String| Row {
        cells: vec![
            Cell { is_head: true, ..cell(&name) },
            Cell { has_href: !href.is_empty(), href, ..number(&grouped(count)) },
        ],
        ..Row::default()
    };
    let counted = list(wanted, question.figure, Side::All);
    let mut rows = vec![row(lang.of("计入", "counted").to_owned(), account.counted, counted)];
    let left_out = lang.of("未计入：", "left out: ");
    for (count, why) in reasons(question.figure, &account.left_out) {
        rows.push(row(format!("{left_out}{}", lang.of(&why.zh, &why.en)), count, String::new()));
    }
    if account.not_yet > 0 {
        rows.push(row(
            lang.of("截至时刻尚未受理", "received later than the as-of").to_owned(),
            account.not_yet,
            String::new(),
        ));
    }
    let sum = row(lang.of("全部", "everything").to_owned(), account.everything, String::new());
    rows.push(Row { cls: "sum".to_owned(), ..sum });
    Table {
        caption: lang.of("计入与未计入", "In and left out").to_owned(),
        is_caption_hidden: true,
        cols: vec![head(lang.of("归类", "what"), ""), head(lang.of("件", "count"), "n")],
        rows,
        ..Table::default()
    }
}

/// The list that a number of the figure counts.
pub(super) fn list(wanted: &Wanted, figure: &Figure, side: Side) -> String {
    let here = wanted.here.at(&format!("/figures/{}/cases", figure.id)).without(&["group-by", "after", "limit"]);
    here.with("part", if side == Side::All { "" } else { side.name() }).href()
}

pub(super) fn cell(text: &str) -> Cell {
    Cell { text: text.to_owned(), ..Cell::default() }
}

pub(super) fn signed(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// `3,610/3,680`, or a count alone.
pub(super) fn of_all(numerator: i64, denominator: Option<u64>) -> String {
    let n = signed(numerator);
    denominator.map_or_else(|| n.clone(), |d| format!("{n}/{}", grouped(d)))
}

pub(super) fn number(text: &str) -> Cell {
    Cell { cls: "n".to_owned(), ..cell(text) }
}

pub(super) fn head(text: &str, cls: &str) -> Col {
    Col { text: text.to_owned(), has_text: true, cls: cls.to_owned(), ..Col::default() }
}
