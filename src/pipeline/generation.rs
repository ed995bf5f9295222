//! The generation under which case rows are written, and the fence that keeps a writer and a rebuild from undoing each
//! other: after its rows are acknowledged and before its offsets are committed, a writer asks for the newest generation.
//! docs/decisions/0008 says why that is enough.

use smol_str::SmolStr;

use super::clock;
use crate::{
    domain::rules::Limits,
    metrics,
    store::{
        Store, StoreError,
        rebuilds::{self, Generation, Scope},
    },
};

/// Rows of a version without generations have this one too.
pub const FIRST: u32 = 1;

/// What judges: the versions that a case remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judges {
    pub policy: SmolStr,
    pub calendar: SmolStr,
}

impl Judges {
    pub fn of(limits: &Limits) -> Self {
        Self { policy: limits.policy_version.clone(), calendar: limits.calendar_version.clone() }
    }

    pub fn judge(&self, generation: &Generation) -> bool {
        self.policy == generation.policy && self.calendar == generation.calendar
    }
}

/// The cases are judged by other rules than this process has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "generation {generation} of the cases is judged by policy {policy} and calendar {calendar}, and this process has policy \
     {} and calendar {}. Restart it with the configuration of that rebuild; or, to judge by its own, run `tongguan rebuild` \
     with it first. Nothing is lost",
    mine.policy, mine.calendar
)]
pub struct Outdated {
    pub generation: u32,
    pub policy: SmolStr,
    pub calendar: SmolStr,
    pub mine: Judges,
}

/// The generation that a writer holds for the newest.
#[derive(Clone, Debug)]
pub struct Current {
    pub judges: Judges,
    generation: u32,
}

impl Current {
    /// Before the first answer.
    pub fn new(judges: Judges) -> Self {
        Self { judges, generation: FIRST }
    }

    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Goes over to the newest generation; true when it was another one until now.
    pub fn adopt(&mut self, newest: &Generation) -> Result<bool, Outdated> {
        if !self.judges.judge(newest) {
            return Err(Outdated {
                generation: newest.generation,
                policy: newest.policy.clone(),
                calendar: newest.calendar.clone(),
                mine: self.judges.clone(),
            });
        }
        let is_new = self.generation != newest.generation;
        self.generation = newest.generation;
        metrics::generation(self.generation);
        Ok(is_new)
    }
}

/// The newest generation; where there is none, one that is judged as `judges` say is founded.
pub async fn newest_or_founded(store: &Store, judges: &Judges) -> Result<Generation, StoreError> {
    if let Some(newest) = rebuilds::newest(store).await? {
        return Ok(newest);
    }
    let now = clock::now();
    let founded = Generation {
        generation: FIRST,
        scope: Scope::Founding,
        stream: SmolStr::default(),
        policy: judges.policy.clone(),
        calendar: judges.calendar.clone(),
        started_at: now,
        finished_at: Some(now),
        cases: 0,
        events: 0,
    };
    rebuilds::note(store, &founded).await?;
    // Asked again, because another instance may have founded it at the same moment by other rules.
    Ok(rebuilds::newest(store).await?.unwrap_or(founded))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Millis;

    fn judges(policy: &str) -> Judges {
        Judges { policy: policy.into(), calendar: "c1".into() }
    }

    fn generation(number: u32, judges: &Judges) -> Generation {
        Generation {
            generation: number,
            scope: Scope::Open,
            stream: "".into(),
            policy: judges.policy.clone(),
            calendar: judges.calendar.clone(),
            started_at: Millis(0),
            finished_at: None,
            cases: 0,
            events: 0,
        }
    }

    #[test]
    fn a_newer_generation_of_the_same_rules_is_adopted_and_one_of_others_refused() {
        let mine = judges("p@1");
        let mut current = Current::new(mine.clone());
        assert_eq!(current.adopt(&generation(FIRST, &mine)), Ok(false));
        assert_eq!(current.adopt(&generation(2, &mine)), Ok(true));
        assert_eq!(current.generation(), 2);
        let refused = current.adopt(&generation(3, &judges("p@2"))).unwrap_err();
        assert_eq!((refused.generation, refused.policy.as_str()), (3, "p@2"));
        assert_eq!(current.generation(), 2);
    }
}
