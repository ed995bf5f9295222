//! Where to go on with a partition. Kafka's commit is a hint; the ledger is the truth; and what was never read is never skipped
//! without somebody's yes. Pure; docs/decisions/0011 has the table of cases.

use crate::{
    feed::{observer::Extent, partition::Partition},
    store::gaps::Gap,
};

/// What is known of one partition.
#[derive(Clone, Copy, Debug)]
pub struct PlacingKnown<'a> {
    pub extent: Extent,
    /// Behind the last message that ledger or quarantine have of it.
    pub ledger: Option<i64>,
    /// Has the ledger anything of the topic, on any partition?
    pub ledger_has_topic: bool,
    /// Was it never taken up into this ledger before?
    pub is_new: bool,
    /// What was accepted as lost, on this partition.
    pub gaps: &'a [&'a Gap],
    /// So many messages of a partition may be in the ledger and not folded yet when a process dies.
    pub in_flight: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    Start {
        at: i64,
        /// Lost before this ledger first saw the partition: to be written down, and no reason to stop.
        before: Option<(i64, i64)>,
        /// The ledger ends before what the group has committed: it is read again from there.
        is_behind: bool,
    },
    Refused(Refusal),
}

/// What a person has to decide. The texts end with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "{0} was committed up to offset {committed} by group {group}, and database {database} has nothing of that topic: the group \
         belongs to another database. Nothing was read. Name that database (clickhouse.database), or give this one a group of \
         its own (kafka.group): it then reads everything from the start",
        place(.partition)
    )]
    OtherDatabase { partition: Partition, committed: i64, group: String, database: String },
    #[error(
        "{0} was committed up to offset {committed}, and its log ends at {end} (available: {low} to {end}): the topic was cut or made \
         anew. Nothing was read. Give the stream another topic name (`topic` in its file, or kafka.topic_prefix) if it was made \
         anew; if its end was lost with a broker, set the group's offset to {end} with Kafka's own tools",
        place(.partition)
    )]
    BeyondEnd { partition: Partition, committed: i64, low: i64, end: i64 },
    #[error(
        "{0}: offsets {first} to {1} were never read and are not there any more (committed: {2}; the ledger ends at {ledger}; \
         available: {next} to {end}): {3} messages at most, taken by retention. Nothing was skipped. Have them sent again if you \
         can; then accept the gap: tongguan gaps accept {4} --yes",
        place(.partition), .next - 1, offset_or_nothing(*.committed), .next - .first, address(.partition)
    )]
    Gap { partition: Partition, first: i64, next: i64, end: i64, committed: Option<i64>, ledger: i64 },
    #[error(
        "topic {topic} was made anew: its id is {id}, and this ledger was filled from {known}. Its offsets would meet the rows of the old \
         topic at the same places. Nothing was read of it. Give the stream another topic name (`topic` in its file, or \
         kafka.topic_prefix) and let feeders send there"
    )]
    MadeAnew { topic: String, id: String, known: String },
}

fn place(partition: &Partition) -> String {
    format!("{}[{}]", partition.topic, partition.partition)
}

/// As commands take it.
pub fn address(partition: &Partition) -> String {
    format!("{}/{}", partition.topic, partition.partition)
}

fn offset_or_nothing(offset: Option<i64>) -> String {
    offset.map_or_else(|| "nothing".to_owned(), |offset| offset.to_string())
}

/// Whose group and database it is, for the words of a refusal.
#[derive(Clone, Copy, Debug)]
pub struct PlacingNames<'a> {
    pub group: &'a str,
    pub database: &'a str,
}

pub fn place_partition(partition: &Partition, known: &PlacingKnown<'_>, names: PlacingNames<'_>) -> Placed {
    let Extent { low, end, committed } = known.extent;
    let ledger = known.ledger.unwrap_or(0);
    // Everything before it is in the ledger, or was accepted as lost.
    let done = through(known.gaps, ledger);
    let (wanted, is_behind) = match committed {
        Some(offset) if offset > end => {
            return Placed::Refused(Refusal::BeyondEnd { partition: partition.clone(), committed: offset, low, end });
        }
        Some(offset) if offset > done && !known.ledger_has_topic => {
            let (group, database) = (names.group.to_owned(), names.database.to_owned());
            let partition = partition.clone();
            return Placed::Refused(Refusal::OtherDatabase { partition, committed: offset, group, database });
        }
        Some(offset) if offset > done => (done, true),
        Some(offset) => (through(known.gaps, offset), false),
        None => (ledger.saturating_sub(known.in_flight), false),
    };
    if done >= low {
        return Placed::Start { at: wanted.max(low), before: None, is_behind };
    }
    let never_had = known.is_new && committed.is_none() && known.ledger.is_none();
    if never_had {
        return Placed::Start { at: low, before: Some((done, low)), is_behind };
    }
    Placed::Refused(Refusal::Gap { partition: partition.clone(), first: done, next: low, end, committed, ledger })
}

