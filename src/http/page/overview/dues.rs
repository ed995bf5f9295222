//! What is due by the end of the next working day, and what is overdue, with the unit that has it.

use super::{Show, found::Listed};
use crate::{
    domain::time::Millis,
    http::page::{
        account::{cell, head, number},
        cases::case_page,
        frame::{Link, shown},
        part::{Cell, Panel, Row, State, Table},
    },
    report::{case::duration::wall, count::grouped, listed::either},
    store::kpi::CaseBehind,
};

pub(super) fn next(show: &Show<'_>, listed: &Listed) -> Panel {
    let lang = show.lang();
    let by = listed.question.due_by.map(|by| shown(by, &show.wanted.asked.zone)).unwrap_or_default();
    Panel {
        id: "due-next".to_owned(),
        title: lang.of("下一工作日内到期", "Due within the next working day").to_owned(),
        sub: format!("{} {by}", lang.of("在办，时限不晚于", "open, due by")),
        ..panel(show, listed, (lang.of("剩余", "left"), false))
    }
}

pub(super) fn overdue(show: &Show<'_>, listed: &Listed) -> Panel {
    let lang = show.lang();
    Panel {
        id: "overdue".to_owned(),
        title: lang.of("超期未结", "Open and overdue").to_owned(),
        sub: lang.of("不论何时受理，超期最久的在前", "whenever received, the longest overdue first").to_owned(),
        ..panel(show, listed, (lang.of("已超", "past"), true))
    }
}

fn panel(show: &Show<'_>, listed: &Listed, left: (&str, bool)) -> Panel {
    let (lang, wanted) = (show.lang(), show.wanted);
    let list = show.list(&listed.question.figure.id).with("part", listed.side.name()).with("sort", "due");
    let by = listed.question.due_by.map(|by| by.rfc3339(&wanted.asked.zone)).unwrap_or_default();
    let text = format!("{} {}", lang.of("全部", "all"), grouped(listed.in_all));
    let links = vec![Link { href: list.with("due-by", &by).href(), text }];
    let named = listed.named();
    if named.is_none() && listed.in_all > 0 {
        let text = lang.of("共 ", "").to_owned()
            + &grouped(listed.in_all)
            + lang.of(
                " 件；案件要“分析”及以上的角色才能看，经办见清单。",
                " in all; cases take the role analyst, or more; a case worker has the list.",
            );
        let title = lang.of("只显示件数", "Only the count is shown").to_owned();
        let state = State { kind: "forbidden".to_owned(), sign: "⊘".to_owned(), title, text, ..State::default() };
        return Panel { states: vec![state], ..Panel::default() };
    }
    let cases = named.unwrap_or_default();
    if cases.is_empty() {
        let title = lang.of("没有", "None").to_owned();
        let state = State { kind: "empty".to_owned(), sign: "✓".to_owned(), title, ..State::default() };
        return Panel { states: vec![state], ..Panel::default() };
    }
    let heads = [
        (lang.of("案件", "case"), ""),
        (lang.of("类别", "category"), ""),
        (lang.of("责任单位", "unit"), ""),
        (lang.of("时限", "due"), ""),
        (left.0, "n"),
    ];
    Panel {
        links,
        tables: vec![Table {
            caption: left.0.to_owned(),
            is_caption_hidden: true,
            cols: heads.map(|(text, cls)| head(text, cls)).into(),
            rows: cases.iter().map(|case| row(show, case, left.1)).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    }
}

fn row(show: &Show<'_>, case: &CaseBehind, is_past: bool) -> Row {
    let (lang, wanted) = (show.lang(), show.wanted);
    let as_of = wanted.asked.questions[0].period.as_of;
    let due = case.due_at.map(Millis);
    let between = due.map_or(0, |due| if is_past { as_of.since(due) } else { due.since(as_of) });
    let unit = either(&case.unit_name, &case.unit);
    let (zh, en) = wall(between);
    let tone = if is_past { "n worse" } else { "n" };
    Row {
        cells: vec![
            Cell { is_head: true, has_href: true, href: case_page(wanted, case), ..cell(&case.case_id) },
            cell(either(&case.category_name, &case.category_code)),
            cell(if unit.is_empty() { lang.of("（未派单位）", "(no unit)") } else { unit }),
            cell(&due.map(|due| shown(due, &wanted.asked.zone)).unwrap_or_default()),
            Cell { cls: tone.to_owned(), ..number(lang.of(&zh, &en)) },
        ],
        ..Row::default()
    }
}
