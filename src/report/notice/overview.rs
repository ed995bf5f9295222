//! 总体情况: for each stream what a leader asks first. Streams are never summed: a ticket and a grid case are different things.

use super::{
    NoticeOrder,
    found::{FatesTold, NoticeFound},
    names::cell,
    population,
};
use crate::{
    report::{
        count::grouped,
        paper::{
            Card, Language, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Rate, Text, words,
        },
        span,
    },
    store::report::{Edges, Fates},
};

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let streams = found.streams(order);
    let mut blocks = vec![];
    if streams.is_empty() {
        let span = span::title(&order.span);
        let en = format!("No cases were received in {}.", span.en);
        blocks.push(PaperBlock::Paragraph(Text::new(format!("{}没有受理案件。", span.zh), en)));
    }
    blocks.push(PaperBlock::Cards(streams.iter().flat_map(|stream| cards(order, found, stream)).collect()));
    blocks.extend(streams.iter().map(|stream| PaperBlock::Paragraph(told(order, found, stream))));
    blocks.push(PaperBlock::Table(table(order, found, &streams)));
    blocks.push(PaperBlock::Note(note(found)));
    blocks.push(PaperBlock::Note(edges(order, &streams, &found.edges)));
    PaperSection { key: "overview", title: Text::new("总体情况", "Overview"), part: PaperPart::Notice, blocks }
}