/// The first offset from `at` on that lies in no accepted gap.
pub fn through(gaps: &[&Gap], mut at: i64) -> i64 {
    // A gap may end where another begins; there are few.
    while let Some(gap) = gaps.iter().find(|gap| gap.first <= at && at < gap.next) {
        at = gap.next;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::time::Millis, store::gaps::GapReason};

    const IN_FLIGHT: i64 = 100;

    fn gap(first: i64, next: i64) -> Gap {
        Gap::new(("t", 0), (first, next), GapReason::Retention, "", Millis(0))
    }

    struct Case {
        committed: Option<i64>,
        low: i64,
        end: i64,
        ledger: Option<i64>,
        is_new: bool,
        accepted: &'static [(i64, i64)],
    }

    const USUAL: Case =
        Case { committed: Some(500), low: 0, end: 900, ledger: Some(500), is_new: false, accepted: &[] };

    fn placed(case: &Case) -> Placed {
        let gaps: Vec<Gap> = case.accepted.iter().map(|(first, next)| gap(*first, *next)).collect();
        let known = PlacingKnown {
            extent: Extent { low: case.low, end: case.end, committed: case.committed },
            ledger: case.ledger,
            ledger_has_topic: case.ledger.is_some(),
            is_new: case.is_new,
            gaps: &gaps.iter().collect::<Vec<_>>(),
            in_flight: IN_FLIGHT,
        };
        let partition = Partition { topic: "t".into(), partition: 0 };
        place_partition(&partition, &known, PlacingNames { group: "g", database: "d" })
    }

    fn start(at: i64) -> Placed {
        Placed::Start { at, before: None, is_behind: false }
    }

    fn text(case: &Case) -> String {
        match placed(case) {
            Placed::Refused(refusal) => refusal.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_commit_says_where_to_go_on_and_the_ledger_may_be_ahead() {
        assert_eq!(placed(&USUAL), start(500));
        assert_eq!(placed(&Case { ledger: Some(580), ..USUAL }), start(500), "the last batch may not be folded");
        assert_eq!(placed(&Case { committed: Some(0), ledger: None, ..USUAL }), start(0));
        assert_eq!(placed(&Case { accepted: &[(500, 600)], ..USUAL }), start(600), "the step over what cannot be read");
    }

    #[test]
    fn a_ledger_behind_the_commit_is_not_taken_for_complete() {
        let behind = Placed::Start { at: 300, before: None, is_behind: true };
        assert_eq!(placed(&Case { ledger: Some(300), ..USUAL }), behind);
        assert_eq!(placed(&Case { ledger: Some(300), accepted: &[(300, 500)], ..USUAL }), start(500));
    }

    #[test]
    fn without_a_commit_the_ledger_says_where_to_go_on_and_what_may_not_be_folded_is_read_again() {
        assert_eq!(placed(&Case { committed: None, ..USUAL }), start(400));
        assert_eq!(placed(&Case { committed: None, ledger: Some(50), ..USUAL }), start(0));
        assert_eq!(placed(&Case { committed: None, ledger: None, is_new: true, ..USUAL }), start(0));
        assert_eq!(placed(&Case { committed: None, low: 450, ..USUAL }), start(450), "retention took nothing unread");
    }

    #[test]
    fn what_retention_took_unread_needs_a_yes() {
        let taken = Case { low: 700, ..USUAL };
        let text = text(&taken);
        for part in [
            "t[0]",
            "500 to 699",
            "committed: 500",
            "ends at 500",
            "700 to 900",
            "200 messages",
            "gaps accept t/0 --yes",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(placed(&Case { accepted: &[(500, 700)], ..taken }), start(700));
        assert_eq!(placed(&Case { accepted: &[(500, 600), (600, 700)], ..taken }), start(700));
        assert!(matches!(
            placed(&Case { accepted: &[(500, 600)], ..taken }),
            Placed::Refused(Refusal::Gap { first: 600, .. })
        ));
        assert_eq!(placed(&Case { ledger: Some(720), ..taken }), start(700), "the ledger has it all");
    }

    #[test]
    fn a_topic_that_was_empty_when_it_was_taken_up_has_no_excuse_for_a_gap() {
        let forgotten = Case { committed: None, ledger: None, low: 700, ..USUAL };
        assert!(matches!(placed(&forgotten), Placed::Refused(Refusal::Gap { first: 0, next: 700, .. })));
        let new = Placed::Start { at: 700, before: Some((0, 700)), is_behind: false };
        assert_eq!(placed(&Case { is_new: true, ..forgotten }), new, "what was there before us is on record, no more");
    }

    #[test]
    fn a_group_of_another_database_and_a_topic_cut_short_are_refused() {
        assert!(text(&Case { ledger: None, ..USUAL }).contains("belongs to another database"));
        assert!(text(&Case { committed: Some(901), ledger: Some(901), ..USUAL }).contains("ends at 900"));
    }
}
