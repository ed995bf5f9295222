//! The codes that events use, held against the stream's lists. A value that is in none of them is kept as it came, and counted.

use smol_str::SmolStr;

use crate::domain::{
    attributes::Attributes,
    fact::{Dispatch, Fact},
    stream::Codes,
};

const ROLES: [&str; 2] = ["lead", "support"];
pub(super) const DIRECT_ANSWER: [&str; 2] = ["direct_answer", "直接答复"];

/// How many of the fact's codes are in no list.
pub(super) fn unknown(fact: &Fact, known: &Codes) -> u32 {
    match fact {
        Fact::Reported(intake) | Fact::Accepted(intake) => of_intake(&intake.attributes, known),
        Fact::Tallied(tally) => of_intake(&tally.attributes, known),
        Fact::Dispatched(dispatch) => of_dispatch(dispatch),
        Fact::Closed { how, .. } => is_unknown(how, &known.closings),
        _ => 0,
    }
}

fn of_intake(attributes: &Attributes, known: &Codes) -> u32 {
    let Attributes { kind, channel, area, town, community, cell, .. } = attributes;
    let places = [(area, 6), (town, 9), (community, 12), (cell, 15)];
    let strange = |(code, digits): &(&SmolStr, usize)| {
        !code.is_empty() && (code.len() != *digits || !code.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let strange_places = places.iter().filter(|place| strange(place)).count() as u32;
    is_unknown(kind, &known.kinds) + is_unknown(channel, &known.channels) + strange_places
}

fn of_dispatch(dispatch: &Dispatch) -> u32 {
    u32::from(!dispatch.role.is_empty() && !ROLES.contains(&dispatch.role.as_str()))
}

fn is_unknown(value: &SmolStr, known: &[SmolStr]) -> u32 {
    u32::from(!value.is_empty() && !known.contains(value))
}
