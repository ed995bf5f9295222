//! The order of the writes: verdicts, figures, head, seal. Nothing is read as an edition before its head is there, and of two
//! heads with one serial the first is the edition (docs/decisions/0009).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    future::Future,
};

use smol_str::SmolStr;

use super::{
    chain::Chain,
    digest::{self, Digest},
    recount::{Cell, Counted, Recount, counted_figures},
    snapshot::{PublishStopped, frozen},
    value,
};
use crate::{
    ask::{
        self,
        span::CalendarSpan,
        unclear::{Unclear, ensure},
    },
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    report::{
        figures::{Gathered, ReportScope, gather},
        kpi_catalogue::{self, definition},
    },
    store::{
        Store, StoreError,
        kpi::Dimension,
        published::{Edition, Frozen, editions, editions::Judged, figures, positions, seals, verdicts},
        rebuilds,
    },
};

/// What to publish.
#[derive(Clone, Debug)]
pub struct PublishOrder {
    /// `month 2021-06`
    pub report: String,
    pub period: Period,
    /// IANA name.
    pub zone: String,
    /// 发布人.
    pub by: String,
    /// 备注; empty: none.
    pub note: String,
    /// 发布时间.
    pub now: Millis,
    /// Tells two of one moment apart.
    pub id: u32,
}

impl PublishOrder {
    /// `zone` is an IANA name; `id` tells two of one moment apart.
    pub fn read(
        span: &CalendarSpan,
        as_of: Option<&str>,
        zone: &str,
        (now, id): (Millis, u32),
    ) -> Result<Self, Unclear> {
        let named = ask::zone(zone)?;
        let as_of = as_of.map_or(Ok(now), |text| ask::instant("as-of", text, &named))?;
        let period = span.period(&named, as_of);
        ensure(period.from <= as_of, || Unclear::BeforeItBegins { span: span.name() })?;
        // What has not happened would be published as if it had not: the same figures would differ the day after.
        ensure(as_of <= now, || Unclear::InTheFuture)?;
        let (by, note) = (String::new(), String::new());
        Ok(Self { report: filed(span), period, zone: zone.to_owned(), by, note, now, id })
    }
}

/// `month 2021-06`, as editions are filed.
pub fn filed(span: &CalendarSpan) -> String {
    format!("{} {}", span.kind.word(), span.name())
}

/// An edition that now stands, and cannot be taken back.
#[derive(Clone, Debug)]
pub struct Published {
    pub edition: Edition,
    /// How many numbers it holds.
    pub figures: usize,
}

/// Why nothing was published. What was written before it lies under an attempt that no head names, and `publish verify` tells of it.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// ClickHouse does not answer, or not whole.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Stopped(#[from] PublishStopped),
    /// The same figure in two ways, and they differ: a mistake in this program.
    #[error("not published: {figure} is {asked} when asked for, and {counted} counted case by case; report this")]
    Disagree {
        /// The figure and its group.
        figure: String,
        /// What the queries say.
        asked: String,
        /// What the verdicts come to.
        counted: String,
    },
    /// Somebody else had the next serial so many times: try again.
    #[error("not published: {0} others published meanwhile, again and again; try later")]
    Contended(u32),
    /// A town's own figure was changed under its version.
    #[error(
        "not published: {figure} was published under version {version} with another text; give its file another `version`, or the \
         text that it had"
    )]
    Changed {
        /// Its id.
        figure: String,
        /// The version that both texts bear.
        version: String,
    },
}

/// Others that may be faster before it is strange.
const TRIES: u32 = 50;

