//! `[[event]]`: which event a row makes, when it happened, and what it says.

use super::{
    Context,
    columns::Row,
    condition::Condition,
    data::{self, Leaves, Tree},
    take::Take,
    target::Targets,
    time::bare,
};
use crate::{
    document::{Section, TomlEntry, in_quotes},
    domain::fact::FactKind,
    feed::import::clock::Bare,
};

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct EventRule {
    pub(in crate::feed::import) kind: FactKind,
    pub(in crate::feed::import) type_name: String,
    when: Vec<Condition>,
    /// What a bare date means in `time`.
    pub(in crate::feed::import) bare: Option<Bare>,
    pub(in crate::feed::import) time: Take,
    /// Empty: the time tells the case's events of one type apart.
    pub(in crate::feed::import) id: Vec<Take>,
    pub(in crate::feed::import) sequence: Option<Take>,
    pub(in crate::feed::import) recorded: Option<Take>,
    pub(in crate::feed::import) data: Tree,
    pub(in crate::feed::import) missing_time: MissingTime,
    /// The same event stands on every row of the case, so that it does not explain what the row is there for.
    pub(in crate::feed::import) is_repeated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed::import) enum MissingTime {
    /// Not happened (yet): no event.
    Skip,
    Reject,
}

/// Types that carry what is known of the case as a whole.
fn prefix_of_fields(kind: FactKind) -> Option<&'static str> {
    match kind {
        FactKind::Reported | FactKind::Accepted => Some(""),
        FactKind::Snapshot => Some("details."),
        _ => None,
    }
}

/// Of `[fields]`, for the events that take them; none where it cannot be read.
pub(super) fn shared(fields: Option<&TomlEntry<'_>>, context: &mut Context) -> Option<Leaves> {
    let Some(fields) = fields else { return Some(Leaves::new()) };
    let section = fields.section_like("[fields] with what is known of the case, like kind = \"COLUMN\"")?;
    Some(data::read(&section, Targets::of(FactKind::Accepted), context))
}

