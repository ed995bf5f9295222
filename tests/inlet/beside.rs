//! `tongguan serve` opens the inlet too, on a port of its own, where the setting says so.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Stdio},
};

use crate::{
    client::{Ask, get},
    events::event,
    inlet::LONG,
    service::wait_for,
    stood::stood,
    town::Town,
};

struct Served(Child);

impl Served {
    /// With the address of its page.
    fn of(town: &Town, enabled: &str, inlet: &str) -> (Self, String) {
        let mut command = town.command(&["serve"]);
        command.env("TONGGUAN__PAGE__LISTEN", "127.0.0.1:0").env("TONGGUAN__INLET__ENABLED", enabled);
        let mut program =
            command.env("TONGGUAN__INLET__LISTEN", inlet).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        (Self(program), address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn the_page_and_the_inlet_run_side_by_side_where_it_is_enabled() {
    let town = Town::new();
    let inlet = free();
    let (_served, page) = Served::of(&town, "true", &inlet);
    let ask = Ask::json(&event("S", 1));
    wait_for("the inlet to open", LONG, || ask.at(&inlet).is_ok());
    ask.at(&inlet).unwrap().is(200);
    assert_eq!(stood(&town, "hotline").len(), 1);
    let at_page = Ask::json(&event("S", 2)).at(&page).unwrap();
    assert!(at_page.status >= 400, "the page takes no events: {}", at_page.text());
    assert_eq!(get(&inlet, "/figures").status, 404, "nor the inlet readers");
    assert_eq!(stood(&town, "hotline").len(), 1);
}

#[test]
fn where_it_is_not_enabled_nobody_listens() {
    let town = Town::new();
    let inlet = free();
    let (_served, page) = Served::of(&town, "false", &inlet);
    assert_eq!(get(&page, "/figures").status, 200);
    assert!(Ask::json(&event("S", 1)).at(&inlet).is_err());
}
