//! Several publishers, and publishers that are killed.

use std::time::Duration;

use tokio::task::JoinSet;
use tongguan::{
    report::publish::{Chain, close},
    store::published::Edition,
};

use crate::{
    june::{AS_OF, JUNE, june, publish, report, told, wrong},
    service::{Service, wait_for},
    town::Town,
};

fn publisher(town: &Town) -> Service {
    Service::spawn(town, &[&["report", "publish", "--as-of", AS_OF, "--json"], &JUNE[..]].concat(), &[])
}

fn heads(town: &Town) -> u64 {
    town.number("SELECT count() FROM {db}.editions")
}

#[test]
fn five_who_publish_at_once_get_five_editions_in_one_chain() {
    let town = june();
    let mut all: Vec<Service> = (0..5).map(|_| publisher(&town)).collect();
    let mut editions: Vec<u64> = all
        .iter_mut()
        .map(|one| {
            let ended = one.ended(Duration::from_secs(120));
            assert_eq!(ended.code, Some(0), "{}", ended.stderr);
            serde_json::from_str::<serde_json::Value>(&ended.stdout).unwrap()["edition"].as_u64().unwrap()
        })
        .collect();
    editions.sort_unstable();
    assert_eq!(editions, [1, 2, 3, 4, 5]);
    assert_eq!(wrong(&town, &[]), (Some(0), vec![]));
    // Merging the heads changes nothing of who came first.
    town.query("OPTIMIZE TABLE {db}.editions FINAL");
    assert_eq!(wrong(&town, &[]), (Some(0), vec![]));
}

/// All of them read the same end of the chain, because none has written when the last one reads.
#[test]
fn twelve_who_close_at_one_moment_come_one_after_the_other() {
    let town = Town::new();
    let store = town.store();
    let chain = town.wait(async {
        let mut closing = JoinSet::new();
        for n in 0..12 {
            let (store, report) = (store.clone(), format!("month 2021-{:02}", 1 + n % 3));
            let head = Edition { report, attempt: format!("attempt {n}"), ..Edition::default() };
            closing.spawn(async move { close(&store, head).await.unwrap() });
        }
        let mut closed = closing.join_all().await;
        closed.sort_by_key(|one| one.serial);
        let chain = Chain::read(&store).await.unwrap();
        assert_eq!(chain.editions, closed);
        chain
    });
    assert!(!chain.others.is_empty(), "nobody was second: this test shows nothing");
    let serials: Vec<u64> = chain.editions.iter().map(|one| one.serial).collect();
    assert_eq!(serials, (1..=12).collect::<Vec<u64>>());
    for pair in chain.editions.windows(2) {
        assert_eq!(pair[1].previous, pair[0].sha256);
    }
    for month in ["month 2021-01", "month 2021-02", "month 2021-03"] {
        let editions: Vec<u32> = chain.of_report(month).map(|one| one.edition).collect();
        assert_eq!(editions, [1, 2, 3, 4], "{month}");
    }
}

/// As two do who read the same end of the chain: the second head of a serial is nothing, and its publisher goes on.
#[test]
fn of_two_heads_with_one_serial_the_first_is_the_edition_whatever_merges() {
    let town = june();
    publish(&town);
    publish(&town);
    let before = told(&town, "show", &[&JUNE[..], &["--edition", "2"]].concat());
    // A head that sorts before the other in every column and came second.
    town.query(
        "INSERT INTO {db}.editions SELECT * REPLACE ('0' AS attempt, '0' AS sha256) FROM {db}.editions WHERE serial = 2",
    );
    for _ in 0..2 {
        let after = told(&town, "show", &[&JUNE[..], &["--edition", "2"]].concat());
        assert_eq!(after, before);
        town.query("OPTIMIZE TABLE {db}.editions FINAL");
    }
    assert_eq!(publish(&town)["edition"], 3);
}

#[test]
fn a_publisher_that_is_killed_leaves_no_edition_and_the_next_one_works() {
    let town = june();
    for stop in ["-KILL", "-INT"] {
        let mut killed = publisher(&town);
        let what = "verdicts";
        let begun = || town.number("SELECT uniqExact(attempt) FROM {db}.edition_verdicts") > u64::from(stop == "-INT");
        wait_for(what, Duration::from_secs(60), begun);
        killed.signal(stop);
        let ended = killed.ended(Duration::from_secs(30));
        assert_ne!(ended.code, Some(0), "{}", ended.stdout);
        assert_eq!(heads(&town), 0, "killed too late for this test");
    }
    assert_eq!(told(&town, "list", &[]), serde_json::json!([]));
    let text = report(&town, "verify", &[]);
    assert_eq!(text.code, Some(0), "{}", text.stdout);
    assert!(text.stdout.contains("is no edition"), "{}", text.stdout);
    let published = publish(&town);
    assert_eq!((&published["edition"], &published["serial"]), (&1.into(), &1.into()));
    assert_eq!(wrong(&town, &JUNE), (Some(0), vec![]));
    // Interrupted, it drops its copy of the cases itself; killed, the next of a day later does.
    let left =
        "SELECT count() FROM system.databases WHERE startsWith(name, '{db}_scratch_') AND NOT endsWith(name, '_mart')";
    assert_eq!(town.number(left), 1);
    let names = town.query("SELECT name FROM system.databases WHERE startsWith(name, '{db}_scratch_')");
    for name in names.lines() {
        town.query(&format!("DROP DATABASE {name}"));
    }
}

#[test]
fn a_head_without_a_seal_is_an_edition_and_noted() {
    let town = june();
    publish(&town);
    town.query("ALTER TABLE {db}.edition_seals DELETE WHERE true SETTINGS mutations_sync = 2");
    let text = report(&town, "verify", &JUNE);
    assert_eq!(text.code, Some(0), "{}", text.stdout);
    assert!(text.stdout.contains("has no seal"), "{}", text.stdout);
    assert_eq!(publish(&town)["edition"], 2);
}
