//! The tables of the page: what the tiles say in short, and everything else that the service says of itself.

use super::{
    PartPlace, Written,
    readings::{ERRORS, Look, MINUTES_5, MINUTES_15, Reading, ReadingUnit},
    say::{clock, in_words, limit},
};
use crate::{
    domain::time::Millis,
    http::page::{
        account::{cell, head, number},
        part::{Cell, CellLink, Panel, Row, Table},
    },
    report::count::grouped,
    store::error_table,
};

/// So many rows of one kind are shown; the heading says how many there are.
const ROWS_MAX: usize = 60;

/// Id and place, title, and what makes its table.
type OfService = ((&'static str, PartPlace), (&'static str, &'static str), fn(Written<'_>, Look<'_>) -> Table);

/// In the order of the page, each under its id.
pub(super) fn all(with: Written<'_>) -> Vec<((&'static str, PartPlace), Panel)> {
    let of_service: [OfService; 7] = [
        (("partitions", PartPlace::Left), ("分区", "Partitions"), partitions),
        (("checks", PartPlace::Right), ("就绪检查", "Checks of /readyz"), checks),
        (("streams", PartPlace::Left), ("业务流与来源", "Streams and sources"), streams),
        (("stages", PartPlace::Right), ("批次与各步用时（五分钟）", "Batches and their stages (five minutes)"), stages),
        (("errors", PartPlace::Left), ("ClickHouse 报错", "Errors of ClickHouse"), errors),
        (("memory", PartPlace::Right), ("内存", "Memory"), memory),
        (("readings", PartPlace::Wide), ("全部读数与告警线", "Every reading and its alert"), readings),
    ];
    let lang = with.lang;
    of_service
        .into_iter()
        .map(|(at, (zh, en), table)| (at, panel(at.0, lang.of(zh, en), with.seen.look().map(|look| table(with, look)))))
        .collect()
}

pub(super) fn panel(id: &str, title: &str, table: Option<Table>) -> Panel {
    let table = table.map(|table| Table { caption: title.to_owned(), ..table });
    Panel { id: id.to_owned(), title: title.to_owned(), tables: table.into_iter().collect(), ..Panel::default() }
}

/// Not more rows than can be taken in at a glance.
pub(super) fn table(heads: &[&str], mut rows: Vec<Vec<Cell>>) -> Table {
    let many = rows.len();
    rows.truncate(ROWS_MAX);
    let notes = if many > ROWS_MAX { vec![format!("{ROWS_MAX} / {}", grouped(many as u64))] } else { Vec::new() };
    Table { notes, ..whole_table(heads, rows) }
}

/// Heads that begin with `#` are of numbers.
pub(super) fn whole_table(heads: &[&str], rows: Vec<Vec<Cell>>) -> Table {
    let is_linkless = !rows.iter().flatten().any(|cell| cell.has_href || !cell.links.is_empty());
    let label = |head: &str| head.trim_start_matches('#').to_owned();
    let mut rows: Vec<Row> = rows.into_iter().map(|cells| Row { cells, ..Row::default() }).collect();
    for row in &mut rows {
        row.cells.iter_mut().zip(heads).for_each(|(cell, head)| cell.label = label(head));
        if let Some(first) = row.cells.first_mut() {
            first.is_head = true;
        }
    }
    Table {
        is_caption_hidden: true,
        is_linkless,
        cls: "stackable".to_owned(),
        cols: heads.iter().map(|text| head(&label(text), if text.starts_with('#') { "n" } else { "" })).collect(),
        rows,
        ..Table::default()
    }
}

fn count(value: f64) -> Cell {
    number(&grouped(value.max(0.0).round() as u64))
}

/// Only what is not nothing is worth a second look.
fn trouble(value: f64) -> Cell {
    let count = count(value);
    if value > 0.0 { Cell { cls: "n worse".to_owned(), text: format!("▲ {}", count.text), ..count } } else { count }
}

fn partitions(with: Written<'_>, look: Look<'_>) -> Table {
    let (lang, now) = (with.lang, &look.status.now);
    let of = |name: &str, topic: &str, partition: &str| {
        let is_it = |labels: &std::collections::BTreeMap<String, String>| {
            labels.get("topic").is_some_and(|found| found == topic)
                && labels.get("partition").is_some_and(|found| found == partition)
        };
        now.each(name).iter().find(|sample| is_it(&sample.labels)).map_or(0.0, |sample| sample.value)
    };
    let mut lags: Vec<(&str, &str, f64)> = now
        .each("tongguan_consumer_lag_messages")
        .iter()
        .filter_map(|sample| {
            Some((sample.labels.get("topic")?.as_str(), sample.labels.get("partition")?.as_str(), sample.value))
        })
        .collect();
    lags.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(b.0)).then(a.1.len().cmp(&b.1.len())).then(a.1.cmp(b.1)));
    let row = |(topic, partition, lag): &(&str, &str, f64)| {
        let more = ["tongguan_partition_stuck", "tongguan_unreadable_total", "tongguan_gap_messages_total"];
        let mut cells = vec![cell(topic), number(partition), count(*lag)];
        cells.extend(more.map(|name| trouble(of(name, topic, partition))));
        cells
    };
    let heads = [
        lang.of("主题", "topic"),
        lang.of("#分区", "#partition"),
        lang.of("#积压（条）", "#lag (messages)"),
        lang.of("#停滞", "#stands"),
        lang.of("#读不了", "#unreadable"),
        lang.of("#未读即删", "#gone unread"),
    ];
    table(&heads, lags.iter().map(row).collect())
}

