//! What the rates need to know of a case at any instant: a short list of steps, each standing until the next.
//! The step in force at T equals that of a fold of only the facts that had happened by T.

use super::{
    marks::Marks,
    time::{Due, Millis},
};

/// How a case stands towards the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Standing {
    /// 在办: received, neither answered, suspended nor closed; the only standing that can be overdue.
    Open = 1,
    /// 挂账, 缓办: neither closed nor overdue.
    Suspended = 2,
    /// 结案, and not reopened since.
    Closed = 3,
    /// 作废.
    Void = 4,
    /// 不予受理, 不予立案.
    Excluded = 5,
    /// Reported, and not received yet (待受理).
    Pending = 6,
    /// 待结: what the due is about has been done, and it is not closed yet.
    Answered = 7,
}

impl Standing {
    /// By the word in the column. None: there is no such standing.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(standing, _)| *standing)
    }

    /// Every standing with its word in the column, in the order of the numbers.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Open, "open"),
        (Self::Suspended, "suspended"),
        (Self::Closed, "closed"),
        (Self::Void, "void"),
        (Self::Excluded, "excluded"),
        (Self::Pending, "pending"),
        (Self::Answered, "answered"),
    ];

    /// As the columns `standing` and `steps.standing` say it.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize - 1].1
    }

    /// In the base set B(T) of the rates: received, and neither void nor excluded.
    pub fn counts(self) -> bool {
        matches!(self, Self::Open | Self::Answered | Self::Suspended | Self::Closed)
    }
}

/// Everything that figures ask of a case which may be another at another instant, from one fact until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// From this instant on.
    pub at: Millis,
    /// 统计状态.
    pub standing: Standing,
    /// None while nobody has taken the case in.
    pub received_at: Option<Millis>,
    /// 结案, the close that stands. None: it is not closed.
    pub closed_at: Option<Millis>,
    /// What the due is compared with: the close, or the answer where the due is about it. None: nothing of it has happened.
    pub finished_at: Option<Millis>,
    /// 时限 in force. None: neither an event nor a rule gives one.
    pub due: Option<Due>,
    /// Before any extension, pause or rework.
    pub original_due: Option<Due>,
    /// From here on the light is yellow, as long as nothing else colours it.
    pub yellow_from: Option<Millis>,
    /// Working time from the receipt to the close, in milliseconds; none without a calendar.
    pub worked_ms: Option<i64>,
    /// 数量: what the case counts for.
    pub quantity: u32,
    /// The pause that has not ended.
    pub suspended_since: Option<Millis>,
    /// Of the pauses that have ended.
    pub paused_ms: i64,
    /// The longest of them; both in milliseconds on the clock on the wall.
    pub longest_pause_ms: i64,
    /// Its yes-or-no's.
    pub marks: Marks,
}

impl Step {
    /// A step that says nothing yet but when and how the case stands.
    pub fn new(at: Millis, standing: Standing) -> Self {
        Self {
            at,
            standing,
            received_at: None,
            closed_at: None,
            finished_at: None,
            due: None,
            original_due: None,
            yellow_from: None,
            worked_ms: None,
            quantity: 1,
            suspended_since: None,
            paused_ms: 0,
            longest_pause_ms: 0,
            marks: Marks::default(),
        }
    }
}

/// 历程, oldest step first; never two of one instant. Empty: nothing of the case has happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(pub Vec<Step>);

impl History {
    /// Adds a step where something changed; several facts of one instant make one step.
    pub fn note(&mut self, step: Step) {
        if self.0.last().is_some_and(|last| last.at == step.at) {
            self.0.pop();
        }
        if !self.0.last().is_some_and(|last| Step { at: step.at, ..*last } == step) {
            self.0.push(step);
        }
    }

    /// The step in force at `as_of`; none before the first fact.
    pub fn at(&self, as_of: Millis) -> Option<&Step> {
        self.0.iter().rev().find(|step| step.at <= as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(at: i64, standing: Standing) -> Step {
        Step { received_at: Some(Millis(1)), ..Step::new(Millis(at), standing) }
    }

    #[test]
    fn only_changes_are_kept_and_one_instant_makes_one_step() {
        let mut history = History::default();
        for noted in
            [step(1, Standing::Open), step(2, Standing::Open), step(3, Standing::Closed), step(3, Standing::Void)]
        {
            history.note(noted);
        }
        assert_eq!(history.0, vec![step(1, Standing::Open), step(3, Standing::Void)]);
        assert_eq!(history.at(Millis(0)), None);
        assert_eq!(history.at(Millis(2)).unwrap().standing, Standing::Open);
        assert_eq!(history.at(Millis(9)).unwrap().standing, Standing::Void);
    }
}
