//! Why a case is on time or late, in one sentence.

use super::{Shown, duration::wall};
use crate::domain::{
    case::Case,
    fold::watch::Watched,
    history::Standing,
    kpi::{Period, Seen},
    marks::Mark,
    rules::Rules,
    stream::Finish,
    time::{Due, Millis},
};

/// What the case has come to by its due, for people and for programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseVerdict {
    /// `on_time`, `late`, or what the case is instead of either.
    pub word: &'static str,
    pub zh: String,
    pub en: String,
    /// Milliseconds left at the finish, or at the as-of; negative when late.
    pub margin_ms: Option<i64>,
    /// What else bears on it.
    pub notes: Vec<(String, String)>,
}

impl CaseVerdict {
    pub(super) fn of(watched: &Watched, rules: &Rules, as_of: Millis, shown: &Shown<'_>) -> Self {
        let case = &watched.case;
        let period = Period { from: Millis(i64::MIN), to: Millis(i64::MAX), as_of };
        let Some(seen) = Seen::new(case, period) else {
            let (zh, en) = ("截至此刻尚无事件".to_owned(), "nothing of it had happened by then".to_owned());
            return Self { word: "not_known", zh, en, margin_ms: None, notes: Vec::new() };
        };
        let step = seen.step;
        let judged = step.due.zip(step.finished_at).filter(|_| seen.is_closed());
        let (word, zh, en, margin_ms) = match judged {
            Some((due, finished_at)) => closed(due, (finished_at, done(case, rules, finished_at)), shown),
            None => open(&seen, as_of, shown),
        };
        Self { word, zh, en, margin_ms, notes: notes(&seen, word, shown) }
    }
}

