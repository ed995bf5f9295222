//! Who is at the other end of a connection.

use std::net::IpAddr;

use crate::domain::time::Millis;

/// Every request of the connection says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    pub address: IpAddr,
    /// None: nothing is encrypted between us.
    pub tls: Option<PeerTls>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerTls {
    /// What was shown, and signed by whom we trust.
    pub certificate: Option<PeerCertificate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerCertificate {
    /// SHA-256 of the whole certificate.
    pub fingerprint: [u8; 32],
    /// None: the handshake could tell, and we cannot.
    pub ends: Option<Millis>,
}
