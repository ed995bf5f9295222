//! Words for the facts, standings and segments of a case: Chinese first, then English.

use crate::domain::{
    assignment::Outcome,
    calendar::{Convention, Limit, Measure, Rest},
    clock::{Happening, SegmentKind},
    fact::FactKind,
    history::Standing,
    lifecycle::Phase,
};

/// The English of a fact is its name on the wire.
pub fn fact(kind: FactKind) -> &'static str {
    use FactKind as K;
    match kind {
        K::Reported => "上报",
        K::Tallied => "计数",
        K::Accepted => "受理",
        K::Rejected => "不予受理",
        K::VerificationRequested => "发核实",
        K::Verified => "核实",
        K::Filed => "立案",
        K::NotFiled => "不予立案",
        K::Dispatched => "派遣",
        K::Signed => "签收",
        K::Returned => "退单",
        K::ReturnDecided => "退单审批",
        K::Withdrawn => "撤回派遣",
        K::Contacted => "先行联系",
        K::Supervised => "督办",
        K::Urged => "催办",
        K::ExtensionRequested => "延期申请",
        K::ExtensionDecided => "延期审批",
        K::SuspensionRequested => "挂账申请",
        K::Suspended => "挂账",
        K::Resumed => "恢复",
        K::Submitted => "处置反馈",
        K::CheckRequested => "发核查",
        K::Checked => "核查",
        K::ReworkOrdered => "返工令",
        K::Closed => "结案",
        K::Reopened => "重新打开",
        K::Revisited => "回访",
        K::Reviewed => "复核",
        K::AppealDecided => "申诉",
        K::DuplicateLinked => "关联重复",
        K::DuplicateUnlinked => "解除重复",
        K::Voided => "作废",
        K::VoidRevoked => "撤销作废",
        K::Corrected => "更正",
        K::Snapshot => "行快照",
    }
}

/// 统计状态.
pub fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "在办",
        Standing::Answered => "待结",
        Standing::Suspended => "挂账",
        Standing::Closed => "已结",
        Standing::Void => "作废",
        Standing::Excluded => "不予受理或立案",
        Standing::Pending => "待受理",
    }
}

/// Where the case is between two facts.
pub fn phase(phase: Phase) -> (&'static str, &'static str) {
    let zh = match phase {
        Phase::New => "未上报",
        Phase::Reported => "待受理",
        Phase::Rejected => "不予受理",
        Phase::Accepted => "已受理",
        Phase::NotFiled => "不予立案",
        Phase::Filed => "待派遣",
        Phase::Dispatched => "待签收",
        Phase::Returned => "已退单",
        Phase::Handling => "处置中",
        Phase::Rework => "返工",
        Phase::Submitted => "已反馈",
        Phase::Checking => "核查中",
        Phase::Checked => "已核查",
        Phase::Closed => "已结案",
    };
    (zh, phase.name())
}

/// What became of an assignment.
pub fn outcome(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Open => ("在办", "open"),
        Outcome::Done => ("办结", "done"),
        Outcome::Returned => ("退单", "returned"),
        Outcome::Withdrawn => ("撤回", "withdrawn"),
        Outcome::PassedOn => ("转派", "passed on"),
    }
}

/// Chinese and English in one.
pub(super) fn happened(happening: Happening) -> &'static str {
    match happening {
        Happening::Start => "起 start",
        Happening::Stop => "停 stop",
        Happening::Pause => "挂账 pause",
        Happening::Resume { .. } => "恢复 resume",
        Happening::ExtensionRequested => "申请延期 extension requested",
        Happening::ExtensionApproved { .. } => "延期 extension",
        Happening::Rework => "返工 rework",
        Happening::Reopened { .. } => "重新打开 reopened",
        Happening::TakenOn => "重新受理 taken on after all",
        Happening::Returned => "退回 returned",
        Happening::ClosedOver => "未办而结 closed over its head",
        Happening::Voided => "作废 voided",
        Happening::VoidRevoked => "撤销作废 void revoked",
        Happening::Exempted => "申诉通过 exempt",
    }
}

/// What moved a clock.
pub fn happening(happening: Happening) -> (&'static str, &'static str) {
    let both = happened(happening);
    both.split_once(' ').unwrap_or((both, both))
}

/// Name in JSON, Chinese, English.
pub fn segment(kind: &SegmentKind) -> (&'static str, String, String) {
    let words = |name, zh: &str, en: &str| (name, zh.to_owned(), en.to_owned());
    match kind {
        SegmentKind::Counted => words("counted", "计入", "counted"),
        SegmentKind::Paused => words("paused", "暂停", "paused"),
        SegmentKind::FirstDay => words("first_day", "起算日不计", "first day, not counted"),
        SegmentKind::Stopped => words("stopped", "停表", "stopped"),
        SegmentKind::Rest(Rest::Break) => words("not_working", "午休", "break"),
        SegmentKind::Rest(Rest::AfterHours) => words("not_working", "非工作时间", "after hours"),
        SegmentKind::Rest(Rest::DaysOff { is_weekend, names }) => {
            let mut zh: Vec<&str> = names.iter().map(String::as_str).collect();
            if *is_weekend {
                zh.push("周末");
            }
            let en = match (names.is_empty(), *is_weekend) {
                (true, _) => "weekend",
                (false, true) => "holiday, weekend",
                (false, false) => "holiday",
            };
            ("not_working", zh.join("、"), en.to_owned())
        }
    }
}

/// 时限 in words, with the convention only where it is not the usual one.
pub fn limit(limit: Limit) -> String {
    let convention = limit.convention().filter(|how| *how != Convention::EndOfDay);
    let (zh, en) =
        convention.map_or_else(Default::default, |how| (format!("，{}", how.title_zh()), format!(" {}", how.name())));
    format!("{} {}{zh} {}{en}", limit.count(), limit.unit().title_zh(), limit.unit().name())
}

/// Name in JSON, Chinese, English.
pub fn measure(measure: Measure) -> (&'static str, &'static str, &'static str) {
    match measure {
        Measure::Clock => ("clock", "昼夜连续", "day and night"),
        Measure::Work => ("work", "工作时间", "working time"),
        Measure::Days => ("days", "自然日", "days"),
        Measure::Workdays => ("workdays", "工作日", "working days"),
    }
}

/// `是 yes`.
pub fn yes_no(is: bool) -> &'static str {
    if is { "是 yes" } else { "否 no" }
}
