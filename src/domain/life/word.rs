//! The words that an event of an example begins with, and what each of them states.

use super::{LifeError, said::Said};
use crate::domain::{
    attributes::{Attribute, Attributes},
    fact::{Dispatch, Fact, Intake, OfUnit, Reason, Revisit, Satisfaction},
};

type States = fn(&mut Said<'_>) -> Result<Fact, LifeError>;

pub(super) const WORDS: &[(&str, States)] = &[
    ("reported", |said| Ok(Fact::Reported(intake(said)?))),
    ("accepted", |said| Ok(Fact::Accepted(intake(said)?))),
    ("rejected", |_| Ok(Fact::Rejected(Reason::default()))),
    ("verification_requested", |said| Ok(Fact::VerificationRequested(of_unit(said)))),
    ("verified", |_| Ok(Fact::Verified { confirmed: true, reason: Reason::default() })),
    ("filed", |said| Ok(Fact::Filed { condition: "".into(), urgency: said.value("urgency"), due: said.due()? })),
    ("not_filed", |_| Ok(Fact::NotFiled(Reason::default()))),
    ("dispatched", |said| Ok(Fact::Dispatched(Box::new(dispatch(said)?)))),
    ("signed", |said| Ok(Fact::Signed { unit: said.value("by") })),
    ("contacted", |_| Ok(Fact::Contacted { contacted: true, unit: "".into(), reason: Reason::default() })),
    ("returned", |said| Ok(Fact::ReturnDecided { accepted: true, of: of_unit(said) })),
    ("withdrawn", |said| Ok(Fact::Withdrawn(of_unit(said)))),
    ("extended", |said| Ok(Fact::ExtensionDecided { approved: true, due: said.due()?, reason: Reason::default() })),
    ("suspended", |_| Ok(Fact::Suspended { reason: Reason::default() })),
    ("resumed", |said| Ok(Fact::Resumed { due: said.due()? })),
    ("submitted", |said| Ok(Fact::Submitted { unit: said.value("by"), result: said.value("result"), note: "".into() })),
    ("check_requested", |said| Ok(Fact::CheckRequested(of_unit(said)))),
    ("checked", |said| {
        let is_failed = said.takes("failed");
        Ok(Fact::Checked { passed: said.takes("passed") && !is_failed, reason: Reason::default() })
    }),
    ("closed", |said| Ok(Fact::Closed { how: said.value("how"), result: said.value("result") })),
    ("reopened", |said| Ok(Fact::Reopened { due: said.due()?, reason: Reason::default() })),
    ("revisited", |said| Ok(Fact::Revisited(Box::new(revisit(said))))),
    ("duplicate_linked", |said| Ok(Fact::DuplicateLinked { parent: said.value("of") })),
    ("upheld", |_| Ok(Fact::AppealDecided { upheld: true, reason: Reason::default() })),
    ("voided", |_| Ok(Fact::Voided(Reason::default()))),
];

pub(super) fn fact(what: &str, mut said: Said<'_>) -> Result<Fact, LifeError> {
    let (_, states) = WORDS.iter().find(|(name, _)| *name == what).ok_or_else(|| LifeError::NoWord(what.to_owned()))?;
    let fact = states(&mut said)?;
    said.finish(what)?;
    Ok(fact)
}

/// With any attribute by its name: `kind 投诉; category_code 01-10`.
fn intake(said: &mut Said<'_>) -> Result<Box<Intake>, LifeError> {
    let mut attributes = Attributes::default();
    for (attribute, name) in Attribute::ALL {
        if let Some(value) = said.maybe(name) {
            attributes.set(attribute, value.into());
        }
    }
    let is_patrol_dealt = said.takes("on the spot");
    Ok(Box::new(Intake { due: said.due()?, is_patrol_dealt, attributes, ..Intake::default() }))
}

fn dispatch(said: &mut Said<'_>) -> Result<Dispatch, LifeError> {
    let level = said.maybe("level").map_or(Ok(0), |level| {
        level.parse().map_err(|_| LifeError::NotSaid { what: "dispatched".to_owned(), said: format!("level {level}") })
    });
    Ok(Dispatch {
        unit: said.value("to"),
        level: level?,
        role: said.value("role"),
        due: said.due()?,
        ..Dispatch::default()
    })
}

fn of_unit(said: &mut Said<'_>) -> OfUnit {
    OfUnit { unit: said.value("by"), reason: Reason::default() }
}

fn revisit(said: &mut Said<'_>) -> Revisit {
    let rated = Satisfaction::ALL.iter().find(|(_, name, ..)| said.takes(&name.replace('_', " ")));
    Revisit {
        reached: !said.takes("nobody"),
        first_contact: said.answer("contacted"),
        solved: said.answer("solved"),
        satisfaction: rated.map(|(rating, ..)| *rating),
        ..Revisit::default()
    }
}
