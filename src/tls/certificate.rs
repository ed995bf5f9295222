//! A certificate in a file, as far as an operator has to know it.

use std::path::Path;

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use x509_cert::der::Decode as _;

use super::Unusable;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub subject: String,
    pub ends: Timestamp,
}

/// All of a file, at least one.
pub fn read(path: &Path) -> Result<Vec<Certificate>, Unusable> {
    ders(path)?.iter().map(|der| parsed(der).ok_or_else(|| Unusable::Unknown { path: path.to_owned() })).collect()
}

pub(super) fn ders(path: &Path) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let bytes = std::fs::read(path).map_err(|source| Unusable::Unreadable { path: path.to_owned(), source })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(Unusable::NoCertificate { path: path.to_owned() }),
    }
}

fn parsed(der: &CertificateDer<'_>) -> Option<Certificate> {
    let content = x509_cert::Certificate::from_der(der).ok()?.tbs_certificate;
    let ends = content.validity.not_after.to_unix_duration().as_secs();
    let ends = Timestamp::from_second(i64::try_from(ends).ok()?).ok()?;
    Some(Certificate { subject: content.subject.to_string(), ends })
}
