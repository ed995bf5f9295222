//! Why a TLS connection came to nothing, by what somebody has to do about it.

use std::{error::Error, io};

use rustls::{AlertDescription, CertificateError, Error as TlsError, InvalidMessage};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsTrouble {
    UnknownCa,
    Expired,
    NotYetValid,
    /// The names that the server's certificate is for, where they are known.
    WrongHost(Vec<String>),
    Revoked,
    /// What answers does not speak TLS.
    NoTls,
    /// The server wants to see a certificate of ours, and there is none.
    CertificateMissing,
    /// The server does not accept our certificate; its word for it.
    CertificateRefused(String),
    Other(String),
}

impl TlsTrouble {
    pub fn of(error: &TlsError) -> Self {
        match error {
            TlsError::InvalidCertificate(why) => of_certificate(why),
            TlsError::AlertReceived(alert) => of_alert(*alert),
            TlsError::InvalidMessage(InvalidMessage::InvalidContentType) => Self::NoTls,
            other => Self::Other(other.to_string()),
        }
    }

    /// Wherever it stands in a chain of errors.
    pub fn within(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(found) = error.downcast_ref::<TlsError>() {
                return Some(Self::of(found));
            }
            // An error of the system hides the one that it was made from.
            let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
            next = match wrapped {
                Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
                None => error.source(),
            };
        }
        None
    }

    /// What it is and what to do; `section` is where the settings of the connection stand.
    pub fn told(&self, section: &str) -> String {
        match self {
            Self::UnknownCa => format!(
                "unknown CA: nobody whom we trust has signed the server's certificate. Set {section}.ca_file to the CA that did"
            ),
            Self::Expired => "the server's certificate has expired. Renew it on the server".to_owned(),
            Self::NotYetValid => {
                "the server's certificate is not valid yet. Compare the clocks of both machines".to_owned()
            }
            Self::WrongHost(names) => {
                let names = if names.is_empty() { "another name".to_owned() } else { names.join(", ") };
                format!(
                    "wrong host name: the server's certificate is for {names}. Write that name into the settings of \
                     [{section}], or have the certificate made for the name that stands there"
                )
            }
            Self::Revoked => "the server's certificate has been revoked. Renew it on the server".to_owned(),
            Self::NoTls => format!(
                "what answers there does not speak TLS. Look at the port, and at whether [{section}] should use TLS"
            ),
            Self::CertificateMissing => format!(
                "client certificate missing: the server wants one. Set {section}.certificate_file and {section}.certificate_key_file"
            ),
            Self::CertificateRefused(word) => format!(
                "the server refuses our client certificate ({word}). It must be valid and signed by a CA that the server \
                 trusts: look at {section}.certificate_file"
            ),
            Self::Other(text) => format!("TLS failed: {text}"),
        }
    }
}

fn of_certificate(why: &CertificateError) -> TlsTrouble {
    match why {
        // The second: a CA of the same name that is another one, such as one made anew.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsTrouble::UnknownCa,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsTrouble::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => TlsTrouble::NotYetValid,
        CertificateError::NotValidForName => TlsTrouble::WrongHost(Vec::new()),
        CertificateError::NotValidForNameContext { presented, .. } => {
            TlsTrouble::WrongHost(presented.iter().map(|name| plain(name).to_owned()).collect())
        }
        CertificateError::Revoked => TlsTrouble::Revoked,
        other => TlsTrouble::Other(format!("the server's certificate cannot be used: {other}")),
    }
}

/// The name in `DnsName("kafka.example")`.
fn plain(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')'));
    inner.trim_matches('"')
}

fn of_alert(alert: AlertDescription) -> TlsTrouble {
    match alert {
        AlertDescription::CertificateRequired => TlsTrouble::CertificateMissing,
        AlertDescription::BadCertificate => TlsTrouble::CertificateRefused("bad certificate".to_owned()),
        AlertDescription::UnsupportedCertificate => TlsTrouble::CertificateRefused("unsupported".to_owned()),
        AlertDescription::CertificateRevoked => TlsTrouble::CertificateRefused("revoked".to_owned()),
        AlertDescription::CertificateExpired => TlsTrouble::CertificateRefused("expired".to_owned()),
        AlertDescription::CertificateUnknown => TlsTrouble::CertificateRefused("unknown certificate".to_owned()),
        AlertDescription::UnknownCA => TlsTrouble::CertificateRefused("unknown CA".to_owned()),
        AlertDescription::AccessDenied => TlsTrouble::CertificateRefused("access denied".to_owned()),
        other => TlsTrouble::Other(format!("the server ended it: {other:?}")),
    }
}
