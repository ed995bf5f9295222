//! A database of a test's own, in the servers that all tests share or in one of its own.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Arc, OnceLock},
};

use mysql_async::{Conn, OptsBuilder, prelude::Queryable as _};
use tokio::runtime::Runtime;

use crate::{
    local::{self, Ports, complaint, root},
    service::wait_for,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Postgres,
    MariaDb,
}

impl Kind {
    pub fn service(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MariaDb => "mariadb",
        }
    }

    /// The setting of deploy/local with this end.
    fn setting(self, end: &str) -> String {
        format!("TONGGUAN_LOCAL_{}_{end}", self.service().to_uppercase())
    }
}

pub struct Database {
    pub kind: Kind,
    pub name: String,
    pub port: u16,
    runtime: Arc<Runtime>,
    /// It is dropped with this.
    is_ours: bool,
}

impl Database {
    /// In the server that all tests share.
    pub fn new(kind: Kind) -> Self {
        static SHARED: OnceLock<()> = OnceLock::new();
        SHARED.get_or_init(|| script("up", &["postgres", "mariadb"], &[]));
        let pid = fs::read_to_string(local::folder(kind.service()).join("pid")).unwrap();
        Self::at(kind, pid.trim().rsplit(' ').next().unwrap().parse().unwrap())
    }

    /// In one that answers at this port.
    pub fn at(kind: Kind, port: u16) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let name = format!("p_{}_{:08x}", std::process::id(), rand::random::<u32>());
        let database = Self { kind, name, port, runtime: Arc::new(runtime), is_ours: true };
        database.within(
            match kind {
                Kind::Postgres => "postgres",
                Kind::MariaDb => "mysql",
            },
            &[&format!("CREATE DATABASE {}", database.name)],
        );
        database
    }

    /// One statement after the other, each by itself.
    pub fn run(&self, statements: &[&str]) {
        self.within(&self.name, statements);
    }

    fn within(&self, name: &str, statements: &[&str]) {
        let ran = self.runtime.block_on(self.connected(name, statements));
        ran.unwrap_or_else(|error| panic!("{statements:?}: {error}"));
    }

    /// In one session.
    async fn connected(&self, name: &str, statements: &[&str]) -> Result<(), String> {
        match self.kind {
            Kind::Postgres => {
                let config = format!("host=127.0.0.1 port={} user=tongguan password=tongguan dbname={name}", self.port);
                let (client, line) = tokio_postgres::connect(&config, tokio_postgres::NoTls).await.map_err(text)?;
                let line = tokio::spawn(line);
                for statement in statements {
                    client.batch_execute(statement).await.map_err(text)?;
                }
                line.abort();
            }
            Kind::MariaDb => {
                let options = OptsBuilder::default()
                    .ip_or_hostname("127.0.0.1")
                    .tcp_port(self.port)
                    .user(Some("tongguan"))
                    .pass(Some("tongguan"))
                    .prefer_socket(false)
                    .db_name(Some(name));
                let mut line = Conn::new(options).await.map_err(text)?;
                for statement in statements {
                    line.query_drop(*statement).await.map_err(text)?;
                }
            }
        }
        Ok(())
    }

    pub fn try_run(&self, statements: &[&str]) -> Result<(), String> {
        self.runtime.block_on(self.connected(&self.name, statements))
    }

    /// The same for another thread.
    pub fn twin(&self) -> Self {
        let (kind, name, port) = (self.kind, self.name.clone(), self.port);
        Self { kind, name, port, runtime: Arc::clone(&self.runtime), is_ours: false }
    }
}

fn text(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.is_ours {
            return;
        }
        let statement = match self.kind {
            Kind::Postgres => format!("DROP DATABASE {} WITH (FORCE)", self.name),
            Kind::MariaDb => format!("DROP DATABASE {}", self.name),
        };
        let within = if self.kind == Kind::Postgres { "postgres" } else { "mysql" };
        // A server of the test's own may be gone.
        let _ = self.runtime.block_on(self.connected(within, &[&statement]));
    }
}

/// A server of a test's own, which may be killed; gone when the test ends.
pub struct OwnServer {
    kind: Kind,
    folder: PathBuf,
    pub port: u16,
    more: PathBuf,
}

impl OwnServer {
    /// With more lines in its configuration.
    pub fn start(kind: Kind, name: &str, more: &str) -> Self {
        let folder = local::folder(name);
        let port = Ports::default().next();
        let mut server = Self { kind, more: folder.join("more"), folder, port };
        server.down();
        let _ = fs::remove_dir_all(&server.folder);
        fs::create_dir_all(&server.folder).unwrap();
        server.folder = server.folder.canonicalize().unwrap();
        fs::write(&server.more, more).unwrap();
        server.up();
        server
    }

    fn settings(&self) -> Vec<(String, String)> {
        vec![
            ("TONGGUAN_LOCAL_DIR".to_owned(), self.folder.to_str().unwrap().to_owned()),
            (self.kind.setting("PORT"), self.port.to_string()),
            (self.kind.setting("MORE"), self.more.to_str().unwrap().to_owned()),
        ]
    }

    pub fn up(&self) {
        script("up", &[self.kind.service()], &self.settings());
    }

    pub fn kill(&self) {
        script("kill", &[self.kind.service()], &self.settings());
    }

    fn down(&self) {
        if self.folder.exists() {
            script("down", &[self.kind.service()], &self.settings());
        }
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.down();
    }
}

fn script(name: &str, args: &[&str], settings: &[(String, String)]) {
    let mut command = Command::new(root().join("deploy/local").join(name));
    command.args(args).envs(settings.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    assert!(output.status.success(), "deploy/local/{name} {args:?}: {}", complaint(&output));
}

pub fn until(what: &str, is_so: impl FnMut() -> bool) {
    wait_for(what, std::time::Duration::from_secs(60), is_so);
}
