//! Servers of a test's own: processes of `deploy/local` in folders of their own, which may be killed, stopped and damaged. Gone
//! when the test ends, however it ends.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

const SOON: Duration = Duration::from_secs(5);

/// One process.
#[derive(Debug)]
pub struct Server {
    pub service: &'static str,
    pub folder: PathBuf,
    pub port: u16,
    settings: Vec<(&'static str, String)>,
}

impl Server {
    pub fn clickhouse(folder: PathBuf, port: u16) -> Self {
        let settings = vec![("TONGGUAN_LOCAL_CLICKHOUSE_PORT", port.to_string())];
        Self { service: "clickhouse", folder, port, settings }.cleared()
    }

    /// With one more setting of deploy/local.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    pub fn up(&self) {
        self.script("up");
    }

    pub fn kill(&self) {
        self.script("kill");
    }

    /// SIGSTOP as `STOP`.
    #[allow(clippy::disallowed_methods, reason = "waits for another process, in real time")]
    pub fn signal(&self, name: &str) {
        if let Some(pid) = self.pid() {
            let kill = ["-c", "kill -s \"$1\" \"$2\"", "sh", name, &pid.to_string()].map(str::to_owned);
            let _ = Command::new("sh").args(kill).stderr(Stdio::null()).status();
            // Its threads stop one by one, and one of them may still answer.
            let deadline = Instant::now() + SOON;
            while name == "STOP" && !stands(pid) && Instant::now() < deadline {
                thread::sleep(Duration::from_millis(5));
            }
        }
    }

    fn pid(&self) -> Option<u32> {
        let file = fs::read_to_string(self.folder.join(self.service).join("pid")).ok()?;
        file.split(' ').next()?.parse().ok()
    }

    /// Runs a script of deploy/local; what it complains of is what the test fails with.
    pub fn script(&self, name: &str) {
        let output = self.run(name);
        assert!(output.status.success(), "deploy/local/{name} {}: {}", self.service, complaint(&output));
    }

    fn run(&self, name: &str) -> Output {
        let mut command = Command::new(root().join("deploy/local").join(name));
        command.arg(self.service).env("TONGGUAN_LOCAL_DIR", &self.folder);
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        if env::var_os("TONGGUAN_LOCAL_READY_SECONDS").is_none() {
            command.env("TONGGUAN_LOCAL_READY_SECONDS", "90");
        }
        command.output().unwrap_or_else(|error| panic!("deploy/local/{name}: {error}"))
    }

    /// What a killed run left behind goes.
    fn cleared(self) -> Self {
        self.signal("CONT");
        let _ = self.run("down");
        let _ = fs::remove_dir_all(&self.folder);
        fs::create_dir_all(&self.folder).unwrap();
        self
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In order it would take long where the others of its cluster are gone.
        self.run("kill");
        let output = self.run("down");
        if !output.status.success() {
            eprintln!("deploy/local/down: {}", complaint(&output));
        }
    }
}

/// All at once: each takes seconds.
pub fn up<'a>(servers: impl IntoIterator<Item = &'a Server>) {
    thread::scope(|scope| servers.into_iter().for_each(|server| drop(scope.spawn(|| server.up()))));
}

/// A way to a broker that somebody can stand in, and the port at which the broker itself expects those who come by it.
#[derive(Debug)]
#[allow(dead_code, reason = "who has one slot does not ask which")]
pub struct Door {
    pub slot: usize,
    pub server: u16,
    pub listener: TcpListener,
}

/// So many brokers of one cluster, not started yet. Those of each slot are told to come through doors of their own.
pub fn brokers(folder: &Path, count: usize, slots: usize, ports: &mut Ports) -> (Vec<Server>, Vec<Door>) {
    let own: Vec<(u16, u16)> = (0..count).map(|_| (ports.next(), ports.next())).collect();
    let voters: Vec<String> =
        own.iter().enumerate().map(|(at, (_, controller))| format!("{}@127.0.0.1:{controller}", at + 1)).collect();
    let (mut brokers, mut doors) = (Vec::new(), Vec::new());
    for (index, (port, controller)) in own.iter().enumerate() {
        let mut listeners = format!("BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}");
        let mut advertised = format!("BROKER://127.0.0.1:{port}");
        let mut protocols = "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT".to_owned();
        for slot in 0..slots {
            let (server, listener) = (ports.next(), TcpListener::bind("127.0.0.1:0").unwrap());
            listeners += &format!(",SLOT{slot}://127.0.0.1:{server}");
            advertised += &format!(",SLOT{slot}://{}", listener.local_addr().unwrap());
            protocols += &format!(",SLOT{slot}:PLAINTEXT");
            doors.push(Door { slot, server, listener });
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
        let folder = folder.join(format!("kafka-{}", index + 1));
        let settings = vec![
            ("TONGGUAN_LOCAL_KAFKA_PORT", port.to_string()),
            ("TONGGUAN_LOCAL_KAFKA_CONTROLLER_PORT", controller.to_string()),
        ];
        let broker = Server { service: "kafka", folder, port: *port, settings }.cleared();
        let file = broker.folder.join("more.properties");
        fs::write(&file, more.join("\n") + "\n").unwrap();
        brokers.push(broker.with("TONGGUAN_LOCAL_KAFKA_MORE", file.to_str().unwrap()));
    }
    (brokers, doors)
}

/// Ports that nobody listens on, below those that clients are given.
#[derive(Debug, Default)]
pub struct Ports(Vec<u16>);

impl Ports {
    #[allow(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u16 {
        loop {
            let port = rand::random_range(20_000..30_000);
            if !self.0.contains(&port) && TcpListener::bind(local(port)).is_ok() {
                self.0.push(port);
                return port;
            }
        }
    }
}

pub fn local(port: u16) -> SocketAddr {
    ([127, 0, 0, 1], port).into()
}

/// A folder of the local pair's, for servers and logs.
pub fn folder(name: &str) -> PathBuf {
    let local = env::var_os("TONGGUAN_LOCAL_DIR").map_or_else(|| root().join(".local"), PathBuf::from);
    std::path::absolute(local.join(name)).unwrap()
}

pub fn complaint(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Does every thread of it stand still?
fn stands(pid: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return true };
    threads.flatten().all(|thread| {
        // `number (name) state …`; a thread that has ended stands as well.
        let told = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        told.rsplit(") ").next().is_none_or(|rest| rest.is_empty() || rest.starts_with(['T', 't']))
    })
}
