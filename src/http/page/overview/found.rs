//! What the overview asks, once for all who look: each number is the answer to a question that the command line has too.

use std::{iter, mem, time::Duration};

use crate::{
    ask::{GroupNames, unclear::AskError},
    domain::{kpi::Figure, time::Millis},
    http::{
        auth,
        page::{asked::Wanted, memo::Memo, site::Site},
    },
    report::notice::Headline,
    store::{
        Store, StoreError,
        kpi::{self, Against, Answer, CaseBehind, CaseOrder, CaseSort, Dimension, Question, Side},
        report::{self, About, Late, Quality, Quarantined},
    },
};

/// Cases that a list on the overview shows; the figure has the others.
pub(super) const LISTED: u64 = 8;

/// Whose codes have names.
const NAMED: [Dimension; 7] = [
    Dimension::Stream,
    Dimension::Town,
    Dimension::Unit,
    Dimension::Community,
    Dimension::Category,
    Dimension::Channel,
    Dimension::Satisfaction,
];

/// The figures at its head, in their order.
pub(super) const LEAD: usize = 5;

/// What was found for one reader, for others who ask the same.
#[derive(Debug)]
pub struct Overviews {
    pub(super) found: Memo<OverviewFound>,
    /// When the newest case was received.
    pub(super) newest: Memo<Millis>,
}

impl Overviews {
    pub fn kept_for(life: Duration) -> Self {
        Self { found: Memo::of(life), newest: Memo::of(life) }
    }
}

#[derive(Debug)]
pub struct OverviewFound {
    /// Closure and timeliness under the convention asked for, received, overdue, satisfaction.
    pub(super) lead: Vec<Led>,
    /// Closure, timeliness and received by month: two years up to the end of the period.
    pub(super) months: Vec<Vec<Answer>>,
    pub(super) streams: Vec<Peer>,
    pub(super) units: Vec<Peer>,
    pub(super) communities: Vec<Peer>,
    /// Where the wall has a map.
    pub(super) mapped: Option<Mapped>,
    /// What was received, by these.
    pub(super) fates: Vec<Answer>,
    pub(super) categories: Vec<Answer>,
    pub(super) channels: Vec<Answer>,
    pub(super) hours: Vec<Answer>,
    /// Of those who were called, what they said.
    pub(super) said: Vec<Answer>,
    pub(super) overdue: Listed,
    pub(super) due_next: Listed,
    pub(super) unknown: Unknown,
    pub(super) names: GroupNames,
}

/// A figure with those of the periods that it is compared with.
#[derive(Debug)]
pub(super) struct Led {
    pub(super) figure: &'static Figure,
    pub(super) answer: Answer,
    pub(super) before: Vec<(Against, Answer)>,
}

/// A group with its figures in the order of [`OverviewFound::lead`], the last left out; nothing of one that has none.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) code: String,
    pub(super) figures: [Option<Answer>; LEAD - 1],
}

/// What a map is drawn with, besides the communities.
#[derive(Debug)]
pub(super) struct Mapped {
    /// Where its areas are towns.
    pub(super) towns: Vec<Peer>,
    /// Every code of its areas' kind that a case ever had.
    pub(super) known: Vec<String>,
}

/// The first cases of a list, and how many there are.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) question: Question,
    pub(super) side: Side,
    pub(super) cases: Vec<CaseBehind>,
    pub(super) in_all: u64,
}

impl Listed {
    /// None: who asks is told how many there are, and not which.
    pub(super) fn named(&self) -> Option<&[CaseBehind]> {
        (!auth::is_narrowed()).then_some(&self.cases)
    }
}

/// What the data cannot tell.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) quality: Vec<Quality>,
    pub(super) late: Vec<Late>,
    pub(super) quarantined: Vec<Quarantined>,
}

pub(super) async fn find(site: &Site, wanted: &Wanted, headline: Headline) -> Result<OverviewFound, AskError> {
    let question = wanted.question()?;
    let store = &site.store;
    let figures = lead(headline);
    let open = Question { figure: figure("K07"), ..question.clone() };
    let soon = Question { due_by: Some(site.next_workday_ends(question.period.as_of)), ..open.clone() };
    let of_map = async {
        match &site.map {
            Some(map) => kpi::values(store, map.by).await,
            None => Ok(Vec::new()),
        }
    };
    // All at once: each is planned on one core, for as long as it reads. On the heap: together they are more than a thread's stack
    // should hold.
    let of_time =
        Box::pin(async { tokio::try_join!(led(site, question, &figures), months(store, wanted, &figures[..3])) });
    let of_dues =
        Box::pin(async { tokio::try_join!(listed(store, open, Side::Numerator), listed(store, soon, Side::NotMet)) });
    let (shares, of_map) = (Box::pin(shares(store, question)), Box::pin(of_map));
    let (unknown, names) = (Box::pin(unknown(store, question)), Box::pin(GroupNames::read(&NAMED, store, &site.names)));
    let all = tokio::try_join!(of_time, shares, of_dues, of_map, unknown, names)?;
    let (((lead, peers), months), shares, (overdue, due_next), known, unknown, names) = all;
    let [streams, units, communities, towns] = peers;
    let [fates, categories, channels, hours, said] = shares;
    let mapped = site.map.as_ref().map(|_| Mapped { towns, known });
    Ok(OverviewFound {
        lead,
        months,
        streams,
        units,
        communities,
        mapped,
        fates,
        categories,
        channels,
        hours,
        said,
        overdue,
        due_next,
        unknown,
        names,
    })
}

