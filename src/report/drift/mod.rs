//! Drift: what has become of a published edition. Its verdicts stand beside those of now, case by case, and each case that
//! moved is followed to what moved it.
//!
//! - [`comparing`]: two lists of verdicts, in one pass
//! - [`change`]: what is another in a case
//! - [`causes`]: by what
//! - [`words`]: both in words
//! - [`text`], [`json`]: what people and programs read

pub mod causes;
pub mod change;
pub mod comparing;
pub mod json;
pub mod text;
pub mod words;

use std::future::Future;

pub use self::{
    causes::{Cause, DriftMessage, Refolded},
    change::DriftChange,
    comparing::{DriftFlow, Moved},
};
use super::{
    kpi_catalogue::definition,
    publish::{
        publishing::{FigureDifference, differences},
        snapshot::{PublishStopped, frozen},
    },
};
use crate::{
    domain::{
        kpi::{Figure, Period},
        time::Millis,
    },
    store::{
        Store, StoreError,
        published::{Edition, Frozen, figures, verdicts},
    },
};

/// What to compare with.
#[derive(Clone, Copy, Debug)]
pub struct DriftOrder {
    /// As of when the figures of now are asked.
    pub as_of: Millis,
    /// When it is asked: the copy of the cases bears it in its name.
    pub now: Millis,
    /// Tells two of one moment apart.
    pub id: u32,
    /// Cases that are listed.
    pub limit: usize,
}

/// 数字变动: what a published edition has become.
#[derive(Clone, Debug)]
pub struct Drift {
    pub edition: Edition,
    /// As of when it is compared: the edition's own, or another.
    pub as_of: Millis,
    /// A town's own figures that mean something else now: what moves in them may be the meaning.
    pub redefined: Vec<String>,
    /// What is another now.
    pub figures: Vec<FigureDifference>,
    /// By the figure's place in the edition.
    pub flows: Vec<DriftFlow>,
    /// Those that moved, as many as are listed, each with what moved it.
    pub cases: Vec<(Moved, Cause)>,
    /// All of them, listed or not.
    pub moved: u64,
    /// Cases of which something is another, but no figure.
    pub touched: u64,
}

/// Why it cannot be said what an edition has become.
#[derive(Debug, thiserror::Error)]
pub enum DriftError {
    /// ClickHouse does not answer, or not whole.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody stopped it; nothing is left behind.
    #[error(transparent)]
    Stopped(#[from] PublishStopped),
    /// This program, or this town's files, have a figure no more that the edition has: ask the version that published it.
    #[error("this edition has the figure {figure}, which this program does not know; ask version {program} of it")]
    Unknown {
        /// Its id.
        figure: String,
        /// The version of the program that published it.
        program: String,
    },
}

/// Compares an edition with now.
pub async fn drift(
    live: &Store,
    edition: &Edition,
    order: &DriftOrder,
    stop: impl Future<Output = ()>,
) -> Result<Drift, DriftError> {
    let known = known(edition)?;
    let period = Period { from: edition.from, to: edition.to, as_of: order.as_of };
    let published = figures::of(live, &edition.attempt).await?;
    frozen(live, order.now, order.id, stop, async |copy| {
        let kept = verdicts::kept(live, &edition.attempt)?;
        let now = verdicts::now(&copy, &known, period).await?;
        let compared = comparing::compare(kept, now, &known, (edition.as_of, order.as_of), order.limit).await?;
        let cases = causes::explained(live, &copy, edition, order.as_of, compared.moved).await?;
        Ok(Drift {
            edition: edition.clone(),
            as_of: order.as_of,
            redefined: redefined(&known, &published),
            figures: differences(&published, &compared.now),
            flows: compared.flows,
            cases,
            moved: compared.moved_total,
            touched: compared.touched,
        })
    })
    .await
}

fn redefined(known: &[&Figure], published: &[Frozen]) -> Vec<String> {
    let is_another = |figure: &&&Figure| {
        let then = published.iter().find(|one| one.figure == figure.id).map(|one| one.definition.as_str());
        let now = definition(figure).to_string();
        figure.is_own() && then.is_some_and(|then| then != now)
    };
    known.iter().filter(is_another).map(|figure| figure.id.clone()).collect()
}

fn known(edition: &Edition) -> Result<Vec<&'static Figure>, DriftError> {
    let figure = |id: &String| {
        let unknown = || DriftError::Unknown { figure: id.clone(), program: edition.program.clone() };
        Figure::by_id(id).ok_or_else(unknown)
    };
    edition.figures.iter().map(figure).collect()
}
