//! An upload is tried or sent, on the side.

use std::sync::Arc;

use super::{Upload, UploadBusy, UploadDesk};
use crate::{
    feed::import::{Mapping, RejectsIn},
    http::{
        auth::Visitor,
        page::{
            site::Site,
            upload::{
                told::UploadTold,
                work::{UploadRun, UploadWork},
            },
        },
    },
};

impl UploadDesk {
    /// Tries it, or sends it; what comes of it is told on its page.
    pub(in crate::http::page::upload) fn run(
        self: &Arc<Self>,
        site: &Arc<Site>,
        upload: &Arc<Upload>,
        mapping: Mapping,
        (work, language, visitor): (UploadWork, RejectsIn, Option<Arc<Visitor>>),
    ) -> Result<(), UploadBusy> {
        let about = upload.about();
        let is_of_another = |other: &Arc<Upload>| {
            let held = other.held();
            held.about.owner == about.owner && matches!(held.running, Some(UploadWork::Trial | UploadWork::Send))
        };
        {
            // Nobody else of the same name begins between the look and the mark.
            let all = self.all();
            if upload.running().is_some() || all.values().any(is_of_another) {
                return Err(UploadBusy::Another);
            }
            upload.held().running = Some(work);
        }
        upload.progress.begin();
        self.change(upload, |about| match work {
            UploadWork::Send => (about.is_sending, about.sent) = (true, None),
            _ => about.trial = None,
        });
        let (desk, site, upload) = (Arc::clone(self), Arc::clone(site), Arc::clone(upload));
        tokio::spawn(async move {
            let told = desk.ran(&upload, mapping, work, language).await;
            if work == UploadWork::Send {
                desk.sent(&site.auth, &upload, told, visitor).await;
            } else {
                desk.change(&upload, |about| about.trial = Some(told));
            }
            upload.held().running = None;
        });
        Ok(())
    }

    async fn ran(&self, upload: &Arc<Upload>, mapping: Mapping, work: UploadWork, language: RejectsIn) -> UploadTold {
        let about = upload.about();
        let at = (self.now)().0;
        let _turn = self.turns.acquire().await;
        let sending = match work {
            UploadWork::Send => match (self.open)(&about.stream, mapping.source()).await {
                Ok(sending) => Some(sending),
                // What the trial refused is still there.
                Err(unsent) => {
                    let rejected = about.trial.as_ref().map_or(0, |trial| trial.rejected);
                    return UploadTold { rejected, ..unsent.told(at) };
                }
            },
            UploadWork::Look | UploadWork::Trial => None,
        };
        let (data, rejects) = (self.folder.data(&about.id), self.folder.rejects(&about.id));
        let run = UploadRun { data, rejects, mapping, language, sending, at, stop: self.stop.clone() };
        let own = Arc::clone(upload);
        let broke = |_| {
            let zh = "导入时程序出错，请联系运维。".to_owned();
            UploadTold::failed(zh, "the import broke off, which is a fault of this program.".to_owned(), at)
        };
        tokio::task::spawn_blocking(move || run.run(&own.progress)).await.unwrap_or_else(broke)
    }
}
