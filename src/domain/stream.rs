//! What a stream's event types mean for the rates; declared in `config/streams`, so that a stream is data, not code.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use smol_str::SmolStr;

use super::fact::FactKind;

/// What an event type does to the case's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// 受理: from here on the case counts.
    Received,
    /// 结案.
    Closed,
    /// 作废: leaves every population.
    Void,
    /// 不予受理, 不予立案: never in the closure base.
    Excluded,
    /// 办理: the work is done; what a due is compared with, in a stream that says so.
    Handled,
    /// 满意: who asked is satisfied, without being called.
    Satisfied,
    /// Moves the life along, changes no standing.
    Progress,
}

/// What a due is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// 办理回复 The last answer.
    Submitted,
    /// 核查通过.
    CheckPassed,
    /// 结案.
    Closed,
}

impl Finish {
    /// As a stream's file writes them.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Submitted, "submitted"), (Self::CheckPassed, "check_passed"), (Self::Closed, "closed")];

    /// By the word of the file. None: there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(finish, _)| *finish)
    }
}

/// Which cases closure and timeliness ask for, beyond what every stream leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counting {
    /// 重复工单: does each count? Every citizen gets an answer, but one heap of rubbish is one heap.
    pub duplicates: bool,
    /// 直接答复: does a question count that was answered at once and sent to no unit?
    pub direct_answers: bool,
}

/// 办理结果: the words that mean a success, and those that mean the contrary. Any other is neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Results {
    /// Successes: 实际解决.
    pub solved: Vec<SmolStr>,
    /// The contrary: 解释说明.
    pub explained: Vec<SmolStr>,
}

impl Default for Results {
    fn default() -> Self {
        Self { solved: words(&["实际解决", "solved"]), explained: words(&["解释说明", "explained"]) }
    }
}

/// The values that a code may have; any other is kept as it came, and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    /// 类型.
    pub kinds: Vec<SmolStr>,
    /// 来源渠道.
    pub channels: Vec<SmolStr>,
    /// 结案方式.
    pub closings: Vec<SmolStr>,
}

impl Default for Codes {
    fn default() -> Self {
        Self {
            kinds: words(&["部件", "事件", "投诉", "求助", "咨询", "建议", "意见建议", "表扬"]),
            channels: words(&["PATROL", "HOTLINE", "PUBLIC", "WECHAT", "VILLAGE", "VIDEO_AI", "WEB", "OTHER"]),
            closings: words(&["normal", "direct_answer", "直接答复", "patrol_dealt", "duplicate_auto"]),
        }
    }
}

/// The header of a message that says who put it on Kafka.
pub const FEEDER_HEADER: &str = "tongguan-feeder";

/// Who may speak for which sources, where sources are bound to who sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Producers(pub BTreeMap<SmolStr, Vec<SmolStr>>);

impl Producers {
    /// `name` is the producer's; one that is not declared speaks for nobody.
    pub fn may_speak_for(&self, name: &str, source: &str) -> bool {
        self.0.get(name).is_some_and(|sources| sources.iter().any(|own| own == source))
    }
}

fn words(list: &[&str]) -> Vec<SmolStr> {
    list.iter().copied().map(SmolStr::new).collect()
}

/// 业务流: one file of `config/streams` (docs/streams.md). Everything in which the streams differ is here and no code.
#[derive(Clone, Debug)]
pub struct Stream {
    /// As the file calls it; the value of the column `stream`, and part of a case's identity.
    pub name: SmolStr,
    /// 主题 of its events, without the prefix of the installation.
    pub topic: SmolStr,
    /// For the page and reports.
    pub title_zh: String,
    /// Its English twin.
    pub title_en: String,
    /// 来源系统 of a message that names none, so that every event has an identity.
    pub source_default: SmolStr,
    /// In which a stated due is a midnight where no rule judges, and of times that are written without an offset.
    pub zone: TimeZone,
    /// None: the close for a due that an event states, and for one of the policy what stops the clock that gave it.
    pub finish: Option<Finish>,
    /// What is in the base of closure and timeliness.
    pub counting: Counting,
    /// What its results mean.
    pub results: Results,
    /// Which codes are known.
    pub codes: Codes,
    /// None: anybody may speak for any source.
    pub producers: Option<Producers>,
    meanings: [Meaning; FactKind::ALL.len()],
}

impl Stream {
    /// Everything as left out of a file: no type has a meaning yet but progress.
    pub fn new(name: &str, topic: &str, zone: TimeZone) -> Self {
        Self {
            name: name.into(),
            topic: topic.into(),
            title_zh: name.to_owned(),
            title_en: name.to_owned(),
            source_default: name.into(),
            zone,
            finish: None,
            counting: Counting { duplicates: true, direct_answers: false },
            results: Results::default(),
            codes: Codes::default(),
            producers: None,
            meanings: [Meaning::Progress; FactKind::ALL.len()],
        }
    }

    /// Later statements win, so that a type listed twice has the meaning listed last.
    #[must_use]
    pub fn means(mut self, kinds: &[FactKind], meaning: Meaning) -> Self {
        for kind in kinds {
            self.meanings[*kind as usize] = meaning;
        }
        self
    }

    /// What a type does to the standing of a case.
    pub fn meaning(&self, kind: FactKind) -> Meaning {
        self.meanings[kind as usize]
    }

    /// Does any type mean this?
    pub fn declares(&self, meaning: Meaning) -> bool {
        self.meanings.contains(&meaning)
    }

    /// The usual meanings: accepted, closed, voided, rejected and not filed.
    pub fn usual(name: &str, zone: TimeZone) -> Self {
        Self::new(name, name, zone)
            .means(&[FactKind::Accepted], Meaning::Received)
            .means(&[FactKind::Closed], Meaning::Closed)
            .means(&[FactKind::Voided], Meaning::Void)
            .means(&[FactKind::Rejected, FactKind::NotFiled], Meaning::Excluded)
    }
}
