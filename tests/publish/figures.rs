//! What is published is what `kpi` says, and anybody can hash it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    june::{AS_OF, JUNE, figure, june, publish, report, told, wrong},
    town::Town,
};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn kpi(town: &Town, id: &str, words: &[&str]) -> Vec<Value> {
    let period = ["--from", "2021-06-01", "--to", "2021-07-01", "--as-of", AS_OF, "--json"];
    let ended = town.tongguan(&[&["kpi", id], words, &period].concat(), &[]);
    assert_eq!(ended.code, Some(0), "{id}: {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn an_edition_has_every_figure_as_the_command_says_it_and_verifies() {
    let town = Town::new();
    let ended = town.tongguan(&["generate", "--cases", "0.03"], &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    town.run_until_caught_up();
    let published = publish(&town);
    let shown = told(&town, "show", &JUNE);
    assert_eq!(shown["sha256"], published["sha256"]);
    let whole: Vec<&Value> =
        shown["figures"].as_array().unwrap().iter().filter(|one| one["grouped_by"] == serde_json::json!([])).collect();
    assert!(whole.len() > 45, "{}", whole.len());
    for one in whole {
        let id = one["kpi"].as_str().unwrap();
        let asked = &kpi(&town, id, &[])[0];
        for name in ["numerator", "denominator", "rate"] {
            assert_eq!(one[name], asked[name], "{id} {name}");
        }
        for name in ["median_s", "p90_s", "mean_s", "max_s"] {
            assert_eq!(one[name], *asked.get(name).unwrap_or(&Value::Null), "{id} {name}");
        }
    }
    for (id, dimension) in [("K05a", "unit"), ("K06b", "community"), ("K08", "stream"), ("K16a", "stream")] {
        let asked = kpi(&town, id, &["--group-by", dimension]);
        assert!(asked.len() > 1, "{id} by {dimension}");
        for one in asked {
            let group = one[dimension].as_str().unwrap();
            let wanted = format!("{}/{}", one["numerator"], one["denominator"]);
            assert_eq!(figure(&shown, id, &[group]), wanted, "{id} {dimension} {group}");
        }
    }
    assert_eq!(wrong(&town, &JUNE), (Some(0), vec![]));
    let ledger: u64 = shown["ledger"].as_array().unwrap().iter().map(|one| one["next_offset"].as_u64().unwrap()).sum();
    assert!(ledger >= town.ledger_places() && ledger > 0, "{ledger}");
    let drift = told(&town, "drift", &JUNE);
    assert_eq!((&drift["figures"], &drift["moved"]), (&serde_json::json!([]), &serde_json::json!(0)));
}

/// docs/publish.md says how.
fn documented(town: &Town, heading: &str, attempt: &str) -> String {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/publish.md")).unwrap();
    let (_, rest) = page.split_once(heading).expect("the heading");
    let sql = rest.split_once("```sql\n").unwrap().1.split_once("```").unwrap().0;
    sql.replace("tongguan.", &format!("{}.", town.database)).replace("1625443200000_0a1b2c3d", attempt)
}

#[test]
fn the_hashes_can_be_made_from_the_tables_alone_and_the_one_on_paper_is_checked() {
    let town = june();
    let odd = "it's a\ttab, a \\ and\na line";
    let published = told(&town, "publish", &[&JUNE[..], &["--by", "张三", "--note", odd]].concat());
    assert_eq!((&published["note"], &published["published_by"]), (&odd.into(), &"张三".into()));
    let attempt = published["attempt"].as_str().unwrap();
    for (heading, name) in [("### Verdicts", "verdicts_sha256"), ("### Figures", "figures_sha256")] {
        let sql = documented(&town, heading, attempt);
        let (status, lines) = crate::service::post(&town.url, &sql);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&lines));
        assert!(lines.len() > 100);
        assert_eq!(published[name], sha256(&lines), "{name}");
    }
    let hash = published["sha256"].as_str().unwrap();
    assert_eq!(wrong(&town, &["--month", "2021-06", "--hash", hash]), (Some(0), vec![]));
    let other = wrong(&town, &["--month", "2021-06", "--hash", &"0".repeat(64)]);
    assert_eq!(other, (Some(1), vec![("not_on_paper".to_owned(), 1)]));
}

#[test]
fn a_second_edition_is_chained_to_the_first_and_both_stay() {
    let town = june();
    let first = publish(&town);
    town.send("hotline", &crate::june::ticket("T5", "U1", Some("06-19 09:00")));
    town.run_until_caught_up();
    let second = publish(&town);
    let quarter = told(&town, "publish", &["--quarter", "2021-Q2"]);
    assert_eq!([&first["edition"], &second["edition"], &quarter["edition"]], [1, 2, 1]);
    assert_eq!((&second["previous"], &quarter["previous"]), (&first["sha256"], &second["sha256"]));
    let shown = |edition: &str| told(&town, "show", &[&JUNE[..], &["--edition", edition]].concat());
    assert_eq!(figure(&shown("1"), "K05a", &[]), "3/4");
    assert_eq!(figure(&shown("2"), "K05a", &[]), "4/5");
    assert_eq!(figure(&shown("2"), "K05a", &["U1"]), "3/3");
    assert_eq!(wrong(&town, &[]), (Some(0), vec![]));
    let listed = told(&town, "list", &[]);
    let names: Vec<String> =
        listed.as_array().unwrap().iter().map(|one| format!("{} {}", one["report"], one["edition"])).collect();
    assert_eq!(names, ["\"month 2021-06\" 1", "\"month 2021-06\" 2", "\"quarter 2021-Q2\" 1"]);
    let text = report(&town, "show", &JUNE).stdout;
    assert!(text.contains("month 2021-06 第 2 版 edition 2") && text.contains("K05a"), "{text}");
    for words in [&["--month", "2021-05"][..], &["--month", "2021-06", "--edition", "3"]] {
        assert_eq!(report(&town, "show", words).code, Some(1), "{words:?}");
        assert_eq!(report(&town, "verify", words).code, Some(1), "{words:?}");
    }
    for words in [&["--month", "2021-6"][..], &[], &["--month", "2021-06", "--year", "2021"]] {
        assert_eq!(report(&town, "publish", words).code, Some(2), "{words:?}");
    }
    let early = report(&town, "publish", &["--month", "2021-06", "--as-of", "2021-05-01"]);
    assert!(early.stderr.contains("--as-of"), "{}", early.stderr);
}
