//! Servers of a test's own: over TLS, killed and back.

use std::fs;

use crate::{
    certificates::Authority,
    database::{Database, Kind, OwnServer, until},
    local,
    task::Task,
    town::Town,
};

const ROWS: &str = "table = \"t\"\ngrowing = \"g\"\nkey = [\"id\"]";

/// A server that speaks TLS; who signed for it, and a stranger.
fn server(kind: Kind, name: &str, town: &Town) -> OwnServer {
    let folder = local::folder(&format!("{name}-certificates"));
    fs::create_dir_all(&folder).unwrap();
    let (ca, stranger) = (Authority::new("ours"), Authority::new("a stranger"));
    ca.write_ca(&town.folder.path().join("ca.pem"));
    stranger.write_ca(&town.folder.path().join("stranger.pem"));
    let [certificate, key] = ca.sign(&folder, "server", "127.0.0.1", 2100).map(|path| path.display().to_string());
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let more = match kind {
        Kind::Postgres => format!("ssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n"),
        Kind::MariaDb => format!("ssl_cert={certificate}\nssl_key={key}\n"),
    };
    OwnServer::start(kind, name, &more)
}

fn waits_for_its_database(kind: Kind, name: &str) {
    let town = Town::new();
    let own = server(kind, name, &town);
    let database = Database::at(kind, own.port);
    database.run(&["CREATE TABLE t (id int, v varchar(40), g int)", "INSERT INTO t VALUES (1, 'v', 1)"]);
    let mut task = Task::new(&town, &database, ROWS);
    task.change("[rows]", "ca_file = \"stranger.pem\"\n[rows]");
    let ended = task.run(&["--once"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("UnknownIssuer"), "{}", ended.stderr);

    task.change("stranger.pem", "ca.pem");
    task.change("every_s = 1", "every_s = 1\nlisten = \"127.0.0.1:0\"");
    let mut pulling = task.spawn();
    until("the first row", || task.state("last-pass").exists() && task.last_pass()["position"] == "1");
    assert_eq!(pulling.get("/readyz").0, 200);
    own.kill();
    pulling.wait_for_log("the database is away");
    assert!(pulling.is_running());
    let (status, body) = pulling.get("/readyz");
    assert!(status == 503 && body.contains(r#"{"name":"database","ok":false,"#), "{body}");
    let trouble = || pulling.metric("tongguan_pull_trouble{task=\"task\",what=\"database\"}");
    assert_eq!(trouble(), 1.0);
    own.up();
    until("the database to be back", || database.try_run(&["INSERT INTO t VALUES (2, 'v', 2)"]).is_ok());
    until("the second row", || task.last_pass()["position"] == "2");
    until("readiness", || pulling.get("/readyz").0 == 200 && trouble() == 0.0);
    let ended = pulling.stop();
    assert_eq!(ended.code, Some(0));
    let times = |words: &str| ended.stderr.matches(words).count();
    assert!(times("waiting, and trying again") <= 3, "said once for each way to be away: {}", ended.stderr);
    assert_eq!(times("it goes on"), 1, "{}", ended.stderr);
    town.run_until_caught_up();
    assert_eq!(town.query("SELECT count(), uniqExact(event_id) FROM {db}.events FORMAT CSV"), "2,2");
}

#[test]
fn a_pull_over_tls_waits_for_its_postgres_and_goes_on() {
    waits_for_its_database(Kind::Postgres, "pull-postgres");
}

#[test]
fn a_pull_over_tls_waits_for_its_mariadb_and_goes_on() {
    waits_for_its_database(Kind::MariaDb, "pull-mariadb");
}
