//! Where the page takes files, made from the configuration; and how what is in them gets to Kafka.

use std::sync::Arc;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::setup::Setup;
use crate::{
    feed::import::ImportSending,
    http::page::{UploadDesk, UploadPlan},
    pipeline::clock,
};

/// None where it is not wanted, or there is no place for it.
pub fn desk(setup: &Setup, stop: CancellationToken) -> anyhow::Result<Option<Arc<UploadDesk>>> {
    let (page, auth) = (&setup.settings.page, &setup.settings.http.auth);
    if !page.upload {
        return Ok(None);
    }
    let by_default = || auth.state_dir.as_ref().map(|folder| folder.join("uploads"));
    let Some(folder) = page.upload_dir.clone().or_else(by_default) else {
        tracing::warn!(
            "no files can be uploaded: set page.upload_dir, or XDG_STATE_HOME or HOME for a folder made here"
        );
        return Ok(None);
    };
    let zones =
        setup.files.iter().map(|file| (file.name.clone(), file.timezone.iana_name().unwrap_or("UTC").to_owned()));
    let sending = Arc::new(setup.clone());
    let open = move |stream: &str| -> futures_util::future::BoxFuture<'static, Result<ImportSending, String>> {
        let (setup, stream) = (Arc::clone(&sending), stream.to_owned());
        Box::pin(async move { to(&setup, &stream).await.map_err(|error| format!("{error:#}")) })
    };
    let plan = UploadPlan {
        bytes_max: page.upload_mb << 20,
        zones: zones.collect(),
        open: Box::new(open),
        times: setup.times(),
        now: clock::now,
        stop,
        folder: folder.clone(),
    };
    let desk = UploadDesk::open(plan);
    Ok(Some(desk.with_context(|| {
        format!("cannot keep uploads in {}: set page.upload_dir, or page.upload = false", folder.display())
    })?))
}

async fn to(setup: &Setup, stream: &str) -> anyhow::Result<ImportSending> {
    let stream = setup.stream(stream)?;
    setup.ensure_topics().await?;
    Ok(ImportSending::to(&setup.cluster(), &stream.topic)?)
}
