//! A port before ClickHouse that passes everything on and remembers when a question was on its way: what a command takes beyond
//! that is its own.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

pub struct Forwarder {
    pub url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

/// From the first byte of a question to the last of its answer.
#[derive(Clone, Copy)]
struct Span {
    began: Instant,
    ended: Instant,
}

/// One connection, on which questions follow each other.
#[derive(Clone)]
struct Line {
    spans: Arc<Mutex<Vec<Span>>>,
    /// Which span goes on, and whether its answer has begun.
    current: Arc<Mutex<Option<(usize, bool)>>>,
}

impl Forwarder {
    pub fn before(url: &str) -> Self {
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let spans = Arc::<Mutex<Vec<Span>>>::default();
        let all = Arc::clone(&spans);
        thread::spawn(move || {
            for client in listener.incoming() {
                let server = TcpStream::connect(&address).expect("ClickHouse does not answer");
                Line { spans: Arc::clone(&all), current: Arc::default() }.serve(client.unwrap(), server);
            }
        });
        Self { url, spans }
    }

    /// How long there was any question on its way since the last call, and how many there were.
    pub fn take(&self) -> (Duration, usize) {
        let mut spans = std::mem::take(&mut *self.spans.lock().unwrap());
        spans.sort_by_key(|span| span.began);
        let mut total = Duration::ZERO;
        let mut until: Option<Instant> = None;
        for span in &spans {
            let began = until.map_or(span.began, |until| span.began.max(until));
            total += span.ended.saturating_duration_since(began);
            until = Some(until.map_or(span.ended, |until| until.max(span.ended)));
        }
        (total, spans.len())
    }
}

impl Line {
    fn serve(self, client: TcpStream, server: TcpStream) {
        for stream in [&client, &server] {
            stream.set_nodelay(true).unwrap();
        }
        let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        let asking = self.clone();
        thread::spawn(move || pass(from_client, server, || asking.asked()));
        thread::spawn(move || pass(from_server, client, || self.answered()));
    }

    fn asked(&self) {
        let mut current = self.current.lock().unwrap();
        if current.is_none_or(|(_, has_begun)| has_begun) {
            let mut spans = self.spans.lock().unwrap();
            let now = Instant::now();
            *current = Some((spans.len(), false));
            spans.push(Span { began: now, ended: now });
        }
    }

    fn answered(&self) {
        let mut current = self.current.lock().unwrap();
        if let Some((index, has_begun)) = current.as_mut() {
            *has_begun = true;
            if let Some(span) = self.spans.lock().unwrap().get_mut(*index) {
                span.ended = Instant::now();
            }
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, came: impl Fn()) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        came();
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
