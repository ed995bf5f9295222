//! What an example says that a life comes to, beside what it comes to.

use super::{LifeError, Setting};
use crate::domain::{
    case::Case,
    event::Event,
    fold::fold,
    kpi::{Period, Seen},
    rules::Rules,
    time::Millis,
};

/// Each only where it is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The due in force at the as-of.
    pub due: Option<String>,
    /// As [`Seen::end`] says.
    pub standing: Option<String>,
    /// The rule of the policy that judges the case.
    pub rule: Option<String>,
}

/// Where an example and the program do not agree: either the example is wrong, or a convention or a rule is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} is {found:?}, the example says {said:?}")]
pub struct Differs {
    /// `due`, `standing`, `rule` or `counts`.
    pub what: &'static str,
    /// As the example writes it.
    pub said: String,
    /// As the fold gives it, in the form that an example would write.
    pub found: String,
}

impl Differs {
    /// None: they are the same.
    pub fn between(what: &'static str, said: &str, found: &str) -> Option<Self> {
        (said != found).then(|| Self { what, said: said.to_owned(), found: found.to_owned() })
    }
}

impl Setting<'_> {
    /// The case that the fold makes of a life.
    pub fn case(&self, rules: &Rules, life: &str) -> Result<Case, LifeError> {
        let events = self.events(life)?;
        Ok(fold(rules, &events.iter().collect::<Vec<&Event>>()))
    }
}

impl Expected {
    /// What the case is not as it is said to be; empty: it is. An error where a due is not written as a time.
    pub fn differences(&self, setting: &Setting<'_>, case: &Case, as_of: Millis) -> Result<Vec<Differs>, LifeError> {
        let seen = Seen::new(case, Period { from: Millis(i64::MIN), to: Millis(i64::MAX), as_of });
        let shown = |at: Millis| at.rfc3339(&setting.stream.zone);
        let found_due = seen.and_then(|seen| seen.step.due).map_or("none".to_owned(), |due| shown(due.at));
        let due = self.due.as_deref().map(|due| setting.instant(due)).transpose()?;
        let standing = seen.map_or("not_known", |seen| seen.end());
        let differs = [
            due.and_then(|due| Differs::between("due", &shown(due), &found_due)),
            self.standing.as_deref().and_then(|said| Differs::between("standing", said, standing)),
            self.rule.as_deref().and_then(|said| Differs::between("rule", said, &case.judged_by.rule)),
        ];
        Ok(differs.into_iter().flatten().collect())
    }
}
