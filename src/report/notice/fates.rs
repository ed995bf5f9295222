//! 案件去向: what became of every case received, stream by stream.

use super::{
    NoticeOrder,
    found::{FatesTold, NoticeFound},
    names::cell,
    population,
};
use crate::{
    report::paper::{PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Text},
    store::report::Fates,
};

const HEADS: [(&str, &str, &str); 12] = [
    ("received", "受理", "Received"),
    ("out_of_base", "不计入基数", "Out of base"),
    ("on_time", "按时办结", "Closed in time"),
    ("late", "超时办结", "Closed late"),
    ("closed_without_due", "无时限办结", "Closed, no due"),
    ("answered", "已办待结", "Answered, to be closed"),
    ("not_due", "在办未到期", "Open, not due"),
    ("due_soon", "在办临期", "Due soon"),
    ("overdue", "超期未结", "Overdue"),
    ("suspended", "挂账", "Suspended"),
    ("no_limit", "无时限在办", "Open, no due"),
    ("need_close", "应结案", "Should be closed"),
];

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut columns = vec![PaperColumn::new("stream", "业务流", "Stream")];
    columns.extend(HEADS.map(|(key, zh, en)| PaperColumn::new(key, zh, en)));
    let title = Text::new("受理案件的去向", "What became of the cases received");
    let mut table = PaperTable::new("fates", title, columns).over(population::received());
    for stream in found.streams(order) {
        table.push(row(cell(order.stream_title(&stream)), &found.sum(&stream)));
    }
    let zh = "每一件只在一栏：受理 = 不计入基数 + 按时办结 + 超时办结 + 无时限办结 + 已办待结 + 在办未到期 + 在办临期 + 超期未结 + 挂账 + \
              无时限在办。未办结 = 已办待结 + 在办未到期 + 在办临期 + 超期未结 + 挂账 + 无时限在办。应结案 = 按时办结 + 超时办结 + 无时限办结 + \
              超期未结。作废、不予受理和不予立案的案件不在受理之内。";
    let en = "Every case stands in one column; together they are what was received. Not closed are those from the answered on. Those \
              that should be closed are the closed and the overdue. Void cases, and those not accepted or not filed, are not among \
              the received.";
    let blocks = vec![PaperBlock::Table(table), PaperBlock::Note(Text::new(zh, en))];
    PaperSection { key: "fates", title: Text::new("案件去向", "Fates"), part: PaperPart::Annex, blocks }
}

fn row(first: PaperCell, fates: &Fates) -> Vec<PaperCell> {
    let counts = [
        fates.received,
        fates.out_of_base,
        fates.on_time,
        fates.late,
        fates.closed_without_due,
        fates.answered,
        fates.not_due,
        fates.due_soon,
        fates.overdue,
        fates.suspended,
        fates.no_limit,
        fates.need_close(),
    ];
    std::iter::once(first).chain(counts.map(PaperCell::count)).collect()
}
