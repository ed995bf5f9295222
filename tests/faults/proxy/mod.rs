//! Lines of the suite's own between an instance and its servers. Each instance has a gate to ClickHouse and one to Kafka, where it
//! is seen what is asked, and where a trap makes exactly the request that is meant go wrong.

mod http;
mod kafka;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::watch,
    time::{sleep, timeout},
};

pub use self::http::page;

/// The line as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Line {
    Open,
    /// Connections are cut and taken no more.
    Refused,
    /// Nothing passes in either direction, and nothing ends.
    Frozen,
    /// Each request is late by so many ms.
    Slow(u64),
    /// So many bytes of an answer in 5 ms.
    Thin(usize),
    /// ClickHouse is asked under another account, and says itself what it says to one whose password has changed.
    Denied,
}

/// What becomes of the one request that a trap is set for.
#[derive(Clone, Debug)]
pub enum Act {
    /// `kill -9` of the instance: before the server sees the request, or after it has done it, before the answer is back.
    KillBefore,
    KillAfter,
    /// The connection is cut: before the server sees the request, or after it has done it.
    LoseBefore,
    LoseAfter,
    /// SIGSTOP of the instance; the request goes on when the instance does, long after the server gave it up.
    StopHeld,
    /// SIGSTOP of the instance; the request goes on at once.
    Stop,
    /// Answered in place of the server.
    Answer(Vec<u8>),
    /// The server does it, and something else answers.
    Pretend(Vec<u8>),
    /// Never answered; the connection stays.
    Never,
    /// Only so many thousandths of the request, or of the answer, come through; then the connection is cut.
    CutRequest(usize),
    CutAnswer(usize),
    /// The answer ends in order, after half of its rows.
    CutAtRow,
    Late(u64),
    /// An error code of Kafka's in the server's own answer.
    Code(i16),
}

#[derive(Debug)]
struct State {
    line: Line,
    trap: Option<(&'static str, Act)>,
    pid: Option<u32>,
}

#[derive(Debug)]
pub struct Gate {
    state: Mutex<State>,
    /// Another value cuts what is open.
    epoch: watch::Sender<u64>,
    /// Requests that a trap caught.
    caught: watch::Sender<u64>,
    line: watch::Sender<Line>,
    /// Instances that were stopped may go on.
    released: watch::Sender<u64>,
}

#[derive(Clone, Copy, Debug)]
pub enum Protocol {
    Http,
    Kafka,
}

impl Gate {
    pub fn new() -> Arc<Self> {
        let state = State { line: Line::Open, trap: None, pid: None };
        let counter = || watch::channel(0).0;
        let line = watch::channel(Line::Open).0;
        Arc::new(Self { state: Mutex::new(state), epoch: counter(), caught: counter(), line, released: counter() })
    }

    /// A door of this gate, before a server. It is open for as long as the runtime runs.
    pub async fn door(self: &Arc<Self>, protocol: Protocol, server: SocketAddr, listener: TcpListener) {
        let gate = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let gate = Arc::clone(&gate);
                tokio::spawn(async move { gate.pass(protocol, client, server).await });
            }
        });
    }

    async fn pass(self: Arc<Self>, protocol: Protocol, client: TcpStream, server: SocketAddr) {
        if self.line() == Line::Refused {
            return;
        }
        let _ = client.set_nodelay(true);
        let mut epoch = self.epoch.subscribe();
        let talk = async {
            // Whoever hangs up has hung up: there is nobody to tell.
            let _ = match protocol {
                Protocol::Http => http::talk(client, server, &self).await,
                Protocol::Kafka => kafka::talk(client, server, &self).await,
            };
        };
        tokio::select! {
            () = talk => {}
            _ = epoch.changed() => {}
        }
    }

    pub fn line(&self) -> Line {
        self.state.lock().unwrap().line
    }

    pub fn set_line(&self, line: Line) {
        self.state.lock().unwrap().line = line;
        self.line.send_replace(line);
        if line == Line::Refused {
            self.cut();
        }
    }

    /// Cuts every connection that is open.
    pub fn cut(&self) {
        self.epoch.send_modify(|epoch| *epoch += 1);
    }

    pub fn set_trap(&self, kind: &'static str, act: Act) {
        self.state.lock().unwrap().trap = Some((kind, act));
    }

    /// Open, without a trap.
    pub fn clear(&self) {
        self.state.lock().unwrap().trap = None;
        self.set_line(Line::Open);
    }

    pub fn set_pid(&self, pid: Option<u32>) {
        self.state.lock().unwrap().pid = pid;
    }

    /// Waits for the trap to catch something; false when it did not in time.
    pub async fn has_caught(&self, within: Duration, act: impl Future<Output = ()>) -> bool {
        let mut caught = self.caught.subscribe();
        caught.mark_unchanged();
        act.await;
        let came = timeout(within, caught.changed()).await.is_ok();
        self.state.lock().unwrap().trap = None;
        came
    }

    pub fn release(&self) {
        self.released.send_modify(|count| *count += 1);
    }

    /// The act meant for a request of this kind, once.
    fn spring(&self, kind: &str) -> Option<Act> {
        let mut state = self.state.lock().unwrap();
        let (_, act) = state.trap.take_if(|(wanted, _)| *wanted == kind)?;
        Some(act)
    }

    fn note(&self) {
        self.caught.send_modify(|count| *count += 1);
    }

    async fn signal(&self, name: &str) {
        let pid = self.state.lock().unwrap().pid;
        if let Some(pid) = pid {
            signal(pid, name).await;
        }
    }

    /// Waits while nothing may pass, and for as long as the line is slow.
    async fn delay(&self) {
        let mut line = self.line.subscribe();
        let _ = line.wait_for(|line| *line != Line::Frozen).await;
        if let Line::Slow(ms) = self.line() {
            sleep(Duration::from_millis(ms)).await;
        }
    }

    async fn until_released(&self) {
        let _ = self.released.subscribe().changed().await;
    }

    async fn write(&self, to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
        if let Line::Thin(size) = self.line() {
            for piece in bytes.chunks(size) {
                to.write_all(piece).await?;
                sleep(Duration::from_millis(5)).await;
            }
            return Ok(());
        }
        to.write_all(bytes).await
    }
}

pub async fn signal(pid: u32, name: &str) {
    let kill = ["-c", "kill -s \"$1\" \"$2\"", "sh", name, &pid.to_string()].map(str::to_owned);
    let _ = Command::new("sh").args(kill).stderr(std::process::Stdio::null()).status().await;
}

fn thousandths(length: usize, share: usize) -> usize {
    (length * share / 1000).min(length.saturating_sub(1))
}
