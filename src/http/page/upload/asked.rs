//! Who asks, and for which upload.

use std::sync::Arc;

use axum::response::Response;

use super::{
    desk::{Upload, UploadDesk},
    view::at,
};
use crate::{
    ask::unclear::AskError,
    feed::import::RejectsIn,
    http::{
        auth::{self, Visitor},
        page::{address::Address, asked::lang, problem, redirect, sheet::only_takes, site::Site, words::Lang},
    },
};

/// What every address here needs.
pub(super) struct UploadAsked {
    pub(super) here: Address,
    pub(super) lang: Lang,
    pub(super) desk: Arc<UploadDesk>,
    pub(super) visitor: Option<Arc<Visitor>>,
}

impl UploadAsked {
    pub(super) fn read(site: &Site, here: Address) -> Result<Self, Box<Response>> {
        let Some(desk) = site.uploads.clone() else { return Err(problem::not_found(site, &here).into()) };
        let broken = |error: AskError| Box::new(problem::of_page(site, &here, &error));
        let lang = lang(&here).map_err(|unclear| broken(unclear.into()))?;
        only_takes(&here, &["lang", "by"]).map_err(|unclear| broken(unclear.into()))?;
        Ok(Self { here, lang, desk, visitor: auth::visitor() })
    }

    pub(super) fn owner(&self) -> &str {
        self.visitor.as_deref().map_or("", |visitor| visitor.name.as_str())
    }

    fn upload(&self, site: &Site, id: &str) -> Result<Arc<Upload>, Box<Response>> {
        let found = self.desk.find(self.owner(), id);
        let found = found.ok_or_else(|| Box::new(problem::not_found(site, &self.here)))?;
        // After a restart it is read again, as long as the file is there.
        let is_unread = {
            let held = found.held();
            held.table.is_none() && held.running.is_none() && self.desk.folder.data(id).exists()
        };
        if is_unread {
            self.desk.look(&found);
        }
        Ok(found)
    }

    pub(super) fn to(&self, id: &str, step: &str) -> Response {
        redirect(&at(&self.here, id, step).href(), None)
    }

    pub(super) fn rejects_in(&self) -> RejectsIn {
        match self.lang {
            Lang::Zh => RejectsIn::Chinese,
            Lang::En => RejectsIn::English,
        }
    }
}

pub(super) fn asked_for(site: &Site, here: Address, id: &str) -> Result<(UploadAsked, Arc<Upload>), Box<Response>> {
    let asked = UploadAsked::read(site, here)?;
    let upload = asked.upload(site, id)?;
    Ok((asked, upload))
}
