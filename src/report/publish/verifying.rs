//! Is everything that was published as it was? Heads and their chain always; figures and verdicts of the editions asked for.

use super::{
    chain::Chain,
    digest,
    problem::PublishProblem,
    publishing::{FigureDifference, Kept, differences},
    recount::Counted,
};
use crate::{
    domain::kpi::Figure,
    store::{
        Store, StoreError,
        published::{Edition, Frozen, attempts, figures},
    },
};

/// Which editions are taken apart.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// None: every report.
    pub report: Option<String>,
    /// None: every edition.
    pub edition: Option<u32>,
    /// What stands on the paper.
    pub hash: Option<String>,
}

/// Whether everything is as it was published.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Those taken apart.
    pub editions: Vec<Edition>,
    /// Something was changed, or is gone. Empty: all is as it was.
    pub problems: Vec<PublishProblem>,
    /// What nothing follows from: attempts that were cut off, say.
    pub notes: Vec<PublishProblem>,
}

/// More differing figures than this are not listed; one is enough to doubt all.
const FIGURES_SHOWN: usize = 20;

/// Heads, chain and seals of everything, and figures and verdicts of what is wanted, all of which are read once.
pub async fn verify(store: &Store, wanted: &Wanted) -> Result<Verified, StoreError> {
    let chain = Chain::read(store).await?;
    let mut verified = checked(&chain);
    let begun = attempts::all(store).await?;
    unfinished(&chain, &begun, &mut verified);
    let is_wanted = |one: &&Edition| {
        wanted.report.as_ref().is_none_or(|report| *report == one.report)
            && wanted.edition.is_none_or(|edition| edition == one.edition)
    };
    for edition in chain.editions.iter().filter(is_wanted) {
        contents(store, edition, &mut verified.problems).await?;
        verified.editions.push(edition.clone());
    }
    on_paper(wanted, &mut verified);
    Ok(verified)
}

/// Heads, their chain and their seals alone: nothing is counted anew.
pub fn checked(chain: &Chain) -> Verified {
    let mut verified = Verified::default();
    heads(chain, &mut verified);
    sealed(chain, &mut verified);
    verified
}

/// Each head by itself, and each against the one before.
fn heads(chain: &Chain, verified: &mut Verified) {
    let mut before: Option<&Edition> = None;
    for one in &chain.editions {
        let problems = &mut verified.problems;
        if digest::head(one) != one.sha256 {
            problems.push(PublishProblem::of(
                one,
                "head_changed",
                "版次信息被改动：重算的 SHA-256 与所记不同",
                "the head was changed: its SHA-256 is another now",
            ));
        }
        let expected = before.map_or(0, |before| before.serial) + 1;
        if one.serial != expected {
            let gone = format!("{expected}–{}", one.serial - 1);
            problems.push(PublishProblem::of(
                one,
                "serial_missing",
                format!("此版之前的发布序号 {gone} 不见了"),
                format!("serials {gone} before this edition are gone"),
            ));
        }
        if one.previous != before.map_or("", |before| before.sha256.as_str()) {
            let (zh, en) = match before {
                Some(before) => (
                    format!("上一份 {} 第 {} 版不是当时所接的", before.report, before.edition),
                    format!("{} edition {} before it is not what it was chained to", before.report, before.edition),
                ),
                None => ("其前应有一份".to_owned(), "there was one before it".to_owned()),
            };
            problems.push(PublishProblem::of(one, "chain_broken", zh, en));
        }
        let earlier = chain.of_report(&one.report).rfind(|other| other.serial < one.serial);
        let number = earlier.map_or(0, |earlier| earlier.edition) + 1;
        if one.edition != number {
            problems.push(PublishProblem::of(
                one,
                "edition_missing",
                format!("此报告接下来应为第 {number} 版"),
                format!("of this report, edition {number} should come next"),
            ));
        }
        before = Some(one);
    }
    for one in &chain.others {
        let is_genuine = digest::head(one) == one.sha256;
        let (kind, zh, en) = match is_genuine {
            true => (
                "lost_serial",
                "与他人同时发布，未占到此序号的记录；无效",
                "a head of who published at the same moment and came second; it is nothing",
            ),
            false => ("head_inserted", "多出一条来历不明的版次记录", "a head that no publisher wrote"),
        };
        let into = if is_genuine { &mut verified.notes } else { &mut verified.problems };
        into.push(PublishProblem::of(one, kind, zh, en));
    }
}

