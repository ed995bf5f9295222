//! 超期案件: open and overdue at the as-of, of the period and carried over, told apart.

use super::{NoticeOrder, found::NoticeFound, names::cell};
use crate::{
    domain::time::Millis,
    report::{
        count::grouped,
        paper::{PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Text},
    },
    store::report::{OVERDUE_MAX, Outstanding},
};

/// So many in the notice.
const LISTED: usize = 10;

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut blocks: Vec<PaperBlock> =
        found.streams(order).iter().map(|stream| PaperBlock::Paragraph(told(order, found, stream))).collect();
    if !found.overdue.is_empty() {
        let shown = found.overdue.len().min(LISTED);
        let title = Text::new(format!("超期最久的 {shown} 件"), format!("The {shown} longest overdue"));
        blocks.push(PaperBlock::Table(table("overdue", title, order, found, LISTED)));
    }
    PaperSection { key: "overdue", title: Text::new("超期案件", "Overdue cases"), part: PaperPart::Notice, blocks }
}

/// All of them, or as many as a reader can use.
pub fn list(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let title = Text::new("超期未结案件", "Open and overdue");
    let all: u64 = found.outstanding.iter().map(|one| one.within + one.before).sum();
    let listed = found.overdue.len();
    let note = Text::new(
        format!(
            "截至时刻超期未结、期末以前受理的案件，超期最久的在前，最多列 {OVERDUE_MAX} 件；本表列 {} 件，共 {} 件。“本期”的件数即总体情况中的超期未结，\
             “结转”为本期以前受理的。",
            listed,
            grouped(all)
        ),
        format!(
            "Open and overdue at the as-of, received by the end of the period, the longest first, at most {OVERDUE_MAX}; {listed} of \
             {} are listed. Those of the period are as many as the overview says; the others were received before.",
            grouped(all)
        ),
    );
    let blocks =
        vec![PaperBlock::Table(table("overdue_cases", title, order, found, usize::MAX)), PaperBlock::Note(note)];
    PaperSection {
        key: "overdue_cases",
        title: Text::new("超期案件清单", "List of the overdue"),
        part: PaperPart::Annex,
        blocks,
    }
}

/// The counts, and how they add up.
fn told(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Text {
    let title = order.stream_title(stream);
    let Outstanding { within, before, after, .. } = found.outstanding(stream);
    let all = within + before;
    if all + after == 0 {
        return Text::new(
            format!("{}：截至时刻没有超期未结的案件。", title.zh),
            format!("{}: nothing is open and overdue at the as-of.", title.en),
        );
    }
    let n = grouped;
    let later = if after > 0 {
        Text::new(
            format!("另有期后受理的 {} 件，不在本期之内。", n(after)),
            format!(" Another {} were received after the period.", n(after)),
        )
    } else {
        Text::same("")
    };
    Text::new(
        format!(
            "{}：截至时刻超期未结 {} 件，其中本期受理 {} 件（即总体情况中的超期未结），往期结转 {} 件。{}",
            title.zh,
            n(all),
            n(within),
            n(before),
            later.zh
        ),
        format!(
            "{}: {} open and overdue at the as-of, {} of them received in the period (as in the overview), {} carried over.{}",
            title.en,
            n(all),
            n(within),
            n(before),
            later.en
        ),
    )
}

fn table(key: &str, title: Text, order: &NoticeOrder, found: &NoticeFound, most: usize) -> PaperTable {
    /// Of the community among the columns.
    const PLACE: usize = 5;
    let mut columns = vec![
        PaperColumn::new("number", "序号", "No."),
        PaperColumn::new("stream", "业务流", "Stream"),
        PaperColumn::new("case_id", "案件编号", "Case"),
        PaperColumn::new("category", "类别", "Category"),
        PaperColumn::new("unit", "责任单位", "Unit"),
        PaperColumn::new("community", "村居", "Community"),
        PaperColumn::new("received", "受理时间", "Received"),
        PaperColumn::new("due", "时限", "Due"),
        PaperColumn::new("past", "已超", "Past its due"),
        PaperColumn::new("population", "本期或结转", "Of"),
    ];
    // What is read at once has the day of the receipt, what is looked up the minute, and the place.
    let is_short = most == LISTED;
    let when = |at: Millis| {
        let text = order.time(at);
        PaperCell::Given(if is_short { text.get(..10).unwrap_or(&text).to_owned() } else { text })
    };
    let population = Text::new("截至时刻在办、期末以前受理", "open at the as-of, received by the end of the period");
    if is_short {
        columns.remove(PLACE);
    }
    let mut table = PaperTable::new(key, title, columns).over(population);
    let period = order.scope.period;
    for (index, one) in found.overdue.iter().take(most).enumerate() {
        let (received, due) = (Millis(one.received_ms), Millis(one.due_ms));
        let is_own = received >= period.from;
        let mut row = vec![
            PaperCell::count(index as u64 + 1),
            cell(order.stream_title(&one.stream)),
            PaperCell::Given(one.case_id.clone()),
            super::names::leaf(&one.category_name, &one.category_code),
            cell(found.names.unit(&one.responsible)),
            cell(found.names.community(&one.community)),
            when(received),
            PaperCell::Given(order.time(due)),
            PaperCell::Duration(period.as_of.since(due)),
            PaperCell::Said(if is_own {
                Text::new("本期", "the period")
            } else {
                Text::new("结转", "carried over")
            }),
        ];
        if is_short {
            row.remove(PLACE);
        }
        table.push(row);
    }
    table
}
