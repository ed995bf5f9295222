//! The files of a port that speaks TLS, made into what rustls takes: who we are, and whose certificates we look at.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use rustls::{
    ServerConfig,
    pki_types::{CertificateRevocationListDer, pem::PemObject as _},
    server::{NoServerSessionStorage, VerifierBuilderError, WebPkiClientVerifier, danger::ClientCertVerifier},
};

use super::{
    Certificate, Own, Unusable,
    certificate::ders,
    files::{key_of, of_pair, roots_of},
    readers::readers,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFiles {
    pub own: Own,
    /// None: no certificate is asked for.
    pub client: Option<ClientCa>,
}

/// Whose certificates are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCa {
    pub ca: PathBuf,
    /// Which of them are no longer.
    pub crl: Option<PathBuf>,
}

impl ServerFiles {
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let client = self.client.as_ref();
        let optional = [client.map(|client| &client.ca), client.and_then(|client| client.crl.as_ref())];
        [&self.own.certificate, &self.own.key].into_iter().chain(optional.into_iter().flatten()).map(PathBuf::as_path)
    }

    /// Nothing that a browser would refuse, and no key that others have: such files are not used. `now_ms` is since 1970.
    pub fn server(&self, now_ms: i64) -> Result<ServerConfig, Unusable> {
        let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::MAX);
        let Own { certificate, key } = &self.own;
        let chain = ders(certificate)?;
        let first = chain.first().and_then(|der| Certificate::of(der));
        let first = first.ok_or_else(|| Unusable::Unknown { path: certificate.clone() })?;
        if first.ends <= now {
            return Err(Unusable::Ended { path: certificate.clone(), ends: first.ends });
        }
        if first.starts > now {
            return Err(Unusable::NotYet { path: certificate.clone(), starts: first.starts });
        }
        let unreadable = |source| Unusable::Unreadable { path: key.clone(), source };
        if let Some((who, mode)) = readers(key).map_err(unreadable)? {
            return Err(Unusable::OpenKey { path: key.clone(), who, mode });
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| Unusable::Refused { path: certificate.clone(), why })?;
        let builder = match &self.client {
            Some(client) => builder.with_client_cert_verifier(client.verifier()?),
            None => builder.with_no_client_auth(),
        };
        let mut config = builder.with_single_cert(chain, key_of(key)?).map_err(|why| of_pair(&self.own, why))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        if self.client.is_some() {
            // A resumed connection would bring the certificate of before without its being looked at again.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(config)
    }
}

impl ClientCa {
    /// Whoever shows none may come, and is told so by the page: a handshake that is cut off explains nothing.
    fn verifier(&self) -> Result<Arc<dyn ClientCertVerifier>, Unusable> {
        let roots = Arc::new(roots_of(&self.ca)?);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut builder = WebPkiClientVerifier::builder_with_provider(roots, provider).allow_unauthenticated();
        if let Some(crl) = &self.crl {
            builder = builder.with_crls(lists(crl)?).only_check_end_entity_revocation();
        }
        builder.build().map_err(|error| match (error, &self.crl) {
            (VerifierBuilderError::InvalidCrl(_), Some(crl)) => Unusable::NoList { path: crl.clone() },
            (error, _) => Unusable::Refused { path: self.ca.clone(), why: rustls::Error::General(error.to_string()) },
        })
    }
}

/// As PEM, or as one list in DER, which is how most CAs hand theirs out.
fn lists(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>, Unusable> {
    const SEQUENCE: u8 = 0x30;
    let bytes = std::fs::read(path).map_err(|source| Unusable::Unreadable { path: path.to_owned(), source })?;
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(vec![bytes.into()]);
    }
    let found: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(Unusable::NoList { path: path.to_owned() }),
    }
}
