//! Somebody who uploads files on the page, step by step as a browser does it.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

use crate::{served::Served, service::wait_for};

const LONG: Duration = Duration::from_secs(120);

/// Somebody at a page.
pub struct Clerk<'s> {
    pub served: &'s Served,
    pub cookie: String,
}

impl Clerk<'_> {
    pub fn asked(&self, method: &str, address: &str, kind: &str, body: &[u8]) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.served.address).unwrap();
        let (host, cookie, length) = (&self.served.address, &self.cookie, body.len());
        let head = format!(
            "{method} {address} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{kind}Connection: close\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        // Who is refused early may be answered before the end of it is sent.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end =
            answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {address}"));
        (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec())
    }

    pub fn got(&self, address: &str) -> (u16, String) {
        let (head, body) = self.asked("GET", address, "", b"");
        (status(&head), String::from_utf8_lossy(&body).into_owned())
    }

    pub fn page(&self, address: &str) -> String {
        let (status, page) = self.got(address);
        assert_eq!(status, 200, "{address}\n{page}");
        page
    }

    pub fn csrf(&self) -> String {
        let page = self.page("/upload");
        page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    }

    /// A form; status, and where it leads or what it says.
    pub fn posted(&self, address: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let csrf = self.csrf();
        let body =
            form_urlencoded::Serializer::new(String::new()).append_pair("csrf", &csrf).extend_pairs(fields).finish();
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let (head, body) = self.asked("POST", address, kind, body.as_bytes());
        (status(&head), location(&head).unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
    }

    /// As a browser sends a form with a file.
    pub fn sent_file(&self, address: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> (u16, String) {
        const MARK: &str = "----tongguan0123456789";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some((name, bytes)) = file {
            let part = format!(
                "--{MARK}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(part.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{MARK}--\r\n").as_bytes());
        let kind = format!("Content-Type: multipart/form-data; boundary={MARK}\r\n");
        let (head, body) = self.asked("POST", address, &kind, &body);
        (status(&head), location(&head).unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
    }

    pub fn tried_to_upload(&self, stream: &str, name: &str, bytes: &[u8]) -> (u16, String) {
        let csrf = self.csrf();
        self.sent_file("/upload", &[("csrf", &csrf), ("stream", stream)], Some((name, bytes)))
    }

    /// Its address, once it is read.
    pub fn uploaded(&self, stream: &str, name: &str, bytes: &[u8]) -> String {
        let (status, at) = self.tried_to_upload(stream, name, bytes);
        assert_eq!(status, 303, "{at}");
        self.idle(&at);
        at
    }

    pub fn json(&self, at: &str) -> Value {
        serde_json::from_str(&self.page(&format!("{at}.json"))).unwrap()
    }

    pub fn idle(&self, at: &str) -> Value {
        wait_for("the upload", LONG, || self.json(at)["is_busy"] == false);
        self.json(at)
    }

    /// By the mapping that is proposed as a whole.
    pub fn tried_by_text(&self, at: &str) -> Value {
        let page = self.page(&format!("{at}/columns"));
        let text = page.split("<textarea name=\"toml\"").nth(1).and_then(|rest| rest.split_once('>')).unwrap().1;
        let text = unescaped(text.split("</textarea>").next().unwrap());
        let (status, to) = self.posted(&format!("{at}/mapping"), &[("toml", &text)]);
        assert_eq!((status, to.as_str()), (303, format!("{at}/trial").as_str()), "{to}");
        self.idle(at)["trial"].clone()
    }

    /// What the trial's page asks once more.
    pub fn confirmed(&self, at: &str) -> Value {
        let page = self.page(&format!("{at}/trial"));
        let hidden = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            page.split(&mark)
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_else(|| panic!("{page}"))
                .to_owned()
        };
        let (status, to) = self.posted(&format!("{at}/send"), &[("at", &hidden("at")), ("events", &hidden("events"))]);
        assert_eq!((status, to.as_str()), (303, format!("{at}/sent").as_str()), "{to}");
        self.idle(at)["sent"].clone()
    }

    pub fn rejects(&self, at: &str) -> Vec<Vec<String>> {
        let text = self.page(&format!("{at}/rejects.csv"));
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    pub fn dropped(&self, at: &str) {
        assert_eq!(self.posted(at, &[("act", "drop")]).0, 303);
    }
}

pub fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

fn location(head: &str) -> Option<String> {
    head.lines().find_map(|line| line.strip_prefix("location: ")).map(|to| to.trim().to_owned())
}

fn unescaped(text: &str) -> String {
    [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

pub fn everybody(served: &Served) -> Clerk<'_> {
    Clerk { served, cookie: String::new() }
}
