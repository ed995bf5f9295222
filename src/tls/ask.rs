//! A handshake and no more, to learn why another library's came to nothing.

use std::{
    net::{TcpStream, ToSocketAddrs as _},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConnection, pki_types::ServerName};

use super::{Files, TlsTrouble};

/// Whether the server at `host:port` can be trusted. Each step waits for at most `patience`.
pub fn ask(address: &str, files: &Files, patience: Duration) -> Result<(), TlsTrouble> {
    let other = |error: &dyn std::fmt::Display| TlsTrouble::Other(error.to_string());
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host).trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(|error| other(&error))?;
    let config = files.client().map_err(|error| other(&error))?;
    let mut tls = ClientConnection::new(Arc::new(config), name).map_err(|error| TlsTrouble::of(&error))?;
    let first = address.to_socket_addrs().map_err(|error| other(&error))?.next();
    let first = first.ok_or_else(|| TlsTrouble::Other(format!("{host} has no address")))?;
    let mut line = TcpStream::connect_timeout(&first, patience).map_err(|error| other(&error))?;
    let bounded = line.set_read_timeout(Some(patience)).and_then(|()| line.set_write_timeout(Some(patience)));
    bounded.map_err(|error| other(&error))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut line).map_err(|error| TlsTrouble::within(&error).unwrap_or_else(|| other(&error)))?;
    }
    Ok(())
}
