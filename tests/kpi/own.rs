//! A town's own figures, which every test of this binary has adopted: their views and answers are those of the reference, and the
//! command takes them from a folder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clickhouse::Row;
use serde_json::Value;
use tongguan::{
    config::figures,
    domain::{
        case::Case,
        kpi::{Figure, Part, Period, catalogue, rows},
        time::Millis,
    },
    store::kpi::{Question, answers},
};

use crate::{
    histories::{cases, periods, runner, sample},
    lives,
    program::tongguan,
    scratch::Scratch,
};

/// The figures of the tests, and those that are shipped as an example.
pub fn adopt() {
    let of = |folder: &str| figures::load(Some(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))).unwrap();
    let shipped = of("config/figures");
    let tests = tempfile::tempdir().unwrap();
    std::fs::copy(OWN, tests.path().join("own.toml")).unwrap();
    let own = figures::load(Some(tests.path())).unwrap();
    catalogue::adopt(shipped.into_iter().chain(own).collect()).unwrap();
}

const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kpi/own.toml");

async fn filled(purpose: &str) -> (Scratch, Vec<Case>) {
    let scratch = Scratch::new(purpose).await;
    let (mut runner, strategy) = (runner(), cases());
    let numbered = |index| Case { case_id: format!("C{index:05}").into(), ..sample(&mut runner, &strategy) };
    let cases: Vec<Case> = (0..2000).map(numbered).collect();
    scratch.insert(cases.iter(), 0).await;
    (scratch, cases)
}

/// What each case adds, summed up over its rows; a case that adds nothing is not there.
type Added = BTreeMap<String, (u64, u64, i64)>;

fn by_reference(figure: &Figure, cases: &[Case], period: &Period) -> Added {
    let added = |case: &Case| {
        let sum = |sum: (u64, u64, i64), part: Part| {
            let duration = part.duration.unwrap_or_default();
            (sum.0 + u64::from(part.numerator), sum.1 + u64::from(part.denominator), sum.2 + duration)
        };
        (case.case_id.to_string(), rows(figure, case, period).iter().map(|row| row.part).fold((0, 0, 0), sum))
    };
    cases.iter().map(added).filter(|(_, (n, d, _))| n + d > 0).collect()
}

async fn by_view(scratch: &Scratch, figure: &Figure, period: &Period) -> Added {
    #[derive(Row, serde::Deserialize)]
    struct Found {
        case_id: String,
        n: u64,
        d: u64,
        v: i64,
    }
    let at = |at: Millis| format!("fromUnixTimestamp64Milli({}, 'Asia/Shanghai')", at.0);
    let id = &figure.id;
    let d = if figure.is_rate() { format!("{id}_d") } else { "0".to_owned() };
    let v = if figure.has_durations() { format!("ifNull({id}_v, 0)") } else { "0".to_owned() };
    let sql = format!(
        "SELECT case_id, toUInt64(sum({id}_n)) AS n, toUInt64(sum({d})) AS d, toInt64(sum({v})) AS v
        FROM {{{{database}}}}_mart.own_{id}(from = {}, to = {}, as_of = {}) GROUP BY case_id HAVING n + d > 0",
        at(period.from),
        at(period.to),
        at(period.as_of),
    );
    let rows = scratch.rows::<Found>(&sql).await.into_iter();
    rows.map(|row| (row.case_id, (row.n, row.d, row.v))).collect()
}

#[tokio::test]
async fn a_view_and_an_answer_of_every_own_figure_are_those_of_the_reference() {
    let (scratch, cases) = filled("own").await;
    let (mut runner, strategy) = (runner(), periods());
    let mut seen: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for figure in catalogue::own() {
        for _ in 0..8 {
            let period = sample(&mut runner, &strategy);
            let expected = by_reference(figure, &cases, &period);
            assert_eq!(by_view(&scratch, figure, &period).await, expected, "{} {period:?}", figure.id);
            let sum = expected.values().fold((0, 0), |(n, d), one| (n + one.0, d + one.1));
            let answer =
                answers(&scratch.store, &Question::new(figure, period, "Asia/Shanghai")).await.unwrap().remove(0);
            let told = (answer.numerator as u64, answer.denominator.unwrap_or_default());
            assert_eq!(told, sum, "{} {period:?}", figure.id);
            let all = seen.entry(&figure.id).or_default();
            *all = (all.0 + sum.0, all.1 + sum.1);
        }
    }
    assert_eq!(seen.len(), 12);
    // The histories know no platform's verdict.
    for (id, (n, d)) in seen.iter().filter(|(id, _)| **id != "published_verdict") {
        assert!(*n > 0 && (*d == 0 || d > n), "{id}: {n}/{d}");
    }
}

