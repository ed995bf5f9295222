//! 排名情况: the ends of each ranking in the notice, all of it in the annex. Departments stand apart from communities, and each
//! stream has its own.

use super::{
    NoticeOrder,
    found::NoticeFound,
    names::cell,
    overview::{IDLE, counted, counts, rates},
    peers::{self, PeerLine, Peers, RANKED_FROM, ends, lines},
    population,
};
use crate::report::paper::{
    Chart, ChartKind, PaperBlock, PaperCell, PaperColumn, PaperPart, PaperSection, PaperTable, Series, Text,
};

/// So many streams are ranked in the notice, or it would not be short.
const STREAMS: usize = 2;

/// The best and the last of the largest streams that have any to rank.
pub fn section(order: &NoticeOrder, found: &NoticeFound) -> PaperSection {
    let mut streams = found.streams(order);
    streams.sort_by_key(|stream| std::cmp::Reverse(found.sum(stream).received));
    let mut blocks = Vec::new();
    for stream in &streams {
        let table = shortened(order, found, stream);
        if !table.rows.is_empty() && blocks.len() < STREAMS {
            blocks.push(PaperBlock::Table(table));
        }
    }
    blocks.push(PaperBlock::Note(note()));
    PaperSection { key: "ranking", title: Text::new("排名情况", "Ranking"), part: PaperPart::Notice, blocks }
}

fn shortened(order: &NoticeOrder, found: &NoticeFound, stream: &str) -> PaperTable {
    let mut columns = vec![PaperColumn::new("group", "分组", "Group")];
    columns.extend(self::columns(order, Text::new("单位", "Unit")));
    let title = order.stream_title(stream);
    let title =
        Text::new(format!("{}：前三位和后三位", title.zh), format!("{}: the best and the last three", title.en));
    let mut table = PaperTable::new(format!("ends_{stream}"), title, columns).over(population::received());
    for peers in Peers::ALL {
        let all = lines(order, found, stream, peers);
        let (first, last) = ends(&all);
        let name = peers.title();
        for (group, (zh, en)) in [(first, ("前三", "best")), (last, ("后三", "last"))] {
            let said = Text::new(format!("{}{zh}", name.zh), format!("{}, {en}", name.en));
            for line in group {
                let mut row = vec![PaperCell::Said(said.clone())];
                row.extend(self::row(found, line));
                table.push(row);
            }
        }
    }
    table.without_idle(&IDLE)
}

/// Every unit of one kind, for each stream.
pub fn whole(order: &NoticeOrder, found: &NoticeFound, peers: Peers) -> PaperSection {
    let mut blocks = Vec::new();
    for stream in found.streams(order) {
        let all = lines(order, found, &stream, peers);
        if all.is_empty() {
            continue;
        }
        let (name, of) = (order.stream_title(&stream), peers.title());
        let key = if peers == Peers::Departments { "departments" } else { "communities" };
        let title = Text::new(format!("{}：{}排名", name.zh, of.zh), format!("{}: {}", name.en, of.en.to_lowercase()));
        let mut table =
            PaperTable::new(format!("{key}_{stream}"), title, columns(order, of)).over(population::received());
        for line in &all {
            table.push(row(found, line));
        }
        if peers == Peers::Departments
            && let Some(nobodys) = peers::nobodys(order, found, &stream)
        {
            let mut row = row(found, &nobodys);
            row[1] = PaperCell::Said(Text::new("未派单位（自行处置等）", "No unit (dealt with on patrol, …)"));
            table.push(row);
        }
        blocks.push(PaperBlock::Table(table.without_idle(&IDLE)));
        blocks.extend(chart(found, &format!("{key}_{stream}"), &name, &all).map(PaperBlock::Chart));
    }
    let (key, title) = match peers {
        Peers::Departments => ("departments", Text::new("部门排名", "Ranking of departments")),
        Peers::Communities => {
            blocks.extend(places(order, found).map(PaperBlock::Table));
            ("communities", Text::new("村居排名", "Ranking of communities"))
        }
    };
    blocks.push(PaperBlock::Note(note()));
    PaperSection { key, title, part: PaperPart::Annex, blocks }
}