/// The second note of every edition.
fn sealed(chain: &Chain, verified: &mut Verified) {
    let seals = &chain.seals;
    for seal in seals {
        let head = chain.editions.iter().find(|one| one.serial == seal.serial);
        let problem = |kind, zh: &str, en: &str| PublishProblem::at(&seal.report, seal.edition, kind, zh, en);
        match head {
            None => verified.problems.push(problem(
                "edition_gone",
                "发布过，现在没有了",
                "was published, and its head is gone",
            )),
            Some(head) if head.sha256 != seal.sha256 || head.report != seal.report || head.edition != seal.edition => {
                verified.problems.push(problem(
                    "seal_differs",
                    "留底与版次不符：二者之一被改动",
                    "the seal is not that of the head: one of them was changed",
                ));
            }
            Some(_) => {}
        }
    }
    for one in chain.editions.iter().filter(|one| !seals.iter().any(|seal| seal.serial == one.serial)) {
        verified.notes.push(PublishProblem::of(
            one,
            "not_sealed",
            "没有留底：发布者在最后一步前中断，或留底被删",
            "has no seal: the publisher ended before its last step, or it was removed",
        ));
    }
}

fn unfinished(chain: &Chain, begun: &[String], verified: &mut Verified) {
    let has_head = |attempt: &String| chain.editions.iter().chain(&chain.others).any(|one| one.attempt == *attempt);
    for attempt in begun.iter().filter(|attempt| !has_head(attempt)) {
        verified.notes.push(PublishProblem::at(
            "",
            0,
            "unfinished",
            format!("发布编号 {attempt} 未完成：正在发布，或中断了；不是任何一版"),
            format!("attempt {attempt} is not finished: going on, or cut off; it is no edition"),
        ));
    }
}

async fn contents(store: &Store, edition: &Edition, problems: &mut Vec<PublishProblem>) -> Result<(), StoreError> {
    let frozen = figures::of(store, &edition.attempt).await?;
    if digest::figures(&frozen) != edition.figures_sha256 {
        problems.push(PublishProblem::of(
            edition,
            "figures_changed",
            format!("数字被改动：现有 {} 行，SHA-256 与所记不同", frozen.len()),
            format!("the figures were changed: {} rows now, with another SHA-256", frozen.len()),
        ));
    }
    definitions(edition, &frozen, problems);
    let known: Option<Vec<&'static Figure>> = edition.figures.iter().map(|id| Figure::by_id(id)).collect();
    let Some(known) = known else {
        problems.push(PublishProblem::of(
            edition,
            "figure_unknown",
            "有本程序不认识的指标，请用发布它的版本核验",
            format!("has figures that this program does not know; verify with version {}", edition.program),
        ));
        return Ok(());
    };
    let kept = Kept::read(store, &edition.attempt, known, edition.as_of).await?;
    if kept.sha256 != edition.verdicts_sha256 {
        problems.push(PublishProblem::of(
            edition,
            "verdicts_changed",
            format!("判定被改动：发布时 {} 件，现有 {} 件，SHA-256 与所记不同", edition.cases, kept.cases),
            format!(
                "the verdicts were changed: {} cases then, {} now, with another SHA-256",
                edition.cases, kept.cases
            ),
        ));
    }
    let differing = differences(&frozen, &kept.cells);
    problems.extend(differing.iter().take(FIGURES_SHOWN).map(|one| differs(edition, one)));
    Ok(())
}

fn definitions(edition: &Edition, frozen: &[Frozen], problems: &mut Vec<PublishProblem>) {
    for one in frozen.iter().filter(|one| digest::of_text(&one.definition) != one.definition_sha256) {
        problems.push(PublishProblem::of(
            edition,
            "definition_changed",
            format!("{} 的定义被改动", one.figure),
            format!("the definition of {} was changed", one.figure),
        ));
    }
}

fn differs(edition: &Edition, one: &FigureDifference) -> PublishProblem {
    let cell = match one.cell.grouped_by {
        Some(dimension) => format!("{} {dimension} {}", one.cell.figure, one.cell.group),
        None => one.cell.figure.to_string(),
    };
    let shown = |value: Option<Counted>| value.map_or("—".to_owned(), |value| value.shown());
    let (frozen, counted) = (shown(one.frozen), shown(one.counted));
    PublishProblem::of(
        edition,
        "figure_differs",
        format!("{cell}：发布的是 {frozen}，按逐案判定是 {counted}"),
        format!("{cell}: published as {frozen}, counted from the verdicts {counted}"),
    )
}

/// The hash on the paper is the one that nobody at the database can change.
fn on_paper(wanted: &Wanted, verified: &mut Verified) {
    let (Some(hash), Some(edition)) = (&wanted.hash, verified.editions.last()) else { return };
    if !edition.sha256.eq_ignore_ascii_case(hash) {
        let problem = PublishProblem::of(
            edition,
            "not_on_paper",
            format!("与纸面上的 SHA-256 不符，现为 {}", edition.sha256),
            format!("is not the SHA-256 on the paper; it is {} now", edition.sha256),
        );
        verified.problems.push(problem);
    }
}
