//! What the data cannot tell: messages that nobody could read, cases without a due or a unit, what came late or contradicts itself.

use super::{Show, found::Unknown};
use crate::{
    http::page::{
        account::{cell, head, number},
        part::{Cell, Panel, Row, Table},
    },
    report::count::grouped,
    store::report::{Late, Quality},
};

type OfQuality = fn(&Quality) -> u64;

const OF_CASES: [(&str, &str, OfQuality); 8] = [
    ("暂定：还缺关键事件的案件", "Provisional: something that decides is missing", |one| one.provisional),
    ("无时限的案件", "Cases without a due", |one| one.without_due),
    ("没有责任单位的案件", "Cases without a unit", |one| one.without_unit),
    ("没有村居的案件", "Cases without a community", |one| one.without_community),
    ("缺失环节", "Gaps: something must be missing before", |one| one.gaps),
    ("冲突消息（同一编号内容不同）", "Conflicts: other content under a used id", |one| one.conflicts),
    ("时钟偏差（记录早于发生）", "Ahead of time: recorded before it happened", |one| one.clock_skew),
    ("未知代码", "Unknown codes", |one| one.unknown_codes),
];

type OfLate = fn(&Late) -> u64;

const OF_LATE: [(&str, &str, OfLate); 3] = [
    ("迟到消息（晚一天以上）", "Late messages: by more than a day", |one| one.late),
    ("其中期末之后到的", "of them after the end of the period", |one| one.after_end),
    ("其中截至时刻之后到的", "of them after the as-of", |one| one.after_as_of),
];

pub(super) fn panel(show: &Show<'_>, unknown: &Unknown) -> Panel {
    let lang = show.lang();
    let row = |zh: &str, en: &str, n: u64| Row {
        cells: vec![Cell { is_head: true, ..cell(lang.of(zh, en)) }, number(&grouped(n))],
        cls: if n == 0 { "dim".to_owned() } else { String::new() },
    };
    let held = unknown.quarantined.iter().filter(|one| one.state == "open");
    let (all, within) = held.fold((0, 0), |(all, within), one| (all + one.messages, within + one.within));
    let mut rows = vec![
        row("隔离中的消息（全部）", "Messages in quarantine, all", all),
        row("其中本期接收的", "of them taken in during the period", within),
    ];
    rows.extend(OF_CASES.iter().map(|(zh, en, of)| row(zh, en, unknown.quality.iter().map(of).sum())));
    rows.extend(OF_LATE.iter().map(|(zh, en, of)| row(zh, en, unknown.late.iter().map(of).sum())));
    let title = lang.of("数据说不清的", "What the data cannot tell");
    Panel {
        id: "unknown".to_owned(),
        title: title.to_owned(),
        sub: lang
            .of("按本期受理的案件，账本现在的内容", "of the cases received, as the ledger holds them now")
            .to_owned(),
        tables: vec![Table {
            caption: title.to_owned(),
            is_caption_hidden: true,
            is_linkless: true,
            cls: "tight".to_owned(),
            cols: vec![head(lang.of("项目", "what"), ""), head(lang.of("数量", "count"), "n")],
            rows,
            ..Table::default()
        }],
        ..Panel::default()
    }
}
