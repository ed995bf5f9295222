//! The town's own map on the wall: each area in the colour of its timeliness and with it as text, and what is not on it.

mod places;
mod rooms;

use std::collections::BTreeSet;

pub use self::places::WallMap;
use self::{
    places::MapPlace,
    rooms::{LINE, Room, TEXT},
};
use super::{
    OverviewFound, Show,
    found::{Mapped, Peer},
    peers::{TIMELINESS, received},
};
use crate::{
    domain::town_map::{MAP_HEIGHT, MAP_WIDTH},
    http::page::{account::of_all, frame::Link, groups, words::Lang},
    report::{count::grouped, notice::RANKED_FROM, rate},
    store::kpi::Dimension,
};

/// From so many hundredths of a percent on: how it is drawn, and what the legend says. Most towns publish more than nine in ten, so
/// the steps are narrow above; they stay as they are, so that a colour means the same every day.
const STEPS: [(u128, &str, &str); 5] = [
    (9_900, "m1", "≥ 99 %"),
    (9_800, "m2", "≥ 98 %"),
    (9_500, "m3", "≥ 95 %"),
    (9_000, "m4", "≥ 90 %"),
    (0, "m5", "< 90 %"),
];
const FEW: &str = "few";
const NONE: &str = "none";

/// Areas without room for their value that are listed beside the map, each by a letter.
const LETTERS: &[u8; 8] = b"ABCDEFGH";

#[derive(Clone, Debug, Default)]
pub(super) struct DrawnMap {
    pub(super) label: String,
    pub(super) figure: String,
    pub(super) code: String,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) areas: Vec<MapMark>,
    pub(super) texts: Vec<MapText>,
    pub(super) keys: Vec<MapKey>,
    pub(super) listed: Vec<MapListed>,
    pub(super) notes: Vec<String>,
    pub(super) links: Vec<Link>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MapMark {
    pub(super) cls: &'static str,
    pub(super) path: String,
    pub(super) label: String,
    /// Empty where there is no case to lead to.
    pub(super) href: String,
    pub(super) is_hatched: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MapText {
    pub(super) cls: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MapKey {
    pub(super) cls: &'static str,
    pub(super) text: String,
    pub(super) n: String,
    pub(super) is_hatched: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MapListed {
    pub(super) letter: String,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) href: String,
}

/// An area with its group, if it has one in the period.
struct Shown<'a> {
    place: &'a MapPlace,
    peer: Option<&'a Peer>,
    name: String,
    cls: &'static str,
    value: String,
    href: String,
}

pub(super) fn drawn(show: &Show<'_>, found: &OverviewFound, map: &WallMap) -> Option<DrawnMap> {
    let mapped = found.mapped.as_ref()?;
    let lang = show.lang();
    let figure = found.lead[TIMELINESS].figure;
    let peers = if map.by == Dimension::Community { &found.communities } else { &mapped.towns };
    let shown: Vec<Shown<'_>> = map.places.iter().map(|place| of_place(show, found, map.by, (place, peers))).collect();
    let title = lang.of(&figure.title.zh, &figure.title.en);
    let (texts, listed, hidden) = texts(&shown);
    Some(DrawnMap {
        label: format!("{title} {} {}", figure.id, groups::title(map.by, lang)),
        figure: title.to_owned(),
        code: figure.id.clone(),
        width: MAP_WIDTH,
        height: MAP_HEIGHT,
        areas: shown.iter().map(mark).collect(),
        texts,
        keys: keys(&shown, lang),
        listed,
        notes: notes(show, (map.by, peers), mapped, &shown, hidden),
        links: vec![Link {
            href: show.figure(&figure.id).with("group-by", map.by.name()).href(),
            text: lang.of("数据表", "as a table").to_owned(),
        }],
    })
}

fn of_place<'a>(
    show: &Show<'_>,
    found: &OverviewFound,
    by: Dimension,
    (place, peers): (&'a MapPlace, &'a [Peer]),
) -> Shown<'a> {
    let figure = found.lead[TIMELINESS].figure;
    let by_code = peers.iter().find(|peer| peer.code == place.key);
    let peer = by_code.or_else(|| peers.iter().find(|peer| show.name(by, &peer.code) == place.key));
    let name = show.name(by, peer.map_or(&place.key, |peer| &peer.code));
    let Some(peer) = peer.filter(|peer| has_cases(peer)) else {
        return Shown { place, peer: None, name, cls: NONE, value: "0".to_owned(), href: String::new() };
    };
    let href = show.figure(&figure.id).and("only", &format!("{}={}", by.name(), peer.code)).href();
    let (counted, d) =
        peer.figures[TIMELINESS].as_ref().map_or((0, Some(0)), |answer| (answer.numerator, answer.denominator));
    let n = counted.unsigned_abs();
    let rated = rate::hundredths(n, d).filter(|_| d >= Some(RANKED_FROM));
    let step = rated.and_then(|rated| STEPS.iter().find(|(from, ..)| rated >= *from));
    let (cls, value) = match step {
        Some((_, cls, _)) => (*cls, rate::percent(n, d).trim_end_matches(" %").to_owned()),
        None => (FEW, of_all(counted, d)),
    };
    Shown { place, peer: Some(peer), name, cls, value, href }
}

