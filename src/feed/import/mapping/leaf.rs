//! One field of an event's data: the ways to its value, and how it is written for the contract.

use std::io::Write;

use super::{
    Context,
    columns::Row,
    target::{Kind, Target},
    way::Way,
};
use crate::{
    document::TomlEntry,
    feed::import::{
        clock::{Bare, Clock},
        fault::{Fault, RowProblem},
    },
};

#[derive(Clone, Debug)]
pub(in crate::feed::import) struct Leaf {
    path: String,
    /// The first that gives a value counts.
    ways: Vec<Way>,
    target: Target,
}

/// What people write of themselves and of others is shown to nobody.
const PERSONAL: [&str; 4] = ["reporter.", "title", "description", "place.address"];

impl Leaf {
    pub(super) fn read(path: &str, target: &Target, entry: &TomlEntry<'_>, context: &mut Context) -> Option<Self> {
        let has_ways = entry.is_list() && entry.items().is_some_and(|items| items.iter().any(TomlEntry::is_table));
        let ways = match has_ways {
            true => entry.each(|item| Way::read(target, item, context))?,
            false => vec![Way::read(target, entry, context)?],
        };
        let own = path.strip_prefix("details.").unwrap_or(path);
        if PERSONAL.iter().any(|name| own.starts_with(name)) {
            let slots = ways.iter().flat_map(|way| way.take.slots());
            slots.for_each(|slot| context.columns.hold_back(slot));
        }
        Some(Self { path: path.to_owned(), ways, target: target.clone() })
    }

    /// Of the first of its ways.
    pub(super) fn label(&self) -> &str {
        self.ways.first().map_or("", |way| &way.take.label)
    }

    /// Is there anything in the row to make the value of?
    pub(super) fn has_value(&self, row: Row<'_>) -> bool {
        self.ways.iter().any(|way| way.has_value(row))
    }

    /// Appends the value as JSON; false when there is none.
    pub(super) fn write(&self, row: Row<'_>, clock: &Clock, json: &mut Vec<u8>) -> Result<bool, RowProblem> {
        for way in &self.ways {
            if way.write(&self.target, row, clock, json)? {
                return Ok(true);
            }
        }
        if self.target.is_required {
            let what = format!("`{}`, which the event needs,", self.path);
            let labels: Vec<&str> = self.ways.iter().map(|way| way.take.label.as_str()).collect();
            return Err(Fault::Missing { what }.at(&labels.join(" or ")));
        }
        Ok(false)
    }
}

const YES: [&str; 8] = ["true", "t", "yes", "y", "1", "是", "已", "√"];
const NO: [&str; 8] = ["false", "f", "no", "n", "0", "否", "未", "×"];

impl Kind {
    /// Appends the text as JSON of this kind.
    pub(super) fn write(&self, text: &str, clock: &Clock, bare: Option<Bare>, json: &mut Vec<u8>) -> Result<(), Fault> {
        let wrong = || Fault::WrongKind { wanted: self.in_words() };
        let written = match self {
            Self::Text => serde_json::to_writer(json, text),
            Self::OneOf(names) if names.iter().any(|name| name == text) => serde_json::to_writer(json, text),
            Self::OneOf(_) | Self::List(_) => return Err(wrong()),
            Self::Bool => {
                let text = text.to_lowercase();
                let is_yes = YES.contains(&text.as_str());
                if !is_yes && !NO.contains(&text.as_str()) {
                    return Err(wrong());
                }
                serde_json::to_writer(json, &is_yes)
            }
            Self::Integer { max } => {
                let number = text.parse::<u64>().ok().filter(|number| number <= max).ok_or_else(wrong)?;
                return write!(json, "{number}").map_err(|_| wrong());
            }
            Self::Time { ends_day } => {
                let bare = if *ends_day { Bare::of_due } else { Bare::of_time }(bare.or(clock.bare));
                serde_json::to_writer(json, &clock.read(text, bare)?)
            }
        };
        written.map_err(|_| wrong())
    }
}
