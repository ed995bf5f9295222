//! `[[event]]`: which event a row makes, when it happened, and what it says.

use super::{
    Context,
    columns::Row,
    condition::Condition,
    data::{self, Leaves, Tree},
    error::{MappingError, listed},
    keys::{Entry, Section},
    nearest::hint,
    take::Take,
    target::Targets,
    time::bare,
};
use crate::{domain::fact::FactKind, feed::import::clock::Bare};

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

/// All the rules, each with the fields of `[fields]` where its type takes them.
pub(super) fn read_all(
    events: &Entry<'_>,
    fields: Option<&Entry<'_>>,
    context: &mut Context,
) -> Result<Vec<EventRule>, MappingError> {
    let shared = match fields {
        Some(fields) => data::read(&fields.section()?, &Targets::of(FactKind::Accepted), context)?,
        None => Leaves::new(),
    };
    let mut rules: Vec<EventRule> =
        events.items()?.iter().map(|entry| EventRule::read(entry, &shared, context)).collect::<Result<_, _>>()?;
    // Where all of it is repeated, that is what a row is there for.
    if rules.iter().all(|rule| rule.is_repeated) {
        rules.iter_mut().for_each(|rule| rule.is_repeated = false);
    }
    match fields {
        Some(fields) if rules.iter().all(|rule| prefix_of_fields(rule.kind).is_none()) => Err(fields.wrong(
            "no [[event]] takes them: they go into case.reported.v1, case.accepted.v1 and case.snapshot.v1 only",
        )),
        _ => Ok(rules),
    }
}

impl EventRule {
    fn read(entry: &Entry<'_>, shared: &Leaves, context: &mut Context) -> Result<Self, MappingError> {
        let section = entry.section()?;
        let type_entry = section.require("type", "for example \"case.closed.v1\"")?;
        let kind = known_kind(&type_entry)?;
        let when = match section.get("when") {
            Some(when) => Condition::read_all(&when, &mut context.columns, &context.null_values)?,
            None => Vec::new(),
        };
        context.watches.conditions(&when, &context.columns);
        let time =
            Take::read(&section.require("time", "the column that says when it happened")?, &mut context.columns)?;
        let missing_time = match section.get("missing_time") {
            Some(found) => found.choice(&[("skip", MissingTime::Skip), ("reject", MissingTime::Reject)])?,
            // Without a condition the time column itself says whether it happened.
            None if when.is_empty() => MissingTime::Skip,
            None => MissingTime::Reject,
        };
        let rule = Self {
            kind,
            type_name: type_entry.text()?.to_owned(),
            when,
            bare: bare(&section)?,
            time,
            id: id_columns(&section, context)?,
            sequence: optional(&section, "sequence", context)?,
            recorded: optional(&section, "recorded", context)?,
            data: read_data(entry, &section, kind, shared, context)?,
            missing_time,
            is_repeated: section.get("repeated").map(|found| found.flag()).transpose()?.unwrap_or(false),
        };
        section.finish()?;
        Ok(rule)
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

fn known_kind(entry: &Entry<'_>) -> Result<FactKind, MappingError> {
    let text = entry.text()?;
    FactKind::from_type(text).ok_or_else(|| {
        let names: Vec<String> = FactKind::ALL.iter().map(|(kind, _)| kind.type_name()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        entry.wrong(format!("`{text}` is no event type{}; there are: {}", hint(text, &names), listed(&names)))
    })
}

fn optional(section: &Section<'_>, key: &'static str, context: &mut Context) -> Result<Option<Take>, MappingError> {
    section.get(key).map(|found| Take::read(&found, &mut context.columns)).transpose()
}

/// A list of columns here means all of them, not the first that is filled.
fn id_columns(section: &Section<'_>, context: &mut Context) -> Result<Vec<Take>, MappingError> {
    match section.get("id") {
        Some(found) => found.items()?.iter().map(|item| Take::read(item, &mut context.columns)).collect(),
        None => Ok(Vec::new()),
    }
}

fn read_data(
    entry: &Entry<'_>,
    section: &Section<'_>,
    kind: FactKind,
    shared: &Leaves,
    context: &mut Context,
) -> Result<Tree, MappingError> {
    let targets = Targets::of(kind);
    let mut leaves = Leaves::new();
    if let Some(prefix) = prefix_of_fields(kind) {
        leaves.extend(shared.iter().map(|(path, leaf)| (format!("{prefix}{path}"), leaf.clone())));
    }
    if let Some(data) = section.get("data") {
        leaves.extend(data::read(&data.section()?, &targets, context)?);
    }
    match targets.0.iter().find(|(path, target)| target.is_required && !leaves.contains_key(*path)) {
        Some((path, _)) => Err(entry.wrong(format!("{} needs data.{path}", kind.type_name()))),
        None => Ok(Tree::new(&leaves)),
    }
}
