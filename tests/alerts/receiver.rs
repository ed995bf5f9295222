//! A unit's own system that is pushed to: answers as it is told, and remembers what came.
#![allow(clippy::disallowed_methods, reason = "tests wait for other processes, in real time")]

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Came {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    /// What it was answered; 0: nothing.
    pub status: u16,
}

impl Came {
    pub fn id(&self) -> String {
        let event: Value = serde_json::from_slice(&self.body).unwrap();
        event["id"].as_str().unwrap().to_owned()
    }
}

/// The answer to the nth request of a path: a status (0: silence) and more headers.
pub type Answers = fn(&str, usize) -> (u16, &'static str);

#[derive(Clone)]
pub struct Receiver {
    pub port: u16,
    came: Arc<Mutex<Vec<Came>>>,
}

impl Receiver {
    pub fn start(answers: Answers) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answers)
    }

    pub fn on(listener: TcpListener, answers: Answers) -> Self {
        Self::through(listener, answers, |stream| stream)
    }

    /// By https.
    pub fn secure(tls: ServerConfig, answers: Answers) -> Self {
        let tls = Arc::new(tls);
        let wrap = move |stream| StreamOwned::new(ServerConnection::new(Arc::clone(&tls)).unwrap(), stream);
        Self::through(TcpListener::bind("127.0.0.1:0").unwrap(), answers, wrap)
    }

    fn through<S: Read + Write + Send + 'static>(
        listener: TcpListener,
        answers: Answers,
        wrap: impl Fn(TcpStream) -> S + Send + 'static,
    ) -> Self {
        let new = Self { port: listener.local_addr().unwrap().port(), came: Arc::default() };
        let receiver = new.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (receiver, stream) = (receiver.clone(), wrap(stream));
                thread::spawn(move || receiver.answer(stream, answers));
            }
        });
        new
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// Ids of what was taken at a path, in order; doubles of one that follows itself are one.
    pub fn taken(&self, path: &str) -> Vec<String> {
        let mut ids: Vec<String> =
            self.all(path).into_iter().filter(|came| came.status == 200).map(|came| came.id()).collect();
        ids.dedup();
        ids
    }

    pub fn all(&self, path: &str) -> Vec<Came> {
        let path = format!("/{path}");
        self.came.lock().unwrap().iter().filter(|came| came.path == path).cloned().collect()
    }

    fn answer(&self, stream: impl Read + Write, answers: Answers) -> Option<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let path = line.split(' ').nth(1)?.to_owned();
            let mut headers = BTreeMap::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).ok()?;
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                headers.insert(name.to_lowercase(), value.to_owned());
            }
            let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
            reader.read_exact(&mut body).ok()?;
            let (status, more) = {
                let mut came = self.came.lock().unwrap();
                let number = came.iter().filter(|one| one.path == path).count();
                let (status, more) = answers(&path, number);
                came.push(Came { path, headers, body, status });
                (status, more)
            };
            if status == 0 {
                thread::sleep(Duration::from_secs(30));
                return None;
            }
            write!(reader.get_mut(), "HTTP/1.1 {status} x\r\n{more}content-length: 0\r\n\r\n").ok()?;
            reader.get_mut().flush().ok()?;
        }
    }
}