/// All the rules, each with the fields of `[fields]` where its type takes them.
pub(super) fn read_all(
    events: &TomlEntry<'_>,
    (fields, shared): (Option<&TomlEntry<'_>>, Option<&Leaves>),
    context: &mut Context,
) -> Option<Vec<EventRule>> {
    let entries = events.some_sections();
    let read = entries.iter().map(|entry| EventRule::read(entry, shared, context));
    let (kinds, rules): (Vec<Option<FactKind>>, Vec<Option<EventRule>>) = read.unzip();
    // One whose type is wrong may be meant to take them.
    if let Some(fields) = fields.filter(|_| !kinds.is_empty())
        && kinds.iter().all(|kind| kind.is_some_and(|kind| prefix_of_fields(kind).is_none()))
    {
        let remedy = "they go into case.reported.v1, case.accepted.v1 and case.snapshot.v1 only";
        fields.wrong("no [[event]] takes them", remedy);
    }
    let mut rules: Vec<EventRule> = rules.into_iter().collect::<Option<_>>()?;
    // Where all of it is repeated, that is what a row is there for.
    if rules.iter().all(|rule| rule.is_repeated) {
        rules.iter_mut().for_each(|rule| rule.is_repeated = false);
    }
    Some(rules)
}

impl EventRule {
    /// Its kind too, which may be known where the rest cannot be read.
    fn read(entry: &TomlEntry<'_>, shared: Option<&Leaves>, context: &mut Context) -> (Option<FactKind>, Option<Self>) {
        let section = entry.section_like("[[event]] with type and time");
        let Some(section) = section else { return (None, None) };
        let named = section.require("type", "an event type, like \"case.closed.v1\"");
        let named = named.map_or(EventType::Unknown, |found| EventType::read(&found));
        let kind = named.known();
        (kind, Self::of_section(entry, &section, named, shared, context))
    }

    fn of_section(
        entry: &TomlEntry<'_>,
        section: &Section<'_>,
        named: EventType<'_>,
        shared: Option<&Leaves>,
        context: &mut Context,
    ) -> Option<Self> {
        let when = Condition::of(section, context);
        context.watches.conditions(when.as_deref().unwrap_or_default(), &context.columns);
        let time = section.require("time", "time = \"COLUMN\", the column that says when it happened");
        let time = time.and_then(|found| Take::read(&found, &mut context.columns));
        // Without a condition the time column itself says whether it happened.
        let usual = if when.as_ref().is_some_and(Vec::is_empty) { MissingTime::Skip } else { MissingTime::Reject };
        let missing_time = section.optional("missing_time", usual, |found| {
            found.choice(&[("skip", MissingTime::Skip), ("reject", MissingTime::Reject)])
        });
        let bare = bare(section);
        // A list of columns here means all of them, not the first that is filled.
        let id = section.optional("id", Vec::new(), |found| found.each(|item| Take::read(item, &mut context.columns)));
        let sequence = optional(section, "sequence", context);
        let recorded = optional(section, "recorded", context);
        let is_repeated = section.optional("repeated", false, TomlEntry::flag);
        let data = section.get("data");
        let data = read_data(entry, section, (&named, data.as_ref()), shared, context);
        section.finish();
        let EventType::Known(kind, type_name) = named else { return None };
        Some(Self {
            kind,
            type_name: type_name.to_owned(),
            when: when?,
            bare: bare?,
            time: time?,
            id: id?,
            sequence: sequence?,
            recorded: recorded?,
            data,
            missing_time: missing_time?,
            is_repeated: is_repeated?,
        })
    }

    /// Is there a row of which it makes nothing?
    pub(in crate::feed::import) fn is_conditional(&self) -> bool {
        !self.when.is_empty()
    }

    /// The first condition that the row does not meet.
    pub(in crate::feed::import) fn refused_by(&self, row: Row<'_>) -> Option<&Condition> {
        self.when.iter().find(|condition| !condition.holds(row))
    }
}

/// What an event says of its type.
enum EventType<'a> {
    Known(FactKind, &'a str),
    /// It is wrong, and this is what is meant: its data is read so.
    Meant(FactKind),
    Unknown,
}

impl<'a> EventType<'a> {
    fn read(entry: &TomlEntry<'a>) -> Self {
        let Some(text) = entry.text() else { return Self::Unknown };
        if let Some(kind) = FactKind::from_type(text) {
            return Self::Known(kind, text);
        }
        let what = format!("{} is no event type", in_quotes(text));
        let name = text.trim().trim_end_matches(".v1").trim_start_matches("case.");
        if let Some(kind) = FactKind::from_name(name) {
            entry.wrong(what, format!("write \"{}\"", kind.type_name()));
            return Self::Meant(kind);
        }
        let types: Vec<String> = FactKind::ALL.iter().map(|(kind, _)| kind.type_name()).collect();
        entry.no_such::<()>(what, text, || types.iter().map(String::as_str).collect());
        // The types are alike in what stands around their names.
        let meant = entry.slip(name, &FactKind::ALL.map(|(_, name)| name));
        meant.and_then(FactKind::from_name).map_or(Self::Unknown, Self::Meant)
    }

    fn known(&self) -> Option<FactKind> {
        match self {
            Self::Known(kind, _) => Some(*kind),
            Self::Meant(_) | Self::Unknown => None,
        }
    }
}

fn optional(section: &Section<'_>, key: &'static str, context: &mut Context) -> Option<Option<Take>> {
    section.optional(key, None, |found| Take::read(found, &mut context.columns).map(Some))
}

/// `section` is asked for nothing else after that.
fn read_data(
    entry: &TomlEntry<'_>,
    section: &Section<'_>,
    (named, data): (&EventType<'_>, Option<&TomlEntry<'_>>),
    shared: Option<&Leaves>,
    context: &mut Context,
) -> Tree {
    let kind = match named {
        EventType::Known(kind, _) | EventType::Meant(kind) => Some(*kind),
        EventType::Unknown => None,
    };
    let targets = kind.map_or_else(Targets::of_any, Targets::of);
    let mut leaves = Leaves::new();
    // Whether what is not there is missing, or stands in a part that cannot be read.
    let mut is_whole = !section.is_misspelt("data");
    if let Some(prefix) = kind.and_then(prefix_of_fields) {
        is_whole &= shared.is_some();
        let shared = shared.into_iter().flatten();
        leaves.extend(shared.map(|(path, leaf)| (format!("{prefix}{path}"), leaf.clone())));
    }
    if let Some(data) = data {
        let own = data.section_like("the fields of the event, like { unit = \"COLUMN\" }");
        is_whole &= own.is_some();
        leaves.extend(own.into_iter().flat_map(|own| data::read(&own, targets, context)));
    }
    for path in targets.required().filter(|path| is_whole && !leaves.contains_key(*path)) {
        let name = kind.map(FactKind::type_name).unwrap_or_default();
        entry.wrong(format!("{name} needs data.{path}"), format!("write data.{path} = \"COLUMN\""));
    }
    Tree::new(&leaves)
}
