//! 市民评价: what the citizens said, and how many of them.

use super::{NoticeOrder, compared::OF_CITIZENS, found::NoticeFound, overview::answered, population};
use crate::{
    domain::kpi::{Cohort, Figure},
    report::{
        count::grouped,
        paper::{
            Chart, ChartKind, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Series, Text,
        },
        span,
    },
};

/// By the number that stands for it in the store.
const SAID: [(u8, &str, &str); 5] = [
    (1, "满意", "Satisfied"),
    (2, "基本满意", "Basically satisfied"),
    (3, "一般", "Neutral"),
    (4, "不满意", "Dissatisfied"),
    (0, "未评价", "Not said"),
];

pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut blocks = Vec::new();
    let revisited = |stream: &str| SAID.iter().map(|(number, ..)| answered(found, stream, *number)).sum::<u64>();
    let streams: Vec<String> = found.streams(order).into_iter().filter(|stream| revisited(stream) > 0).collect();
    if streams.is_empty() {
        blocks.push(PaperBlock::Paragraph(Text::new(
            "本期没有回访记录，所以没有先行联系、满意等由市民回答的率（下表为 —）。",
            "Nobody was revisited in the period, so the rates that citizens answer for are not there (— below).",
        )));
    }
    for stream in &streams {
        blocks.push(PaperBlock::Paragraph(told(order, stream, revisited(stream), answered(found, stream, 0))));
        blocks.push(PaperBlock::Chart(chart(order, found, stream)));
    }
    // Where nobody was asked there are still figures by the clock.
    let shown = if streams.is_empty() { found.streams(order) } else { streams.clone() };
    blocks.extend(shown.iter().map(|stream| PaperBlock::Table(rates(order, found, stream))));
    blocks.extend(streams.iter().map(|stream| PaperBlock::Table(said(order, found, stream, revisited(stream)))));
    blocks.push(PaperBlock::Note(Text::new(
        "未评价的不在分母里，所以满意率要与评价率（K15b）一起看。满意率加权：满意 1、基本满意 0.8、一般 0.6、不满意 0。\
         这里的不满意按本期首次回访的案件计，排名中的不满意数按本期受理的案件计。",
        "Who did not say is in no denominator, so satisfaction is to be read with the response rate (K15b). Its weights: \
         satisfied 1, basically 0.8, neutral 0.6, dissatisfied 0. Dissatisfied here are those first revisited in the period, in \
         the rankings those received in it.",
    )));
    PaperSection { key: "citizens", title: Text::new("市民评价", "Citizens"), part: PaperPart::Annex, blocks }
}

fn told(order: &NoticeOrder, stream: &str, revisited: u64, silent: u64) -> Text {
    let (name, span) = (order.stream_title(stream), span::title(&order.span));
    Text::new(
        format!(
            "{}：首次回访在{}的案件 {} 件，其中 {} 件得到评价。",
            name.zh,
            span.zh,
            grouped(revisited),
            grouped(revisited - silent)
        ),
        format!(
            "{}: {} cases were first revisited in {}, and {} of them rated.",
            name.en,
            grouped(revisited),
            span.en,
            grouped(revisited - silent)
        ),
    )
}

fn chart(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> Chart {
    Chart {
        key: format!("satisfaction_{stream}"),
        title: titled(order, stream, "满意度评价", "what the citizens said"),
        kind: ChartKind::Columns,
        labels: SAID.iter().map(|(_, zh, en)| Text::new(*zh, *en)).collect(),
        series: vec![Series {
            name: Text::new("件数", "Cases"),
            values: SAID.iter().map(|(number, ..)| Some(answered(found, stream, *number))).collect(),
        }],
    }
}

fn titled(order: &NoticeOrder, stream: &str, zh: &str, en: &str) -> Text {
    let name = order.stream_title(stream);
    Text::new(format!("{}：{zh}", name.zh), format!("{}: {en}", name.en))
}

fn rates(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> PaperTable {
    let compared = &found.compared;
    let mut columns = vec![
        PaperColumn::new("kpi", "编号", "Id"),
        PaperColumn::new("figure", "指标", "Figure"),
        PaperColumn::new("population", "统计范围", "Population"),
        PaperColumn::new("rate", "率", "Rate")
            .with_counts(Text::new("分子", "Numerator"), Text::new("分母", "Denominator")),
    ];
    columns.extend(compared.change_columns());
    let title = titled(order, stream, "联系、解决、满意", "contact, solution, satisfaction");
    let mut table = PaperTable::new(format!("citizens_{stream}"), title, columns);
    for figure in OF_CITIZENS.into_iter().filter_map(Figure::by_id) {
        let mut row = vec![
            PaperCell::Given(figure.id.clone()),
            PaperCell::Said(figure.title.clone()),
            PaperCell::Said(population::of(figure.cohort)),
            compared.cell(stream, &figure.id),
        ];
        row.extend(compared.changes(stream, &figure.id).into_iter().map(|(_, change)| change));
        table.push(row);
    }
    table
}

fn said(order: &NoticeOrder, found: &NoticeFound, stream: &str, revisited: u64) -> PaperTable {
    let columns = vec![
        PaperColumn::new("answer", "评价", "Answer"),
        PaperColumn::new("cases", "件数", "Cases"),
        super::sources::share_column(),
    ];
    let title = titled(order, stream, "满意度评价", "what the citizens said");
    let mut table =
        PaperTable::new(format!("answers_{stream}"), title, columns).over(population::of(Cohort::Revisited));
    for (number, zh, en) in SAID {
        let cases = answered(found, stream, number);
        table.push(vec![
            PaperCell::Said(Text::new(zh, en)),
            PaperCell::count(cases),
            PaperCell::share(cases, revisited),
        ]);
    }
    table
}