fn columns(order: &NoticeOrder, head: Text) -> Vec<PaperColumn> {
    let mut columns = vec![PaperColumn::new("rank", "名次", "Rank"), PaperColumn::titled("name", head)];
    columns.extend(counts());
    columns.extend(rates(order));
    columns.push(PaperColumn::new("dissatisfied", "不满意数", "Dissatisfied"));
    columns
}

fn row(found: &NoticeFound, line: &PeerLine) -> Vec<PaperCell> {
    let rank = line.rank.map_or(PaperCell::Nothing, |rank| PaperCell::count(rank as u64));
    let mut row = vec![rank, cell(found.names.unit(&line.code))];
    row.extend(counted(&line.fates));
    row.extend([PaperCell::Rate(line.closure), PaperCell::Rate(line.timeliness), PaperCell::count(line.dissatisfied)]);
    row
}

/// The timeliness of all would be one line at a hundred percent; what they have to do differs.
fn chart(found: &NoticeFound, key: &str, stream: &Text, lines: &[PeerLine]) -> Option<Chart> {
    let mut by_received: Vec<&PeerLine> = lines.iter().collect();
    by_received.sort_by_key(|line| std::cmp::Reverse(line.fates.received));
    let series = |zh: &str, en: &str, of: &dyn Fn(&PeerLine) -> u64| Series {
        name: Text::new(zh, en),
        values: by_received.iter().map(|line| Some(of(line))).collect(),
    };
    let series = vec![
        series("受理", "Received", &|line| line.fates.received),
        series("超时办结和超期未结", "Late or overdue", &|line| line.fates.late + line.fates.overdue),
    ];
    (lines.len() > 1).then(|| Chart {
        key: key.to_owned(),
        title: Text::new(format!("{}：受理与超时", stream.zh), format!("{}: received and late", stream.en)),
        kind: ChartKind::Bars,
        labels: by_received.iter().map(|line| found.names.unit(&line.code)).collect(),
        series,
    })
}

/// Where the cases lie, whoever has them.
fn places(order: &NoticeOrder, found: &NoticeFound) -> Option<PaperTable> {
    let mut columns =
        vec![PaperColumn::new("stream", "业务流", "Stream"), PaperColumn::new("community", "村居", "Community")];
    columns.extend(counts());
    columns.push(PaperColumn::new("dissatisfied", "不满意数", "Dissatisfied"));
    let title = Text::new("案件所在村居（不论由谁办理）", "Where the cases lie, whoever deals with them");
    let mut table = PaperTable::new("places", title, columns).over(population::received());
    for stream in found.streams(order) {
        let dissatisfied = found.dissatisfied_by(&stream, |one| &one.community);
        let mut sums: Vec<_> = found.sums_by(&stream, |fates| &fates.community).into_iter().collect();
        sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.received));
        for (code, sum) in sums {
            let mut row = vec![cell(order.stream_title(&stream)), cell(found.names.community(code))];
            row.extend(counted(&sum));
            row.push(PaperCell::count(dissatisfied.get(code).copied().unwrap_or_default()));
            table.push(row);
        }
    }
    (!table.rows.is_empty()).then(|| table.without_idle(&IDLE))
}

fn note() -> Text {
    Text::new(
        format!(
            "按及时率、再按结案率排名，率相同的名次并列；应按时不足 {RANKED_FROM} 件的只列出、不排名（名次为 —），因为那样的率说明的多是偶然。\
             部门与村居分开排名。案件归截至时刻的责任单位；部门、村居和未派单位的各行相加，即总体情况中该业务流的数。\
             与第一名并列的不列入后三位。"
        ),
        format!(
            "Ranked by timeliness, then closure; equal rates share a rank. A rate over fewer than {RANKED_FROM} cases is shown and not \
             ranked (—): it says more about chance than about work. Departments and communities are ranked apart. A case counts \
             for the unit that has it at the as-of; departments, communities and what no unit has add up to the overview. Who \
             shares the first rank is not among the last."
        ),
    )
}
