//! The program as it takes events for a town.

use std::time::Duration;

use crate::{
    client::{Answer, get},
    service::{Ended, Service, wait_for},
    stood::{Stood, stood},
    town::Town,
};

pub const LONG: Duration = Duration::from_secs(60);

/// A town whose topics go with it; `Town` takes away only those that it made together with its schema.
pub struct Feeders(pub Town);

impl Feeders {
    /// With topics, and nothing in ClickHouse.
    pub fn new() -> Self {
        let town = Town::without_schema();
        ["hotline", "grid"].iter().for_each(|stream| town.make_topic(stream, 4, -1));
        Self(town)
    }

    pub fn inlet(&self, settings: &[(&str, &str)]) -> Inlet {
        Inlet::start(&self.0, settings)
    }

    /// What stands on the topic of a stream.
    pub fn stood(&self, stream: &str) -> Vec<Stood> {
        stood(&self.0, stream)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Feeders {
    fn drop(&mut self) {
        self.0.delete_topics(&["hotline", "grid"]);
    }
}

pub struct Inlet {
    pub service: Service,
    pub address: String,
}

impl Inlet {
    pub fn start(town: &Town, settings: &[(&str, &str)]) -> Self {
        Self::listening(Self::spawn(town, settings))
    }

    /// Whether it comes to listening or not.
    pub fn spawn(town: &Town, settings: &[(&str, &str)]) -> Service {
        let mut all = vec![("INLET__LISTEN", "127.0.0.1:0"), ("LOG__LEVEL", "debug")];
        all.extend(settings);
        Service::spawn(town, &["inlet"], &all)
    }

    fn listening(mut service: Service) -> Self {
        wait_for("the inlet to say where it listens", LONG, || {
            assert!(service.is_running(), "it ended: {}", service.stderr());
            service.stdout().contains('\n')
        });
        let said = service.stdout();
        let line = said.lines().next().unwrap().trim();
        let at = line.find("127.0.0.1:").unwrap_or_else(|| panic!("no address: {line}"));
        let address = line[at..].chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
        Self { service, address }
    }

    pub fn get(&self, path: &str) -> Answer {
        get(&self.address, path)
    }

    pub fn wait_until_ready(&self) {
        wait_for("the inlet to be ready", LONG, || self.get("/readyz").status == 200);
    }

    /// All that it said of itself.
    pub fn log(&self) -> String {
        self.service.stdout() + &self.service.stderr()
    }

    pub fn stop(&mut self) -> Ended {
        self.service.stop()
    }
}
