//! What a stream's event types mean for the rates; declared in `config/streams`, so that a stream is data, not code.

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
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Submitted, "submitted"), (Self::CheckPassed, "check_passed"), (Self::Closed, "closed")];

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

#[derive(Clone, Debug)]
pub struct Stream {
    pub name: SmolStr,
    pub topic: SmolStr,
    pub title_zh: String,
    pub title_en: String,
    pub source_default: SmolStr,
    pub zone: TimeZone,
    /// None: the close for a due that an event states, and for one of the policy what stops the clock that gave it.
    pub finish: Option<Finish>,
    pub counting: Counting,
    meanings: [Meaning; FactKind::ALL.len()],
}

impl Stream {
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

    pub fn meaning(&self, kind: FactKind) -> Meaning {
        self.meanings[kind as usize]
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
