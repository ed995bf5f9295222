//! A list, whole: as CSV, as lines of JSON or as a workbook. It goes out page by page as it is read, so that its length takes no
//! memory, and each page waits for its turn like any question. Cut at a limit or broken off, the list says so in its last line, with
//! where it goes on.

use std::{convert::Infallible, fs::File, io::Read as _, sync::Arc};

use axum::body::{Body, Bytes};
use futures_util::stream;
use serde_json::json;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};

use super::{list::CaseList, page::Site};
use crate::{
    ask::NextPage,
    report::{
        count::grouped,
        listed::{CaseWorkbook, ListedRows, SHEET_ROWS_MAX, usual},
        paper::Language,
    },
    store::kpi::CaseBehind,
};

/// Cases of a page: some megabytes, and few enough questions for a million.
const PAGE: u64 = 20_000;
const PIECE: usize = 256 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExportForm {
    Csv,
    Lines,
}

/// Why a list is not whole.
#[derive(Debug)]
enum Ended {
    Cut(String),
    Broken(String),
}

impl Ended {
    fn text(&self) -> String {
        match self {
            Self::Cut(why) => format!("已截断 cut: {why}"),
            Self::Broken(why) => format!("已中断 broken off: {why}"),
        }
    }
}

/// What is still to be read.
struct Export {
    site: Arc<Site>,
    list: CaseList,
    rows_max: u64,
    written: u64,
    /// The answer must be out by then.
    until: Instant,
    is_done: bool,
    /// Of the lists that are taken at once; none until it is its turn.
    place: Option<OwnedSemaphorePermit>,
}

impl Export {
    fn of(site: &Arc<Site>, list: CaseList, rows_max: u64) -> Self {
        let until = Instant::now() + site.limits.answer_within;
        Self { site: Arc::clone(site), list, rows_max, written: 0, until, is_done: false, place: None }
    }

    /// The next cases; none after the last.
    async fn next(&mut self) -> Result<Option<Vec<CaseBehind>>, Ended> {
        if self.is_done {
            return Ok(None);
        }
        if self.place.is_none() {
            let waiting = timeout_at(self.until, Arc::clone(&self.site.limits.exports).acquire_owned()).await;
            self.place = waiting.ok().and_then(Result::ok);
        }
        let room = self.rows_max.saturating_sub(self.written).min(PAGE);
        let page = async {
            let _turn = self.site.turns.acquire().await;
            self.list.page(&self.site, room.max(1)).await
        };
        let page = timeout_at(self.until, page).await.map_err(|_| Ended::Cut("page.request_timeout_s".to_owned()))?;
        let (cases, next) = page.map_err(|why| Ended::Broken(why.to_string()))?;
        if room == 0 && !cases.is_empty() {
            return Err(Ended::Cut(format!("page.export_rows_max = {}", grouped(self.rows_max))));
        }
        self.written += cases.len() as u64;
        self.is_done = next.is_none();
        self.list.after = next.map(|next| next.last).or(self.list.after.take());
        Ok(Some(cases))
    }

    /// Where the rest begins.
    fn rest(&self) -> Option<String> {
        let last = self.list.after.as_ref()?;
        Some(NextPage::at(&self.list.question, self.list.side, self.list.order, last.clone()).text())
    }
}

pub(super) fn streamed(site: &Arc<Site>, list: CaseList, form: ExportForm) -> Body {
    let rows = ListedRows::new(&list.columns, &list.zone);
    let export = Export::of(site, list, site.limits.export_rows_max);
    let head = (form == ExportForm::Csv).then(|| written(|out| rows.write_csv_head(out)));
    Body::from_stream(stream::unfold((Some(export), head), move |(export, head)| {
        let rows = rows.clone();
        async move {
            let mut export = export?;
            if let Some(head) = head {
                return Some((Ok::<_, Infallible>(head), (Some(export), None)));
            }
            match export.next().await {
                Ok(Some(cases)) => {
                    let bytes = written(|out| match form {
                        ExportForm::Csv => rows.write_csv(&cases, out),
                        ExportForm::Lines => rows.write_lines(&cases, out),
                    });
                    Some((Ok(bytes), (Some(export), None)))
                }
                Ok(None) => None,
                Err(ended) => Some((Ok(last_line(form, &ended, &export)), (None, None))),
            }
        }
    }))
}

fn last_line(form: ExportForm, ended: &Ended, export: &Export) -> Bytes {
    let rest = export.rest();
    match form {
        ExportForm::Csv => {
            let rest = rest.map_or(String::new(), |rest| format!("; after={rest}"));
            // A reason may have several lines, and only this one begins with the mark.
            format!("# {}{rest}\n", ended.text().replace(['\r', '\n'], " ")).into()
        }
        ExportForm::Lines => format!("{}\n", json!({ "error": ended.text(), "after": rest })).into(),
    }
}

/// Into memory nothing can fail.
fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Bytes {
    let mut out = Vec::new();
    if let Err(error) = write(&mut out) {
        tracing::error!(%error, "a list could not be written");
    }
    out.into()
}

/// The file is made before its first byte goes out, because a workbook ends with its index.
pub(super) async fn workbook(
    site: &Arc<Site>,
    list: CaseList,
    language: Language,
    mut about: Vec<(String, String)>,
) -> Result<Body, String> {
    let columns = if list.columns.is_empty() { usual() } else { list.columns.clone() };
    let mut book = CaseWorkbook::new(columns, list.zone.clone(), language).map_err(|error| error.to_string())?;
    let mut export = Export::of(site, list, site.limits.export_rows_max.min(SHEET_ROWS_MAX));
    let ended = loop {
        match export.next().await {
            Ok(Some(cases)) => {
                let adding = tokio::task::spawn_blocking(move || {
                    let fits = book.add(&cases);
                    (book, fits)
                });
                let (back, fits) = adding.await.map_err(|error| error.to_string())?;
                book = back;
                if !fits.map_err(|error| error.to_string())? {
                    break Some(Ended::Cut(format!("{} rows of a sheet", grouped(SHEET_ROWS_MAX))));
                }
            }
            Ok(None) => break None,
            Err(ended) => break Some(ended),
        }
    };
    let cut = ended.map(|ended| ended.text());
    let word = |zh: &str, en: &str| language.said(zh, en).zh;
    about.push((word("列出", "listed"), grouped(export.written)));
    about.extend(cut.clone().map(|cut| (word("不完整", "not whole"), cut)));
    let made = tokio::task::spawn_blocking(move || book.finish(cut.as_deref(), &about));
    let file = made.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(pieces(file))
}

fn pieces(file: File) -> Body {
    Body::from_stream(stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; PIECE];
            file.read(&mut piece).map(|length| {
                piece.truncate(length);
                (piece, file)
            })
        });
        match read.await.map_err(std::io::Error::other).flatten() {
            Ok((piece, _)) if piece.is_empty() => None,
            Ok((piece, file)) => Some((Ok(piece), Some(file))),
            Err(error) => Some((Err(error), None)),
        }
    }))
}
