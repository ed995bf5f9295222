//! The certificates that the settings name: when they end, as a metric and, when that is soon, a warning; and the TLS of a port.

use std::{path::PathBuf, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::setup::Setup;
use crate::{
    config::{self, Settings},
    domain::time::Millis,
    http::PageTls,
    metrics,
    pipeline::clock,
    tls::{self, ServerFiles},
};

/// Long enough for a form, a signature and a change window.
const SOON: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The first to end of a file: of a chain, a part that has ended spoils the whole.
#[derive(Debug)]
pub struct Named {
    pub key: &'static str,
    pub path: PathBuf,
    pub subject: String,
    pub ends: Timestamp,
}

/// A file that cannot be read was refused when the settings were loaded.
pub fn of(settings: &Settings) -> Vec<Named> {
    let first = |(key, path): (&'static str, &std::path::Path)| {
        let first = tls::read(path).ok()?.into_iter().min_by_key(|certificate| certificate.ends)?;
        Some(Named { key, path: path.to_owned(), subject: first.subject, ends: first.ends })
    };
    settings.certificates().into_iter().chain(settings.page_certificates()).filter_map(first).collect()
}

/// Of a service, which may serve the page too.
pub fn show(settings: &Settings, now: Millis) {
    for one in of(settings).iter().filter(|one| settings.page.enabled || !one.is_of_page()) {
        metrics::certificate_ends(&one.path.display().to_string(), one.ends);
        warn(one, now);
    }
}

pub fn warn_of_page(settings: &Settings, now: Millis) {
    of(settings).iter().filter(|one| one.is_of_page()).for_each(|one| warn(one, now));
}

fn warn(one: &Named, now: Millis) {
    if let Some(warning) = warning(one, now) {
        tracing::warn!("{warning}");
    }
}

impl Named {
    fn is_of_page(&self) -> bool {
        self.key.starts_with("http.")
    }
}

fn warning(one: &Named, now: Millis) -> Option<String> {
    let now = Timestamp::from_millisecond(now.0).ok()?;
    let left = one.ends.duration_since(now);
    let Named { key, path, subject, ends } = one;
    let what = match left {
        left if left.is_negative() || left.is_zero() => "has ended".to_owned(),
        left if left <= SOON => format!("ends in {} days", left.as_hours() / 24),
        _ => return None,
    };
    let todo = if one.is_of_page() { "Renew it" } else { "Renew it and restart" };
    Some(format!("{key}: the certificate of {subject} in {} {what} ({ends}). {todo}", path.display()))
}

/// Of a port, where it is wanted; files that cannot be used are refused.
pub(super) fn port_tls(setup: &Setup, files: Option<ServerFiles>) -> anyhow::Result<Option<Arc<PageTls>>> {
    let Some(files) = files else { return Ok(None) };
    let tls = PageTls::open(files, clock::now)
        .map_err(|error| config::page_unfit(&setup.settings, &setup.origins, &error))?;
    Ok(Some(Arc::new(tls)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_warned_of_when_it_ends_within_sixty_days() {
        let ends: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let one = Named { key: "kafka.ca_file", path: "/ca.pem".into(), subject: "CN=us".to_owned(), ends };
        let told = |now: &str| warning(&one, Millis(now.parse::<Timestamp>().unwrap().as_millisecond()));
        assert_eq!(told("2025-12-30T23:59:59Z"), None);
        assert!(told("2025-12-31T00:00:00Z").unwrap().contains("ends in 60 days (2026-03-01T00:00:00Z)"));
        assert!(
            told("2026-02-28T00:00:00Z")
                .unwrap()
                .contains("kafka.ca_file: the certificate of CN=us in /ca.pem ends in 1 days")
        );
        let ended = told("2026-03-01T00:00:00Z").unwrap();
        assert!(ended.contains("has ended") && ended.ends_with("Renew it and restart"), "{ended}");
        let of_page = Named { key: "http.tls.cert_file", ..one };
        let ended = warning(&of_page, Millis(ends.as_millisecond())).unwrap();
        assert!(ended.ends_with("Renew it"), "{ended}");
    }
}
