//! A glance for people, in Chinese and English.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use jiff::tz::TimeZone;

use super::glance::Glance;
use crate::{cli::lines::write_line, domain::time::Millis};

/// What is not known.
const NONE: &str = "—";

pub(super) fn write(found: &Glance, url: &str, zone: &TimeZone, now: Millis, out: &mut impl Write) -> io::Result<()> {
    let time = |at: Option<f64>| at.map_or(NONE.to_owned(), |at| moment(at, zone, now));
    let number = |value: Option<f64>| value.map_or(NONE.to_owned(), |value| value.to_string());
    write_line("实例 instance", url, out)?;
    let version = (found.version.as_deref(), found.commit.as_deref());
    write_line("版本 version", &format!("{} ({})", version.0.unwrap_or(NONE), version.1.unwrap_or(NONE)), out)?;
    write_line("启动于 up since", &time(found.up_since_s), out)?;
    write_line("就绪 ready", &ready(found), out)?;
    for check in &found.not_ready {
        write_line("", &format!("{}: {}", check.name, check.detail), out)?;
    }
    if found.paused == Some(true) {
        write_line("", "等待服务器 waiting for a server", out)?;
    }
    write_line("每秒消息 messages/s", &found.messages_per_s.map_or(NONE.to_owned(), |rate| format!("{rate:.1}")), out)?;
    write_line("最近提交 last commit", &time(found.last_commit_s), out)?;
    if found.topics.is_empty() {
        write_line("积压 lag", NONE, out)?;
    }
    for (name, topic) in &found.topics {
        let stuck = match topic.stuck.is_empty() {
            true => String::new(),
            false => format!("，卡住的分区 stuck partitions: {}", topic.stuck.join(", ")),
        };
        write_line("积压 lag", &format!("{name}: {}{stuck}", number(topic.lag)), out)?;
    }
    if found.last_event_s.is_empty() {
        write_line("最近事件 last event", NONE, out)?;
    }
    for (stream, at) in &found.last_event_s {
        write_line("最近事件 last event", &format!("{stream}: {}", moment(*at, zone, now)), out)?;
    }
    write_line("隔离待处理 quarantine", &number(found.quarantine_waiting), out)?;
    write_line("ClickHouse 错误 errors", &by_name(&found.clickhouse_errors, |n| n.to_string(), "0"), out)?;
    write_line("读不出 unreadable", &number(found.unreadable), out)?;
    write_line("提交被拒 refused", &number(found.commits_refused), out)?;
    write_line("代 generation", &number(found.generation), out)?;
    let memory = found.memory_bytes.map_or(NONE.to_owned(), mib);
    let held = by_name(&found.held_bytes, mib, "");
    let held = if held.is_empty() { held } else { format!("（占用 held: {held}）") };
    write_line("内存 memory", &format!("{memory}{held}"), out)?;
    write_line("http 连接 connections", &number(found.http_connections), out)
}

fn ready(found: &Glance) -> String {
    match found.ready {
        Some(true) => "是 yes".to_owned(),
        Some(false) => "否 no".to_owned(),
        None => NONE.to_owned(),
    }
}

fn by_name(values: &BTreeMap<String, f64>, show: impl Fn(f64) -> String, none: &str) -> String {
    let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}: {}", show(*value))).collect();
    if values.is_empty() { none.to_owned() } else { values.join(", ") }
}

fn mib(bytes: f64) -> String {
    format!("{:.0} MiB", bytes / f64::from(1 << 20))
}

/// The time, and how long ago.
fn moment(at_s: f64, zone: &TimeZone, now: Millis) -> String {
    let at = Millis((at_s * 1e3) as i64);
    let ago = now.since(at).div_euclid(1000);
    format!("{} ({})", at.rfc3339(zone), since(ago))
}

fn since(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match seconds {
        ..0 => format!("{} s 后 ahead", -seconds),
        0..60 => format!("{seconds} s 前 ago"),
        60..3_600 => format!("{minutes} min 前 ago"),
        3_600..86_400 => format!("{hours} h {minutes} min 前 ago"),
        _ => format!("{days} d {hours} h 前 ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(found: &Glance) -> String {
        let mut out = Vec::new();
        let now = Millis(1_000_000_000);
        write(found, "http://x", &TimeZone::UTC, now, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        let text = written(&Glance::default());
        for label in ["up since", "ready", "messages/s", "last commit", "lag", "last event", "quarantine", "generation"]
        {
            let line = text.lines().find(|line| line.contains(label)).unwrap();
            assert!(line.ends_with(NONE), "{line}");
        }
    }

    #[test]
    fn times_are_said_with_how_long_ago() {
        let text = written(&Glance { last_commit_s: Some(999_988.0), ..Glance::default() });
        assert!(text.contains("1970-01-12T13:46:28") && text.contains("12 s 前 ago"), "{text}");
        for (seconds, said) in [
            (-3, "3 s 后 ahead"),
            (59, "59 s 前 ago"),
            (61, "1 min 前 ago"),
            (7_260, "2 h 1 min 前 ago"),
            (90_000, "1 d 1 h 前 ago"),
        ] {
            assert_eq!(since(seconds), said);
        }
    }
}
