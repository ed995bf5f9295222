//! Which messages in quarantine are meant, as people write it.

use jiff::tz::TimeZone;

use super::{
    instant::instant,
    unclear::{STREAM, Thing, Unclear, check_named, no_such},
};
use crate::store::quarantine::{EntryPlace, EntryState, QuarantineSelection};

/// As they were written; nothing is checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhichEntries {
    /// By its name; must be declared.
    pub stream: Option<String>,
    /// 原因代码 of the rejection.
    pub reason: Option<String>,
    /// Taken in from then on: a date or a time, as [`instant`](super::instant) reads it.
    pub from: Option<String>,
    /// Taken in before then.
    pub to: Option<String>,
    /// `TOPIC/PARTITION/OFFSET`, as `quarantine list` shows it: one message alone.
    pub place: Option<String>,
    /// `waiting`, `replayed`, `discarded` or `all`.
    pub state: Option<String>,
}

/// What there is: names of streams and of reasons.
#[derive(Clone, Copy, Debug)]
pub struct EntryNames<'a> {
    /// Of the declared streams.
    pub streams: &'a [&'a str],
    /// Of the reasons that a message can be quarantined for.
    pub reasons: &'a [&'a str],
}

const ALL_STATES: &str = "all";
const REASON: Thing = ("原因", "reason");

impl WhichEntries {
    /// As the store takes it; a name that there is not, a time or a place that cannot be read is said with the nearest that there is.
    pub fn selection(&self, names: EntryNames<'_>, zone: &TimeZone) -> Result<QuarantineSelection, Unclear> {
        check_named(STREAM, self.stream.as_deref(), names.streams)?;
        check_reason(self.reason.as_deref(), names.reasons)?;
        let time = |name: &str, text: &Option<String>| text.as_deref().map(|text| instant(name, text, zone));
        Ok(QuarantineSelection {
            stream: self.stream.clone(),
            reason: self.reason.clone(),
            place: self.place.as_deref().map(place).transpose()?,
            from: time("from", &self.from).transpose()?,
            to: time("to", &self.to).transpose()?,
            state: self.state()?,
        })
    }

    fn state(&self) -> Result<Option<EntryState>, Unclear> {
        match self.state.as_deref() {
            None => Ok(Some(EntryState::Waiting)),
            Some(ALL_STATES) => Ok(None),
            Some(name) => {
                let known: Vec<&str> = EntryState::ALL.iter().map(|(_, name)| *name).chain([ALL_STATES]).collect();
                EntryState::from_name(name).map(Some).ok_or_else(|| no_such(("状态", "state"), name, &known))
            }
        }
    }
}

/// Nothing, or a reason that a message can be quarantined for.
pub fn check_reason(name: Option<&str>, known: &[&str]) -> Result<(), Unclear> {
    check_named(REASON, name, known)
}

/// `TOPIC/PARTITION/OFFSET`.
pub fn place(text: &str) -> Result<EntryPlace, Unclear> {
    let mut parts = text.rsplitn(3, '/');
    let (offset, partition, topic) = (parts.next(), parts.next(), parts.next());
    match (topic, partition.and_then(|p| p.parse().ok()), offset.and_then(|o| o.parse().ok())) {
        (Some(topic), Some(partition), Some(offset)) => Ok((topic.to_owned(), partition, offset)),
        _ => Err(Unclear::NotPlace { text: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(which: &WhichEntries) -> Result<QuarantineSelection, String> {
        let names = EntryNames { streams: &["hotline", "grid"], reasons: &["not_json", "empty"] };
        which.selection(names, &TimeZone::UTC).map_err(|unclear| unclear.to_string())
    }

    #[test]
    fn what_is_not_known_is_refused_with_the_nearest_word() {
        let some = |text: &str| Some(text.to_owned());
        for (which, nearest) in [
            (WhichEntries { stream: some("hotlin"), ..WhichEntries::default() }, "hotline?"),
            (WhichEntries { reason: some("not_jsn"), ..WhichEntries::default() }, "not_json?"),
            (WhichEntries { state: some("replaid"), ..WhichEntries::default() }, "replayed?"),
            (WhichEntries { from: some("yesterday"), ..WhichEntries::default() }, "--from"),
            (WhichEntries { place: some("t/0"), ..WhichEntries::default() }, "TOPIC/PARTITION/OFFSET"),
        ] {
            assert!(read(&which).unwrap_err().contains(nearest), "{which:?}");
        }
    }

    #[test]
    fn nothing_said_means_what_waits_and_a_topic_may_have_slashes() {
        assert_eq!(read(&WhichEntries::default()).unwrap().state, Some(EntryState::Waiting));
        let all = WhichEntries { state: Some("all".to_owned()), ..WhichEntries::default() };
        assert_eq!(read(&all).unwrap().state, None);
        assert_eq!(place("a/b/3/12").unwrap(), ("a/b".to_owned(), 3, 12));
    }
}
