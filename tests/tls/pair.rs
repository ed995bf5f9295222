//! The secure pair, with certificates that the test made.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::certificates::Authority;

pub struct Pair {
    folder: PathBuf,
    ports: Vec<(String, String)>,
    pub authority: Authority,
    /// What the service needs to reach it, as `("KAFKA__USER", "tongguan")`.
    pub settings: Vec<(String, String)>,
}

impl Pair {
    pub fn start() -> Self {
        let local = env::var_os("TONGGUAN_LOCAL_DIR").map_or_else(|| root().join(".local"), PathBuf::from);
        let folder = std::path::absolute(local.join("tls")).unwrap();
        let authority = Authority::new("the test's CA");
        let mut pair = Self { folder, ports: Vec::new(), authority, settings: Vec::new() };
        pair.script("down", &[]); // what a killed test left behind
        let _ = fs::remove_dir_all(&pair.folder);
        let certificates = pair.certificates();
        fs::create_dir_all(&certificates).unwrap();
        pair.authority.write_ca(&certificates.join("ca.pem"));
        pair.authority.sign_server(&certificates, 2100);
        pair.authority.sign(&certificates, "tongguan", "tongguan", 2100);
        for name in
            ["kafka-broker", "kafka-tongguan", "clickhouse-migrate", "clickhouse-tongguan", "clickhouse-analyst"]
        {
            fs::write(certificates.join(format!("{name}.password")), format!("{:032x}\n", rand::random::<u128>()))
                .unwrap();
        }
        pair.ports = exports(&pair.script("free-ports", &[]));
        pair.script("up", &[]);
        let settings = exports(&pair.script("env", &[])).into_iter();
        pair.settings = settings.map(|(name, value)| (name.replace("TONGGUAN__", ""), value)).collect();
        pair
    }

    pub fn certificates(&self) -> PathBuf {
        self.folder.join("secure/certificates")
    }

    /// Stops what shows a certificate and starts it again with one that ends in another year.
    pub fn show_certificate_until(&self, year: i32) {
        self.script("down", &["kafka", "tls"]);
        self.authority.sign_server(&self.certificates(), year);
        self.script("up", &["kafka", "tls"]);
    }

    pub fn setting(&self, key: &str) -> &str {
        &self.settings.iter().find(|(known, _)| known == key).unwrap().1
    }

    fn script(&self, name: &str, services: &[&str]) -> String {
        let output = self.output(name, services);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "deploy/local/{name} --secure: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn output(&self, name: &str, services: &[&str]) -> Output {
        let mut command = Command::new(root().join("deploy/local").join(name));
        command.arg("--secure").args(services).env("TONGGUAN_LOCAL_DIR", &self.folder).envs(self.ports.iter().cloned());
        if env::var_os("TONGGUAN_LOCAL_READY_SECONDS").is_none() {
            command.env("TONGGUAN_LOCAL_READY_SECONDS", "60");
        }
        command.output().unwrap_or_else(|error| panic!("deploy/local/{name}: {error}"))
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        let output = self.output("down", &[]);
        if !output.status.success() {
            eprintln!("deploy/local/down --secure: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

fn exports(text: &str) -> Vec<(String, String)> {
    let pairs = text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
