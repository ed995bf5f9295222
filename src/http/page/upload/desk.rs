//! Where uploads lie and what is under way with them: each is its owner's, few are done at once, and after a day they are gone.

mod run;

use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{
    kept::{UploadAbout, UploadFolder, is_id},
    told::UploadTold,
    work::{self, UploadProgress, UploadWork},
};
use crate::{
    domain::time::Millis,
    feed::{
        decode::TimeLimits,
        import::{ImportSending, ImportUnread, ProposeTable},
    },
    http::auth::{AuditWhat, Auth, Visitor},
};

const DAY_MS: i64 = 86_400_000;
const HOUR: Duration = Duration::from_secs(3_600);
const OF_ONE_MAX: usize = 5;
const OF_ALL_MAX: usize = 50;
/// Each may take a core, and some hundred megabytes.
const AT_ONCE: usize = 2;
/// Each takes room on the disk before it is counted.
const COMING_MAX: usize = 4;

/// The way to a stream's topic, for events of a source.
pub type UploadOpen = Box<dyn Fn(&str, &str) -> BoxFuture<'static, Result<ImportSending, UploadUnsent>> + Send + Sync>;

/// Why nothing can be sent.
#[derive(Debug)]
pub enum UploadUnsent {
    /// Kafka is away, or does not let us: the same again later.
    Later(String),
    /// The stream would not take it from here before a setting is another.
    Bound { zh: String, en: String },
}

impl UploadUnsent {
    fn told(self, at: i64) -> UploadTold {
        match self {
            Self::Later(why) => UploadTold::failed(
                format!("连不上 Kafka，一条也没有送出：{why}。稍后再送一次即可。"),
                format!("Kafka cannot be reached, nothing was sent: {why}. Send it again later."),
                at,
            ),
            Self::Bound { zh, en } => UploadTold::failed(
                format!("一条也没有送出：这个业务流只收登记过的送数方，本系统不在其中。请运维改好设置后再送：{zh}。"),
                format!(
                    "Nothing was sent: the stream takes messages only of who is listed, and this system is not. \
                     Send it again when the operator has mended the setting: {en}."
                ),
                at,
            ),
        }
    }
}

/// Made from the configuration by the caller.
pub struct UploadPlan {
    pub folder: PathBuf,
    pub bytes_max: u64,
    /// By the stream, in which zone its days are.
    pub zones: HashMap<String, String>,
    pub open: UploadOpen,
    /// What the service takes.
    pub times: TimeLimits,
    pub now: fn() -> Millis,
    pub stop: CancellationToken,
}

pub struct UploadDesk {
    pub(super) folder: UploadFolder,
    pub(super) bytes_max: u64,
    pub(super) zones: HashMap<String, String>,
    open: UploadOpen,
    pub(super) times: TimeLimits,
    pub(super) now: fn() -> Millis,
    stop: CancellationToken,
    held: Mutex<HashMap<String, Arc<Upload>>>,
    turns: Arc<Semaphore>,
    /// Files on their way in.
    pub(super) coming: Semaphore,
}

impl std::fmt::Debug for UploadPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadPlan").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for UploadDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadDesk").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// One file that was uploaded.
#[derive(Debug)]
pub(super) struct Upload {
    held: Mutex<UploadHeld>,
    pub(super) progress: UploadProgress,
}

#[derive(Debug)]
pub(super) struct UploadHeld {
    pub(super) about: UploadAbout,
    pub(super) table: Option<Result<Arc<ProposeTable>, ImportUnread>>,
    pub(super) running: Option<UploadWork>,
}

impl Upload {
    fn of(about: UploadAbout) -> Arc<Self> {
        let held = Mutex::new(UploadHeld { about, table: None, running: None });
        Arc::new(Self { held, progress: UploadProgress::default() })
    }

    pub(super) fn held(&self) -> MutexGuard<'_, UploadHeld> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn about(&self) -> UploadAbout {
        self.held().about.clone()
    }

    pub(super) fn running(&self) -> Option<UploadWork> {
        self.held().running
    }

    /// None as long as it is not read, or could not be.
    pub(super) fn table(&self) -> Option<Arc<ProposeTable>> {
        self.held().table.as_ref()?.as_ref().ok().cloned()
    }
}

/// Why there is no room for another file, or another run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UploadBusy {
    OwnMax(usize),
    AllMax,
    /// Another one of the same person is tried or sent.
    Another,
    /// As many files come in as may.
    Coming,
}

impl UploadDesk {
    /// Makes the folder, and from then on deletes what is a day old.
    pub fn open(plan: UploadPlan) -> io::Result<Arc<Self>> {
        let UploadPlan { folder, bytes_max, zones, open, times, now, stop } = plan;
        let desk = Arc::new(Self {
            folder: UploadFolder::open(&folder)?,
            bytes_max,
            zones,
            open,
            times,
            now,
            stop,
            held: Mutex::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            coming: Semaphore::new(COMING_MAX),
        });
        let own = Arc::clone(&desk);
        tokio::spawn(async move {
            loop {
                let swept = Arc::clone(&own);
                let _ = tokio::task::spawn_blocking(move || swept.sweep()).await;
                tokio::select! {
                    () = own.stop.cancelled() => return,
                    () = tokio::time::sleep(HOUR) => {}
                }
            }
        });
        Ok(desk)
    }

