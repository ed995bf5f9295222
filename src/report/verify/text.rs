//! The verdict for people, and its last line for scripts.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::advice;
use crate::{
    domain::verify::{Finding, Kind, Looked, Note, Verdict},
    report::{
        count::grouped,
        rate::NO_RATE,
        table::{Align, TextTable, printable, write_line},
    },
};

/// The last line is for scripts.
pub fn write(of: &Verdict, zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    if let Some(since) = of.since {
        write_line("接收自 taken in since", &since.rfc3339(zone), out)?;
    }
    partitions(&of.partitions, out)?;
    for note in &of.notes {
        writeln!(out, "备注 note: {}", printable(&told(note)))?;
    }
    for (kind, _) in Kind::ALL {
        let count = of.tally.of(kind);
        if count == 0 {
            continue;
        }
        let advice = advice::of(kind);
        writeln!(out, "\n{} {}: {}", advice.word, grouped(count), advice.meaning)?;
        let listed: Vec<&Finding> = of.findings.iter().filter(|one| one.kind() == kind).collect();
        for finding in &listed {
            writeln!(out, "  {}", printable(&line(finding)))?;
        }
        if listed.iter().map(|one| one.weight()).sum::<u64>() < count {
            writeln!(out, "  … 其余未列出，--most 可列更多 the rest is not listed; --most lists more")?;
        }
        writeln!(out, "  → {}", advice.what_to_do)?;
    }
    if !of.partitions.is_empty() {
        writeln!(out)?;
    }
    let seconds = of.finished_at.since(of.started_at) as f64 / 1000.0;
    let looked = format!("{} 条消息 messages, {} 件案件 cases", grouped(of.messages), grouped(of.cases));
    write_line("已核对 compared", &format!("{looked}, {seconds:.1} s"), out)?;
    writeln!(out, "{}", last_line(of))
}

/// `verify: messages=… holes=… …`.
pub fn last_line(of: &Verdict) -> String {
    let counts: Vec<String> = of.tally.summed().iter().map(|(word, count)| format!("{word}={count}")).collect();
    format!("verify: messages={} {}", of.messages, counts.join(" "))
}

fn partitions(looked: &[Looked], out: &mut impl Write) -> io::Result<()> {
    let heads = [
        "分区 partition",
        "Kafka",
        "已提交 committed",
        "核对至 up to",
        "有 held",
        "无消息 empty",
        "已确认 accepted",
        "未取 not yet taken",
    ];
    let align = |index| if index == 0 { Align::Left } else { Align::Right };
    let mut table = TextTable::new(heads.iter().enumerate().map(|(index, head)| ((*head).to_owned(), align(index))));
    for one in looked {
        let of_kafka = one.log.map_or(NO_RATE.to_owned(), |log| format!("{}–{}", log.low, log.high));
        table.push(vec![
            format!("{}/{}", one.topic, one.partition),
            of_kafka,
            one.committed.map_or(NO_RATE.to_owned(), |next| next.to_string()),
            format!("{}–{}", one.duty.first, one.duty.next),
            grouped(one.held),
            grouped(one.empty),
            grouped(one.accepted),
            grouped(one.not_yet_taken),
        ]);
    }
    if looked.is_empty() { Ok(()) } else { table.write(out) }
}

fn line(of: &Finding) -> String {
    let more = |detail: &str| if detail.is_empty() { String::new() } else { format!(": {detail}") };
    match of {
        Finding::Offsets { topic, partition, range, detail, .. } => {
            let offsets = match range.len() {
                1 => range.first.to_string(),
                count => format!("{}–{} ({})", range.first, range.next - 1, grouped(count)),
            };
            format!("{topic}/{partition}/{offsets}{}", more(detail))
        }
        Finding::Topic { topic, detail } => format!("{topic}{}", more(detail)),
        Finding::Case { stream, case_id, detail, .. } => format!("{stream} {case_id}{}", more(detail)),
        Finding::Identity { source, event_id, cases, .. } => {
            let cases: Vec<String> = cases.iter().map(|(stream, case_id)| format!("{stream} {case_id}")).collect();
            format!("({source}, {event_id}): {}", cases.join("; "))
        }
    }
}

pub(super) fn told(note: &Note) -> String {
    match note {
        Note::Undeclared { stream, messages } => format!(
            "业务流 {stream} 未声明，{0} 条消息的案件未核对 stream {stream} is not declared: the cases of {0} messages were not compared",
            grouped(*messages)
        ),
        Note::NotOnKafka { topic, messages } => format!(
            "主题 {topic} 不在 Kafka 上，也不属于任何业务流：{0} 条消息只与案件核对 topic {topic} is not on Kafka and no stream's: {0} \
             messages were compared with the cases only",
            grouped(*messages)
        ),
        Note::NoTopic { topic } => {
            format!("主题 {topic} 尚不存在，也没有取过消息 topic {topic} does not exist, and nothing was taken from it")
        }
        Note::Unfinished { generation } => format!(
            "代次 {generation} 的 rebuild 正在进行或已中断 the rebuild of generation {generation} is going on, or was cut off"
        ),
        Note::JudgedByOthers { cases } => format!(
            "{0} 件案件按其他时限规则或日历判定，未与重新折叠比较 {0} cases are judged by another policy or calendar and were not compared with a fresh fold",
            grouped(*cases)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::Millis, verify::Range};

    fn hole(first: i64, next: i64) -> Finding {
        let detail = String::new();
        Finding::Offsets { kind: Kind::Hole, topic: "t".into(), partition: 2, range: Range::new(first, next), detail }
    }

    #[test]
    fn a_finding_is_named_counted_and_comes_with_what_to_do() {
        let mut verdict = Verdict::new(Millis(0), None, 1);
        verdict.messages = 7;
        verdict.add(hole(5, 6));
        verdict.add(hole(10, 2_010));
        let mut out = Vec::new();
        write(&verdict, &TimeZone::UTC, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("缺失 HOLE 2,001") && text.contains("  t/2/5\n") && !text.contains("t/2/10"), "{text}");
        assert!(text.contains("--most lists more") && text.contains("--reset-offsets"), "{text}");
        let last = "verify: messages=7 holes=2001 doubles=0 stale=0 missing=0 conflicts=0 gaps=0 topics=0\n";
        assert!(text.ends_with(last), "{text}");
        assert_eq!(line(&hole(10, 2_010)), "t/2/10–2009 (2,000)");
    }

    #[test]
    fn names_from_outside_cannot_give_orders_to_the_terminal() {
        let mut verdict = Verdict::new(Millis(0), None, 9);
        let (stream, case_id) = ("s".into(), "A\u{1b}[2J".into());
        verdict.add(Finding::Case { kind: Kind::Stale, stream, case_id, detail: String::new() });
        let mut out = Vec::new();
        write(&verdict, &TimeZone::UTC, &mut out).unwrap();
        assert!(!out.contains(&0x1b));
    }
}
