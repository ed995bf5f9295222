//! Servers of the suite's own, which may be killed, stopped and filled; gone when it ends, however it ends.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::process::Command;

use super::{
    instance::Instance,
    local::{self, Ports, local},
    proxy::{Gate, Protocol},
};

/// A server whose scripts take their time on another thread.
#[derive(Clone, Debug)]
pub struct Server(Arc<local::Server>);

impl Server {
    async fn does(&self, act: impl FnOnce(&local::Server) + Send + 'static) {
        let server = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || act(&server)).await.unwrap();
    }

    pub async fn up(&self) {
        self.does(local::Server::up).await;
    }

    pub async fn kill(&self) {
        self.does(local::Server::kill).await;
    }

    pub async fn signal(&self, name: &'static str) {
        self.does(move |server| server.signal(name)).await;
    }
}

impl std::ops::Deref for Server {
    type Target = local::Server;

    fn deref(&self) -> &local::Server {
        &self.0
    }
}

/// An instance's own way to its servers.
#[derive(Debug)]
pub struct Slot {
    pub clickhouse: Arc<Gate>,
    pub kafka: Arc<Gate>,
    pub url: String,
    pub brokers: String,
    pub http: u16,
}

#[derive(Debug)]
pub struct Servers {
    pub folder: PathBuf,
    pub brokers: Vec<Server>,
    pub clickhouse: Server,
    pub slots: Vec<Slot>,
    /// ClickHouse's data have a small disk of their own.
    pub disk: Option<Disk>,
}

pub const SLOTS: usize = 5;

impl Servers {
    /// From nothing, in the folder `name` of `.local/faults`.
    pub async fn start(name: &str, brokers: usize) -> Self {
        Instance::end_leftovers().await;
        let folder = logs().join(name);
        let mut ports = Ports::default();
        let port = ports.next();
        // What a killed run left behind goes.
        Disk::unmount(&folder.join("clickhouse/clickhouse/data"));
        let clickhouse = local::Server::clickhouse(folder.join("clickhouse"), port);
        let (brokers, doors) = local::brokers(&folder, brokers, SLOTS, &mut ports);
        let disk = Disk::mount(&clickhouse.folder.join("clickhouse/data"));
        local::up(brokers.iter().chain([&clickhouse]));
        let mut slots = Vec::new();
        for number in 0..SLOTS {
            let (to_clickhouse, to_kafka) = (Gate::new(), Gate::new());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            to_clickhouse.door(Protocol::Http, local(clickhouse.port), listener).await;
            let mut addresses = Vec::new();
            for door in doors.iter().filter(|door| door.slot == number) {
                let listener = door.listener.try_clone().unwrap();
                listener.set_nonblocking(true).unwrap();
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                addresses.push(listener.local_addr().unwrap().to_string());
                to_kafka.door(Protocol::Kafka, local(door.server), listener).await;
            }
            let brokers = addresses.join(",");
            slots.push(Slot { clickhouse: to_clickhouse, kafka: to_kafka, url, brokers, http: ports.next() });
        }
        let server = |server| Server(Arc::new(server));
        let (brokers, clickhouse) = (brokers.into_iter().map(server).collect(), server(clickhouse));
        Self { folder, brokers, clickhouse, slots, disk }
    }

    /// Not through any gate.
    pub fn direct_brokers(&self) -> String {
        let all: Vec<String> = self.brokers.iter().map(|broker| format!("127.0.0.1:{}", broker.port)).collect();
        all.join(",")
    }

    pub fn direct_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.clickhouse.port)
    }
}

/// Where the logs of everything stay.
pub fn logs() -> PathBuf {
    local::folder("faults")
}

/// A small file system, where this user may mount one.
#[derive(Debug)]
pub struct Disk(PathBuf);

const DISK: &str = "size=700m";

impl Disk {
    fn mount(folder: &Path) -> Option<Self> {
        fs::create_dir_all(folder).unwrap();
        let mounted =
            std::process::Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(folder).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(folder.to_owned()))
    }

    fn unmount(folder: &Path) {
        let _ = std::process::Command::new("umount").arg("-l").arg(folder).output();
    }

    /// Takes all the room that is left.
    pub async fn fill(&self) {
        let ballast = self.0.join("ballast");
        let _ =
            Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(format!("of={}", ballast.display())).output().await;
    }

    pub fn free(&self) {
        let _ = fs::remove_file(self.0.join("ballast"));
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        if let Some(disk) = &self.disk {
            disk.free();
            self.clickhouse.0.kill();
            Disk::unmount(&disk.0);
        }
    }
}
