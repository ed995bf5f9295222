//! What is written to the ledger reads back as it was, whatever is in it.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use smol_str::{SmolStr, format_smolstr};
use tongguan::{
    domain::{
        attributes::{Attribute, Attributes},
        event::{Envelope, Event, Place},
        fact::{
            Correction, Dispatch, Fact, FactKind, Intake, OfUnit, Pressure, Reason, Reporter, Revisit, Satisfaction,
            Tally,
        },
        light::Light,
        snapshot::{AssignmentStatus, Snapshot, SnapshotAssignment, Status},
        time::{Due, Millis},
    },
    store::{ledger, ledger_read},
};

use crate::town::Town;

/// Fills fields: everything and each with another value, or by chance.
struct Filler {
    chance: Option<StdRng>,
    used: i64,
}

const PIECES: [&str; 18] = [
    "'",
    "\\",
    "\"",
    "`",
    "\n",
    "\t",
    "\0",
    "\\N",
    "%",
    "{id:String}",
    "--",
    "案",
    "𠮷",
    "🏙",
    "\u{feff}",
    " OR 1=1",
    "{{others}}",
    "{{database}}",
];

impl Filler {
    fn number(&mut self) -> i64 {
        self.used += 1;
        self.used
    }

    fn text(&mut self) -> SmolStr {
        let used = self.number();
        match &mut self.chance {
            None => format_smolstr!("文字-{used}"),
            Some(chance) => {
                let length = chance.random_range(0..5);
                (0..length).map(|_| PIECES[chance.random_range(0..PIECES.len())]).collect::<String>().into()
            }
        }
    }

    fn yes(&mut self) -> bool {
        self.chance.as_mut().is_none_or(|chance| chance.random())
    }

    fn time(&mut self) -> Millis {
        let used = self.number();
        match &mut self.chance {
            None => Millis(1_615_000_000_000 + used * 1001),
            Some(chance) => Millis(chance.random_range(0..7_258_118_400_000)),
        }
    }

    fn maybe_time(&mut self) -> Option<Millis> {
        self.yes().then(|| self.time())
    }

    fn due(&mut self) -> Option<Due> {
        self.yes().then(|| Due { at: self.time(), is_exclusive: self.yes() })
    }

    fn maybe_yes(&mut self) -> Option<bool> {
        self.yes().then(|| self.yes())
    }

    fn reason(&mut self) -> Reason {
        Reason { code: self.text(), text: self.text() }
    }

    fn intake(&mut self) -> Intake {
        let mut attributes = Attributes::default();
        for (attribute, _) in Attribute::ALL {
            attributes.set(attribute, self.text());
        }
        Intake {
            attributes,
            due: self.due(),
            is_patrol_dealt: self.yes(),
            is_assessed: self.maybe_yes(),
            media_count: self.number() as u32,
            title: self.text(),
            description: self.text(),
            reporter: Reporter {
                name: self.text(),
                phone: self.text(),
                id_number: self.text(),
                id_region: self.text(),
                key_id: self.text(),
            },
        }
    }

    fn tally(&mut self) -> Tally {
        Tally {
            attributes: self.intake().attributes,
            quantity: self.number() as u32,
            unit: self.text(),
            unit_name: self.text(),
            title: self.text(),
        }
    }

    fn of_unit(&mut self) -> OfUnit {
        OfUnit { unit: self.text(), reason: self.reason() }
    }

    fn pressure(&mut self) -> Box<Pressure> {
        Box::new(Pressure { by: self.text(), level: self.text(), reason: self.reason() })
    }

    fn dispatch(&mut self) -> Box<Dispatch> {
        Box::new(Dispatch {
            unit: self.text(),
            unit_name: self.text(),
            level: self.number() as u8,
            role: self.text(),
            due: self.due(),
        })
    }

