//! Servers of the suite's own, which may be killed, stopped and filled; gone when it ends, however it ends.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Output,
    sync::Arc,
};

use tokio::process::Command;

use super::{
    instance::Instance,
    proxy::{Gate, Protocol, signal},
};

/// One process of `deploy/local`, in a folder of its own.
#[derive(Debug)]
pub struct Server {
    pub service: &'static str,
    pub folder: PathBuf,
    pub port: u16,
    settings: Vec<(&'static str, String)>,
}

impl Server {
    /// Runs a script of deploy/local; what it complains of is what the test fails with.
    async fn script(&self, name: &str) {
        let output = self.command(name).output().await.unwrap();
        assert!(output.status.success(), "deploy/local/{name} {}: {}", self.service, complaint(&output));
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::from(self.blocking(name));
        command.kill_on_drop(true);
        command
    }

    fn blocking(&self, name: &str) -> std::process::Command {
        let mut command = std::process::Command::new(root().join("deploy/local").join(name));
        command.arg(self.service).env("TONGGUAN_LOCAL_DIR", &self.folder);
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        if env::var_os("TONGGUAN_LOCAL_READY_SECONDS").is_none() {
            command.env("TONGGUAN_LOCAL_READY_SECONDS", "90");
        }
        command
    }

    pub async fn up(&self) {
        self.script("up").await;
    }

    pub async fn kill(&self) {
        self.script("kill").await;
    }

    pub async fn signal(&self, name: &str) {
        let file = fs::read_to_string(self.folder.join(self.service).join("pid")).unwrap_or_default();
        if let Some(pid) = file.split(' ').next().and_then(|pid| pid.parse().ok()) {
            signal(pid, name).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is stopped cannot end.
        let pid = fs::read_to_string(self.folder.join(self.service).join("pid")).unwrap_or_default();
        let pid = pid.split(' ').next().unwrap_or_default();
        let _ = std::process::Command::new("sh").args(["-c", "kill -s CONT $1 2>&-", "sh", pid]).status();
        if let Ok(output) = self.blocking("down").output()
            && !output.status.success()
        {
            eprintln!("deploy/local/down: {}", complaint(&output));
        }
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
        let settings = vec![("TONGGUAN_LOCAL_CLICKHOUSE_PORT", port.to_string())];
        let clickhouse = Server { service: "clickhouse", folder: folder.join("clickhouse"), port, settings };
        clear(&clickhouse).await;
        let disk = Disk::mount(&clickhouse.folder.join("clickhouse/data"));
        let (brokers, mut doors) = nodes(&folder, brokers, &mut ports).await;
        let ups = brokers.iter().chain([&clickhouse]).map(Server::up);
        join_all(ups).await;
        let mut slots = Vec::new();
        for number in 0..SLOTS {
            let (to_clickhouse, to_kafka) = (Gate::new(), Gate::new());
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            to_clickhouse.door(Protocol::Http, local(clickhouse.port), listener).await;
            let mut addresses = Vec::new();
            for door in doors.iter_mut().filter(|door| door.slot == number) {
                let listener = door.listener.take().unwrap();
                addresses.push(listener.local_addr().unwrap().to_string());
                to_kafka.door(Protocol::Kafka, local(door.server), listener).await;
            }
            let brokers = addresses.join(",");
            slots.push(Slot { clickhouse: to_clickhouse, kafka: to_kafka, url, brokers, http: ports.next() });
        }
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
    let local = env::var_os("TONGGUAN_LOCAL_DIR").map_or_else(|| root().join(".local"), PathBuf::from);
    std::path::absolute(local.join("faults")).unwrap()
}

/// A gate's listener before one broker, and the port at which the broker expects it.
struct Door {
    slot: usize,
    server: u16,
    listener: Option<tokio::net::TcpListener>,
}

/// Brokers that tell each slot to come through its own gate: a listener for each.
async fn nodes(folder: &Path, count: usize, ports: &mut Ports) -> (Vec<Server>, Vec<Door>) {
    let own: Vec<(u16, u16)> = (0..count).map(|_| (ports.next(), ports.next())).collect();
    let voters: Vec<String> =
        own.iter().zip(1..).map(|((_, controller), id)| format!("{id}@127.0.0.1:{controller}")).collect();
    let (mut brokers, mut doors) = (Vec::new(), Vec::new());
    for (index, (port, controller)) in own.iter().enumerate() {
        let (mut listeners, mut advertised, mut protocols) = (
            format!("BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}"),
            format!("BROKER://127.0.0.1:{port}"),
            "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT".to_owned(),
        );
        for slot in 0..SLOTS {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let (server, door) = (ports.next(), listener.local_addr().unwrap());
            listeners += &format!(",SLOT{slot}://127.0.0.1:{server}");
            advertised += &format!(",SLOT{slot}://{door}");
            protocols += &format!(",SLOT{slot}:PLAINTEXT");
            doors.push(Door { slot, server, listener: Some(listener) });
        }
        let copies = count.min(3);
        let more = [
            format!("node.id={}", index + 1),
            format!("controller.quorum.voters={}", voters.join(",")),
            format!("listeners={listeners}"),
            format!("advertised.listeners={advertised}"),
            format!("listener.security.protocol.map={protocols}"),
            format!("default.replication.factor={copies}"),
            format!("offsets.topic.replication.factor={copies}"),
            format!("min.insync.replicas={}", copies.div_ceil(2)),
            "group.max.session.timeout.ms=60000".to_owned(),
        ];
        let mut broker = Server {
            service: "kafka",
            folder: folder.join(format!("kafka-{}", index + 1)),
            port: *port,
            settings: vec![
                ("TONGGUAN_LOCAL_KAFKA_PORT", port.to_string()),
                ("TONGGUAN_LOCAL_KAFKA_CONTROLLER_PORT", controller.to_string()),
            ],
        };
        clear(&broker).await;
        let file = broker.folder.join("more.properties");
        fs::write(&file, more.join("\n") + "\n").unwrap();
        broker.settings.push(("TONGGUAN_LOCAL_KAFKA_MORE", file.to_str().unwrap().to_owned()));
        brokers.push(broker);
    }
    (brokers, doors)
}

/// What a killed run left behind goes.
async fn clear(server: &Server) {
    server.signal("CONT").await;
    let _ = server.command("down").output().await;
    Disk::unmount(&server.folder.join("clickhouse/data"));
    let _ = fs::remove_dir_all(&server.folder);
    fs::create_dir_all(&server.folder).unwrap();
}

async fn join_all(all: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

pub fn local(port: u16) -> SocketAddr {
    ([127, 0, 0, 1], port).into()
}

/// Ports that nobody listens on, below those that clients are given.
#[derive(Default)]
struct Ports(Vec<u16>);

impl Ports {
    fn next(&mut self) -> u16 {
        loop {
            let port = rand::random_range(20_000..30_000);
            if !self.0.contains(&port) && TcpListener::bind(local(port)).is_ok() {
                self.0.push(port);
                return port;
            }
        }
    }
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
            let _ = self.clickhouse.blocking("kill").output();
            Disk::unmount(&disk.0);
        }
    }
}

fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
