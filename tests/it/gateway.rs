//! A gateway between a store and ClickHouse that speaks HTTP: it reads each question whole, may answer in ClickHouse's place,
//! and may change what ClickHouse answered. The answer is framed anew, in order, whatever it holds.

use std::{
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

pub struct Asked {
    /// Method, path and version.
    pub line: String,
    pub body: Vec<u8>,
}

#[derive(Clone)]
pub struct Answer {
    /// Status line and headers, without those that frame the body.
    pub head: String,
    pub body: Vec<u8>,
}

pub enum Does {
    Pass,
    /// With these settings besides: `max_memory_usage=1000000`.
    PassWith(&'static str),
    Say(Answer),
    /// ClickHouse is asked, and its answer lost.
    Lose,
    /// The question is taken and never answered.
    Hang,
    /// A head, and then a byte now and then.
    Trickle,
    /// ClickHouse's answer, changed.
    Change(fn(Vec<u8>) -> Vec<u8>),
}

type Handler = Arc<dyn Fn(&Asked) -> Does + Send + Sync>;

pub struct Gateway {
    pub url: String,
    /// Every question so far.
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

impl Gateway {
    pub fn new(clickhouse: &str, does: impl Fn(&Asked) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = clickhouse.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (does, all): (Handler, _) = (Arc::new(does), Arc::clone(&asked));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (does, server, all) = (Arc::clone(&does), server.clone(), Arc::clone(&all));
                thread::spawn(move || {
                    let _ = serve(client, &server, &does, &all);
                });
            }
        });
        Self { url, asked }
    }
}

/// One question a connection.
fn serve(mut client: TcpStream, server: &str, does: &Handler, all: &Mutex<Vec<Asked>>) -> io::Result<()> {
    let (head, body) = message(&mut client)?;
    let line = head.lines().next().unwrap_or_default().to_owned();
    let asked = Asked { line, body };
    let act = does(&asked);
    let answer = match &act {
        Does::Hang => {
            all.lock().unwrap().push(asked);
            // Until the other side has gone.
            let _ = client.read(&mut [0; 1]);
            return Ok(());
        }
        Does::Trickle => {
            client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n")?;
            let id = asked.line.split("query_id=").nth(1).and_then(|rest| rest.split(['&', ' ']).next()).unwrap();
            write!(client, "X-ClickHouse-Query-Id: {id}\r\n\r\n")?;
            // Many columns with long names, which take their time.
            while client.write_all(b"\x7f").is_ok() {
                crate::service::pause(50);
            }
            return Ok(());
        }
        Does::Say(answer) => answer.clone(),
        Does::PassWith(settings) => forward(server, &head, &asked, settings)?,
        Does::Pass | Does::Lose | Does::Change(_) => forward(server, &head, &asked, "")?,
    };
    all.lock().unwrap().push(asked);
    let body = match act {
        Does::Lose => return Ok(()),
        Does::Change(change) => change(answer.body),
        _ => answer.body,
    };
    write!(client, "{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.head, body.len())?;
    client.write_all(&body)
}

fn forward(server: &str, head: &str, asked: &Asked, settings: &str) -> io::Result<Answer> {
    let mut upstream = TcpStream::connect(server)?;
    let line =
        if settings.is_empty() { asked.line.clone() } else { asked.line.replacen("/?", &format!("/?{settings}&"), 1) };
    let head = unframed(head);
    let rest = head.split_once("\r\n").map_or("", |(_, rest)| rest);
    write!(upstream, "{line}\r\n{rest}\r\n")?;
    write!(upstream, "Content-Length: {}\r\nConnection: close\r\n\r\n", asked.body.len())?;
    // Who refuses may do so, and close, before he has read it all.
    let _ = upstream.write_all(&asked.body);
    let (head, body) = message(&mut upstream)?;
    Ok(Answer { head: unframed(&head), body })
}

/// Without the headers that say where the body ends and what becomes of the connection.
fn unframed(head: &str) -> String {
    let frames = ["content-length:", "transfer-encoding:", "connection:", "keep-alive:"];
    let kept = head.lines().filter(|line| !frames.iter().any(|frame| line.to_ascii_lowercase().starts_with(frame)));
    kept.collect::<Vec<_>>().join("\r\n")
}

/// Head and body, out of their frame.
fn message(from: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        more(from, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end + 4);
    let lower = head.to_ascii_lowercase();
    if let Some(length) = lower.lines().find_map(|line| line.strip_prefix("content-length:")) {
        let length: usize = length.trim().parse().map_err(io::Error::other)?;
        while body.len() < length {
            more(from, &mut body)?;
        }
    } else if lower.contains("transfer-encoding: chunked") {
        body = chunks(from, body)?;
    }
    Ok((head, body))
}

fn chunks(from: &mut TcpStream, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let Some(end) = bytes[at..].windows(2).position(|two| two == b"\r\n").map(|end| at + end) else {
            more(from, &mut bytes)?;
            continue;
        };
        let length = usize::from_str_radix(&String::from_utf8_lossy(&bytes[at..end]), 16).map_err(io::Error::other)?;
        while bytes.len() < end + 2 + length + 2 {
            more(from, &mut bytes)?;
        }
        if length == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&bytes[end + 2..end + 2 + length]);
        at = end + 2 + length + 2;
    }
}

fn more(from: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 65_536];
    match from.read(&mut buffer)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        read => {
            bytes.extend_from_slice(&buffer[..read]);
            Ok(())
        }
    }
}