type Said = (&'static str, String, String, Option<i64>);

/// What the due is compared with, as a word: the close, or what finished the work before it.
fn done(case: &Case, rules: &Rules, finished_at: Millis) -> (&'static str, &'static str) {
    match rules.stream.finish {
        _ if case.milestones.closed_at == Some(finished_at) => ("办结", "closed"),
        Some(Finish::CheckPassed) => ("核查通过", "passed the check"),
        Some(Finish::Submitted) => ("反馈", "submitted"),
        _ => ("停表", "the clock stopped"),
    }
}

fn closed(due: Due, (at, (zh, en)): (Millis, (&str, &str)), shown: &Shown<'_>) -> Said {
    let is_met = due.is_met_at(at);
    let margin = due.at.since(at);
    let (by_zh, by_en) = wall(margin);
    let (due, at) = (shown.due(due), shown.at(at));
    let (word, ends_zh, ends_en) = match is_met {
        true => ("on_time", format!("早 {by_zh}：按时"), format!("{by_en} early: on time")),
        false => ("late", format!("晚 {by_zh}：超期结案"), format!("{by_en} late: closed late")),
    };
    (word, format!("时限 {due}，于 {at} {zh}，{ends_zh}"), format!("due {due}, {en} {at}, {ends_en}"), Some(margin))
}

fn open(seen: &Seen<'_>, as_of: Millis, shown: &Shown<'_>) -> Said {
    let plain = |word, zh: &str, en: &str| (word, zh.to_owned(), en.to_owned(), None);
    let timed = |word, due: Due, (zh, en): (&str, &str), (end_zh, end_en): (&str, &str)| {
        let margin = due.at.since(as_of);
        let (by_zh, by_en) = wall(margin);
        let due = shown.due(due);
        (
            word,
            format!("未结，时限 {due}，{zh} {by_zh}：{end_zh}"),
            format!("open, due {due}, {by_en} {en}: {end_en}"),
            Some(margin),
        )
    };
    match (seen.bucket(), seen.step.due) {
        ("overdue", Some(due)) => timed("overdue", due, ("已过", "ago"), ("超期未结", "overdue")),
        ("due_soon", Some(due)) => timed("due_soon", due, ("还有", "left"), ("临期", "due soon")),
        ("not_due", Some(due)) => timed("not_due", due, ("还有", "left"), ("未到期", "not yet due")),
        ("no_limit", _) => plain("no_limit", "未结，没有时限，不评判", "open, without a due: not judged"),
        ("answered", due) => answered(due, seen.step.finished_at, shown),
        ("suspended", _) => plain("suspended", "挂账中，既非已结也非超期", "suspended: neither closed nor overdue"),
        ("void", _) => plain("void", "已作废，不计入", "void: counts nowhere"),
        ("excluded", _) => plain("excluded", "不予受理或立案，不计入", "rejected or not filed: counts nowhere"),
        ("pending", _) => plain("pending", "待受理，不计入", "not received yet: counts nowhere"),
        _ if seen.step.standing == Standing::Closed && seen.is_counted() => {
            plain("closed_without_due", "已结，没有时限，不评判", "closed, without a due: not judged")
        }
        _ => plain("not_counted", "截至此刻尚未受理，不计入", "received later than this instant: does not count"),
    }
}

fn answered(due: Option<Due>, finished_at: Option<Millis>, shown: &Shown<'_>) -> Said {
    let (Some(due), Some(at)) = (due, finished_at) else {
        return ("answered", "已办待结，没有时限".to_owned(), "answered, to be closed; without a due".to_owned(), None);
    };
    let margin = due.at.since(at);
    let ((by_zh, by_en), is_met) = (wall(margin), due.is_met_at(at));
    let (due, at) = (shown.due(due), shown.at(at));
    let (zh, en) = if is_met { (format!("早 {by_zh}"), "early") } else { (format!("晚 {by_zh}"), "late") };
    (
        "answered",
        format!("已办待结，时限 {due}，于 {at} 办理，{zh}"),
        format!("answered, to be closed: due {due}, done {at}, {by_en} {en}"),
        Some(margin),
    )
}

fn notes(seen: &Seen<'_>, word: &str, shown: &Shown<'_>) -> Vec<(String, String)> {
    let (case, step) = (seen.case, seen.step);
    let mut notes = Vec::new();
    let mut note = |zh: String, en: String| notes.push((zh, en));
    let finished_at = step.finished_at.unwrap_or(seen.period.as_of);
    if let Some(original) = step.original_due.filter(|due| step.due != Some(*due)) {
        let (by, by_en) = match original.is_met_at(finished_at) {
            true => ("按原时限也不超期", "not late by it either"),
            false => ("按原时限已超期", "late by it"),
        };
        let due = shown.due(original);
        note(format!("原时限 {due}，{by}"), format!("the original due was {due}: {by_en}"));
    }
    if seen.has(Mark::WasRed) && word == "on_time" {
        note("曾亮红灯".to_owned(), "it has been red at some time".to_owned());
    }
    if seen.has(Mark::Provisional) {
        note("时限暂定：日历尚未公布".to_owned(), "the due is provisional: no notice covers its days yet".to_owned());
    }
    if case.counts.late_extensions > 0 {
        let n = case.counts.late_extensions;
        note(format!("{n} 次延期审批无效"), format!("{n} extensions moved nothing: too late, or too many"));
    }
    for (mark, zh, en) in [
        (Mark::OutOfBase, "不计入结案率、及时率基数", "out of the base of closure and timeliness"),
        (Mark::Unassessed, "不考核", "not assessed"),
        (Mark::Exempt, "申诉通过，不计入考核", "exempt after an appeal"),
        (Mark::ClosedBeforeReceipt, "结案早于受理，不计时长", "closed before it was received: in no duration"),
        (Mark::HistoryLimited, "消息过多，仅折叠一部分", "more was said of it than is followed"),
    ] {
        if seen.has(mark) {
            note(zh.to_owned(), en.to_owned());
        }
    }
    notes
}

/// The sentence of one clock.
pub(super) fn of_clock(
    due: Due,
    stopped_at: Option<Millis>,
    was_red: bool,
    as_of: Millis,
    shown: &Shown<'_>,
) -> (String, String) {
    let at = stopped_at.unwrap_or(as_of);
    let (by_zh, by_en) = wall(due.at.since(at));
    let (shown_due, shown_at) = (shown.due(due), shown.at(at));
    let (zh, en) = match (stopped_at.is_some(), due.is_met_at(at)) {
        (true, true) if was_red => {
            (format!("于 {shown_at} 停，此前已超时：超时"), format!("stopped {shown_at}, late before: late"))
        }
        (true, true) => {
            (format!("于 {shown_at} 停，早 {by_zh}：按时"), format!("stopped {shown_at}, {by_en} early: in time"))
        }
        (true, false) => {
            (format!("于 {shown_at} 停，晚 {by_zh}：超时"), format!("stopped {shown_at}, {by_en} late: late"))
        }
        (false, true) => (format!("还有 {by_zh}：未到期"), format!("{by_en} left: not yet due")),
        (false, false) => (format!("已过 {by_zh}：超时"), format!("{by_en} ago: late")),
    };
    (format!("时限 {shown_due}，{zh}"), format!("due {shown_due}, {en}"))
}
