//! A feeder over plain HTTP, which takes nothing for granted: an answer that is not whole is none.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::inlet::Inlet;

pub const EVENTS: &str = "/v1/events?stream=hotline";

/// Guards against hanging; nothing is said of speed.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Clone, Debug)]
pub struct Ask {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// To the stream of the tests.
    pub fn post(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::new("POST", EVENTS).header("content-type", kind) }
    }

    pub fn json(body: &Value) -> Self {
        Self::post("application/json", body.to_string())
    }

    /// One event a line.
    pub fn lines<'a>(events: impl IntoIterator<Item = &'a Value>) -> Self {
        let lines: String = events.into_iter().map(|event| format!("{event}\n")).collect();
        Self::post("application/x-ndjson", lines)
    }

    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub fn body(&self) -> &[u8] {
        &self.body
    }

    pub fn head(&self, address: &str, length: usize) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head + &format!("Content-Length: {length}\r\n\r\n")
    }

    pub fn to(&self, inlet: &Inlet) -> Answer {
        self.at(&inlet.address).unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.path))
    }

    pub fn at(&self, address: &str) -> io::Result<Answer> {
        let mut stream = connect(address)?;
        stream.write_all(self.head(address, self.body.len()).as_bytes())?;
        // Who is refused early may not get rid of the rest of the body; the answer counts.
        let _ = stream.write_all(&self.body);
        Answer::read(&mut stream)
    }
}

pub fn connect(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

pub fn get(address: &str, path: &str) -> Answer {
    Ask::new("GET", path).at(address).unwrap_or_else(|error| panic!("GET {path}: {error}"))
}

#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// To the end of the connection; one that breaks off is an error.
    pub fn read(stream: &mut TcpStream) -> io::Result<Self> {
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        let answer = Self::parsed(&answer);
        match ended {
            // What came before the connection was reset may be the whole answer.
            Err(error) => answer.map_err(|_| error),
            Ok(_) => answer,
        }
    }

    fn parsed(answer: &[u8]) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::UnexpectedEof, what.to_owned());
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(|| broken("no head"))?;
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| broken("no status"))?;
        let whole = Self { status, head, body: answer[end + 4..].to_vec() };
        let length = whole.header("content-length").map(|length| length.parse::<usize>().unwrap());
        // OPTIONS and such may have neither body nor length.
        if length.unwrap_or(whole.body.len()) != whole.body.len() || whole.header("transfer-encoding").is_some() {
            return Err(broken("half a body, or one in parts"));
        }
        Ok(whole)
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let mut pairs = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs.find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }

    pub fn text(&self) -> String {
        format!("{}\n{}", self.head, String::from_utf8_lossy(&self.body))
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        self.json()
    }

    /// A refusal of one event or of the whole, as RFC 9457 has it.
    pub fn problem(&self, status: u16) -> Value {
        let said = self.is(status);
        assert_eq!(self.header("content-type").as_deref(), Some("application/problem+json"), "{}", self.text());
        assert_eq!(said["status"], status, "{said}");
        for name in ["type", "title", "detail"] {
            assert!(said[name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {said}");
        }
        said
    }

    /// A batch that could be read: taken, known, refused, untried, failed; and how many were neither taken nor known.
    pub fn counts(&self) -> [u64; 5] {
        let said = self.is(207);
        let counts = ["taken", "known", "refused", "untried", "failed"].map(|name| said[name].as_u64().unwrap());
        let refused = self.header("tongguan-refused").unwrap_or_else(|| panic!("no header: {}", self.text()));
        assert_eq!(refused.parse::<u64>().unwrap(), counts[2..].iter().sum::<u64>(), "{}", self.text());
        counts
    }

    /// Index and status of what a batch says of single events.
    pub fn items(&self) -> Vec<(u64, u64)> {
        let said = self.is(207);
        let items = said["items"].as_array().unwrap();
        items.iter().map(|item| (item["index"].as_u64().unwrap(), item["status"].as_u64().unwrap())).collect()
    }
}