    fn sweep(&self) {
        let before = Millis((self.now)().0 - DAY_MS);
        for about in self.folder.all() {
            let running = self.all().get(&about.id).and_then(|upload| upload.running());
            if about.at < before.0 && running.is_none() {
                self.forget(&about.id);
            }
        }
        self.folder.forget_broken(before);
    }

    pub(super) fn forget(&self, id: &str) {
        self.all().remove(id);
        self.folder.forget(id);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Arc<Upload>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of one person, the newest first.
    pub(super) fn of(&self, owner: &str) -> Vec<Arc<Upload>> {
        let after = (self.now)().0 - DAY_MS;
        let mut own: Vec<UploadAbout> = self.folder.all();
        own.retain(|about| about.owner == owner && about.at >= after);
        own.sort_by_key(|about| std::cmp::Reverse(about.at));
        own.into_iter().map(|about| self.held_or(about)).collect()
    }

    /// To anybody else it is not there.
    pub(super) fn find(&self, owner: &str, id: &str) -> Option<Arc<Upload>> {
        if !is_id(id) {
            return None;
        }
        let held = self.all().get(id).cloned();
        let upload = held.or_else(|| self.folder.about(id).map(|about| self.held_or(about)))?;
        let about = upload.about();
        (about.owner == owner && about.at >= (self.now)().0 - DAY_MS).then_some(upload)
    }

    fn held_or(&self, about: UploadAbout) -> Arc<Upload> {
        Arc::clone(self.all().entry(about.id.clone()).or_insert_with(|| Upload::of(about)))
    }

    pub(super) fn room(&self, owner: &str) -> Result<(), UploadBusy> {
        let after = (self.now)().0 - DAY_MS;
        let mut all = self.folder.all();
        all.retain(|about| about.at >= after);
        let own = all.iter().filter(|about| about.owner == owner).count();
        match (own, all.len()) {
            (own, _) if own >= OF_ONE_MAX => Err(UploadBusy::OwnMax(OF_ONE_MAX)),
            (_, all) if all >= OF_ALL_MAX => Err(UploadBusy::AllMax),
            _ => Ok(()),
        }
    }

    pub(super) fn add(self: &Arc<Self>, about: UploadAbout) -> io::Result<()> {
        self.folder.write(&about)?;
        let upload = self.held_or(about);
        self.look(&upload);
        Ok(())
    }

    /// Changes what is known of it, in memory and on the disk.
    pub(super) fn change(&self, upload: &Upload, change: impl FnOnce(&mut UploadAbout)) {
        let about = {
            let mut held = upload.held();
            change(&mut held.about);
            held.about.clone()
        };
        if let Err(error) = self.folder.write(&about) {
            tracing::warn!(%error, upload = about.id, "what is known of an upload was not written");
        }
    }

    /// Reads it whole, unless that is under way.
    pub(super) fn look(self: &Arc<Self>, upload: &Arc<Upload>) {
        let about = {
            let mut held = upload.held();
            if held.running.is_some() {
                return;
            }
            (held.running, held.table) = (Some(UploadWork::Look), None);
            held.about.clone()
        };
        upload.progress.begin();
        let (desk, upload) = (Arc::clone(self), Arc::clone(upload));
        tokio::spawn(async move {
            let _turn = desk.turns.acquire().await;
            let (data, stop, own) = (desk.folder.data(&about.id), desk.stop.clone(), Arc::clone(&upload));
            let looked = tokio::task::spawn_blocking(move || work::looked(&data, &about.wish, &own.progress, &stop));
            let broke = |_| {
                Err(ImportUnread {
                    zh: "读文件时程序出错，请联系运维".to_owned(),
                    en: "reading it broke off, which is a fault of this program".to_owned(),
                })
            };
            let looked = looked.await.unwrap_or_else(broke);
            let mut held = upload.held();
            held.table = Some(looked.map(Arc::new));
            held.running = None;
        });
    }

    /// The mapping is that of the next file with this header, and the file itself is not needed any more.
    async fn sent(&self, auth: &Auth, upload: &Arc<Upload>, told: UploadTold, visitor: Option<Arc<Visitor>>) {
        let result = match (&told.error, told.acknowledged) {
            (Some(error), _) => format!("failed: {}", error.en),
            (None, count) => format!(
                "done: {} events acknowledged of {} rows, {} refused",
                count.unwrap_or_default(),
                told.rows,
                told.rejected
            ),
        };
        let (about, table) = (upload.about(), upload.table());
        if told.error.is_none() {
            if let (Some(mapping), Some(table)) = (&about.mapping, table)
                && let Err(error) = self.folder.keep_last(&about.stream, &table, &mapping.text())
            {
                tracing::warn!(%error, "the mapping of an upload was not kept");
            }
            let _ = std::fs::remove_file(self.folder.data(&about.id));
        }
        self.change(upload, |about| (about.is_sending, about.sent) = (false, Some(told)));
        tracing::info!(upload = about.id, stream = about.stream, result, "an upload was sent");
        let Some(visitor) = visitor else { return };
        let noted = auth.audit_for(&visitor, AuditWhat::Imported, &named(&about), &result).await;
        if let Err(error) = noted {
            tracing::error!(%error, result, "what came of an upload was not written down");
        }
    }
}

/// As the audit says which it is: neither the name of the file, nor anything in it.
pub(super) fn named(about: &UploadAbout) -> String {
    format!("upload {} {} sha256 {}", about.id, about.stream, about.sha256)
}
