//! What has become of a case and what moved it, in the words of both languages: for the text and for the page.

use jiff::tz::TimeZone;

use super::{Cause, DriftChange, DriftMessage, Moved, Refolded};
use crate::{
    domain::{fact::FactKind, history::Standing, time::Millis},
    report::{case::words, paper::Text, rate::NO_RATE},
    store::published::PublishedVerdict,
};

/// What it rests on, before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftState {
    /// What it is: standing, unit, due.
    pub name: Text,
    pub before: Text,
    pub after: Text,
}

/// What moved a case: a sentence, and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftReason {
    pub said: Text,
    /// Such as place and time of a message, each with its label.
    pub details: Vec<(Text, String)>,
}

type IsIn = fn(&DriftChange) -> bool;

/// How a case counts otherwise in a figure.
pub const WAYS: [((&str, &str), IsIn); 5] = [
    (("进入分子", "into the numerator of"), |one| one.before.n == 0 && one.after.n > 0),
    (("离开分子", "out of the numerator of"), |one| one.before.n > 0 && one.after.n == 0),
    (("进入分母", "into the denominator of"), |one| one.before.d == 0 && one.after.d > 0),
    (("离开分母", "out of the denominator of"), |one| one.before.d > 0 && one.after.d == 0),
    (("数目不同", "another amount in"), |one| {
        (one.before.n > 0 && one.after.n > 0 && one.before.n != one.after.n)
            || (one.before.d > 0 && one.after.d > 0 && one.before.d != one.after.d)
    }),
];

/// The figures in which it counts otherwise, by the way.
pub fn ways(moved: &Moved) -> Vec<(Text, Vec<&'static str>)> {
    let ways = WAYS.iter().map(|((zh, en), is_in)| {
        let figures = moved.changes.iter().filter(|change| is_in(change)).map(|change| change.figure.id.as_str());
        (Text::new(*zh, *en), figures.collect::<Vec<_>>())
    });
    ways.filter(|(_, figures)| !figures.is_empty()).collect()
}

/// What is another now.
pub fn states(moved: &Moved, zone: &TimeZone) -> Vec<DriftState> {
    let sides = [moved.before.as_ref(), moved.after.as_ref()];
    let text = |of: fn(&PublishedVerdict) -> Text| {
        sides.map(|side| side.map_or_else(|| Text::new("不在任何指标", "in no figure"), of))
    };
    let time = |of: fn(&PublishedVerdict) -> Option<i64>| {
        let shown = |at: i64| Text::same(&Millis(at).rfc3339(zone));
        sides.map(|side| side.and_then(of).map_or_else(|| Text::same(NO_RATE), shown))
    };
    let mut all = vec![(("状态", "standing"), text(|one| standing(&one.standing)))];
    if moved.before.is_some() && moved.after.is_some() {
        all.extend([
            (("受理", "received"), time(|one| one.received_at)),
            (("时限", "due"), time(|one| one.due_at)),
            (("结案", "closed"), time(|one| one.closed_at)),
            (("单位", "unit"), text(|one| Text::same(one.unit_label()))),
            (("村居", "community"), text(|one| Text::same(&one.community))),
        ]);
    }
    let differs = all.into_iter().filter(|(_, [before, after])| before != after);
    differs.map(|((zh, en), [before, after])| DriftState { name: Text::new(zh, en), before, after }).collect()
}

fn standing(name: &str) -> Text {
    Standing::from_name(name).map_or_else(|| Text::same(name), |known| Text::new(words::standing(known), name))
}

/// Never none.
pub fn reasons(cause: &Cause, zone: &TimeZone) -> Vec<DriftReason> {
    let came = cause.messages.iter().map(|one| message(("发布后到达", "arrived after publication"), one, zone));
    let refolded = cause.refolded.iter().map(|one| rebuilt(one, cause.messages.is_empty()));
    let between = ("两个截至时刻之间发生", "happened between the two as-ofs");
    let happened = cause.later.iter().map(|one| message(between, one, zone));
    let mut all: Vec<DriftReason> = came.chain(refolded).chain(happened).collect();
    if all.is_empty() {
        let said = match cause.is_of_another_as_of {
            true => Text::new("没有新消息，只是截至时刻不同", "no message: only the as-of is another"),
            false => Text::new(
                "没有新消息，也没有重新折叠：案件行被改过，或程序不同",
                "no message and no rebuild: the row was changed otherwise",
            ),
        };
        all.push(DriftReason { said, details: Vec::new() });
    }
    all
}

fn message((zh, en): (&str, &str), one: &DriftMessage, zone: &TimeZone) -> DriftReason {
    let time = |at: Millis| at.rfc3339(zone);
    let kind = FactKind::from_name(one.kind).map_or(one.kind, words::fact);
    let place = &one.place;
    let details = [
        (("发生", "occurred"), time(one.occurred_at)),
        (("记录", "recorded"), one.recorded_at.map_or(NO_RATE.to_owned(), time)),
        (("接收", "ingested"), time(one.ingested_at)),
        (("位置", "place"), format!("{}[{}]@{}", place.topic, place.partition, place.offset)),
    ];
    DriftReason {
        said: Text::new(format!("{zh}：{kind}"), format!("{en}: {}", one.kind)),
        details: details.into_iter().map(|((zh, en), value)| (Text::new(zh, en), value)).collect(),
    }
}

fn rebuilt(of: &Refolded, is_alone: bool) -> DriftReason {
    let alone = if is_alone { ("没有新消息，", "no new message, ") } else { ("", "") };
    let rules = match of.is_by_other_rules() {
        true => ("按别的规则重新折叠", "folded again under other rules"),
        false => ("按相同的规则重新折叠", "folded again by the same rules"),
    };
    let generations = of.generations.map(|generation| generation.to_string());
    let differing = [
        (("代次", "generation"), &generations),
        (("时限规则", "policy"), &of.policies),
        (("规则", "rule"), &of.rules),
        (("日历", "calendar"), &of.calendars),
    ];
    let shown = |text: &str| if text.is_empty() { NO_RATE.to_owned() } else { text.to_owned() };
    let detail = |((zh, en), [before, after]): ((&str, &str), &[String; 2])| {
        (before != after).then(|| (Text::new(zh, en), format!("{} → {}", shown(before), shown(after))))
    };
    DriftReason {
        said: Text::new(format!("{}{}", alone.0, rules.0), format!("{}{}", alone.1, rules.1)),
        details: differing.into_iter().filter_map(detail).collect(),
    }
}
