//! 口径: closure and timeliness under every convention, because each city has its own.

use jiff::tz::TimeZone;

use super::{NoticeOrder, found::NoticeFound, names::cell, population};
use crate::{
    domain::kpi::Figure,
    report::paper::{PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Text},
    store::report::JudgedStream,
};

const USED: [&str; 20] = [
    "K01", "K07", "K10a", "K11a", "K11b", "K11c", "K11e", "K12", "K12b", "K13", "K14", "K15", "K15b", "K16a", "K16b",
    "K17b", "K17d", "K18a", "K18b", "K18c",
];

pub fn section(order: &NoticeOrder, found: &NoticeFound, judged: &[JudgedStream]) -> PaperSection {
    let rates: Vec<&'static Figure> = ["closure", "timeliness"].into_iter().flat_map(Figure::named).collect();
    let mut blocks = vec![PaperBlock::Paragraph(Text::new(
        "同样的案件，口径不同，率就不同。下面是每一种口径的数，以及它的分子和分母。",
        "The same cases give other rates under other conventions. Here is each of them, with its counts.",
    ))];
    for stream in found.streams(order) {
        let columns = vec![
            PaperColumn::new("kpi", "编号", "Id"),
            PaperColumn::new("figure", "指标", "Figure"),
            PaperColumn::new("convention", "口径", "Convention"),
            PaperColumn::new("population", "统计范围", "Population"),
            PaperColumn::new("rate", "率", "Rate")
                .with_counts(Text::new("分子", "Numerator"), Text::new("分母", "Denominator")),
            PaperColumn::new("formula", "公式", "Formula"),
        ];
        let name = order.stream_title(&stream);
        let title = Text::new(
            format!("{}：结案率、及时率的各种口径", name.zh),
            format!("{}: closure and timeliness under every convention", name.en),
        );
        let mut table = PaperTable::new(format!("conventions_{stream}"), title, columns);
        for figure in &rates {
            table.push(vec![
                PaperCell::Given(figure.id.clone()),
                PaperCell::Said(figure.title.clone()),
                PaperCell::Given(figure.convention.clone()),
                PaperCell::Said(population::of(figure.cohort)),
                found.compared.cell(&stream, &figure.id),
                PaperCell::Said(figure.formula.clone()),
            ]);
        }
        blocks.push(PaperBlock::Table(table));
    }
    blocks.push(PaperBlock::Table(rules(order, judged)));
    blocks.push(PaperBlock::Note(opened(order)));
    PaperSection { key: "conventions", title: Text::new("口径说明", "Conventions"), part: PaperPart::Annex, blocks }
}

/// By what the cases were judged.
fn rules(order: &NoticeOrder, judged: &[JudgedStream]) -> PaperTable {
    let columns = vec![
        PaperColumn::new("stream", "业务流", "Stream"),
        PaperColumn::new("policy", "时限规则", "Policy"),
        PaperColumn::new("calendar", "日历", "Calendar"),
        PaperColumn::new("cases", "件数", "Cases"),
    ];
    let title = Text::new("时限规则与日历", "Policy and calendar");
    let mut table = PaperTable::new("rules", title, columns).over(population::with_void());
    for one in judged {
        let said = |text: &str| match text {
            "" => PaperCell::Said(Text::new(
                "未经规则判定（时限由事件给出，或无时限）",
                "none: an event states the due, or there is none",
            )),
            known => PaperCell::Given(known.to_owned()),
        };
        let calendar =
            if one.calendar.is_empty() { PaperCell::Nothing } else { PaperCell::Given(one.calendar.clone()) };
        table.push(vec![
            cell(order.stream_title(&one.stream)),
            said(&one.policy),
            calendar,
            PaperCell::count(one.cases),
        ]);
    }
    table
}

/// What else the report shows, and what it means.
pub fn others() -> PaperSection {
    let columns = vec![
        PaperColumn::new("kpi", "编号", "Id"),
        PaperColumn::new("figure", "指标", "Figure"),
        PaperColumn::new("formula", "公式", "Formula"),
        PaperColumn::new("leaves_out", "不计入", "Left out"),
    ];
    let mut table = PaperTable::new("figures", Text::new("其他指标", "The other figures"), columns);
    for figure in USED.into_iter().filter_map(Figure::by_id) {
        table.push(vec![
            PaperCell::Given(figure.id.clone()),
            PaperCell::Said(figure.title.clone()),
            PaperCell::Said(figure.formula.clone()),
            PaperCell::Said(figure.leaves_out.clone()),
        ]);
    }
    PaperSection {
        key: "figures",
        title: Text::new("指标说明", "What the figures mean"),
        part: PaperPart::Annex,
        blocks: vec![PaperBlock::Table(table)],
    }
}

/// How to open a figure down to its cases.
fn opened(order: &NoticeOrder) -> Text {
    let zone = TimeZone::get(&order.scope.zone).unwrap_or(TimeZone::UTC);
    let [from, to, as_of] =
        [order.scope.period.from, order.scope.period.to, order.scope.period.as_of].map(|at| at.rfc3339(&zone));
    let stream =
        order.scope.stream.as_ref().map_or(" --group-by stream".to_owned(), |name| format!(" --stream {name}"));
    let id = &order.headline.timeliness.id;
    let command = format!("tongguan kpi {id} --from {from} --to {to} --as-of {as_of}{stream}");
    Text::new(
        format!("每个数都可以打开到案件：加 --stream 和 --cases 列出其中每一件。例如 {id}：{command}"),
        format!(
            "Every figure can be opened: with --stream and --cases it lists its cases. {id}, for example: {command}"
        ),
    )
}
