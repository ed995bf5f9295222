//! What ClickHouse says of how things stand: quarantine, sweep and verification, gaps, generations, versions.

use super::{
    PartPlace, Written,
    panels::{panel, table},
    say::{clock, reason_name},
};
use crate::{
    domain::time::Millis,
    http::page::{
        account::{cell, number},
        address::Address,
        frame::Link,
        part::{Cell, Panel, Table},
        sheet::link,
    },
    report::count::grouped,
    store::{
        gaps::Gap,
        quarantine::QuarantineTally,
        rebuilds::Generation,
        running::{LastVerification, StoreStanding},
    },
};

/// Id and place, title, and what makes its table.
type OfStore = ((&'static str, PartPlace), (&'static str, &'static str), fn(Written<'_>, &StoreStanding) -> Table);

pub(super) fn all(with: Written<'_>) -> Vec<((&'static str, PartPlace), Panel)> {
    let lang = with.lang;
    let of_store: [OfStore; 5] = [
        (("quarantine", PartPlace::Left), ("隔离区待处理", "What waits in quarantine"), waiting),
        (("kept", PartPlace::Right), ("巡检与核对", "Sweep and verification"), kept),
        (("gaps", PartPlace::Left), ("缺口", "Gaps"), gaps),
        (("generations", PartPlace::Wide), ("代次（rebuild）", "Generations (rebuild)"), generations),
        (("versions", PartPlace::Right), ("版本", "Versions"), versions),
    ];
    let store = with.seen.store.value.as_deref();
    let mut panels: Vec<((&'static str, PartPlace), Panel)> = of_store
        .into_iter()
        .map(|(at, (zh, en), table)| (at, panel(at.0, lang.of(zh, en), store.map(|store| table(with, store)))))
        .collect();
    if let Some((_, panel)) = panels.first_mut() {
        let text = lang.of("全部清单", "the whole list").to_owned();
        panel.links.push(Link { href: with.href("/running/quarantine"), text });
    }
    panels
}

fn at(with: Written<'_>, ms: i64) -> String {
    clock(Millis(ms), with.seen.at, with.zone)
}

fn waiting(with: Written<'_>, store: &StoreStanding) -> Table {
    let lang = with.lang;
    let row = |one: &QuarantineTally| {
        let list =
            Address::new("/running/quarantine", Vec::new()).with("stream", &one.stream).with("reason", &one.reason);
        let list = list.with("lang", lang.of("", "en")).href();
        let count = Cell { cls: "n".to_owned(), ..link(&grouped(one.messages), list) };
        vec![
            cell(&one.stream),
            Cell { has_sub: true, sub: one.reason.clone(), ..cell(reason_name(&one.reason, lang)) },
            count,
        ]
    };
    let heads = [lang.of("业务流", "stream"), lang.of("原因", "reason"), lang.of("#条", "#messages")];
    let mut table = table(&heads, store.waiting.iter().map(row).collect());
    if store.waiting.is_empty() {
        table.notes.push(lang.of("没有消息在等。", "Nothing waits.").to_owned());
    }
    table
}

fn kept(with: Written<'_>, store: &StoreStanding) -> Table {
    let lang = with.lang;
    let mut rows = Vec::new();
    let mut row = |zh: &str, en: &str, value: String| rows.push(vec![cell(lang.of(zh, en)), number(&value)]);
    if let Some(look) = with.seen.look() {
        let time = |name: &str| {
            look.sum(name).filter(|at| *at > 0.0).map_or("—".to_owned(), |seconds| at(with, (seconds * 1e3) as i64))
        };
        let count = |name: &str| look.sum(name).map_or("—".to_owned(), |value| grouped(value as u64));
        row("最近巡检", "last sweep", time("tongguan_last_sweep_timestamp_seconds"));
        row("与账本不符、尚未重折的案件", "cases that differ and are not folded yet", count("tongguan_cases_behind"));
        row(
            "巡检重折的案件（启动以来）",
            "folded again by sweeps (since the start)",
            count("tongguan_swept_cases_total"),
        );
        row("跨写入者的案件（启动以来）", "of several writers (since the start)", count("tongguan_split_cases_total"));
        row("最近核对无误", "last found whole", time("tongguan_last_verify_timestamp_seconds"));
    }
    match &store.verification {
        None => row("最近一次核对", "last verification", lang.of("从未", "never").to_owned()),
        Some(last) => {
            row("最近一次核对", "last verification", at(with, last.done_at));
            let result = match (last.is_clean, findings(last)) {
                (true, _) => lang.of("无误", "nothing amiss").to_owned(),
                (false, all) => format!("✕ {} {all}", lang.of("有出入：", "found:")),
            };
            row("结果", "result", result);
            row("核对的消息", "messages looked at", grouped(last.messages));
            row("核对的案件", "cases compared", grouped(last.cases));
        }
    }
    table(&[lang.of("项目", "what"), lang.of("#现在", "#now")], rows)
}

/// Those of which there are some, under the names of `tongguan verify --json`.
fn findings(last: &LastVerification) -> String {
    let all = [
        ("holes", last.holes),
        ("doubles", last.doubles),
        ("stale", last.stale),
        ("missing", last.missing),
        ("conflicts", last.conflicts),
        ("gaps", last.gaps),
        ("topics", last.topics),
    ];
    let some = all.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name} {}", grouped(*count)));
    some.collect::<Vec<_>>().join(", ")
}

fn gaps(with: Written<'_>, store: &StoreStanding) -> Table {
    let lang = with.lang;
    let mut all: Vec<&Gap> = store.gaps.iter().collect();
    all.sort_by_key(|gap| std::cmp::Reverse(gap.noted_at));
    let row = |gap: &&Gap| {
        let place = format!("{}/{}/{}–{}", gap.topic, gap.partition, gap.first, gap.next - 1);
        vec![
            cell(&place),
            number(&grouped((gap.next - gap.first).unsigned_abs())),
            cell(&gap.reason),
            cell(&gap.note),
            cell(&at(with, gap.noted_at)),
        ]
    };
    let heads = [
        lang.of("位移", "offsets"),
        lang.of("#条", "#messages"),
        lang.of("原因", "reason"),
        lang.of("说明", "note"),
        lang.of("记录于", "noted"),
    ];
    let mut table = table(&heads, all.iter().map(row).collect());
    if all.is_empty() {
        table.notes.push(lang.of("没有缺口：没有跳过任何消息。", "None: nothing was skipped.").to_owned());
    }
    table
}

fn generations(with: Written<'_>, store: &StoreStanding) -> Table {
    let lang = with.lang;
    let row = |one: &Generation| {
        let end = one.finished_at.map_or(lang.of("未完成", "not finished").to_owned(), |end| at(with, end.0));
        vec![
            number(&one.generation.to_string()),
            cell(one.scope.name()),
            cell(&one.stream),
            cell(&one.policy),
            cell(&one.calendar),
            cell(&at(with, one.started_at.0)),
            cell(&end),
            number(&grouped(one.cases)),
        ]
    };
    let heads = [
        lang.of("#代次", "#number"),
        lang.of("范围", "scope"),
        lang.of("业务流", "stream"),
        lang.of("时限规则", "policy"),
        lang.of("日历", "calendar"),
        lang.of("开始", "began"),
        lang.of("完成", "ended"),
        lang.of("#案件", "#cases"),
    ];
    table(&heads, store.generations.iter().map(row).collect())
}

fn versions(with: Written<'_>, store: &StoreStanding) -> Table {
    let lang = with.lang;
    let mut rows = Vec::new();
    let mut row = |zh: &str, en: &str, value: String| rows.push(vec![cell(lang.of(zh, en)), cell(&value)]);
    row("本页的程序", "program of this page", format!("{} {}", env!("CARGO_PKG_VERSION"), crate::metrics::COMMIT));
    if let Some(look) = with.seen.look() {
        let now = &look.status.now;
        let label = |name: &str, label: &str| now.label(name, label).unwrap_or_else(|| "—".to_owned());
        let time = |name: &str| {
            look.sum(name).filter(|at| *at > 0.0).map_or("—".to_owned(), |seconds| at(with, (seconds * 1e3) as i64))
        };
        let info = "tongguan_build_info";
        row("服务的程序", "program of the service", format!("{} {}", label(info, "version"), label(info, "commit")));
        row("服务启动于", "the service began", time("process_start_time_seconds"));
        row("时限规则", "policy", label("tongguan_policy_info", "policy"));
        row("时限规则有缺自", "policy has no rule from", time("tongguan_policy_end_timestamp_seconds"));
        row("日历", "calendar", label("tongguan_policy_info", "calendar"));
        row("日历用到", "calendar known until", time("tongguan_calendar_end_timestamp_seconds"));
        row("代次", "generation", look.sum("tongguan_generation").map_or("—".to_owned(), |n| n.to_string()));
        for sample in now.each("tongguan_certificate_end_timestamp_seconds") {
            let file = sample.labels.get("file").map_or("", String::as_str);
            row("证书到期", "certificate ends", format!("{} {file}", at(with, (sample.value * 1e3) as i64)));
        }
    }
    row("ClickHouse", "ClickHouse", store.server_version.clone());
    row("表结构", "schema", store.schema.to_owned());
    let pending = match &store.pending {
        Ok(0) => lang.of("与本程序一致", "as this program defines them").to_owned(),
        Ok(n) => format!("{n} {}", lang.of("项待 tongguan migrate", "to be done by `tongguan migrate`")),
        Err(trouble) => trouble.clone(),
    };
    row("表与视图", "tables and views", pending);
    table(&[lang.of("项目", "what"), lang.of("版本", "version")], rows)
}
