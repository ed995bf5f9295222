//! 综合情况: the numbers that a leader asks for first, and what became of every case.

use super::{Order, compared::Compared, names::cell};
use crate::{
    report::{
        count::grouped,
        paper::{Block, Card, Cell, Column, Rate, Section, Table, Text, words},
    },
    store::report::Fates,
};

pub fn section(order: &Order, compared: &Compared, fates: &[Fates]) -> Section {
    let total = sum(fates);
    let mut blocks = vec![Block::Cards(cards(order, compared, &total)), Block::Paragraph(told(order, compared, fates))];
    if compared.earlier.is_empty() {
        let zh = "库中没有可比时段的案件，所以没有同比和环比。";
        blocks.push(Block::Note(Text::new(zh, "The store has no cases of an earlier period to compare with.")));
    }
    blocks.push(Block::Table(table(order, fates, &total)));
    let zh = "每一件只在一栏：受理 = 不计入基数 + 按时结案 + 超期结案 + 无时限结案 + 在办未到期 + 临期 + 超期未结 + 挂账 + 无时限在办。\
              应结案 = 按时结案 + 超期结案 + 无时限结案 + 超期未结。作废、不予受理和不予立案的案件不在受理之内。";
    let en = "Every case stands in one column; together they are what was received. Those that should be closed are the closed \
              and the overdue. Void cases, and those not accepted or not filed, are not among the received.";
    blocks.push(Block::Note(Text::new(zh, en)));
    Section { key: "overview", title: Text::new("综合情况", "Overview"), blocks }
}

fn cards(order: &Order, compared: &Compared, total: &Fates) -> Vec<Card> {
    let card = |id: &str, key: &str, zh: &str, en: &str| Card {
        key: key.to_owned(),
        title: Text::new(zh, en),
        value: compared.cell(id),
        changes: compared.changes(id),
    };
    let counted = |key: &str, zh: &str, en: &str, count: u64| Card {
        key: key.to_owned(),
        title: Text::new(zh, en),
        value: Cell::Count(count as i64),
        changes: Vec::new(),
    };
    vec![
        card("K01", "received", "受理", "Received"),
        card(&order.headline.closure.id, "closure", "结案率", "Closure rate"),
        card(&order.headline.timeliness.id, "timeliness", "及时率", "Timeliness rate"),
        counted("in_progress", "在办未到期", "Open, not yet due", total.not_due + total.due_soon),
        counted("overdue", "超期未结", "Open and overdue", total.overdue),
        card("K15", "satisfaction", "市民满意率", "Satisfaction"),
    ]
}

fn told(order: &Order, compared: &Compared, fates: &[Fates]) -> Text {
    let total = sum(fates);
    let span = order.span.title();
    let n = grouped;
    let of_streams = |zh: bool| {
        let one = |fates: &Fates| {
            let title = order.stream_title(&fates.stream);
            if zh {
                format!("{} {} 件", title.zh, n(fates.received))
            } else {
                format!("{} {}", n(fates.received), title.en)
            }
        };
        fates.iter().map(one).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
    };
    let rate = |id: &str| match compared.cell(id) {
        Cell::Rate(Rate { denominator: 0, .. }) | Cell::Nothing => "—".to_owned(),
        Cell::Rate(rate) => format!("{} ({}/{})", rate.shown(), n(rate.numerator), n(rate.denominator)),
        other => words::both(&other).0,
    };
    let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
    let grown = |zh: bool| {
        let one = |(title, cell): &(Text, Cell)| {
            let change = words::both(cell).0;
            if zh { format!("，{} {change}", title.zh) } else { format!(", {change} {}", title.en) }
        };
        compared.changes("K01").iter().map(one).collect::<String>()
    };
    let open = total.not_due + total.due_soon;
    let need_close = need_close(&total);
    let closed = total.on_time + total.late + total.closed_without_due;
    let as_of = order.time(order.scope.period.as_of);
    let zh = format!(
        "{}共受理 {} 件（{}）{}。截至 {as_of}，应结案 {} 件，已结案 {} 件，其中按时结案 {} 件；结案率 {}，及时率 {}。\
         已办待结 {} 件，在办未到期 {} 件（其中临期 {} 件），挂账 {} 件，超期未结 {} 件，无时限在办 {} 件。",
        span.zh,
        n(total.received),
        of_streams(true),
        grown(true),
        n(need_close),
        n(closed),
        n(total.on_time),
        rate(&closure.id),
        rate(&timeliness.id),
        n(total.answered),
        n(open),
        n(total.due_soon),
        n(total.suspended),
        n(total.overdue),
        n(total.no_limit),
    );
    let en = format!(
        "In {} {} cases were received ({}){}. As of {as_of}, {} should be closed, {} are, and {} of them in time: closure {}, \
         timeliness {}. {} are answered and to be closed, {} open and not yet due ({} of them soon), {} suspended, {} open and overdue, {} open without a \
         due.",
        span.en,
        n(total.received),
        of_streams(false),
        grown(false),
        n(need_close),
        n(closed),
        n(total.on_time),
        rate(&closure.id),
        rate(&timeliness.id),
        n(total.answered),
        n(open),
        n(total.due_soon),
        n(total.suspended),
        n(total.overdue),
        n(total.no_limit),
    );
    Text::new(zh, en)
}

fn table(order: &Order, fates: &[Fates], total: &Fates) -> Table {
    let mut columns = vec![Column::new("stream", "业务流", "Stream")];
    let heads = [
        ("received", "受理", "Received"),
        ("out_of_base", "不计入基数", "Out of base"),
        ("on_time", "按时结案", "Closed in time"),
        ("late", "超期结案", "Closed late"),
        ("closed_without_due", "无时限结案", "Closed, no due"),
        ("answered", "已办待结", "Answered, to be closed"),
        ("not_due", "在办未到期", "Open, not due"),
        ("due_soon", "在办临期", "Due soon"),
        ("overdue", "超期未结", "Overdue"),
        ("suspended", "挂账", "Suspended"),
        ("no_limit", "无时限在办", "Open, no due"),
        ("need_close", "应结案", "Should be closed"),
    ];
    columns.extend(heads.map(|(key, zh, en)| Column::new(key, zh, en)));
    let mut table = Table::new("fates", Text::new("受理案件的去向", "What became of the cases received"), columns);
    for fates in fates {
        table.push(row(cell(order.stream_title(&fates.stream)), fates));
    }
    if fates.len() > 1 {
        table.push(row(Cell::Said(Text::new("合计", "Total")), total));
        table.has_total = true;
    }
    table
}

fn row(first: Cell, fates: &Fates) -> Vec<Cell> {
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
        need_close(fates),
    ];
    std::iter::once(first).chain(counts.map(|count| Cell::Count(count as i64))).collect()
}

fn need_close(fates: &Fates) -> u64 {
    fates.on_time + fates.late + fates.closed_without_due + fates.overdue
}

fn sum(all: &[Fates]) -> Fates {
    let add = |sum: Fates, one: &Fates| Fates {
        stream: String::new(),
        received: sum.received + one.received,
        out_of_base: sum.out_of_base + one.out_of_base,
        on_time: sum.on_time + one.on_time,
        late: sum.late + one.late,
        closed_without_due: sum.closed_without_due + one.closed_without_due,
        answered: sum.answered + one.answered,
        not_due: sum.not_due + one.not_due,
        due_soon: sum.due_soon + one.due_soon,
        overdue: sum.overdue + one.overdue,
        suspended: sum.suspended + one.suspended,
        no_limit: sum.no_limit + one.no_limit,
    };
    all.iter().fold(Fates::default(), add)
}
