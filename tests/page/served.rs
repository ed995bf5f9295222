//! The program as it serves a town's page, and what a browser would ask of it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
};

use crate::town::Town;

pub struct Served {
    program: Child,
    pub address: String,
}

impl Served {
    pub fn of(town: &Town) -> Self {
        Self::with(town, &[])
    }

    /// With settings of its own: `("PAGE__TITLE", "…")`.
    pub fn with(town: &Town, settings: &[(&str, &str)]) -> Self {
        let mut command = town.command(&["serve"]);
        command.env("TONGGUAN__PAGE__LISTEN", "127.0.0.1:0").stdout(Stdio::piped());
        for (name, value) in settings {
            command.env(format!("TONGGUAN__{name}"), value);
        }
        let mut program = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().trim_start_matches("http://").trim_start_matches("https://").trim_end_matches('/').to_owned();
        Self { program, address }
    }

    pub fn pid(&self) -> u32 {
        self.program.id()
    }

    /// Head and body.
    pub fn get(&self, address: &str) -> (String, String) {
        self.asked("GET", address, "", "")
    }

    /// A form, as a browser sends it.
    pub fn post(&self, address: &str, fields: &[(&str, &str)]) -> (String, String) {
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let fields: Vec<String> = fields.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
        self.asked("POST", address, "", &fields.join("&"))
    }

    pub fn json(&self, address: &str) -> serde_json::Value {
        serde_json::from_str(&self.page(address)).unwrap()
    }

    /// A request whose answer is read as it comes.
    pub fn open(&self, address: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {address} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        stream
    }

    pub fn program(&mut self) -> &mut Child {
        &mut self.program
    }

    /// Head and body. Each of `headers` ends with `\r\n`.
    pub fn asked(&self, method: &str, address: &str, headers: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (host, length) = (&self.address, body.len());
        let lines = format!("Host: {host}\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n");
        stream.write_all(format!("{method} {address} HTTP/1.1\r\n{lines}\r\n{body}").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// Refused, with these words on the Chinese page, which has no sentence in English; and the English page has none in Chinese.
    pub fn refused(&self, address: &str, status: u16, words: &[&str]) {
        let (head, body) = self.get(address);
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{address}: {head}\n{body}");
        for word in words {
            assert!(body.contains(word), "{address}: {word}: {body}");
        }
        if !head.to_lowercase().contains("text/html") {
            return;
        }
        assert!(is_chinese(&state(&body)) && !is_english(&state(&body)), "{address}: {}", state(&body));
        let mark = if address.contains('?') { '&' } else { '?' };
        let (head, body) = self.get(&format!("{address}{mark}lang=en"));
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{address}: {head}\n{body}");
        assert!(
            address.contains("lang=") || !is_chinese(&state(&body).replace("kind=投诉", "")),
            "{address}: {}",
            state(&body)
        );
        let but_commands = state(&body).replace("tongguan kpi --known-by", "");
        assert!(!but_commands.contains("--"), "{address}: a flag is of the command line: {}", state(&body));
    }

    pub fn page(&self, address: &str) -> String {
        let (head, body) = self.get(address);
        assert!(head.starts_with("HTTP/1.1 200"), "{address}: {head}\n{body}");
        body
    }
}

/// What a page says that there is no answer for.
pub fn state(page: &str) -> String {
    let state = page.split("<div class=\"state").nth(1).unwrap_or_else(|| panic!("nothing is said: {page}"));
    let state = state.split_once('>').unwrap().1.split("</div>").next().unwrap();
    state.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|char| ('一'..='龥').contains(&char))
}

/// Three words in a row, which no list of names is.
pub fn is_english(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).any(|three| three.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())))
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
