//! The files of one connection, made into what rustls takes.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use rustls::{
    ClientConfig, InconsistentKeys, RootCertStore,
    pki_types::{PrivateKeyDer, pem, pem::PemObject as _},
};

use super::certificate::ders;

/// Whom we trust, and who we are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Who signed the server's certificate; none: whom this machine trusts.
    pub ca: Option<PathBuf>,
    pub own: Option<Own>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Named by what somebody has to put into the file.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} holds no certificate (-----BEGIN CERTIFICATE-----)", path.display())]
    NoCertificate { path: PathBuf },
    #[error("{} holds a certificate that cannot be read", path.display())]
    Unknown { path: PathBuf },
    #[error("{} holds no private key (-----BEGIN PRIVATE KEY-----), or an encrypted one", path.display())]
    NoKey { path: PathBuf },
    #[error("the key {} does not belong to the certificate {}", key.display(), certificate.display())]
    Strangers { certificate: PathBuf, key: PathBuf },
    #[error("{}: {why}", path.display())]
    Refused { path: PathBuf, why: rustls::Error },
    #[error("this machine trusts no CA at all")]
    NobodyTrusted,
    #[error("the certificate in {} has ended ({ends})", path.display())]
    Ended { path: PathBuf, ends: Timestamp },
    #[error("the certificate in {} begins only at {starts}", path.display())]
    NotYet { path: PathBuf, starts: Timestamp },
    #[error("the key {} can be read or changed by {who} (mode {mode:04o})", path.display())]
    OpenKey { path: PathBuf, who: &'static str, mode: u32 },
    #[error("{} holds no list of revoked certificates (-----BEGIN X509 CRL-----, or DER)", path.display())]
    NoList { path: PathBuf },
}

impl Unusable {
    /// The file that has to be another.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Unreadable { path, .. }
            | Self::NoCertificate { path }
            | Self::Unknown { path }
            | Self::NoKey { path }
            | Self::Strangers { key: path, .. }
            | Self::Refused { path, .. }
            | Self::Ended { path, .. }
            | Self::NotYet { path, .. }
            | Self::OpenKey { path, .. }
            | Self::NoList { path } => Some(path),
            Self::NobodyTrusted => None,
        }
    }

    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "check that the file exists and that the service's user may read it",
            Self::Strangers { .. } => "name the key that the certificate was asked for with",
            Self::Ended { .. } => "have it renewed, and put the new one in its place",
            Self::NotYet { .. } => "compare this machine's clock, or put the one from before in its place",
            Self::OpenKey { .. } => "chmod 0600, or 0400",
            _ => "docs/security.md shows how such a file is made",
        }
    }
}

impl Files {
    pub fn client(&self) -> Result<ClientConfig, Unusable> {
        self.client_that_trusts(self.trusted()?)
    }

    /// For connections that will not use it, so that nothing is read.
    pub fn unused() -> Result<ClientConfig, Unusable> {
        Self::default().client_that_trusts(RootCertStore::empty())
    }

    /// Whether our own certificate and key can be used together.
    pub fn key_fits(&self) -> Result<(), Unusable> {
        self.client_that_trusts(RootCertStore::empty()).map(|_| ())
    }

    fn client_that_trusts(&self, trusted: RootCertStore) -> Result<ClientConfig, Unusable> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| Unusable::Refused { path: PathBuf::new(), why })?
            .with_root_certificates(trusted);
        let Some(own) = &self.own else { return Ok(builder.with_no_client_auth()) };
        let key = key_of(&own.key)?;
        builder.with_client_auth_cert(ders(&own.certificate)?, key).map_err(|why| of_pair(own, why))
    }

    fn trusted(&self) -> Result<RootCertStore, Unusable> {
        let trusted = match &self.ca {
            Some(path) => roots_of(path)?,
            None => {
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                roots
            }
        };
        if trusted.is_empty() { Err(Unusable::NobodyTrusted) } else { Ok(trusted) }
    }
}

pub(super) fn roots_of(path: &Path) -> Result<RootCertStore, Unusable> {
    let mut roots = RootCertStore::empty();
    for der in ders(path)? {
        roots.add(der).map_err(|why| Unusable::Refused { path: path.to_owned(), why })?;
    }
    Ok(roots)
}

pub(super) fn key_of(path: &Path) -> Result<PrivateKeyDer<'static>, Unusable> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| match error {
        pem::Error::Io(source) => Unusable::Unreadable { path: path.to_owned(), source },
        _ => Unusable::NoKey { path: path.to_owned() },
    })
}

/// Why a certificate and its key cannot be used together.
pub(super) fn of_pair(own: &Own, why: rustls::Error) -> Unusable {
    match why {
        rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            Unusable::Strangers { certificate: own.certificate.clone(), key: own.key.clone() }
        }
        why => Unusable::Refused { path: own.key.clone(), why },
    }
}
