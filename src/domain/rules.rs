//! By what a case is judged: what events mean for its stream, and the limits with the calendar in which they are counted.

use std::sync::Arc;

use smol_str::{SmolStr, format_smolstr};

use super::{calendar::Calendar, policy::Policy, stream::Stream};

/// A policy and the calendar that counts its limits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Which limits.
    pub policy: Policy,
    /// In which days and hours.
    pub calendar: Calendar,
    /// What a case remembers of them: `shanghai-town@2026.1`, and the calendar's version.
    pub policy_version: SmolStr,
    /// `version.id` of the calendar.
    pub calendar_version: SmolStr,
}

impl Limits {
    /// Says of both what a case will remember.
    pub fn new(policy: Policy, calendar: Calendar) -> Self {
        let policy_version = format_smolstr!("{}@{}", policy.id, policy.version);
        let calendar_version = calendar.version.id.clone();
        Self { policy, calendar, policy_version, calendar_version }
    }

    /// How long a working day is: what working time is told in.
    pub fn workday_ms(&self) -> i64 {
        self.calendar.working().schedule().day_length()
    }
}

/// Everything that the fold of one stream's cases needs besides their messages.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What its events mean.
    pub stream: Arc<Stream>,
    /// None: only dues that events state.
    pub limits: Option<Arc<Limits>>,
}

impl Rules {
    /// With a policy: a case is due by it, unless an event says otherwise.
    pub fn new(stream: Arc<Stream>, limits: Arc<Limits>) -> Self {
        Self { stream, limits: Some(limits) }
    }

    /// Without a policy: a case is due when an event says so.
    pub fn of_stream(stream: Stream) -> Self {
        Self { stream: Arc::new(stream), limits: None }
    }
}