#[tokio::test]
async fn a_view_is_there_while_the_figure_is_and_not_in_the_built_in_ones() {
    let scratch = Scratch::new("own_views").await;
    #[derive(Row, serde::Deserialize)]
    struct Name {
        name: String,
    }
    let sql = "SELECT name FROM system.tables WHERE database = '{{database}}_mart' AND startsWith(name, 'own_') ORDER BY name";
    let names: Vec<String> = scratch.rows::<Name>(sql).await.into_iter().map(|row| row.name).collect();
    let mut expected: Vec<String> = catalogue::own().map(|figure| format!("own_{}", figure.id)).collect();
    expected.sort();
    assert_eq!(names, expected);
    let sql = "SELECT name FROM system.columns WHERE database = '{{database}}_mart' AND startsWith(table, 'kpi_') \
               AND match(name, 'urgent_kept|complaints_closed')";
    assert_eq!(scratch.rows::<Name>(sql).await.len(), 0);
}

/// What somebody does who begins with an empty folder.
#[tokio::test]
async fn from_a_folder_to_a_figure_its_account_and_its_text() {
    let scratch = Scratch::new("own_command").await;
    let lives = [
        ("A", "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00"),
        ("B", "accepted 03-05 09:00 (due 03-11 18:00)"),
        ("C", "accepted 03-30 09:00 (due 04-20 18:00)"),
        ("D", "accepted 03-08 09:00 (due 03-15 18:00), suspended 03-16 09:00"),
    ];
    let cases: Vec<Case> = lives.iter().map(|(id, life)| lives::case("hotline", id, life)).collect();
    scratch.insert(cases.iter(), 0).await;
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/figures");
    let settings = [("FIGURES__DIR", folder.to_str().unwrap())];
    let told = |words: &str| {
        let ended = tongguan(&scratch, words, &settings);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{words}");
        ended.stdout
    };
    let checked = told("figures check");
    assert!(checked.contains("kept_by_receipt") && checked.contains("published_verdict"), "{checked}");
    let asked = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-04-10";
    let timeliness: Vec<Value> = serde_json::from_str(&told(&format!("kpi timeliness {asked} --json"))).unwrap();
    let of =
        |id: &str| timeliness.iter().find(|one| one["kpi"] == id).unwrap_or_else(|| panic!("{id}: {timeliness:#?}"));
    assert_eq!((&of("kept_by_receipt")["numerator"], &of("kept_by_receipt")["denominator"]), (&1.into(), &3.into()));
    assert_eq!(
        (&of("without_suspended")["numerator"], &of("without_suspended")["denominator"]),
        (&1.into(), &2.into())
    );
    let explained = told(&format!("kpi explain without_suspended {asked}"));
    assert!(explained.contains("_mart.own_without_suspended(") && explained.contains("K06c"), "{explained}");
    let shown = told("kpi show kept_by_receipt");
    for part in ["2026-1", "is_due and not is_due_held", "可相加", "未到期 not due yet"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let grouped = told(&format!("kpi kept_by_receipt {asked} --group-by month --csv"));
    assert!(grouped.contains("2021-03"), "{grouped}");
    // Who does not have the folder does not know it.
    assert_eq!(tongguan(&scratch, &format!("kpi kept_by_receipt {asked}"), &[]).code, Some(2));
}

#[tokio::test]
async fn a_file_that_cannot_be_used_stops_every_command_and_says_where() {
    let scratch = Scratch::new("own_refused").await;
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string("config/figures/example.toml").unwrap();
    std::fs::write(folder.path().join("a.toml"), text.replace("is_kept", "is_keept")).unwrap();
    let settings = [("FIGURES__DIR", folder.path().to_str().unwrap())];
    for words in ["figures check", "kpi list", "kpi K01 --month 2021-03", "migrate", "config check"] {
        let ended = tongguan(&scratch, words, &settings);
        assert_eq!(ended.code, Some(3), "{words}: {ended:?}");
        assert!(ended.stderr.contains("a.toml, line ") && ended.stderr.contains("is_kept"), "{words}: {ended:?}");
    }
    let json: Value = serde_json::from_str(&tongguan(&scratch, "figures check --json", &settings).stdout).unwrap();
    assert_eq!(json["usable"], false);
    assert!(json["problems"][0]["remedy"].as_str().unwrap().contains("is_kept"), "{json}");
}

/// An edition remembers by what text a figure was counted.
#[tokio::test]
async fn an_edition_keeps_own_figures_and_refuses_another_text_under_their_version() {
    let scratch = Scratch::new("own_edition").await;
    let life = |id, life| lives::case("hotline", id, life);
    let cases = [
        life("A", "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00"),
        life("B", "accepted 03-05 09:00 (due 03-11 18:00)"),
    ];
    scratch.insert(cases.iter(), 0).await;
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::fs::read_to_string("config/figures/example.toml").unwrap();
    let write = |text: &str| std::fs::write(folder.path().join("a.toml"), text).unwrap();
    let settings = [("FIGURES__DIR", folder.path().to_str().unwrap())];
    let report = |words: &str| tongguan(&scratch, &format!("report {words} --month 2021-03"), &settings);
    write(&shipped);
    assert_eq!(report("publish --as-of 2021-04-10").code, Some(0));
    let edition: Value = serde_json::from_str(&report("show --edition 1 --json").stdout).unwrap();
    let of =
        |figure: &Value| figure["kpi"] == "kept_by_receipt" && figure["group"].as_array().is_none_or(Vec::is_empty);
    let kept = edition["figures"].as_array().unwrap().iter().find(|figure| of(figure)).unwrap();
    assert_eq!((&kept["numerator"], &kept["denominator"]), (&1.into(), &2.into()), "{kept}");
    assert_eq!(report("verify").code, Some(0));
    assert_eq!(report("drift --edition 1").code, Some(0));
    // The same expression in other words is another text too.
    write(&shipped.replace("numerator = \"is_kept\"", "numerator = \"is_kept and is_due\""));
    let refused = report("publish --as-of 2021-04-10");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("kept_by_receipt was published under version 2026-1 with another text"),
        "{refused:?}"
    );
    write(
        &shipped.replace("numerator = \"is_kept\"", "numerator = \"is_kept and is_due\"").replace("2026-1", "2026-2"),
    );
    assert_eq!(report("publish --as-of 2021-04-10").code, Some(0));
    let drift = report("drift --edition 1");
    assert!(drift.stdout.contains("redefined since") && drift.stdout.contains("kept_by_receipt"), "{drift:?}");
    // Somebody without the folder is told which figure he lacks.
    let without = tongguan(&scratch, "report verify --month 2021-03", &[]);
    assert!(without.stdout.contains("does not know") && without.code != Some(0), "{without:?}");
}

