//! 校核: what is odd about the data that the figures rest on. Whoever checks a report begins here.

use super::{NoticeOrder, names::cell, population};
use crate::{
    report::{
        paper::{PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Text},
        reject_reason,
    },
    store::{
        Store, StoreError,
        report::{self, Late, Quality, Quarantined},
    },
};

pub async fn section(store: &Store, order: &NoticeOrder) -> Result<PaperSection, StoreError> {
    let about = order.about();
    let quality = report::quality(store, about).await?;
    let late = report::late(store, about).await?;
    let quarantined = report::quarantined(store, about).await?;
    let blocks = vec![
        PaperBlock::Table(messages(order, &quality)),
        PaperBlock::Table(cases(order, &quality)),
        PaperBlock::Note(Text::new(
            "按本期受理的案件统计，取账本现在的内容：重复和缺失没有自己的时刻，不能按截至时刻回看。全部为 0 的项目也列出。",
            "Of the cases received in the period, as the ledger holds them now: what came twice or is missing has no instant of \
             its own that could be compared with the as-of. What is 0 is listed too.",
        )),
        PaperBlock::Table(arrivals(order, &late)),
        PaperBlock::Note(Text::new(
            "迟到：记录时间比发生时间晚一天以上（来源没有给记录时间的，按接收时间）。期末之后到的会改变已经看过的数，截至时刻之后到的会改变本报表。",
            "Late: recorded more than a day after it happened, or taken in where the source does not say when it was recorded. \
             What comes after the end of the period changes figures that were read; what comes after the as-of changes this \
             report.",
        )),
        PaperBlock::Table(quarantine(order, &quarantined)),
        PaperBlock::Note(Text::new(
            "隔离的消息没有可信的业务时间，所以列出全部，并列出其中在本期接收的。",
            "A message in quarantine has no business time that could be relied on: all are listed, and beside it those taken in \
             during the period.",
        )),
    ];
    Ok(PaperSection {
        key: "quality",
        title: Text::new("数据质量校核", "Data quality"),
        part: PaperPart::Annex,
        blocks,
    })
}

type Of = fn(&Quality) -> u64;

const MESSAGES: [(&str, &str, &str, Of); 11] = [
    ("messages", "消息", "Messages", |one| one.messages),
    ("events", "其中事件", "Events among them", |one| one.events),
    (
        "duplicates",
        "重复消息（同一事件又发一次，不重复计）",
        "Duplicates: the same event again, counted once",
        |one| one.duplicates,
    ),
    (
        "conflicts",
        "冲突消息（同一编号内容不同，以先到为准）",
        "Conflicts: other content under a used id; the first holds",
        |one| one.conflicts,
    ),
    ("out_of_order", "乱序消息（晚于后续事件到达）", "Out of order: came after a later event", |one| {
        one.out_of_order
    }),
    ("clock_skew", "时钟偏差（记录早于发生）", "Clock skew: recorded before it happened", |one| {
        one.clock_skew
    }),
    ("irregular", "异常环节", "Facts in an unexpected phase", |one| one.irregular),
    ("gaps", "缺失环节（之前应有而没有）", "Gaps: something must be missing before", |one| one.gaps),
    ("unknown_codes", "未知代码", "Unknown codes", |one| one.unknown_codes),
    ("corrections", "更正", "Corrections", |one| one.corrections),
    (
        "late_extensions",
        "无效延期（太晚，不补救）",
        "Extensions granted too late: they cure nothing",
        |one| one.late_extensions,
    ),
];

const CASES: [(&str, &str, &str, Of); 10] = [
    ("cases", "受理时间在本期的案件（含作废）", "Cases with a receipt in the period, void ones too", |one| one.cases),
    ("void", "作废", "Void", |one| one.void),
    (
        "incomplete",
        "不完整（缺上报和受理事件）",
        "Incomplete: neither reported nor accepted in so many words",
        |one| one.incomplete,
    ),
    (
        "closed_before_receipt",
        "结案早于受理（不计时长）",
        "Closed before they were received: in no duration",
        |one| one.closed_before_receipt,
    ),
    ("history_limited", "消息过多，仅折叠一部分", "With more messages than are followed", |one| {
        one.history_limited
    }),
    (
        "provisional",
        "时限暂定（所依日历尚未公布）",
        "Provisional due: it rests on days that no notice covers yet",
        |one| one.provisional,
    ),
    ("without_due", "无时限", "Without a due", |one| one.without_due),
    ("without_unit", "无责任单位", "Without a unit", |one| one.without_unit),
    ("without_community", "无村居", "Without a community", |one| one.without_community),
    ("without_category", "无分类", "Without a category", |one| one.without_category),
];