    fn facts(&mut self, kind: FactKind) -> Vec<Fact> {
        use FactKind as K;
        vec![match kind {
            K::Reported => Fact::Reported(Box::new(self.intake())),
            K::Accepted => Fact::Accepted(Box::new(self.intake())),
            K::Tallied => Fact::Tallied(Box::new(self.tally())),
            K::Rejected => Fact::Rejected(self.reason()),
            K::VerificationRequested => Fact::VerificationRequested(self.of_unit()),
            K::Verified => Fact::Verified { confirmed: self.yes(), reason: self.reason() },
            K::Filed => Fact::Filed { condition: self.text(), urgency: self.text(), due: self.due() },
            K::NotFiled => Fact::NotFiled(self.reason()),
            K::Dispatched => Fact::Dispatched(self.dispatch()),
            K::Signed => Fact::Signed { unit: self.text() },
            K::Returned => Fact::Returned(self.of_unit()),
            K::ReturnDecided => Fact::ReturnDecided { accepted: self.yes(), of: self.of_unit() },
            K::Withdrawn => Fact::Withdrawn(self.of_unit()),
            K::Contacted => Fact::Contacted { contacted: self.yes(), unit: self.text(), reason: self.reason() },
            K::Supervised => Fact::Supervised(self.pressure()),
            K::Urged => Fact::Urged(self.pressure()),
            K::ExtensionRequested => Fact::ExtensionRequested { due: self.due(), reason: self.reason() },
            K::ExtensionDecided => {
                Fact::ExtensionDecided { approved: self.yes(), due: self.due(), reason: self.reason() }
            }
            K::SuspensionRequested => Fact::SuspensionRequested(self.reason()),
            K::Suspended => Fact::Suspended { reason: self.reason() },
            K::Resumed => Fact::Resumed { due: self.due() },
            K::Submitted => Fact::Submitted { unit: self.text(), result: self.text(), note: self.text() },
            K::CheckRequested => Fact::CheckRequested(self.of_unit()),
            K::Checked => Fact::Checked { passed: self.yes(), reason: self.reason() },
            K::ReworkOrdered => Fact::ReworkOrdered(self.of_unit()),
            K::Closed => Fact::Closed { how: self.text(), result: self.text() },
            K::Reopened => Fact::Reopened { due: self.due(), reason: self.reason() },
            K::Revisited => return self.revisits(),
            K::AppealDecided => Fact::AppealDecided { upheld: self.yes(), reason: self.reason() },
            K::DuplicateLinked => Fact::DuplicateLinked { parent: self.text() },
            K::DuplicateUnlinked => Fact::DuplicateUnlinked(self.reason()),
            K::Voided => Fact::Voided(self.reason()),
            K::VoidRevoked => Fact::VoidRevoked(self.reason()),
            K::Reviewed => {
                let whole = |(correction, old, reason)| Fact::Reviewed { correction, old, reason };
                return self.corrections().into_iter().map(whole).collect();
            }
            K::Corrected => {
                let whole = |(correction, old, reason)| Fact::Corrected { correction, old, reason };
                return self.corrections().into_iter().map(whole).collect();
            }
            K::Snapshot => return self.snapshots(),
        }]
    }

    /// With each word for satisfaction, and without one.
    fn revisits(&mut self) -> Vec<Fact> {
        let words = Satisfaction::ALL.iter().map(|(satisfaction, ..)| Some(*satisfaction));
        let one = |satisfaction| Revisit {
            channel: self.text(),
            reached: self.yes(),
            first_contact: self.maybe_yes(),
            solved: self.maybe_yes(),
            satisfaction,
            reason: self.reason(),
        };
        words.chain([None]).map(one).map(|revisit| Fact::Revisited(Box::new(revisit))).collect()
    }

    fn corrections(&mut self) -> Vec<(Correction, SmolStr, Reason)> {
        let due = Due { at: self.time(), is_exclusive: self.yes() };
        let mut all = vec![
            Correction::Unit(self.text()),
            Correction::FilingCondition(self.text()),
            Correction::ReceivedAt(self.time()),
            Correction::ClosedAt(self.time()),
            Correction::DueAt(due),
            Correction::Result(self.text()),
            Correction::Quantity(self.number() as u32),
            Correction::FirstContact(self.yes()),
            Correction::Solved(self.yes()),
            Correction::Assessed(self.yes()),
        ];
        all.extend(Satisfaction::ALL.iter().map(|(satisfaction, ..)| Correction::Satisfaction(*satisfaction)));
        all.extend(Attribute::ALL.iter().map(|(attribute, _)| Correction::Attribute(*attribute, self.text())));
        all.into_iter().map(|correction| (correction, self.text(), self.reason())).collect()
    }

    /// Each status and none, each light, each word for an assignment and for satisfaction.
    fn snapshots(&mut self) -> Vec<Fact> {
        let lights = [Light::Green, Light::Yellow, Light::Red, Light::Grey, Light::Blue];
        let statuses = Status::ALL.iter().copied().map(Some).chain([None]).enumerate();
        let rows = statuses.map(|(n, status)| Snapshot {
            status,
            intake: self.intake(),
            light: lights.get(n).copied(),
            unit: self.text(),
            unit_name: self.text(),
            filing_condition: self.text(),
            reported_at: self.maybe_time(),
            accepted_at: self.maybe_time(),
            filed_at: self.maybe_time(),
            dispatched_at: self.maybe_time(),
            signed_at: self.maybe_time(),
            contacted_at: self.maybe_time(),
            submitted_at: self.maybe_time(),
            closed_at: self.maybe_time(),
            revisited_at: self.maybe_time(),
            how: self.text(),
            result: self.text(),
            contacted: self.maybe_yes(),
            reached: self.maybe_yes(),
            first_contact: self.maybe_yes(),
            solved: self.maybe_yes(),
            satisfaction: Satisfaction::ALL.get(n).map(|(satisfaction, ..)| *satisfaction),
            duplicate_of: self.yes().then(|| self.text()),
            assignments: (0..n).map(|m| self.assignment(AssignmentStatus::ALL.get(m).copied())).collect(),
        });
        rows.map(|row| Fact::Snapshot(Box::new(row))).collect()
    }