/// Figures of other cohorts group also what the period knows nothing of.
fn has_cases(peer: &Peer) -> bool {
    let is_counted = peer.figures[TIMELINESS].as_ref().is_some_and(|answer| answer.denominator > Some(0));
    is_counted || received(peer) > 0
}

impl Shown<'_> {
    /// With its unit, which the legend says for the map.
    fn full(&self) -> String {
        if STEPS.iter().any(|(_, cls, _)| *cls == self.cls) { format!("{} %", self.value) } else { self.value.clone() }
    }
}

fn mark(shown: &Shown<'_>) -> MapMark {
    MapMark {
        cls: shown.cls,
        path: shown.place.path.clone(),
        label: format!("{} {}", shown.name, shown.full()),
        href: shown.href.clone(),
        is_hatched: shown.cls == FEW,
    }
}

/// Name and value where there is room for both, the value, or a letter with both beside the map; and how many have none of them.
fn texts(all: &[Shown<'_>]) -> (Vec<MapText>, Vec<MapListed>, usize) {
    let (mut texts, mut listed, mut hidden) = (Vec::new(), Vec::new(), 0);
    for shown in all {
        let MapPlace { two_lines, line, point, .. } = shown.place;
        let text = |room: &Room, down: f64, kind: &str, text: &str| MapText {
            cls: format!("{kind} on-{}", shown.cls),
            x: room.x.round(),
            // From the middle of a line to its foot.
            y: (room.y + down + 0.36 * TEXT).round(),
            text: text.to_owned(),
        };
        if two_lines.holds(&shown.name) && two_lines.holds(&shown.value) {
            texts.push(text(two_lines, -LINE / 2.0, "name", &shown.name));
            texts.push(text(two_lines, LINE / 2.0, "value", &shown.value));
        } else if line.holds(&shown.value) {
            texts.push(text(line, 0.0, "value", &shown.value));
        } else if let Some(letter) = LETTERS.get(listed.len()) {
            let letter = char::from(*letter).to_string();
            texts.push(text(if line.holds(&letter) { line } else { point }, 0.0, "value", &letter));
            listed.push(MapListed { letter, name: shown.name.clone(), value: shown.full(), href: shown.href.clone() });
        } else {
            hidden += 1;
        }
    }
    (texts, listed, hidden)
}

/// Every step, also where no area has it, and how many have.
fn keys(shown: &[Shown<'_>], lang: Lang) -> Vec<MapKey> {
    let few = match lang {
        Lang::Zh => format!("不足 {RANKED_FROM} 件，只列件数"),
        Lang::En => format!("fewer than {RANKED_FROM}: counts"),
    };
    let none = lang.of("本期无案件", "no case in the period").to_owned();
    let steps = STEPS.iter().map(|(_, cls, text)| (*cls, (*text).to_owned()));
    let all = steps.chain([(FEW, few), (NONE, none)]);
    all.map(|(cls, text)| MapKey {
        cls,
        text,
        n: shown.iter().filter(|one| one.cls == cls).count().to_string(),
        is_hatched: cls == FEW,
    })
    .collect()
}

/// What does not fit together, each told with how much it is.
fn notes(
    show: &Show<'_>,
    (by, peers): (Dimension, &[Peer]),
    mapped: &Mapped,
    shown: &[Shown<'_>],
    hidden: usize,
) -> Vec<String> {
    let lang = show.lang();
    let is_known = |word: &str| show.names.has(by, word) || mapped.known.iter().any(|code| code == word);
    let strange = shown.iter().filter(|one| one.peer.is_none() && !is_known(&one.place.key)).count();
    let on_map: BTreeSet<&str> = shown.iter().filter_map(|one| one.peer).map(|peer| peer.code.as_str()).collect();
    let off: Vec<&Peer> = peers.iter().filter(|peer| has_cases(peer) && !on_map.contains(peer.code.as_str())).collect();
    let (unnamed, off): (Vec<&Peer>, Vec<&Peer>) = off.into_iter().partition(|peer| peer.code.is_empty());
    let cases = |peers: &[&Peer]| peers.iter().map(|peer| received(peer)).sum::<u64>();
    let whose = groups::title(by, lang);
    let told = [
        (
            strange > 0,
            match lang {
                Lang::Zh => format!("图上 {strange} 个区块没有对应的{whose}"),
                Lang::En => format!("areas of the map without a {whose}: {strange}"),
            },
        ),
        (
            !off.is_empty(),
            match lang {
                Lang::Zh => format!("{} 个{whose}不在图上（{} 件）", off.len(), grouped(cases(&off))),
                Lang::En => format!("not on the map: {} cases, by {whose} {} in all", grouped(cases(&off)), off.len()),
            },
        ),
        (
            !unnamed.is_empty(),
            match lang {
                Lang::Zh => format!("{} 件未填{whose}", grouped(cases(&unnamed))),
                Lang::En => format!("cases that name no {whose}: {}", grouped(cases(&unnamed))),
            },
        ),
        (
            hidden > 0,
            match lang {
                Lang::Zh => format!("另有 {hidden} 个区块太小，见数据表"),
                Lang::En => format!("areas too small to be named: {hidden} more, see the table"),
            },
        ),
    ];
    told.into_iter().filter(|(is_so, _)| *is_so).map(|(_, text)| text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::town_map::{MapArea, TownMap};

    #[test]
    fn what_has_no_room_is_listed_by_a_letter_and_what_no_letter_is_left_for_is_counted() {
        let area =
            |width: i32| MapArea { key: String::new(), rings: vec![vec![(0, 0), (width, 0), (width, 90), (0, 90)]] };
        let map = WallMap::new(Dimension::Community, &TownMap { areas: vec![area(300), area(110), area(60)] });
        let shown = |place: usize, name: &str| Shown {
            place: &map.places[place],
            peer: None,
            name: name.to_owned(),
            cls: STEPS[2].1,
            value: "95.00".to_owned(),
            href: String::new(),
        };
        let mut all = vec![shown(0, "晨光"), shown(1, "晨光居委会")];
        all.extend((0..10).map(|n| shown(2, &n.to_string())));
        let (texts, listed, hidden) = texts(&all);
        let told: Vec<(&str, &str)> = texts.iter().map(|text| (text.cls.as_str(), text.text.as_str())).collect();
        assert_eq!(told[..3], [("name on-m3", "晨光"), ("value on-m3", "95.00"), ("value on-m3", "95.00")]);
        assert_eq!(told[3..], ["A", "B", "C", "D", "E", "F", "G", "H"].map(|letter| ("value on-m3", letter)));
        assert_eq!((texts[0].x, texts[1].x, texts[2].x, texts[3].x), (150.0, 150.0, 55.0, 30.0));
        assert!(texts[0].y < texts[1].y, "the name above its value");
        let last = &listed[LETTERS.len() - 1];
        assert_eq!((last.letter.as_str(), last.name.as_str(), last.value.as_str()), ("H", "7", "95.00 %"));
        assert_eq!((listed.len(), hidden), (8, 2));
    }

    #[test]
    fn steps_go_down_to_nothing() {
        assert!(STEPS.windows(2).all(|pair| pair[0].0 > pair[1].0));
        assert_eq!(STEPS[STEPS.len() - 1].0, 0);
    }
}
