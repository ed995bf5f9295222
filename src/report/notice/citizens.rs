//! 市民评价: what the citizens said, and how many of them.

use super::{Order, compared::Compared};
use crate::{
    domain::kpi::Figure,
    report::{
        count::grouped,
        paper::{Block, Cell, Chart, Column, Kind, Scale, Section, Series, Table, Text},
    },
    store::report::Answers,
};

const SHOWN: [&str; 9] = ["K12", "K12b", "K13", "K14", "K15", "K15b", "K18a", "K18b", "K18c"];

/// By the number that stands for it in the store.
const SAID: [(u8, &str, &str); 5] = [
    (1, "满意", "Satisfied"),
    (2, "基本满意", "Basically satisfied"),
    (3, "一般", "Neutral"),
    (4, "不满意", "Dissatisfied"),
    (0, "未评价", "Not said"),
];

pub fn section(order: &Order, compared: &Compared, answers: &[Answers]) -> Section {
    let of = |number: u8| answers.iter().find(|one| one.satisfaction == number).map_or(0, |one| one.cases);
    let revisited: u64 = answers.iter().map(|one| one.cases).sum();
    let rated = revisited - of(0);
    let mut blocks = Vec::new();
    if revisited == 0 {
        blocks.push(Block::Paragraph(Text::new(
            "本期没有回访记录，所以没有先行联系、满意等由市民回答的率（下表为 —）。",
            "Nobody was revisited in the period, so the rates that citizens answer for are not there (— below).",
        )));
    } else {
        blocks.push(Block::Paragraph(Text::new(
            format!(
                "首次回访在{}的案件 {} 件，其中 {} 件得到评价。",
                order.span.title().zh,
                grouped(revisited),
                grouped(rated)
            ),
            format!(
                "{} cases were first revisited in {}, and {} of them rated.",
                grouped(revisited),
                order.span.title().en,
                grouped(rated)
            ),
        )));
        blocks.push(Block::Chart(Chart {
            key: "satisfaction",
            title: Text::new("满意度评价", "What the citizens said"),
            kind: Kind::Columns,
            scale: Scale::Count,
            labels: SAID.iter().map(|(_, zh, _)| (*zh).to_owned()).collect(),
            series: vec![Series {
                name: Text::new("件数", "Cases"),
                values: SAID.iter().map(|(number, ..)| Some(of(*number) as f64)).collect(),
            }],
        }));
    }
    blocks.push(Block::Table(rates(compared)));
    if revisited > 0 {
        blocks.push(Block::Table(said(&of, revisited)));
    }
    blocks.push(Block::Note(Text::new(
        "未评价的不在分母里，所以满意率要与评价率（K15b）一起看。满意率加权：满意 1、基本满意 0.8、一般 0.6、不满意 0。",
        "Who did not say is in no denominator, so satisfaction is to be read with the response rate (K15b). Its weights: \
         satisfied 1, basically 0.8, neutral 0.6, dissatisfied 0.",
    )));
    Section { key: "citizens", title: Text::new("市民评价", "Citizens"), blocks }
}

fn rates(compared: &Compared) -> Table {
    let mut columns = vec![
        Column::new("kpi", "编号", "Id"),
        Column::new("figure", "指标", "Figure"),
        Column::new("rate", "率", "Rate").with_counts(Text::new("分子", "Numerator"), Text::new("分母", "Denominator")),
    ];
    columns.extend(compared.change_columns());
    let mut table = Table::new("citizens", Text::new("联系、解决、满意", "Contact, solution, satisfaction"), columns);
    for figure in SHOWN.into_iter().filter_map(Figure::by_id) {
        let mut row = vec![Cell::Given(figure.id.clone()), Cell::Said(figure.title.clone()), compared.cell(&figure.id)];
        row.extend(compared.changes(&figure.id).into_iter().map(|(_, change)| change));
        table.push(row);
    }
    table
}

fn said(of: &dyn Fn(u8) -> u64, revisited: u64) -> Table {
    let columns = vec![
        Column::new("answer", "评价", "Answer"),
        Column::new("cases", "件数", "Cases"),
        super::sources::share_column(),
    ];
    let mut table = Table::new("answers", Text::new("满意度评价", "What the citizens said"), columns);
    for (number, zh, en) in SAID {
        let cases = of(number);
        table.push(vec![Cell::Said(Text::new(zh, en)), Cell::Count(cases as i64), Cell::share(cases, revisited)]);
    }
    table
}