fn checks(with: Written<'_>, look: Look<'_>) -> Table {
    let lang = with.lang;
    let name = |name: &str| match name {
        "kafka" => lang.of("Kafka 节点", "brokers of Kafka").to_owned(),
        "kafka_assignment" => lang.of("分区分配", "partitions assigned").to_owned(),
        "partitions" => lang.of("分区前进", "partitions move").to_owned(),
        "clickhouse" => "ClickHouse".to_owned(),
        "schema" => lang.of("表结构", "schema").to_owned(),
        other => other.to_owned(),
    };
    let row = |check: &crate::health::CheckReport| {
        let state = match check.ok {
            true => cell(lang.of("正常", "ok")),
            false => Cell { cls: "worse".to_owned(), ..cell(lang.of("✕ 不正常", "✕ fails")) },
        };
        vec![Cell { has_sub: true, sub: check.name.clone(), ..cell(&name(&check.name)) }, state, cell(&check.detail)]
    };
    let heads = [lang.of("检查", "check"), lang.of("状态", "state"), lang.of("说明", "detail")];
    table(&heads, look.status.readiness.checks.iter().map(row).collect())
}

fn streams(with: Written<'_>, look: Look<'_>) -> Table {
    let (lang, zone) = (with.lang, with.zone);
    let row = |sample: &crate::metrics::samples::MetricSample| {
        let label = |name: &str| sample.labels.get(name).map_or("", String::as_str);
        let last = match sample.value > 0.0 {
            true => clock(Millis((sample.value * 1e3) as i64), with.seen.at, zone),
            false => "—".to_owned(),
        };
        vec![cell(label("stream")), cell(label("source")), number(&last)]
    };
    let mut samples: Vec<_> = look.status.now.each("tongguan_last_event_timestamp_seconds").iter().collect();
    samples.sort_by(|a, b| b.value.total_cmp(&a.value));
    let heads = [lang.of("业务流", "stream"), lang.of("来源", "source"), lang.of("#最近一条", "#last message")];
    let mut table = table(&heads, samples.into_iter().map(row).collect());
    table.notes.push(
        lang.of(
            "工作时间内一小时没有消息即告警（TongguanStreamSilent）。",
            "An hour of silence in working hours is an alert (TongguanStreamSilent).",
        )
        .to_owned(),
    );
    table
}

const STAGES: &[(&str, (&str, &str))] = &[
    ("ledger", ("写账本", "ledger")),
    ("lookup", ("查此前事件", "look-up of earlier events")),
    ("fold", ("归并", "fold")),
    ("cases", ("写案件", "cases")),
    ("quarantine", ("写隔离区", "quarantine")),
    ("commit", ("提交位移", "commit")),
    ("sweep", ("巡检", "sweep")),
];

fn stages(with: Written<'_>, look: Look<'_>) -> Table {
    let lang = with.lang;
    const SECONDS: &str = "tongguan_stage_seconds";
    let of = |seconds: Option<f64>| number(&in_words(ReadingUnit::Seconds, seconds, lang));
    let row = |(stage, (zh, en)): &(&str, (&str, &str))| {
        let label = Some(("stage", *stage));
        let times = look.grown_of("tongguan_stage_seconds_count", ("stage", stage), MINUTES_5).unwrap_or(0.0);
        vec![
            cell(lang.of(zh, en)),
            count(times),
            of(look.mean(SECONDS, label, MINUTES_5)),
            of(look.quantile(SECONDS, label, MINUTES_5)),
        ]
    };
    let heads = [
        lang.of("步骤", "stage"),
        lang.of("#次数", "#times"),
        lang.of("#平均用时", "#mean"),
        lang.of("#99% 不超过", "#99 % within"),
    ];
    let mut table = table(&heads, STAGES.iter().map(row).collect());
    let rows = look.mean("tongguan_batch_rows", None, MINUTES_5);
    table.notes.push(format!(
        "{} {}",
        lang.of("每批消息数（平均）", "messages in a batch (mean)"),
        in_words(ReadingUnit::Messages, rows, lang)
    ));
    table
}

