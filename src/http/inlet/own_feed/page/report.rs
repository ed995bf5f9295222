//! A report as the tables of a page.

use crate::{
    feed::own_feed::{FeedReport, ReportedPlace},
    http::inlet::own_feed::AnsweredBefore,
    report::{count::grouped, reject_reason},
};

#[derive(Debug)]
pub(super) struct ShownReport {
    pub(super) heading: String,
    pub(super) facts: Vec<String>,
    pub(super) tables: Vec<ShownTable>,
}

#[derive(Debug)]
pub(super) struct ShownTable {
    pub(super) caption: String,
    pub(super) head: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}

impl ShownReport {
    pub(super) fn of(report: &FeedReport, answered: &AnsweredBefore, is_english: bool) -> Self {
        let of = |zh: &'static str, en: &'static str| if is_english { en } else { zh };
        let count = |zh, en, count: u64| format!("{} {}", of(zh, en), grouped(count));
        let mut facts = vec![
            count("收到", "messages", report.messages),
            count("收下", "taken", report.taken),
            count("其中重复", "known already", report.known),
            count("内容冲突", "with another content", report.conflicting),
            count("拒收", "refused", report.refused),
            count("时间超前", "ahead of time", report.ahead.count),
            count("先后颠倒", "out of order", report.late.count),
            count("断档案件", "cases with gaps", report.gaps.count),
            count("跨分区案件", "cases on several partitions", report.split.count),
        ];
        if report.cut {
            facts.push(of("条数太多，较早的没读", "the older part was left out: too many").to_owned());
        }
        if !report.read_to_end {
            facts.push(of("时间不够，较新的没读完", "the newer part was not read in time").to_owned());
        }
        if !report.complete && !report.cut && report.read_to_end {
            facts.push(of("有数据损坏，读不出", "bytes lie there that cannot be read").to_owned());
        }
        let none = if report.read_to_end { of("没有", "none") } else { of("没读到", "not read") };
        let last = report.last.as_ref().map_or_else(|| none.to_owned(), |last| place(last, of));
        facts.push(format!("{} {last}", of("最后一条", "the last")));
        let tables = [reasons(report, is_english), fields(report, of), gaps(report, of), before(answered, of)];
        Self {
            heading: format!("{} → {}: {} – {}", report.sources.join(", "), report.stream, report.from, report.to),
            facts,
            tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        }
    }
}

fn reasons(report: &FeedReport, is_english: bool) -> ShownTable {
    let of = |zh: &'static str, en: &'static str| if is_english { en } else { zh };
    let named = |code: &str| {
        reject_reason::name(code)
            .map_or_else(|| code.to_owned(), |(zh, en)| format!("{} ({code})", if is_english { en } else { zh }))
    };
    let row = |reason: &crate::feed::own_feed::ReportedReason| {
        let examples: Vec<String> = reason.examples.iter().map(|one| place(one, of)).collect();
        vec![
            named(&reason.reason),
            reason.pointer.clone(),
            grouped(reason.count),
            reason.detail.clone(),
            examples.join("; "),
        ]
    };
    ShownTable {
        caption: of("拒收原因", "Why messages were refused").to_owned(),
        head: vec![
            of("原因", "Reason"),
            of("位置", "Field"),
            of("条数", "Count"),
            of("说明", "Detail"),
            of("例子", "Examples"),
        ],
        rows: report.reasons.iter().map(row).chain(others(report.other_reasons, 5, of)).collect(),
    }
}

fn fields(report: &FeedReport, of: impl Fn(&'static str, &'static str) -> &'static str) -> ShownTable {
    ShownTable {
        caption: of("合同没有的字段（未保存）", "Fields that the contract does not name (left out)").to_owned(),
        head: vec![of("字段", "Field"), of("条数", "Count")],
        rows: report
            .unknown_fields
            .iter()
            .map(|one| vec![one.field.clone(), grouped(one.count)])
            .chain(others(report.other_fields, 2, &of))
            .collect(),
    }
}

/// The rarer ones, in a row of so many cells of which one is the count.
fn others(count: u64, cells: usize, of: impl Fn(&'static str, &'static str) -> &'static str) -> Option<Vec<String>> {
    let mut row = vec![String::new(); cells];
    of("其他", "others").clone_into(&mut row[0]);
    row[if cells > 2 { 2 } else { 1 }] = grouped(count);
    (count > 0).then_some(row)
}

fn gaps(report: &FeedReport, of: impl Fn(&'static str, &'static str) -> &'static str) -> ShownTable {
    ShownTable {
        caption: of("断档的案件", "Cases that lack numbers").to_owned(),
        head: vec![of("案件", "Case"), of("缺的序号", "Missing")],
        rows: report.gaps.examples.iter().map(|one| vec![one.case_id.clone(), one.missing.join(", ")]).collect(),
    }
}

fn before(answered: &AnsweredBefore, of: impl Fn(&'static str, &'static str) -> &'static str) -> ShownTable {
    let row = |one: &crate::http::inlet::own_feed::RefusedBefore| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let status = one.reason.map_or_else(|| one.status.to_string(), |reason| format!("{} {reason}", one.status));
        vec![one.at.clone(), status, text(&one.pointer), one.detail.clone(), text(&one.id)]
    };
    ShownTable {
        caption: format!(
            "{} {}",
            of("接入口当场没收下的最近 20 条，自", "The last 20 that the inlet did not take, since"),
            answered.since
        ),
        head: vec![
            of("时间", "Time"),
            of("答复", "Answer"),
            of("位置", "Field"),
            of("说明", "Detail"),
            of("编号", "Id"),
        ],
        rows: answered.last.iter().map(row).collect(),
    }
}

fn place(one: &ReportedPlace, of: impl Fn(&'static str, &'static str) -> &'static str) -> String {
    let id = one.id.as_deref().unwrap_or("—");
    format!("{id}, {}, {} {} {} {}", one.at, of("分区", "partition"), one.partition, of("位移", "offset"), one.offset)
}
