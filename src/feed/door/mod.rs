//! The door: from what a message says to a fact of the domain. Personal data ends here; what passes are pseudonyms
//! and scrubbed text. What the schema alone cannot say of a value is checked here too.

mod check;
mod correction;
mod snapshot;
mod steps;

use std::sync::Arc;

use smol_str::SmolStr;

pub(super) use self::check::check;
use super::{
    contract::{Data, WireTime, data},
    debezium::ChangeMappings,
    privacy::{Key, PersonalKind, ScrubFound, id_region, scrub, scrub_known},
    rejection::{RejectReason, Rejection},
};
use crate::domain::{
    attributes::Attributes,
    fact::{Fact, Intake, Reason, Reporter, Satisfaction},
    stream::Stream,
    time::{Due, Millis},
};

/// ClickHouse's DateTime64(3) reaches further; nothing that a city handles does.
const TIMES: std::ops::Range<i64> = 0..7_258_118_400_000;

/// Where personal data is left behind: what comes in passes here, is pseudonymised and scrubbed (docs/security.md), and checked.
#[derive(Debug)]
pub struct Door {
    key: Key,
    changes: Arc<ChangeMappings>,
    found: [u64; ScrubFound::ALL.len()],
}

impl Door {
    /// One that pseudonymises under this key, and takes no changes of a table.
    pub fn new(key: Key) -> Self {
        Self { key, changes: Arc::default(), found: [0; ScrubFound::ALL.len()] }
    }

    /// One that also takes the changes of a platform's table.
    #[must_use]
    pub(crate) fn knowing(self, changes: &Arc<ChangeMappings>) -> Self {
        Self { changes: Arc::clone(changes), ..self }
    }

    pub(super) fn changes(&self) -> &ChangeMappings {
        &self.changes
    }

    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// What was scrubbed since the last call, by kind.
    pub(crate) fn take_found(&mut self) -> Vec<(&'static str, u64)> {
        let found = std::mem::replace(&mut self.found, [0; ScrubFound::ALL.len()]);
        ScrubFound::ALL.iter().zip(found).filter(|(_, n)| *n > 0).map(|((kind, ..), n)| (kind.name(), n)).collect()
    }

    pub(super) fn admit(&mut self, data: Data, stream: &Stream) -> Result<Fact, Rejection> {
        Ok(match data {
            Data::Reported(intake) => Fact::Reported(Box::new(self.intake(intake, stream, "/data")?)),
            Data::Accepted(intake) => Fact::Accepted(Box::new(self.intake(intake, stream, "/data")?)),
            Data::Tallied(tallied) => Fact::Tallied(Box::new(self.tally(*tallied))),
            Data::Rejected(reason) => Fact::Rejected(self.why(reason)),
            Data::VerificationRequested(of) => Fact::VerificationRequested(self.of_unit(of)),
            Data::Verified(verified) => self.verified(verified),
            Data::Filed(filed) => steps::filed(filed, stream)?,
            Data::NotFiled(reason) => Fact::NotFiled(self.why(reason)),
            Data::Dispatched(dispatched) => Fact::Dispatched(Box::new(steps::dispatch(dispatched, stream)?)),
            Data::Signed(signed) => Fact::Signed { unit: signed.unit.unwrap_or_default() },
            Data::Returned(of) => Fact::Returned(self.of_unit(of)),
            Data::ReturnDecided(decided) => self.return_decided(decided),
            Data::Withdrawn(of) => Fact::Withdrawn(self.of_unit(of)),
            Data::Contacted(contacted) => self.contacted(contacted),
            Data::Supervised(pressure) => Fact::Supervised(Box::new(self.pressure(pressure))),
            Data::Urged(pressure) => Fact::Urged(Box::new(self.pressure(pressure))),
            Data::ExtensionRequested(wanted) => self.extension_requested(wanted, stream)?,
            Data::ExtensionDecided(decided) => self.extension_decided(decided, stream)?,
            Data::SuspensionRequested(reason) => Fact::SuspensionRequested(self.why(reason)),
            Data::Suspended(reason) => Fact::Suspended { reason: self.why(reason) },
            Data::Resumed(resumed) => Fact::Resumed { due: due(resumed.due_at, stream, "/data/due_at")? },
            Data::Submitted(submitted) => self.submitted(submitted),
            Data::CheckRequested(of) => Fact::CheckRequested(self.of_unit(of)),
            Data::Checked(checked) => {
                Fact::Checked { passed: checked.passed, reason: self.reason(checked.reason_code, checked.reason) }
            }
            Data::ReworkOrdered(of) => Fact::ReworkOrdered(self.of_unit(of)),
            Data::Closed(closed) => {
                Fact::Closed { how: closed.how.unwrap_or_default(), result: closed.result.unwrap_or_default() }
            }
            Data::Reopened(reopened) => self.reopened(reopened, stream)?,
            Data::Revisited(revisited) => Fact::Revisited(Box::new(self.revisit(revisited))),
            Data::Reviewed(reviewed) => {
                let (correction, old, reason) = self.correction(reviewed, stream)?;
                Fact::Reviewed { correction, old, reason }
            }
            Data::AppealDecided(decided) => {
                Fact::AppealDecided { upheld: decided.upheld, reason: self.reason(decided.reason_code, decided.reason) }
            }
            Data::DuplicateLinked(linked) => Fact::DuplicateLinked { parent: steps::parent(linked)? },
            Data::DuplicateUnlinked(reason) => Fact::DuplicateUnlinked(self.why(reason)),
            Data::Voided(reason) => Fact::Voided(self.why(reason)),
            Data::VoidRevoked(reason) => Fact::VoidRevoked(self.why(reason)),
            Data::Corrected(corrected) => {
                let (correction, old, reason) = self.correction(corrected, stream)?;
                Fact::Corrected { correction, old, reason }
            }
            Data::Snapshot(row) => Fact::Snapshot(Box::new(snapshot::read(self, *row, stream)?)),
        })
    }