fn errors(with: Written<'_>, look: Look<'_>) -> Table {
    let lang = with.lang;
    let row = |sample: &crate::metrics::samples::MetricSample| {
        let code = sample.labels.get("code").map_or("", String::as_str);
        let (name, meaning, action) =
            error_table::told(code).unwrap_or(("", "—", "等待，须人工处理 wait for a person"));
        let lately = look.grown_of(ERRORS, ("code", code), MINUTES_15);
        vec![
            Cell { has_sub: !name.is_empty(), sub: name.to_owned(), ..cell(code) },
            cell(meaning),
            cell(action),
            count(sample.value),
            lately.map_or(number("—"), trouble),
        ]
    };
    let heads = [
        lang.of("错误码", "code"),
        lang.of("含义", "meaning"),
        lang.of("处理", "what is done"),
        lang.of("#启动以来", "#since the start"),
        lang.of("#一刻钟", "#quarter of an hour"),
    ];
    let rows: Vec<_> = look.status.now.each(ERRORS).iter().map(row).collect();
    let is_empty = rows.is_empty();
    let mut table = table(&heads, rows);
    if is_empty {
        table.notes.push(lang.of("启动以来没有报错。", "None since the start.").to_owned());
    }
    table
}

fn memory(with: Written<'_>, look: Look<'_>) -> Table {
    let lang = with.lang;
    let bytes = |value: Option<f64>| number(&in_words(ReadingUnit::Bytes, value, lang));
    let name = |share: &str| match share {
        "fetched" => lang.of("已取", "fetched").to_owned(),
        "collected" => lang.of("正在凑批", "collected").to_owned(),
        "waiting" => lang.of("等待写入", "waiting").to_owned(),
        "written" => lang.of("正在写入", "being written").to_owned(),
        "encoded" => lang.of("已编码", "encoded").to_owned(),
        "cached" => lang.of("近期案件", "recent cases").to_owned(),
        other => other.to_owned(),
    };
    let held = look.status.now.by("tongguan_memory_held_bytes", "share", |a, b| a + b);
    let mut rows: Vec<_> = held.iter().map(|(share, value)| vec![cell(&name(share)), bytes(Some(*value))]).collect();
    rows.push(vec![
        cell(lang.of("预算 memory.max_mb", "the budget memory.max_mb")),
        bytes(look.sum("tongguan_memory_max_bytes")),
    ]);
    rows.push(vec![cell(lang.of("进程常驻", "resident in all")), bytes(look.sum("process_resident_memory_bytes"))]);
    table(&[lang.of("占用", "held"), lang.of("#大小", "#size")], rows)
}

fn readings(with: Written<'_>, look: Look<'_>) -> Table {
    let lang = with.lang;
    let row = |reading: &Reading| {
        let rule = reading.rule;
        // A moment as such: how long ago it was would change, and be sent, every second.
        let value = match (rule.unit, reading.value) {
            (ReadingUnit::Ago, Some(ago)) => {
                clock(Millis(((look.now_s - ago) * 1e3).round() as i64), with.seen.at, with.zone)
            }
            (unit, value) => in_words(unit, value, lang),
        };
        let value = match reading.is_over {
            true => Cell { cls: "n worse".to_owned(), ..cell(&format!("▲ {value}")) },
            false => number(&value),
        };
        let alert = CellLink { before: String::new(), href: with.runbook(rule.alert), text: rule.alert.to_owned() };
        vec![
            Cell { has_sub: true, sub: rule.metric.to_owned(), ..cell(lang.of(rule.name.0, rule.name.1)) },
            value,
            number(&limit(reading, lang)),
            Cell { links: if rule.alert.is_empty() { Vec::new() } else { vec![alert] }, ..Cell::default() },
        ]
    };
    let heads = [
        lang.of("读数", "reading"),
        lang.of("#现在", "#now"),
        lang.of("#告警线", "#alert"),
        lang.of("值班手册", "runbook"),
    ];
    table(&heads, look.readings().iter().map(row).collect())
}
