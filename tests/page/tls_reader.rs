//! A reader who speaks TLS, as a browser does: with or without a certificate of its own.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _},
};
use tongguan::tls;

pub type TlsLine = StreamOwned<ClientConnection, TcpStream>;

#[derive(Clone)]
pub struct TlsReader {
    config: Arc<ClientConfig>,
}

/// Status, head and body.
#[derive(Debug)]
pub struct TlsAnswer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl TlsAnswer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl TlsReader {
    pub fn new(ca: &Path, own: Option<&[PathBuf; 2]>) -> Self {
        Self::with(ca, own, rustls::ALL_VERSIONS)
    }

    pub fn with(ca: &Path, own: Option<&[PathBuf; 2]>, versions: &[&'static SupportedProtocolVersion]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        let builder = builder.with_root_certificates(roots);
        let mut config = match own {
            Some([certificate, key]) => {
                let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
                builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap()).unwrap()
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Self { config: Arc::new(config) }
    }

    pub fn connect(&self, address: &str) -> io::Result<TlsLine> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut tls = ClientConnection::new(Arc::clone(&self.config), ServerName::try_from("127.0.0.1").unwrap())
            .map_err(io::Error::other)?;
        while tls.is_handshaking() {
            tls.complete_io(&mut stream)?;
        }
        Ok(StreamOwned::new(tls, stream))
    }

    /// The fingerprint of whom it meets there.
    pub fn met(&self, address: &str) -> [u8; 32] {
        let line = self.connect(address).unwrap();
        tls::fingerprint(&line.conn.peer_certificates().unwrap()[0])
    }

    /// To the end of the answer, which is the end of the connection; a connection that is cut off is an error.
    pub fn asked(&self, address: &str, method: &str, path: &str, headers: &str, body: &str) -> io::Result<TlsAnswer> {
        let mut line = self.connect(address)?;
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\n{headers}Content-Length: {length}\r\n\r\n");
        line.write_all((head + body).as_bytes())?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)?;
        Ok(parted(&answer))
    }

    pub fn get(&self, address: &str, path: &str) -> TlsAnswer {
        self.asked(address, "GET", path, "", "").unwrap()
    }
}

fn parted(answer: &[u8]) -> TlsAnswer {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    TlsAnswer { status, head, body: answer[end + 4..].to_vec() }
}

/// One more request of a connection that is kept; its status. Only for answers that say how long they are.
pub fn again(line: &mut TlsLine, address: &str, path: &str) -> u16 {
    write!(line, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        line.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    line.read_exact(&mut vec![0; length]).unwrap();
    head.split(' ').nth(1).unwrap().parse().unwrap()
}