    fn assignment(&mut self, status: Option<AssignmentStatus>) -> SnapshotAssignment {
        SnapshotAssignment {
            id: self.text(),
            unit: self.text(),
            unit_name: self.text(),
            level: self.yes().then(|| self.number() as u8),
            role: self.text(),
            status,
            dispatched_at: self.maybe_time(),
            signed_at: self.maybe_time(),
            submitted_at: self.maybe_time(),
            ended_at: self.maybe_time(),
            due: self.due(),
        }
    }

    fn event(&mut self, fact: Fact) -> Event {
        let number = self.number();
        let envelopes = [Envelope::Structured, Envelope::Binary, Envelope::Bare];
        Event {
            place: Place { topic: format_smolstr!("t{}", number % 3), partition: number as i32, offset: number << 33 },
            envelope: envelopes[number as usize % 3],
            ingested_at: self.time(),
            stream: self.text(),
            case_id: self.text(),
            source: self.text(),
            id: self.text(),
            occurred_at: self.time(),
            recorded_at: self.maybe_time(),
            seq: u64::MAX - number as u64,
            fact,
        }
    }
}

fn filled(chance: Option<StdRng>, times: usize) -> Vec<Event> {
    let mut filler = Filler { chance, used: 0 };
    let mut events = Vec::new();
    for (kind, _) in FactKind::ALL.iter().cycle().take(times * FactKind::ALL.len()) {
        for fact in filler.facts(*kind) {
            events.push(filler.event(fact));
        }
    }
    events
}

/// Writes the events and reads their cases back. Compared as text, because equality of reporters is a question of keys.
fn read_back(town: &Town, events: &[Event]) {
    let mut ids: Vec<&str> = events.iter().map(|event| event.case_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut read = town.wait(async {
        ledger::insert(&town.store(), ledger::encode(events.iter())).await.unwrap();
        ledger_read::of_cases(&town.store(), &ids, &[]).await.unwrap().into_iter().collect::<Vec<_>>()
    });
    read.sort_by_key(|event| event.place.offset);
    assert_eq!(read.len(), events.len());
    for (read, written) in read.iter().zip(events) {
        assert_eq!(format!("{read:#?}"), format!("{written:#?}"));
    }
}

#[test]
fn every_kind_of_fact_with_every_field_filled_reads_back_as_it_was_written() {
    read_back(&Town::new(), &filled(None, 1));
}

#[test]
fn facts_filled_by_chance_with_quotes_and_unicode_read_back_as_they_were_written() {
    let seed = rand::random();
    println_seed(seed);
    read_back(&Town::new(), &filled(Some(StdRng::seed_from_u64(seed)), 30));
}

#[allow(clippy::print_stdout, reason = "shown only when the test fails")]
fn println_seed(seed: u64) {
    println!("seed {seed}");
}

#[test]
fn more_distinct_values_than_one_or_two_bytes_can_count_are_kept_apart() {
    let town = Town::new();
    let mut filler = Filler { chance: None, used: 0 };
    let template = filler.event(Fact::Voided(Reason::default()));
    for count in [256i64, 257, 65_536, 65_537] {
        let event = |n: i64| {
            let (source, id) = (format_smolstr!("s{n}"), format_smolstr!("{n}"));
            let place = Place { topic: format_smolstr!("t{count}"), partition: 0, offset: n };
            let fact = Fact::Signed { unit: format_smolstr!("u{}", n / 2) };
            Event { place, case_id: format_smolstr!("{count}-{}", n % 1000), source, id, fact, ..template.clone() }
        };
        let events: Vec<Event> = (0..count).map(event).collect();
        town.wait(async { ledger::insert(&town.store(), ledger::encode(events.iter())).await.unwrap() });
        let right = "source = concat('s', event_id) AND unit = concat('u', toString(intDiv(offset, 2)))";
        let sql = format!("SELECT countIf({right}) FROM {{db}}_mart.events WHERE topic = 't{count}'");
        assert_eq!(town.number(&sql), count as u64);
    }
    // More ids than one query may name.
    let ids: Vec<String> = (0..10_500).map(|n| format!("65537-{n}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let read = town.wait(async { ledger_read::of_cases(&town.store(), &ids, &[]).await.unwrap() });
    assert_eq!(read.len(), 65_537);
}