/// Freezes verdicts and figures of a period and links them to the chain. May be asked twice at once, and be killed anywhere (decision
/// 0009).
pub async fn publish(
    live: &Store,
    order: &PublishOrder,
    stop: impl Future<Output = ()>,
) -> Result<Published, PublishError> {
    let attempt = format!("{}_{:08x}", order.now.0, order.id);
    // Before the cases: whatever lies before these positions is known to be in the ledger when the verdicts are made.
    let positions = positions::of_ledger(live).await?;
    let generation = rebuilds::newest(live).await?;
    let counted = counted_figures();
    unchanged(live, &counted).await?;
    let asked = frozen(live, order.now, order.id, stop, async |copy| {
        verdicts::keep(live, &copy, &attempt, &counted, order.period).await?;
        let scope = ReportScope { period: order.period, zone: order.zone.clone(), stream: None };
        let kept = Kept::read(live, &attempt, counted.clone(), order.period.as_of);
        Ok::<_, PublishError>(tokio::try_join!(gather(&copy, &scope), kept)?)
    });
    let (gathered, kept) = asked.await?;
    let rows: Vec<Frozen> = gathered.iter().map(row).collect();
    agree(&rows, &kept)?;
    figures::insert(live, &attempt, &rows).await?;
    let figures_sha256 = digest::figures(&figures::of(live, &attempt).await?);
    let head = Edition {
        report: order.report.clone(),
        attempt,
        zone: order.zone.clone(),
        from: order.period.from,
        to: order.period.to,
        as_of: order.period.as_of,
        published_at: order.now,
        published_by: order.by.clone(),
        note: order.note.clone(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        generation: generation.as_ref().map_or(0, |one| one.generation),
        policy: generation.as_ref().map(|one| one.policy.to_string()).unwrap_or_default(),
        calendar: generation.as_ref().map(|one| one.calendar.to_string()).unwrap_or_default(),
        figures: counted.iter().map(|figure| figure.id.clone()).collect(),
        judged: kept.judged,
        positions,
        cases: kept.cases,
        verdicts_sha256: kept.sha256,
        figures_sha256,
        ..Edition::default()
    };
    let edition = close(live, head).await?;
    seals::insert(live, &edition, order.now).await?;
    Ok(Published { edition, figures: rows.len() })
}

/// Under a version that was published a town's own figure says today what it said then.
async fn unchanged(live: &Store, figures: &[&'static Figure]) -> Result<(), PublishError> {
    let own: Vec<&Figure> = figures.iter().copied().filter(|figure| figure.is_own()).collect();
    if own.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = own.iter().map(|figure| figure.id.as_str()).collect();
    for (id, published) in figures::definitions(live, &ids).await? {
        let Some(figure) = own.iter().find(|figure| figure.id == id) else { continue };
        let (version, now) = (kpi_catalogue::version(&published), definition(figure).to_string());
        if version == figure.version && now != published {
            return Err(PublishError::Changed { figure: id, version: version.unwrap_or_default() });
        }
    }
    Ok(())
}

/// Links the head to the end of the chain, again and again until it is this head that has the serial.
pub async fn close(live: &Store, head: Edition) -> Result<Edition, PublishError> {
    for _ in 0..TRIES {
        let mut linked = Chain::read(live).await?.link(head.clone());
        linked.sha256 = digest::head(&linked);
        let written = editions::insert(live, &linked).await;
        if Chain::read(live).await?.is_won_by(&linked) {
            return Ok(linked);
        }
        // Not there, and not known whether it will be: then it will be as good as if this had gone well.
        written?;
    }
    Err(PublishError::Contended(TRIES))
}

/// What the kept verdicts come to, in one pass.
#[derive(Debug)]
pub struct Kept {
    /// Cases with a verdict.
    pub cases: u64,
    /// Over the verdicts, in their order.
    pub sha256: String,
    /// By which policies and calendars, and how many cases by each.
    pub judged: Vec<Judged>,
    pub cells: HashMap<Cell, Counted>,
}

impl Kept {
    /// Reads all verdicts of an attempt, one by one.
    pub async fn read(
        store: &Store,
        attempt: &str,
        figures: Vec<&'static Figure>,
        as_of: Millis,
    ) -> Result<Self, StoreError> {
        let (mut digest, mut recount) = (Digest::default(), Recount::new(figures, as_of));
        let (mut cases, mut judged) = (0, BTreeMap::new());
        let mut all = verdicts::kept(store, attempt)?;
        while let Some(verdict) = all.next().await? {
            digest::verdict(&mut digest, &verdict);
            recount.add(&verdict);
            cases += 1;
            *judged.entry((verdict.policy, verdict.calendar)).or_default() += 1;
        }
        let judged = judged.into_iter().map(|((policy, calendar), cases)| Judged {
            policy: policy.into(),
            calendar: calendar.into(),
            cases,
        });
        Ok(Self { cases, sha256: digest.finish(), judged: judged.collect(), cells: recount.cells() })
    }
}

/// The queries and the verdicts must say the same before anything of it is published.
fn agree(rows: &[Frozen], kept: &Kept) -> Result<(), PublishError> {
    match differences(rows, &kept.cells).into_iter().next() {
        Some(one) => {
            let shown = |value: Option<Counted>| value.map_or("nothing".to_owned(), |value| format!("{value:?}"));
            let figure = format!("{:?}", one.cell);
            Err(PublishError::Disagree { figure, asked: shown(one.frozen), counted: shown(one.counted) })
        }
        None => Ok(()),
    }
}

/// A figure that is one thing as it is kept and another as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureDifference {
    pub cell: Cell,
    /// As it is kept. None: it is not there.
    pub frozen: Option<Counted>,
    pub counted: Option<Counted>,
}

/// In the order of figures and groups. A group without a case is the same as none. By what an edition does not show a figure
/// at all, it is not asked: a later program may show it by more.
pub fn differences(frozen: &[Frozen], counted: &HashMap<Cell, Counted>) -> Vec<FigureDifference> {
    let mut all: BTreeMap<Cell, (Option<Counted>, Option<Counted>)> = BTreeMap::new();
    for one in frozen {
        all.entry(cell(one)).or_default().0 = Some(value::counted(one));
    }
    let shown: HashSet<(SmolStr, Option<&str>)> =
        all.keys().map(|cell| (cell.figure.clone(), cell.grouped_by)).collect();
    for (cell, value) in counted {
        if cell.grouped_by.is_none() || shown.contains(&(cell.figure.clone(), cell.grouped_by)) {
            all.entry(cell.clone()).or_default().1 = Some(*value);
        }
    }
    let is_some = |value: &Counted| value.numerator != 0 || value.denominator.is_some_and(|d| d != 0);
    let differs = |(cell, (frozen, counted)): (Cell, (Option<Counted>, Option<Counted>))| {
        let is_same = frozen.filter(is_some) == counted.filter(is_some);
        (!is_same).then_some(FigureDifference { cell, frozen, counted })
    };
    all.into_iter().filter_map(differs).collect()
}

/// Reports group by one dimension at most, so that more than one is nobody's and is seen as a difference.
pub fn cell(of: &Frozen) -> Cell {
    let known = |name: &String| Dimension::from_name(name).map_or("?", |dimension| dimension.name());
    Cell {
        figure: of.figure.as_str().into(),
        grouped_by: match &of.grouped_by[..] {
            [] => None,
            [one] => Some(known(one)),
            _ => Some("?"),
        },
        group: of.groups.join(",").into(),
    }
}

fn row(of: &Gathered) -> Frozen {
    let text = definition(of.figure).to_string();
    Frozen {
        figure: of.figure.id.clone(),
        grouped_by: of.grouping.iter().map(|dimension| dimension.name().to_owned()).collect(),
        groups: of.answer.group.clone(),
        numerator: of.answer.numerator,
        denominator: of.answer.denominator.map(|d| d as i64),
        spread: of.answer.spread,
        definition_sha256: digest::of_text(&text),
        definition: text,
    }
}
