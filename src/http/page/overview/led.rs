//! The figures of the overview: over the whole beside other periods, by month, and by whatever is ranked and shared out.

use std::iter;

use super::found::{LEAD, Led, Peer};
use crate::{
    domain::kpi::Figure,
    http::page::{asked::Wanted, site::Site},
    report::notice::Headline,
    store::{
        Store, StoreError,
        kpi::{self, Against, Answer, Cut, Dimension, Question},
    },
};

pub(super) fn lead(headline: Headline) -> [&'static Figure; LEAD] {
    [headline.closure, headline.timeliness, figure("K01"), figure("K07"), figure("K15")]
}

/// One that the catalogue of the program has.
pub(super) fn figure(id: &str) -> &'static Figure {
    Figure::by_id(id).unwrap_or_else(|| unreachable!("the catalogue of the program has {id}"))
}

/// What the peers are ranked by; towns only for a map.
const PEERS: [Dimension; 4] = [Dimension::Stream, Dimension::Unit, Dimension::Community, Dimension::Town];

/// What was received is shown by these.
const SHARES: [&[Dimension]; 4] =
    [&[Dimension::Fate], &[Dimension::Category], &[Dimension::Channel], &[Dimension::Weekday, Dimension::Hour]];

/// The period itself: its figures over the whole, of the peers, and what was received and said, by its parts.
pub(super) struct OfPeriod {
    whole: Vec<Vec<Answer>>,
    pub(super) peers: [Vec<Peer>; PEERS.len()],
    pub(super) shares: [Vec<Answer>; SHARES.len()],
    pub(super) said: Vec<Answer>,
}

async fn of_period(site: &Site, question: &Question, figures: &[&'static Figure]) -> Result<OfPeriod, StoreError> {
    let is_mapped_by_town = site.map.as_ref().is_some_and(|map| map.by == Dimension::Town);
    let cut = |figures: &[&'static Figure], group_by: &[Dimension]| Cut {
        figures: figures.to_vec(),
        group_by: group_by.to_vec(),
    };
    let ranked = |by: Dimension| match by {
        Dimension::Town if !is_mapped_by_town => cut(&[], &[by]),
        _ => cut(&figures[..LEAD - 1], &[by]),
    };
    let cuts: Vec<Cut> = iter::once(cut(figures, &[]))
        .chain(PEERS.map(ranked))
        .chain(SHARES.map(|by| cut(&[figure("K01")], by)))
        .chain([cut(&[figure("K15b")], &[Dimension::Satisfaction])])
        .collect();
    let mut all = kpi::cuts(&site.store, question, &cuts).await?.into_iter();
    let mut next = || all.next().unwrap_or_default();
    let of_one = |mut answers: Vec<Vec<Answer>>| answers.pop().unwrap_or_default();
    Ok(OfPeriod {
        whole: next(),
        peers: std::array::from_fn(|_| peers_of(next())),
        shares: std::array::from_fn(|_| of_one(next())),
        said: of_one(next()),
    })
}

/// The figures beside those of other periods.
pub(super) async fn led(
    site: &Site,
    question: &Question,
    figures: &[&'static Figure],
) -> Result<(Vec<Led>, OfPeriod), StoreError> {
    let before = |against| {
        let period = kpi::period_before(question, against);
        async move { kpi::many(&site.store, &Question { period, ..question.clone() }, figures).await }
    };
    let (mut now, mut year, mut period) = tokio::try_join!(
        of_period(site, question, figures),
        before(Against::YearBefore),
        before(Against::PeriodBefore)
    )?;
    let one = |(place, figure): (usize, &&'static Figure)| Led {
        figure,
        answer: only(&mut now.whole[place]),
        before: vec![(Against::PeriodBefore, only(&mut period[place])), (Against::YearBefore, only(&mut year[place]))],
    };
    let lead = figures.iter().enumerate().map(one).collect();
    Ok((lead, now))
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

/// Ungrouped there is always one, but of a difference.
fn only(answers: &mut Vec<Answer>) -> Answer {
    let nothing = Answer { group: Vec::new(), numerator: 0, denominator: None, spread: None };
    answers.pop().unwrap_or(nothing)
}

/// Two years up to the end of the period.
pub(super) async fn months(
    store: &Store,
    wanted: &Wanted,
    figures: &[&'static Figure],
) -> Result<Vec<Vec<Answer>>, StoreError> {
    let question = &wanted.asked.questions[0];
    let Some(period) = crate::http::page::chart::months_before(question.period, &wanted.asked.zone, 24) else {
        return Ok(vec![Vec::new(); figures.len()]);
    };
    let by_month = Question { period, group_by: vec![Dimension::Month], ..question.clone() };
    kpi::many(store, &by_month, figures).await
}
