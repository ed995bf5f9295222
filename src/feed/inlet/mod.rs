//! Events that come by HTTP: each is checked as the service would check it, put on Kafka, and answered when all in-sync replicas
//! have it (docs/inlet.md). What a request looks like is `http::inlet`'s business.

mod course;
mod fate;
mod hint;
mod posted;
mod sender;
mod unknown;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use self::{
    course::Course,
    posted::{Checked, check},
    sender::{Sender, Slips},
    unknown::UnknownNames,
};
pub use self::{
    fate::{EventAnswer, EventFate, SendFault},
    posted::PostedEvent,
};
use super::{cluster::Cluster, decode::TimeLimits, door::Door, privacy::Key, producer::ProduceError, seen::Seen};
use crate::domain::{stream::Stream, time::Millis};

/// What an inlet is made with.
#[derive(Clone, Debug)]
pub struct InletPlan {
    pub limits: TimeLimits,
    /// Events that are remembered at least.
    pub remembered: usize,
    /// After which an event that was not acknowledged has failed.
    pub ack_timeout: Duration,
    pub now: fn() -> Millis,
}

/// Who sends.
#[derive(Clone, Copy)]
pub struct EventSender<'a> {
    /// None: whoever is at this machine, for which `kafka.feeder` stands.
    pub name: Option<&'a str>,
    /// Asked of an event's source.
    pub may_speak_for: &'a (dyn Fn(&str) -> bool + Sync),
}

impl std::fmt::Debug for EventSender<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventSender").field("name", &self.name).finish_non_exhaustive()
    }
}

pub struct Inlet {
    plan: InletPlan,
    feeder: String,
    /// Of this process only: with it an event is read as the service will read it, and nothing that it makes is kept.
    key: Key,
    seen: Mutex<Seen>,
    sender: Sender,
}

impl std::fmt::Debug for Inlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inlet").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl Inlet {
    pub fn new(cluster: &Cluster, key: Key, plan: InletPlan) -> Result<Self, ProduceError> {
        let seen = Mutex::new(Seen::with_generation(plan.remembered));
        Ok(Self { sender: Sender::new(cluster, plan.ack_timeout)?, feeder: cluster.feeder.clone(), plan, key, seen })
    }

    /// Each event's fate, in their order.
    pub async fn take(&self, stream: &Stream, sender: EventSender<'_>, events: &[PostedEvent]) -> Vec<EventAnswer> {
        // Where sources are bound to who sends, it stands there who that was.
        let name = sender.name.unwrap_or(&self.feeder);
        let marked: Vec<PostedEvent>;
        let events = match &stream.producers {
            Some(_) if !name.is_empty() => {
                marked = events.iter().map(|event| event.clone().put_by(name)).collect();
                &marked
            }
            _ => events,
        };
        let mut door = Door::new(self.key.clone());
        let mut course = Course::default();
        let slips = Slips::default();
        let mut names = UnknownNames::default();
        for (place, event) in events.iter().enumerate() {
            let checked = check(event, stream, &mut door, &self.plan, &mut names);
            let of_stream = |one: &Checked| self.seen().trace((stream.name.as_str(), one.identity()), &one.content);
            let trace = checked.as_ref().ok().map(of_stream);
            let sight = |trace| self.seen().sight(trace);
            if let Some(case_id) = course.step(checked, trace, sender.may_speak_for, sight)
                && let Err(fate) = self.sender.send(&stream.topic, &case_id, event, slips.slip(place))
            {
                course.settle(place, fate);
            }
        }
        for (place, fate) in slips.returned(self.plan.ack_timeout).await {
            course.settle(place, fate);
        }
        let (answered, taken) = course.ended();
        let mut seen = self.seen();
        taken.into_iter().for_each(|trace| seen.remember(trace));
        answered
    }

    /// Whether the brokers answer; asked of them, so not from a thread that others wait for.
    pub fn is_reachable(&self, patience: Duration) -> bool {
        self.sender.is_reachable(patience)
    }

    /// A panic elsewhere does not make it wrong.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
