//! What the town did besides tickets and grid cases, as its report of 2021 counts it, and of 2020 what the report compares with.
//! The counts of 2020 are chosen so that the changes come out as reported: −6.4 %, −19.6 %, −18.8 %.

use std::ops::Range;

/// How a piece of work goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// So many occasions, on each of which some were counted; this many in all.
    Tally {
        total: u64,
    },
    Petition,
    /// The first ones fail.
    Mediation {
        failed: u64,
    },
    Proposal,
    /// 主动公开.
    Document,
    /// 依申请公开.
    Request,
    Lawsuit,
    Environment,
}

#[derive(Clone, Copy, Debug)]
pub struct PlannedWork {
    pub stream: &'static str,
    /// Empty: drawn from what the stream knows.
    pub kind: &'static str,
    pub year: i16,
    /// Cases that count; of a tally, occasions.
    pub cases: u64,
    pub course: Course,
}

impl PlannedWork {
    /// As days since 1970-01-01.
    pub fn days(&self) -> Range<i64> {
        if self.year == 2020 { 18_262..18_628 } else { 18_628..18_993 }
    }
}

const fn cases(stream: &'static str, kind: &'static str, cases: u64, course: Course) -> PlannedWork {
    PlannedWork { stream, kind, year: 2021, cases, course }
}

const fn tally(stream: &'static str, kind: &'static str, occasions: u64, total: u64) -> PlannedWork {
    cases(stream, kind, occasions, Course::Tally { total })
}

const fn in_2020(work: PlannedWork) -> PlannedWork {
    PlannedWork { year: 2020, ..work }
}

pub const WORKS: [PlannedWork; 31] = [
    in_2020(cases("petitions", "", 218, Course::Petition)),
    cases("petitions", "", 204, Course::Petition),
    cases("mediation", "", 168, Course::Mediation { failed: 2 }),
    cases("proposals", "代表建议", 10, Course::Proposal),
    cases("disclosure", "主动公开", 21, Course::Document),
    cases("disclosure", "依申请公开", 7, Course::Request),
    cases("lawsuits", "", 2, Course::Lawsuit),
    cases("environment", "", 96, Course::Environment),
    tally("legal_services", "法律顾问服务", 240, 1_093),
    tally("legal_services", "参与化解纠纷", 150, 283),
    tally("legal_services", "协助法律援助申请", 21, 21),
    tally("legal_services", "修订村规民约", 8, 8),
    tally("legal_services", "法律咨询", 180, 552),
    tally("legal_services", "合同审查", 221, 221),
    tally("legal_services", "重大执法决定审核", 8, 8),
    tally("legal_services", "一般执法决定审核", 210, 210),
    tally("hazards", "安全隐患", 420, 1_900),
    tally("hazards", "群租整治", 26, 26),
    in_2020(tally("police_calls", "诈骗", 224, 224)),
    tally("police_calls", "诈骗", 180, 180),
    in_2020(tally("police_calls", "赌博", 69, 69)),
    tally("police_calls", "赌博", 56, 56),
    tally("outreach", "业务培训", 5, 960),
    tally("outreach", "执法人员培训", 4, 90),
    tally("outreach", "专题讲座", 6, 6),
    tally("outreach", "宣传活动", 617, 617),
    tally("outreach", "宣传资料", 617, 15_200),
    tally("outreach", "现场咨询", 410, 2_750),
    tally("outreach", "受众", 560, 5_710),
    in_2020(tally("outreach", "宣传活动", 540, 540)),
    in_2020(tally("hazards", "安全隐患", 380, 1_720)),
];

/// The streams of these works, each once.
pub fn streams() -> Vec<&'static str> {
    let mut streams: Vec<&str> = WORKS.iter().map(|work| work.stream).collect();
    streams.sort_unstable();
    streams.dedup();
    streams
}