/// Four for each stream: a row of them.
fn cards(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Vec<Card> {
    let (title, sum) = (order.stream_title(stream), found.sum(stream));
    let card = |key: &str, zh: &str, en: &str, value: PaperCell, changes: Vec<(Text, PaperCell)>| Card {
        key: format!("{stream}_{key}"),
        title: Text::new(format!("{} · {zh}", title.zh), format!("{}: {en}", title.en)),
        value,
        changes,
    };
    let figure = |key: &str, zh: &str, en: &str, id: &str| {
        card(key, zh, en, found.compared.cell(stream, id), found.compared.changes(stream, id))
    };
    vec![
        figure("received", "受理", "received", "K01"),
        figure("closure", "结案率", "closure", &order.headline.closure.id),
        figure("timeliness", "及时率", "timeliness", &order.headline.timeliness.id),
        card("overdue", "超期未结", "overdue", PaperCell::count(sum.overdue), Vec::new()),
    ]
}

/// One sentence a stream; it begins with what was received and takes it apart.
fn told(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Text {
    let (sum, n) = (found.sum(stream), grouped);
    let title = order.stream_title(stream);
    let rate = |id: &str| match found.compared.cell(stream, id) {
        PaperCell::Rate(rate) if rate.denominator > 0 => {
            let counts = words::counts(&PaperCell::Rate(rate)).unwrap_or_default();
            Some(Text::same(&format!("{} ({counts})", rate.shown())))
        }
        _ => None,
    };
    let said = |id: &str| rate(id).map_or_else(|| "—".to_owned(), |text| text.zh);
    let (closure, timeliness) = (said(&order.headline.closure.id), said(&order.headline.timeliness.id));
    let (changed_zh, changed_en) = changes(found, stream);
    let satisfied = rate("K15").map_or(Text::same(""), |shown| {
        let dissatisfied = answered(found, stream, 4);
        Text::new(
            format!("本期回访的满意率 {}，不满意 {} 件。", shown.zh, n(dissatisfied)),
            format!(
                " Of those revisited in the period satisfaction is {}, {} dissatisfied.",
                shown.en,
                n(dissatisfied)
            ),
        )
    });
    let (rest_zh, rest_en) = rest(&sum);
    Text::new(
        format!(
            "{}：本期受理 {} 件{changed_zh}，其中按时办结 {} 件、超时办结 {} 件{rest_zh}、未办结 {} 件（超期未结 {} 件）。应结 {} 件，\
             结案率 {closure}，及时率 {timeliness}。{}",
            title.zh,
            n(sum.received),
            n(sum.on_time),
            n(sum.late),
            n(sum.not_closed()),
            n(sum.overdue),
            n(sum.need_close()),
            satisfied.zh,
        ),
        format!(
            "{}: {} received in the period{changed_en}; {} closed in time, {} late{rest_en}, {} not closed ({} of them overdue). {} \
             should be closed: closure {closure}, timeliness {timeliness}.{}",
            title.en,
            n(sum.received),
            n(sum.on_time),
            n(sum.late),
            n(sum.not_closed()),
            n(sum.overdue),
            n(sum.need_close()),
            satisfied.en,
        ),
    )
}

fn changes(found: &NoticeFound, stream: &str) -> (String, String) {
    let all = found.compared.changes(stream, "K01");
    let known = || all.iter().filter(|(_, cell)| *cell != PaperCell::Nothing);
    let shown = |cell: &PaperCell| words::both(cell, Language::Zh).0;
    let zh: Vec<String> = known().map(|(title, cell)| format!("{} {}", title.zh, shown(cell))).collect();
    let en: Vec<String> = known().map(|(title, cell)| format!("{} {}", shown(cell), title.en)).collect();
    if zh.is_empty() {
        return (String::new(), String::new());
    }
    (format!("（{}）", zh.join("，")), format!(" ({})", en.join(", ")))
}

/// What most towns do not have, where there is any.
fn rest(sum: &Fates) -> (String, String) {
    let (mut zh, mut en) = (String::new(), String::new());
    for (count, name_zh, name_en) in [
        (sum.closed_without_due, "无时限办结", "closed without a due"),
        (sum.out_of_base, "不计入基数", "out of the base"),
    ] {
        if count > 0 {
            zh += &format!("、{name_zh} {} 件", grouped(count));
            en += &format!(", {} {name_en}", grouped(count));
        }
    }
    (zh, en)
}

/// How many citizens said so; see [`super::citizens`].
pub fn answered(found: &NoticeFound, stream: &str, satisfaction: u8) -> u64 {
    let is_meant = |one: &&crate::store::report::Answers| one.stream == stream && one.satisfaction == satisfaction;
    found.answers.iter().filter(is_meant).map(|one| one.cases).sum()
}

fn table(order: &NoticeOrder, found: &NoticeFound, streams: &[String]) -> PaperTable {
    let mut columns = vec![PaperColumn::new("stream", "业务流", "Stream")];
    columns.extend(counts());
    columns.extend(rates(order));
    let mut table =
        PaperTable::new("streams", Text::new("各业务流办理情况", "By stream"), columns).over(population::received());
    for stream in streams {
        let mut row = vec![cell(order.stream_title(stream))];
        row.extend(counted(&found.sum(stream)));
        for figure in [order.headline.closure, order.headline.timeliness] {
            row.push(match found.compared.cell(stream, &figure.id) {
                PaperCell::Rate(rate) => PaperCell::Rate(rate),
                _ => PaperCell::Rate(Rate::none(figure)),
            });
        }
        table.push(row);
    }
    table.without_idle(&IDLE)
}

/// Left out where nobody has any.
pub const IDLE: [&str; 2] = ["closed_without_due", "out_of_base"];

/// The columns that take apart what was received, here and in the rankings.
pub fn counts() -> Vec<PaperColumn> {
    vec![
        PaperColumn::new("received", "受理", "Received"),
        PaperColumn::new("on_time", "按时办结", "In time"),
        PaperColumn::new("late", "超时办结", "Late"),
        PaperColumn::new("closed_without_due", "无时限办结", "Closed, no due"),
        PaperColumn::new("out_of_base", "不计入基数", "Out of base"),
        PaperColumn::new("not_closed", "未办结", "Not closed"),
        PaperColumn::new("overdue", "其中超期", "Overdue"),
    ]
}

pub fn counted(sum: &Fates) -> Vec<PaperCell> {
    [sum.received, sum.on_time, sum.late, sum.closed_without_due, sum.out_of_base, sum.not_closed(), sum.overdue]
        .map(PaperCell::count)
        .to_vec()
}

/// Closure and timeliness, under the convention that the report leads with.
pub fn rates(order: &NoticeOrder) -> [PaperColumn; 2] {
    let named = |key: &str, zh: &str, en: &str, id: &str, n: [&str; 2], d: [&str; 2]| {
        PaperColumn::new(key, &format!("{zh}（{id}）"), &format!("{en} ({id})"))
            .with_counts(Text::new(n[0], n[1]), Text::new(d[0], d[1]))
    };
    let (closure, timeliness) = (order.headline.closure, order.headline.timeliness);
    [
        named("closure", "结案率", "Closure", &closure.id, ["已结", "Closed"], ["应结", "Of"]),
        named("timeliness", "及时率", "Timeliness", &timeliness.id, ["按时", "In time"], ["应按时", "Of"]),
    ]
}

fn note(found: &NoticeFound) -> Text {
    let compared = if found.compared.earlier.is_empty() {
        (
            "库中没有可比时段的案件，所以没有同比和环比。",
            " The store has no cases of an earlier period to compare with.",
        )
    } else {
        ("", "")
    };
    Text::new(
        format!(
            "统计范围为本期受理的案件，各业务流分列、不相加。受理 = 按时办结 + 超时办结 + 未办结（另有无时限办结、不计入基数的，单列）；\
             应结 = 已结 + 超期未结，未到期和挂账的未办结案件不在应结之内。往期受理、至今超期未结的案件只在“超期案件”中列出。{}",
            compared.0
        ),
        format!(
            "Of the cases received in the period; streams are not summed. Received = closed in time + late + not closed (with what \
             is closed without a due or out of the base in columns of its own). What should be closed is the closed and the \
             overdue. Cases of earlier periods that are overdue stand in the section on overdue cases only.{}",
            compared.1
        ),
    )
}

/// 月末时限: in which period they count, and how many there are.
fn edges(order: &NoticeOrder, streams: &[String], edges: &[Edges]) -> Text {
    let of = |stream: &String| edges.iter().find(|one| one.stream == *stream).cloned().unwrap_or_default();
    let one = |stream: &String| {
        let (title, Edges { at_begin, at_end, .. }) = (order.stream_title(stream), of(stream));
        Text::new(
            format!("{}本期末 {} 件计入下一期、上期末 {} 件计入本期", title.zh, grouped(at_end), grouped(at_begin)),
            format!(
                "{}: {} at the end of this one, {} of the end before",
                title.en,
                grouped(at_end),
                grouped(at_begin)
            ),
        )
    };
    let all: Vec<Text> = streams.iter().map(one).collect();
    let all = Text::joined(&all, "；", "; ");
    Text::new(
        format!("时限为期末最后一日 24 时的案件，按到期统计时计入下一期：{}。", all.zh),
        format!("A due at 24:00 of the last day counts in the next period, where figures go by the due: {}.", all.en),
    )
}
