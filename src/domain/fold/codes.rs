//! The lists of codes that events use. A value that is in none of them is kept as it came, and counted.

use crate::domain::{
    attributes::Attributes,
    fact::{Dispatch, Fact, Intake},
};

const KINDS: [&str; 8] = ["部件", "事件", "投诉", "求助", "咨询", "建议", "意见建议", "表扬"];
const CHANNELS: [&str; 8] = ["PATROL", "HOTLINE", "PUBLIC", "WECHAT", "VILLAGE", "VIDEO_AI", "WEB", "OTHER"];
const ROLES: [&str; 2] = ["lead", "support"];
pub(super) const DIRECT_ANSWER: [&str; 2] = ["direct_answer", "直接答复"];
const CLOSINGS: [&str; 5] = ["normal", "direct_answer", "直接答复", "patrol_dealt", "duplicate_auto"];
pub(super) const SOLVED: [&str; 2] = ["实际解决", "solved"];
pub(super) const EXPLAINED: [&str; 2] = ["解释说明", "explained"];

/// How many of the fact's codes are in no list.
pub(super) fn unknown(fact: &Fact) -> u32 {
    match fact {
        Fact::Reported(intake) | Fact::Accepted(intake) => of_intake(intake),
        Fact::Dispatched(dispatch) => of_dispatch(dispatch),
        Fact::Closed { how, .. } => is_unknown(how, &CLOSINGS),
        _ => 0,
    }
}

fn of_intake(intake: &Intake) -> u32 {
    let Attributes { kind, channel, area, town, community, cell, .. } = &intake.attributes;
    let places = [(area, 6), (town, 9), (community, 12), (cell, 15)];
    let strange = |(code, digits): &(&smol_str::SmolStr, usize)| {
        !code.is_empty() && (code.len() != *digits || !code.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let strange_places = places.iter().filter(|place| strange(place)).count() as u32;
    is_unknown(kind, &KINDS) + is_unknown(channel, &CHANNELS) + strange_places
}

fn of_dispatch(dispatch: &Dispatch) -> u32 {
    is_unknown(&dispatch.role, &ROLES)
}

fn is_unknown(value: &str, known: &[&str]) -> u32 {
    u32::from(!value.is_empty() && !known.contains(&value))
}
