//! What the rates need to know of a case at any instant: a short list of steps, each standing until the next.
//! The step in force at T equals a fold of only the facts that had happened by T.

use super::time::{Due, Millis};

/// How a case stands towards the rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Standing {
    Open = 1,
    /// 挂账, 缓办: neither closed nor overdue.
    Suspended = 2,
    Closed = 3,
    /// 作废.
    Void = 4,
    /// 不予受理, 不予立案.
    Excluded = 5,
}

impl Standing {
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Suspended, "suspended"),
        (Self::Closed, "closed"),
        (Self::Void, "void"),
        (Self::Excluded, "excluded"),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL[self as usize - 1].1
    }

    /// In the base set B(T) of the rates: neither void nor excluded.
    pub fn counts(self) -> bool {
        matches!(self, Self::Open | Self::Suspended | Self::Closed)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Millis,
    pub standing: Standing,
    pub received_at: Millis,
    pub closed_at: Option<Millis>,
    pub due: Option<Due>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(pub Vec<Step>);

impl History {
    /// Adds a step where something changed; several facts of one instant make one step.
    pub fn note(&mut self, step: Step) {
        let same = |a: &Step, b: &Step| {
            (a.standing, a.received_at, a.closed_at, a.due) == (b.standing, b.received_at, b.closed_at, b.due)
        };
        if self.0.last().is_some_and(|last| last.at == step.at) {
            self.0.pop();
        }
        if !self.0.last().is_some_and(|last| same(last, &step)) {
            self.0.push(step);
        }
    }

    /// The step in force at `as_of`; none before the case was received.
    pub fn at(&self, as_of: Millis) -> Option<&Step> {
        self.0.iter().rev().find(|step| step.at <= as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(at: i64, standing: Standing) -> Step {
        Step { at: Millis(at), standing, received_at: Millis(1), closed_at: None, due: None }
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
