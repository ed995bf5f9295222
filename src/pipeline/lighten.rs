//! Long texts that the ledger has and the fold does not read: only whether two messages say the same depends on them, and a digest
//! says that as well. A case of five hundred letters of a megabyte would else be half a gigabyte in memory.

use sha2::{Digest as _, Sha256};
use smol_str::{SmolStr, format_smolstr};

use crate::domain::{
    event::Event,
    fact::{Fact, Intake},
};

const LONG: usize = 4096;

pub fn lighten(event: &mut Event) {
    match &mut event.fact {
        Fact::Reported(intake) | Fact::Accepted(intake) => of_intake(intake),
        Fact::Snapshot(row) => of_intake(&mut row.intake),
        Fact::Submitted { note, .. } => shorten(note),
        Fact::Rejected(reason)
        | Fact::NotFiled(reason)
        | Fact::SuspensionRequested(reason)
        | Fact::DuplicateUnlinked(reason)
        | Fact::Voided(reason)
        | Fact::VoidRevoked(reason)
        | Fact::Verified { reason, .. }
        | Fact::ExtensionRequested { reason, .. }
        | Fact::ExtensionDecided { reason, .. }
        | Fact::Suspended { reason }
        | Fact::Checked { reason, .. }
        | Fact::Reopened { reason, .. }
        | Fact::AppealDecided { reason, .. }
        | Fact::Contacted { reason, .. }
        | Fact::Reviewed { reason, .. }
        | Fact::Corrected { reason, .. } => shorten(&mut reason.text),
        Fact::VerificationRequested(of)
        | Fact::Returned(of)
        | Fact::Withdrawn(of)
        | Fact::CheckRequested(of)
        | Fact::ReworkOrdered(of)
        | Fact::ReturnDecided { of, .. } => shorten(&mut of.reason.text),
        Fact::Supervised(pressure) | Fact::Urged(pressure) => {
            shorten(&mut pressure.by);
            shorten(&mut pressure.reason.text);
        }
        Fact::Revisited(revisit) => shorten(&mut revisit.reason.text),
        _ => {}
    }
}

fn of_intake(intake: &mut Intake) {
    shorten(&mut intake.description);
}

fn shorten(text: &mut SmolStr) {
    if text.len() > LONG {
        let hash = Sha256::digest(text.as_bytes());
        *text = hash.iter().fold(SmolStr::default(), |told, byte| format_smolstr!("{told}{byte:02x}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Reason;

    fn with(text: &str) -> Event {
        let mut event = Event::any(0, 0);
        event.fact = Fact::Voided(Reason { code: "c".into(), text: text.into() });
        lighten(&mut event);
        event
    }

    #[test]
    fn long_texts_are_told_apart_by_their_digests() {
        let (one, other) = ("x".repeat(1_000_000), "x".repeat(1_000_001));
        assert!(with(&one).weight() < 1000);
        assert!(with(&one).says_the_same(&with(&one)));
        assert!(!with(&one).says_the_same(&with(&other)));
        assert!(matches!(with("short").fact, Fact::Voided(reason) if reason.text == "short"));
    }
}
