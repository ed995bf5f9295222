//! What is known of one made-up case from its first event on.

use smol_str::{SmolStr, format_smolstr};

use super::{
    categories::{self, PlannedCategory},
    draw::Draw,
    profile::Track,
    town::{COMMUNITIES, Community, TownUnit},
};

#[derive(Debug)]
pub struct PlannedCase {
    pub track: Track,
    pub id: SmolStr,
    pub kind: &'static str,
    pub channel: &'static str,
    pub category: &'static PlannedCategory,
    pub community: &'static Community,
    pub cell: u32,
    pub is_urgent: bool,
    pub is_patrol_dealt: bool,
    pub repeat_of: Option<SmolStr>,
    pub media: u32,
    /// Who calls: the same number is the same person.
    pub person: u32,
    /// Decides the words, and which personal data slipped into them.
    pub words: u32,
}

/// Ids ordered in time: a ticket is numbered within its day, a grid case within its month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbering {
    track: Track,
    prefix: SmolStr,
    given: u64,
}

impl Numbering {
    pub fn new(track: Track) -> Self {
        Self { track, prefix: SmolStr::default(), given: 0 }
    }

    /// Begins a day; the numbers go on where the prefix is still the same.
    pub fn begin(&mut self, year: i16, month: i8, day: i8) {
        let prefix = match self.track {
            Track::Hotline => format_smolstr!("HR{:02}{month:02}{day:02}", year % 100),
            Track::Grid => format_smolstr!("{:02}{month:02}A", year % 100),
        };
        if prefix != self.prefix {
            *self = Self { track: self.track, prefix, given: 0 };
        }
    }

    pub fn next(&mut self) -> SmolStr {
        self.given += 1;
        self.id(self.given)
    }

    /// One of the ids given before under the same prefix.
    fn earlier(&self, draw: &mut Draw) -> Option<SmolStr> {
        (self.given > 1).then(|| self.id(1 + draw.below(self.given - 1)))
    }

    fn id(&self, number: u64) -> SmolStr {
        match self.track {
            Track::Hotline => format_smolstr!("{}{number:05}", self.prefix),
            Track::Grid => format_smolstr!("{}{number:07}", self.prefix),
        }
    }
}

impl PlannedCase {
    /// `month` is that in which it comes in: what people complain about changes.
    pub fn new(track: Track, numbering: &mut Numbering, month: i8, draw: &mut Draw) -> Self {
        let id = numbering.next();
        let (all, channels) = match track {
            Track::Hotline => (&categories::HOTLINE[..], &categories::TICKET_CHANNELS[..]),
            Track::Grid => (&categories::GRID[..], &categories::GRID_CHANNELS[..]),
        };
        let category = draw.weighted(all, |category| category.weight_in(month)).unwrap_or(&all[0]);
        let channel = draw.weighted(channels, |(_, weight)| *weight).map_or("", |(name, _)| name);
        let kind = match track {
            Track::Hotline => {
                draw.weighted(&categories::TICKET_KINDS, |(_, weight)| *weight).map_or("", |(name, _)| name)
            }
            Track::Grid => category.kind,
        };
        let repeat_of = if track == Track::Hotline && draw.percent(5) { numbering.earlier(draw) } else { None };
        Self {
            track,
            id,
            kind,
            channel,
            category,
            community: draw.weighted(&COMMUNITIES, |community| community.weight).unwrap_or(&COMMUNITIES[0]),
            cell: draw.below(1000) as u32,
            is_urgent: draw.percent(4),
            is_patrol_dealt: track == Track::Grid && channel == "PATROL" && draw.percent(7),
            repeat_of,
            media: draw.below(5) as u32,
            person: person(draw.below(2_000) as u32),
            words: draw.below(1 << 32) as u32,
        }
    }

    pub fn unit(&self) -> &'static TownUnit {
        self.category.unit
    }
}

/// Some call again and again.
fn person(number: u32) -> u32 {
    const OFTEN: u32 = 240;
    const OF_THEM: u32 = 12;
    if number < OFTEN { number % OF_THEM } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::draw::Purpose;

    #[test]
    fn ids_follow_each_other_within_a_day_or_a_month() {
        let (mut hotline, mut grid) = (Numbering::new(Track::Hotline), Numbering::new(Track::Grid));
        hotline.begin(2021, 1, 1);
        grid.begin(2021, 1, 1);
        assert_eq!([hotline.next(), hotline.next()], ["HR21010100001", "HR21010100002"]);
        assert_eq!(grid.next(), "2101A0000001");
        hotline.begin(2021, 1, 2);
        grid.begin(2021, 1, 2);
        assert_eq!(hotline.next(), "HR21010200001");
        assert_eq!(grid.next(), "2101A0000002");
    }

    #[test]
    fn a_repeated_ticket_names_an_earlier_one() {
        let mut numbering = Numbering::new(Track::Hotline);
        numbering.begin(2021, 1, 1);
        let mut draw = Draw::new(1, Purpose::Lives, 0, 0);
        let cases: Vec<PlannedCase> =
            (0..500).map(|_| PlannedCase::new(Track::Hotline, &mut numbering, 1, &mut draw)).collect();
        let repeats: Vec<_> = cases.iter().filter_map(|case| Some((case.repeat_of.clone()?, &case.id))).collect();
        assert!(!repeats.is_empty());
        assert!(repeats.iter().all(|(of, id)| of < *id));
    }
}
