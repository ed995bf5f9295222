//! A certificate in a file, as far as an operator has to know it.

use std::path::Path;

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use sha2::{Digest as _, Sha256};
use x509_cert::{der::Decode as _, time::Time};

use super::unusable::Unusable;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub subject: String,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub fingerprint: [u8; 32],
}

/// SHA-256 of the whole of it, as `openssl x509 -fingerprint -sha256` says it: there is no other certificate with the same.
pub fn fingerprint(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

/// All of a file, at least one.
pub fn read(path: &Path) -> Result<Vec<Certificate>, Unusable> {
    let unknown = || Unusable::Unknown { path: path.to_owned() };
    ders(path)?.iter().map(|der| Certificate::of(der).ok_or_else(unknown)).collect()
}

pub(super) fn ders(path: &Path) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let bytes = std::fs::read(path).map_err(|source| Unusable::Unreadable { path: path.to_owned(), source })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(Unusable::NoCertificate { path: path.to_owned() }),
    }
}

impl Certificate {
    pub fn of(der: &[u8]) -> Option<Self> {
        let content = x509_cert::Certificate::from_der(der).ok()?.tbs_certificate;
        Some(Self {
            subject: content.subject.to_string(),
            starts: instant(content.validity.not_before)?,
            ends: instant(content.validity.not_after)?,
            fingerprint: fingerprint(der),
        })
    }
}

/// What has no end is written as the last second of 9999 (RFC 5280, 4.1.2.5), which is a day too late for a timestamp.
fn instant(time: Time) -> Option<Timestamp> {
    let second = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Some(Timestamp::from_second(second).unwrap_or(Timestamp::MAX))
}