#[tokio::test]
async fn a_score_is_the_sum_of_parts_that_are_figures() {
    let scratch = Scratch::new("own_score").await;
    let life = |id: &str, unit: &str, rest: &str| {
        lives::case(
            "hotline",
            id,
            &format!("accepted 03-03 09:00 (due 03-09 18:00), dispatched 03-03 10:00 (to {unit}){rest}"),
        )
    };
    let cases = [
        life("A", "u1", ", closed 03-08 10:00, revisited 03-09 10:00 (contacted; solved; satisfied)"),
        life("B", "u1", ", closed 03-08 10:00, revisited 03-09 10:00 (not contacted; solved; neutral)"),
        life("C", "u1", ", closed 03-08 10:00"),
        life("D", "u2", ""),
    ];
    scratch.insert(cases.iter(), 0).await;
    let settings = [("FIGURES__DIR", "config/figures")];
    let asked = "score unit_score --from 2021-03-01 --to 2021-04-01 --as-of 2021-04-10 --group-by unit";
    let json = tongguan(&scratch, &format!("{asked} --json"), &settings);
    let told: Value = serde_json::from_str(&json.stdout).unwrap_or_else(|_| panic!("{json:?}"));
    let points = |group: &Value| -> Vec<i64> {
        group["parts"].as_array().unwrap().iter().map(|part| part["hundredths"].as_i64().unwrap()).collect()
    };
    // By hand: 5 × 3/4, 30 × 1/2, 20 × 2/2, 40 × (1.0 + 0.6) / 2, nothing overdue.
    assert_eq!(
        (&told["groups"][0]["group"]["unit"], points(&told["groups"][0])),
        (&"u1".into(), vec![375, 1500, 2000, 3200, 0])
    );
    assert_eq!((&told["groups"][0]["hundredths"], &told["groups"][0]["grade"]), (&7075.into(), &"C".into()));
    // 5 × 1/4; nobody answered: K18b counts as full, the others as nothing; one overdue.
    assert_eq!(
        (&told["groups"][1]["group"]["unit"], points(&told["groups"][1])),
        (&"u2".into(), vec![125, 0, 2000, 0, -100])
    );
    assert_eq!(told["groups"][1]["grade"], "E");
    let text = tongguan(&scratch, asked, &settings).stdout;
    assert!(text.contains("70.75") && text.contains("K15") && text.contains("160/2"), "{text}");
    let unknown = tongguan(&scratch, "score nothing --month 2021-03", &settings);
    assert!(unknown.code == Some(2) && unknown.stderr.contains("unit_score"), "{unknown:?}");
}
