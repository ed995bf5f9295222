//! Where the page takes files, made from the configuration; and how what is in them gets to Kafka.

use std::sync::Arc;

use anyhow::Context as _;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{feeder, setup::Setup};
use crate::{
    config::ConfigError,
    feed::import::ImportSending,
    http::page::{UploadDesk, UploadPlan, UploadUnsent},
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
    let open = move |stream: &str, source: &str| -> BoxFuture<'static, Result<ImportSending, UploadUnsent>> {
        let (setup, stream, source) = (Arc::clone(&sending), stream.to_owned(), source.to_owned());
        Box::pin(async move { to(&setup, &stream, &source).await })
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

async fn to(setup: &Setup, stream: &str, source: &str) -> Result<ImportSending, UploadUnsent> {
    let later = |error: anyhow::Error| UploadUnsent::Later(format!("{error:#}"));
    let stream = setup.stream(stream).map_err(later)?;
    feeder::check(stream, &setup.settings.kafka.feeder, Some(source)).map_err(|refused| UploadUnsent::Bound {
        zh: refused.in_chinese(),
        en: ConfigError::from(refused).to_string(),
    })?;
    setup.ensure_topics().await.map_err(later)?;
    ImportSending::to(&setup.cluster(), &stream.topic).map_err(|error| later(error.into()))
}
