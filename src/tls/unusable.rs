//! Why a file cannot be used, and what to do.

use std::{
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

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
