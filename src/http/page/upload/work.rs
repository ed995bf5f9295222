//! What is done with an upload apart from any request, on a thread that may wait: it is looked at, tried, or sent.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use tokio_util::sync::CancellationToken;

use super::{
    kept::fresh,
    told::{EVENTS_SHOWN, UploadShown, UploadTold},
};
use crate::feed::import::{
    ImportError, ImportProgress, ImportSending, ImportUnread, Importer, Mapping, Outgoing, ProposeTable, ProposeWish,
    RejectsIn, Summary, look,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UploadWork {
    Look,
    Trial,
    Send,
}

/// How far it is.
#[derive(Debug, Default)]
pub(super) struct UploadProgress {
    rows: AtomicU64,
    bytes: AtomicU64,
    events: AtomicU64,
}

impl UploadProgress {
    pub(super) fn begin(&self) {
        [&self.rows, &self.bytes, &self.events].iter().for_each(|count| count.store(0, Relaxed));
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows.load(Relaxed)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    pub(super) fn events(&self) -> u64 {
        self.events.load(Relaxed)
    }
}

/// A file that is not read on once the server stops.
struct UntilStop {
    file: File,
    stop: CancellationToken,
}

impl Read for UntilStop {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other("the server stops"));
        }
        self.file.read(out)
    }
}

impl Seek for UntilStop {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

fn opened(path: &PathBuf, stop: &CancellationToken) -> Result<UntilStop, ImportUnread> {
    let gone = |error: io::Error| ImportUnread {
        zh: "上传的文件已经不在了，请重新上传".to_owned(),
        en: format!("the file that was uploaded is gone, upload it again: {error}"),
    };
    Ok(UntilStop { file: File::open(path).map_err(gone)?, stop: stop.clone() })
}

pub(super) fn looked(
    data: &PathBuf,
    wish: &ProposeWish,
    progress: &UploadProgress,
    stop: &CancellationToken,
) -> Result<ProposeTable, ImportUnread> {
    look(opened(data, stop)?, wish, &mut |rows| progress.rows.store(rows, Relaxed))
}

/// Where it comes from and goes to.
pub(super) struct UploadRun {
    pub(super) data: PathBuf,
    pub(super) rejects: PathBuf,
    pub(super) mapping: Mapping,
    pub(super) language: RejectsIn,
    /// None: a trial.
    pub(super) sending: Option<ImportSending>,
    pub(super) at: i64,
    pub(super) stop: CancellationToken,
}

/// Why events were not taken.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotSent(String);

impl UploadRun {
    /// To its end, or as far as it comes; what there is to tell.
    pub(super) fn run(mut self, progress: &UploadProgress) -> UploadTold {
        let (at, mut shown) = (self.at, Vec::new());
        let file = match opened(&self.data, &self.stop) {
            Ok(file) => file,
            Err(ImportUnread { zh, en }) => return UploadTold::failed(zh, en, at),
        };
        let mut rejects = match fresh(&self.rejects) {
            Ok(rejects) => io::BufWriter::new(rejects),
            Err(error) => return no_room(&error, at),
        };
        let summary = self.imported(file, &mut rejects, &mut shown, progress);
        let summary = match summary.and_then(|summary| rejects.flush().map(|()| summary).map_err(ImportError::Rejects))
        {
            Ok(summary) => summary,
            Err(_) if self.stop.is_cancelled() => return stopped(at),
            Err(error) => return failed(error, self.sending.as_ref().map_or(0, ImportSending::sent), at),
        };
        let mut told = UploadTold { shown, ..UploadTold::of(&summary, at) };
        match self.sending.map(ImportSending::finish) {
            None => {}
            Some(Ok(count)) => told.acknowledged = Some(count),
            Some(Err(error)) => return failed(ImportError::Sink(NotSent(error.to_string())), told.sent(), at),
        }
        told
    }

    fn imported(
        &mut self,
        file: UntilStop,
        rejects: &mut dyn Write,
        shown: &mut Vec<UploadShown>,
        progress: &UploadProgress,
    ) -> Result<Summary, ImportError<NotSent>> {
        let sending = &mut self.sending;
        let mut sink = |event: Outgoing<'_>| {
            if shown.len() < EVENTS_SHOWN {
                shown.extend(UploadShown::of(event.payload));
            }
            progress.events.fetch_add(1, Relaxed);
            match sending {
                Some(sending) => sending.send(event).map_err(|error| NotSent(error.to_string())),
                None => Ok(()),
            }
        };
        let mut show = |reached: ImportProgress| {
            progress.rows.store(reached.rows, Relaxed);
            progress.bytes.store(reached.bytes, Relaxed);
        };
        Importer::run_in(self.language, file, &self.mapping, &mut sink, rejects, &mut show)
    }
}

fn no_room(error: &io::Error, at: i64) -> UploadTold {
    UploadTold::failed(
        format!("服务器上写不了被拒绝的行：{error}。请联系运维。"),
        format!("the refused rows cannot be written on the server: {error}"),
        at,
    )
}

fn stopped(at: i64) -> UploadTold {
    UploadTold::failed(
        "服务器在处理时停了。再来一次即可，不会重复。".to_owned(),
        "the server stopped while it was under way; do it again, nothing is doubled.".to_owned(),
        at,
    )
}

/// `sent` were on their way.
fn failed(error: ImportError<NotSent>, sent: u64, at: i64) -> UploadTold {
    let (again_zh, again_en) = match sent {
        0 => (String::new(), String::new()),
        sent => (
            format!("已送出 {sent} 条；再送一次即可，不会重复。"),
            format!(" {sent} events were on their way; send it again, nothing is doubled."),
        ),
    };
    let (zh, en) = match error {
        ImportError::Mapping(error) => (format!("映射不适用于这个文件：{error}"), error.to_string()),
        ImportError::Unreadable(ImportUnread { zh, en }) => {
            (format!("{zh}。"), format!("the file cannot be read: {en}."))
        }
        ImportError::Sink(error) => {
            (format!("Kafka 没有全部收下：{error}。"), format!("Kafka did not take all of it: {error}."))
        }
        ImportError::Rejects(error) => return no_room(&error, at),
    };
    UploadTold::failed(format!("{zh}{again_zh}"), format!("{en}{again_en}"), at)
}