fn messages(order: &NoticeOrder, quality: &[Quality]) -> PaperTable {
    counted("messages", Text::new("消息", "Messages"), order, quality, &MESSAGES)
}

fn cases(order: &NoticeOrder, quality: &[Quality]) -> PaperTable {
    counted("cases", Text::new("案件", "Cases"), order, quality, &CASES)
}

/// One row for each thing that is counted, one column for each stream: a message of one is not one of the other.
fn counted(
    key: &'static str,
    title: Text,
    order: &NoticeOrder,
    quality: &[Quality],
    all: &[(&str, &str, &str, Of)],
) -> PaperTable {
    let mut columns = vec![PaperColumn::new("name", "代码", "Key"), PaperColumn::new("what", "项目", "What")];
    columns.extend(quality.iter().map(|one| PaperColumn::titled(&one.stream, order.stream_title(&one.stream))));
    let mut table = PaperTable::new(key, title, columns).over(population::with_void());
    for (name, zh, en, of) in all {
        let mut row = vec![PaperCell::Given((*name).to_owned()), PaperCell::Said(Text::new(*zh, *en))];
        row.extend(quality.iter().map(|one| PaperCell::count(of(one))));
        table.push(row);
    }
    table
}

fn arrivals(order: &NoticeOrder, late: &[Late]) -> PaperTable {
    let columns = vec![
        PaperColumn::new("stream", "业务流", "Stream"),
        PaperColumn::new("late", "迟到一天以上的消息", "Messages more than a day late"),
        PaperColumn::new("after_end", "其中期末之后到", "After the end of the period"),
        PaperColumn::new("after_as_of", "其中截至时刻之后到", "After the as-of"),
        PaperColumn::new("longest", "最迟", "Longest delay"),
    ];
    let mut table = PaperTable::new("late", Text::new("迟到的消息", "Late arrivals"), columns);
    for one in late {
        table.push(vec![
            cell(order.stream_title(&one.stream)),
            PaperCell::count(one.late),
            PaperCell::count(one.after_end),
            PaperCell::count(one.after_as_of),
            PaperCell::Duration(one.longest_ms),
        ]);
    }
    table
}

fn quarantine(order: &NoticeOrder, all: &[Quarantined]) -> PaperTable {
    let columns = vec![
        PaperColumn::new("stream", "业务流", "Stream"),
        PaperColumn::new("reason", "原因", "Reason"),
        PaperColumn::new("state", "状态", "State"),
        PaperColumn::new("messages", "消息", "Messages"),
        PaperColumn::new("within", "其中本期接收", "Taken in during the period"),
    ];
    let mut table = PaperTable::new("quarantine", Text::new("隔离的消息", "Messages in quarantine"), columns);
    for one in all {
        table.push(vec![
            cell(order.stream_title(&one.stream)),
            cell(reason(&one.reason)),
            cell(state(&one.state)),
            PaperCell::count(one.messages),
            PaperCell::count(one.within),
        ]);
    }
    table
}

fn state(name: &str) -> Text {
    let zh = match name {
        "waiting" => "待处理",
        "replayed" => "已重放",
        "discarded" => "已丢弃",
        other => other,
    };
    Text::new(zh, name)
}

/// As the quarantine names it.
fn reason(name: &str) -> Text {
    Text::new(reject_reason::name(name).map_or(name, |(zh, _)| zh), name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::quarantine::EntryState;

    #[test]
    fn every_state_of_the_quarantine_has_a_word_of_ours() {
        for (_, name) in EntryState::ALL {
            let text = state(name);
            assert!(text.en == name && text.zh != name, "{name}");
        }
    }
}
