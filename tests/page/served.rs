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
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { program, address }
    }

    pub fn pid(&self) -> u32 {
        self.program.id()
    }

    /// Head and body.
    pub fn get(&self, address: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {address} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    pub fn page(&self, address: &str) -> String {
        let (head, body) = self.get(address);
        assert!(head.starts_with("HTTP/1.1 200"), "{address}: {head}\n{body}");
        body
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
