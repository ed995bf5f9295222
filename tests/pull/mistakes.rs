//! What is said to whoever makes one of the mistakes that everybody makes, and the code of the exit.

use std::{fs, net::TcpListener};

use crate::{
    database::{Database, Kind},
    service::Ended,
    task::{Task, write_secret},
    town::Town,
};

const ROWS: &str = "table = \"t\"\ngrowing = \"g\"";

struct Tried<'t> {
    task: Task<'t>,
    kind: Kind,
}

impl Tried<'_> {
    /// With one thing changed and then put back.
    fn with(&mut self, from: &str, to: &str, code: i32, said: &[&str]) {
        self.task.change(from, to);
        let ended = self.task.run(&["--once"]);
        self.hold(&ended, to, code, said);
        self.task.change(to, from);
    }

    fn hold(&self, ended: &Ended, what: &str, code: i32, said: &[&str]) {
        assert_eq!(ended.code, Some(code), "{:?} {what}: {}", self.kind, ended.stderr);
        for word in said {
            assert!(ended.stderr.contains(word), "{:?} {what}: {word} in {}", self.kind, ended.stderr);
        }
    }
}

fn made(kind: Kind) -> (Town, Database) {
    let (town, database) = (Town::new(), Database::new(kind));
    database.run(&["CREATE TABLE t (id int, v varchar(40), g int)", "INSERT INTO t VALUES (1, 'v', 1)"]);
    (town, database)
}

fn of_the_database(kind: Kind) {
    let (town, database) = made(kind);
    let mut tried = Tried { task: Task::new(&town, &database, ROWS), kind };
    tried.with("table = \"t\"", "table = \"tt\"", 3, &["tt"]);
    tried.with("growing = \"g\"", "growing = \"gg\"", 3, &["rows.growing", "no column `gg`", "`id`, `v`, `g`"]);
    tried.with("growing = \"g\"", "growing = \"v\"", 3, &["rows.growing", "`v` is of type", "CAST"]);
    let database = format!("database = \"{}\"", database.name);
    tried.with(&database, "database = \"nowhere\"", 3, &["nowhere"]);
    tried.with("[rows]\ntable = \"t\"", "[rows]\nquery = \"SELEC 1\"", 3, &["syntax"]);
    tried.with(
        "[rows]\ntable = \"t\"",
        "[rows]\nquery = \"SELECT id, g FROM t\"",
        3,
        &["no column `v`", "fields.title", "`id`, `g`"],
    );
    let password = tried.task.town.folder.path().join("password");
    write_secret(&password, "wrong\n");
    let ended = tried.task.run(&["--once"]);
    tried.hold(&ended, "a wrong password", 3, &["tongguan"]);
    assert!(!ended.stderr.contains("wrong\\n"), "{}", ended.stderr);
    write_secret(&password, "tongguan\n");
    tried.with(
        "password_file = \"password\"",
        "password_file = \"password\"\nca_file = \"ca.pem\"",
        3,
        &["database.ca_file", "ca.pem"],
    );
    let ca = crate::certificates::Authority::new("a CA");
    ca.write_ca(&tried.task.town.folder.path().join("ca.pem"));
    tried.with(
        "password_file = \"password\"",
        "password_file = \"password\"\nca_file = \"ca.pem\"",
        3,
        &[if kind == Kind::Postgres { "does not support TLS" } else { "does not have this capability" }],
    );
    assert_eq!(tried.task.run(&["--once"]).code, Some(0), "as it was");
}

#[test]
fn mistakes_with_postgres_are_said_and_end_with_their_code() {
    of_the_database(Kind::Postgres);
}

#[test]
fn mistakes_with_mariadb_are_said_and_end_with_their_code() {
    of_the_database(Kind::MariaDb);
}

#[test]
fn mistakes_of_task_state_and_surroundings_are_said_and_end_with_their_code() {
    let (town, database) = made(Kind::Postgres);
    let port = format!("port = {}", database.port);
    let mut tried = Tried { task: Task::new(&town, &database, ROWS), kind: Kind::Postgres };
    tried.with("every_s = 1", "evry_s = 1", 3, &["task.toml", "unknown key `evry_s`", "`every_s`"]);
    tried.with("[rows]\ntable = \"t\"", "[rows]", 3, &["rows: has none of", "`table`", "`query`"]);
    tried.with("password_file = \"password\"", "password_file = \"none\"", 3, &["cannot read", "none"]);
    tried.with("mapping = \"mapping.toml\"", "mapping = \"none.toml\"", 3, &["cannot read the mapping", "none.toml"]);
    tried.with("growing = \"g\"", "growing = \"g\"\nbegin = \"soon\"", 3, &["rows.begin", "soon", "a whole number"]);
    let ended = tried.task.run(&["--once", "--from", "yesterday"]);
    tried.hold(&ended, "--from", 3, &["--from", "yesterday", "a whole number"]);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    tried.with(&port, &format!("port = {nobody}"), 4, &["the database is away", "onnect"]);
    let ended = town.tongguan(&tried.task.args(&["--once"]), &[("KAFKA__BROKERS", "127.0.0.1:1")]);
    tried.hold(&ended, "Kafka is away", 4, &["Kafka"]);
    let ended = town.tongguan(&["pull", "--once"], &[]);
    tried.hold(&ended, "no task", 2, &["which task?"]);

    assert_eq!(tried.task.run(&["--once"]).code, Some(0));
    let position = tried.task.state("position");
    let mut bytes = fs::read(&position).unwrap();
    bytes[2] ^= 1;
    fs::write(&position, &bytes).unwrap();
    let ended = tried.task.run(&["--once"]);
    tried.hold(&ended, "a damaged position", 3, &["is damaged", "--from"]);
    assert_eq!(tried.task.run(&["--once", "--from", "0"]).code, Some(0));

    let first = tried.task.spawn();
    first.wait_for_log("a pass is done");
    let ended = tried.task.run(&["--once"]);
    tried.hold(&ended, "a second one", 1, &["another tongguan pulls", "task.state"]);
}