fn lead(headline: Headline) -> [&'static Figure; LEAD] {
    [headline.closure, headline.timeliness, figure("K01"), figure("K07"), figure("K15")]
}

/// One that the catalogue of the program has.
pub(super) fn figure(id: &str) -> &'static Figure {
    Figure::by_id(id).unwrap_or_else(|| unreachable!("the catalogue of the program has {id}"))
}

/// What the peers are ranked by; towns only for a map.
const PEERS: [Dimension; 4] = [Dimension::Stream, Dimension::Unit, Dimension::Community, Dimension::Town];

/// The figures over the whole beside other periods, and of the peers.
async fn led(
    site: &Site,
    question: &Question,
    figures: &[&'static Figure],
) -> Result<(Vec<Led>, [Vec<Peer>; PEERS.len()]), StoreError> {
    let store = &site.store;
    let is_mapped_by_town = site.map.as_ref().is_some_and(|map| map.by == Dimension::Town);
    let peers = &PEERS[..PEERS.len() - usize::from(!is_mapped_by_town)];
    let groupings: Vec<Vec<Dimension>> = iter::once(Vec::new()).chain(peers.iter().map(|one| vec![*one])).collect();
    let before = |against| {
        let period = kpi::period_before(question, against);
        async move { kpi::many(store, &Question { period, ..question.clone() }, figures).await }
    };
    let (now, mut year, mut period) = tokio::try_join!(
        kpi::many_by(store, question, figures, &groupings),
        before(Against::YearBefore),
        before(Against::PeriodBefore)
    )?;
    let mut now = now.into_iter();
    let mut whole = now.next().unwrap_or_default();
    let one = |(place, figure): (usize, &&'static Figure)| Led {
        figure,
        answer: only(&mut whole[place]),
        before: vec![(Against::PeriodBefore, only(&mut period[place])), (Against::YearBefore, only(&mut year[place]))],
    };
    let lead = figures.iter().enumerate().map(one).collect();
    Ok((lead, std::array::from_fn(|_| now.next().map(peers_of).unwrap_or_default())))
}

/// Figure by figure, as groups of figures.
fn peers_of(answers: Vec<Vec<Answer>>) -> Vec<Peer> {
    let mut codes: Vec<String> = answers.iter().flatten().map(|answer| answer.group.concat()).collect();
    codes.sort_unstable();
    codes.dedup();
    let of = |code: &String| {
        let figure = |place: usize| answers[place].iter().find(|answer| answer.group.concat() == *code).cloned();
        Peer { code: code.clone(), figures: std::array::from_fn(figure) }
    };
    codes.iter().map(of).collect()
}

/// What was received by fate, category, channel and hour of the week, and what was said of it.
async fn shares(store: &Store, question: &Question) -> Result<[Vec<Answer>; 5], StoreError> {
    let groupings = [
        vec![Dimension::Fate],
        vec![Dimension::Category],
        vec![Dimension::Channel],
        vec![Dimension::Weekday, Dimension::Hour],
        vec![Dimension::Satisfaction],
    ];
    let figures = [figure("K01"), figure("K15b")];
    let mut all = kpi::many_by(store, question, &figures, &groupings).await?;
    let is_said = |place| groupings[place] == [Dimension::Satisfaction];
    Ok(std::array::from_fn(|place| mem::take(&mut all[place][usize::from(is_said(place))])))
}

/// Ungrouped there is always one, but of a difference.
fn only(answers: &mut Vec<Answer>) -> Answer {
    let nothing = Answer { group: Vec::new(), numerator: 0, denominator: None, spread: None };
    answers.pop().unwrap_or(nothing)
}

async fn months(store: &Store, wanted: &Wanted, figures: &[&'static Figure]) -> Result<Vec<Vec<Answer>>, StoreError> {
    let question = &wanted.asked.questions[0];
    let Some(period) = crate::http::page::chart::months_before(question.period, &wanted.asked.zone, 24) else {
        return Ok(vec![Vec::new(); figures.len()]);
    };
    let by_month = Question { period, group_by: vec![Dimension::Month], ..question.clone() };
    kpi::many(store, &by_month, figures).await
}

async fn listed(store: &Store, question: Question, side: Side) -> Result<Listed, StoreError> {
    let order = CaseOrder { sort: CaseSort::Due, is_descending: false };
    let page = kpi::Page { limit: LISTED, side, order, after: None };
    let (cases, in_all) =
        tokio::try_join!(kpi::cases_behind(store, &question, page), kpi::listed_in_all(store, &question, side))?;
    Ok(Listed { question, side, cases, in_all: in_all.rows })
}

async fn unknown(store: &Store, question: &Question) -> Result<Unknown, StoreError> {
    let about = About { period: question.period, stream: question.stream.as_deref() };
    let (quality, late, quarantined) =
        tokio::try_join!(report::quality(store, about), report::late(store, about), report::quarantined(store, about))?;
    Ok(Unknown { quality, late, quarantined })
}