    /// Free text without phone numbers, ID numbers and the like; `known` is what the same event says is personal.
    fn text(&mut self, text: Option<SmolStr>, known: &[&str]) -> SmolStr {
        let Some(text) = text else { return SmolStr::default() };
        let scrubbed = if known.is_empty() { scrub(&text) } else { scrub_known(&text, known) };
        for (index, (kind, ..)) in ScrubFound::ALL.iter().enumerate() {
            self.found[index] += u64::from(scrubbed.counts.of(*kind));
        }
        match scrubbed.text {
            std::borrow::Cow::Borrowed(same) if same.len() == text.len() => text,
            changed => SmolStr::from(&*changed),
        }
    }

    fn reason(&mut self, code: Option<SmolStr>, text: Option<SmolStr>) -> Reason {
        Reason { code: code.unwrap_or_default(), text: self.text(text, &[]) }
    }

    fn why(&mut self, reason: data::Reason) -> Reason {
        self.reason(reason.reason_code, reason.reason)
    }

    fn intake(&mut self, intake: data::Intake, stream: &Stream, at: &str) -> Result<Intake, Rejection> {
        let due = due(intake.due_at, stream, &format!("{at}/due_at"))?;
        let person = intake.reporter.unwrap_or_default();
        let known: Vec<&str> =
            [&person.name, &person.phone, &person.id_number].into_iter().flatten().map(SmolStr::as_str).collect();
        let (title, description) = (self.text(intake.title, &known), self.text(intake.description, &known));
        Ok(Intake {
            attributes: Attributes {
                kind: intake.kind.unwrap_or_default(),
                channel: intake.channel.unwrap_or_default(),
                urgency: intake.urgency.unwrap_or_default(),
                external_no: intake.external_no.unwrap_or_default(),
                repeat_of: intake.repeat_of.unwrap_or_default(),
                ..what_and_where(intake.category, intake.place)
            },
            due,
            is_patrol_dealt: intake.patrol_dealt.unwrap_or(false),
            is_assessed: intake.assessed,
            media_count: intake.media_count.unwrap_or(0),
            title,
            description,
            reporter: self.reporter(&person),
        })
    }

    fn reporter(&self, person: &data::Reporter) -> Reporter {
        let of = |kind, value: &Option<SmolStr>| {
            value.as_deref().and_then(|value| self.key.pseudonym(kind, value)).unwrap_or_default()
        };
        let (name, phone) = (of(PersonalKind::Name, &person.name), of(PersonalKind::Phone, &person.phone));
        let id_number = of(PersonalKind::IdNumber, &person.id_number);
        if name.is_empty() && phone.is_empty() && id_number.is_empty() {
            return Reporter::default();
        }
        let region = person.id_number.as_deref().and_then(id_region).unwrap_or_default();
        Reporter { name, phone, id_number, id_region: region, key_id: self.key.id().into() }
    }
}

/// The attributes that stand in groups of their own.
fn what_and_where(category: Option<data::Category>, place: Option<data::Place>) -> Attributes {
    let (category, place) = (category.unwrap_or_default(), place.unwrap_or_default());
    Attributes {
        category_standard: category.standard.unwrap_or_default(),
        category_code: category.code.unwrap_or_default(),
        category_name: category.name.unwrap_or_default(),
        area: place.area.unwrap_or_default(),
        town: place.town.unwrap_or_default(),
        community: place.community.unwrap_or_default(),
        cell: place.cell.unwrap_or_default(),
        duty_grid: place.duty_grid.unwrap_or_default(),
        ..Attributes::default()
    }
}

fn satisfaction(said: data::Satisfaction) -> Satisfaction {
    match said {
        data::Satisfaction::Satisfied => Satisfaction::Satisfied,
        data::Satisfaction::BasicallySatisfied => Satisfaction::BasicallySatisfied,
        data::Satisfaction::Neutral => Satisfaction::Neutral,
        data::Satisfaction::Dissatisfied => Satisfaction::Dissatisfied,
    }
}

fn due(wire: Option<WireTime>, stream: &Stream, field: &str) -> Result<Option<Due>, Rejection> {
    wire.map(|wire| moment(wire, field).map(|_| wire.due(stream))).transpose()
}

fn moment(wire: WireTime, field: &str) -> Result<Millis, Rejection> {
    if TIMES.contains(&wire.at.0) {
        Ok(wire.at)
    } else {
        Err(Rejection::new(RejectReason::ImpossibleTime, field, "outside the years 1970 to 2199"))
    }
}
