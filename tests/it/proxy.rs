//! Between the service and ClickHouse: a line that can be missing, answer nonsense, or be cut at the worst moment.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    Open,
    /// Nobody is there.
    Gone,
    /// Something else answers, as a load balancer does when it has lost its servers.
    BadGateway,
    /// Open, but the answer to the next insert into each of these tables is lost.
    LosesAnswers(Vec<&'static str>),
}

#[derive(Debug)]
struct State {
    line: Line,
    lost: Vec<&'static str>,
    open: Vec<TcpStream>,
}

pub struct Proxy {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    pub fn new(clickhouse: &str, line: Line) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), clickhouse, line)
    }

    pub fn at(address: SocketAddr, clickhouse: &str, line: Line) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = clickhouse.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let state = Arc::new(Mutex::new(State { line, lost: Vec::new(), open: Vec::new() }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                accept(client, &server, &shared);
            }
        });
        Self { url, state }
    }

    /// Connections that are open are cut.
    pub fn set(&self, line: Line) {
        let mut state = self.state.lock().unwrap();
        state.line = line;
        for connection in state.open.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// The tables whose answers were lost so far.
    pub fn lost(&self) -> Vec<&'static str> {
        self.state.lock().unwrap().lost.clone()
    }
}

fn accept(mut client: TcpStream, server: &str, shared: &Arc<Mutex<State>>) {
    let mut state = shared.lock().unwrap();
    match state.line {
        Line::Gone => {}
        Line::BadGateway => {
            thread::spawn(move || {
                let _ = client.read(&mut [0; 65_536]);
                let body = "<html><h1>502 Bad Gateway</h1></html>";
                let head = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close";
                let _ = write!(client, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            });
        }
        Line::Open | Line::LosesAnswers(_) => {
            let upstream = TcpStream::connect(server).unwrap();
            state.open.extend([client.try_clone().unwrap(), upstream.try_clone().unwrap()]);
            let cut = Arc::new(AtomicBool::new(false));
            let (to, from) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
            let (seen, state) = (Arc::clone(&cut), Arc::clone(shared));
            let note = move |bytes: &[u8]| {
                seen.fetch_or(is_to_be_lost(&state, bytes), Ordering::SeqCst);
                true
            };
            thread::spawn(move || pass(from, to, note));
            // The first byte of the answer comes when the insert is done.
            thread::spawn(move || pass(upstream, client, |_| !cut.load(Ordering::SeqCst)));
        }
    }
}

/// Is this the head of an insert whose answer is to be lost? Once for each table. The request itself passes.
fn is_to_be_lost(state: &Mutex<State>, bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let mut state = state.lock().unwrap();
    let Line::LosesAnswers(tables) = &mut state.line else { return false };
    let meant = |table: &&str| head.contains("INSERT") && head.contains(&format!(".{table}"));
    let Some(index) = tables.iter().position(meant) else { return false };
    let table = tables.remove(index);
    state.lost.push(table);
    true
}

/// Until either side ends, or the bytes may not pass.
fn pass(mut from: TcpStream, mut to: TcpStream, may_pass: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 65_536];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        if !may_pass(&buffer[..n]) || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    for side in [from, to] {
        let _ = side.shutdown(Shutdown::Both);
    }
}
