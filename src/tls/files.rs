//! The files of one connection, made into what rustls takes.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, InconsistentKeys, RootCertStore,
    pki_types::{PrivateKeyDer, pem, pem::PemObject as _},
};

use super::{certificate::ders, unusable::Unusable};

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
