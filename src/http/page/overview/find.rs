//! What the overview asks, once for all who look: each number is the answer to a question that the command line has too.

use super::{
    found::{Listed, Mapped, OverviewFound, Unknown},
    led::{figure, lead, led, months},
};
use crate::{
    ask::{GroupNames, unclear::AskError},
    http::page::{asked::Wanted, site::Site},
    report::notice::Headline,
    store::{
        Store, StoreError,
        kpi::{self, CaseOrder, CaseSort, Dimension, Question, Side},
        report::{self, About},
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
    let (of_map, unknown) = (Box::pin(of_map), Box::pin(unknown(store, question)));
    let names =
        Box::pin(site.overviews.names.get("", async { Ok(GroupNames::read(&NAMED, store, &site.names).await?) }));
    let found = async { Ok::<_, AskError>(tokio::try_join!(of_time, of_dues, of_map, unknown)?) };
    let ((((lead, period), months), (overdue, due_next), known, unknown), names) = tokio::try_join!(found, names)?;
    let [streams, units, communities, towns] = period.peers;
    let [fates, categories, channels, hours] = period.shares;
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
        said: period.said,
        overdue,
        due_next,
        unknown,
        names,
    })
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
