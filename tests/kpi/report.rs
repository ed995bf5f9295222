//! `tongguan report`: the same bytes every time, the numbers of `kpi` in every cell, and no name that is taken for anything
//! but a name.

use std::{fs, path::Path};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;
use tongguan::domain::{attributes::Attributes, case::Case, kpi::Figure};

use crate::{
    lives,
    program::{json, tongguan},
    scratch::Scratch,
};

const ORDER: &str = "report month 2021-03 --as-of 2021-04-02";
const PERIOD: &str = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-04-02";
/// What an attacker, or a typist, may have put into a name.
const NASTY: &str = "<script>alert(1)</script>|&\"'";
const FORMULA: &str = "=1+1";

fn of(case: Case, unit: &str, community: &str, category: &str) -> Case {
    let attributes = Attributes {
        town: "310113112".into(),
        community: community.into(),
        category_name: category.into(),
        channel: "PATROL".into(),
        ..Attributes::default()
    };
    Case { attributes, unit: unit.into(), ..case }
}

/// Of March: thirteen grid cases in time and one late, tickets of every fate and of both edges; of February and April what is
/// overdue beside them.
fn cases() -> Vec<Case> {
    let mut all: Vec<Case> = (1..=12)
        .map(|day| {
            let life = format!("accepted 03-{day:02} 09:00 (due 03-{day:02} 18:00), closed 03-{day:02} 15:00");
            of(lives::case("grid", &format!("G{day:02}"), &life), "市容所", "310113112901", "暴露垃圾")
        })
        .collect();
    for (id, unit, life) in [
        ("G13", "市容所", "accepted 03-13 09:00 (due 03-14 18:00), closed 03-15 10:00"),
        ("G14", "和风居委会", "accepted 03-14 09:00 (due 03-15 18:00), closed 03-15 10:00"),
        (
            "H1",
            NASTY,
            "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00, revisited 03-09 10:00 (contacted; dissatisfied)",
        ),
        ("H2", NASTY, "accepted 03-20 09:00 (due 03-26 18:00)"),
        ("H3", FORMULA, "accepted 03-31 09:00 (due 04-07 18:00)"),
        ("H4", FORMULA, "accepted 03-30 09:00 (due 04-07 18:00), suspended 03-31 09:00"),
        ("H5", "", "accepted 03-30 10:00"),
        ("H6", "", "accepted 03-30 10:00, voided 03-31 10:00"),
        ("H7", NASTY, "accepted 03-29 09:00 (due 04-01 00:00), closed 03-30 10:00"),
        ("F1", "市容所", "accepted 02-10 09:00 (due 02-12 18:00), closed 02-11 10:00"),
        ("F2", NASTY, "accepted 02-10 09:00 (due 02-12 18:00)"),
        ("F3", NASTY, "accepted 02-25 09:00 (due 03-01 00:00), closed 02-26 10:00"),
        ("A1", NASTY, "accepted 04-01 09:00 (due 04-01 18:00)"),
    ] {
        let stream = if id.starts_with('G') { "grid" } else { "hotline" };
        all.push(of(lives::case(stream, id, life), unit, "310113112902", "城管/垃圾/噪声"));
    }
    all
}

async fn filled() -> Scratch {
    let scratch = Scratch::new("report").await;
    scratch.insert(cases().iter(), 0).await;
    scratch
}

/// What the command writes into a file of this name.
fn written(scratch: &Scratch, folder: &Path, name: &str) -> Vec<u8> {
    let path = folder.join(name);
    let ended = tongguan(scratch, &format!("{ORDER} --out {}", path.display()), &[]);
    assert_eq!((ended.code, ended.stderr.as_str(), ended.stdout.as_str()), (Some(0), "", ""), "{name}");
    fs::read(path).unwrap()
}

fn sheet(folder: &Path, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook(folder.join("a.xlsx")).unwrap();
    workbook.worksheet_range(name).unwrap()
}

/// The cells of the row whose first or second cell is this text, from there on.
fn row(sheet: &Range<Data>, text: &str) -> Vec<Data> {
    let found = sheet.rows().find_map(|row| {
        let at = row.iter().take(2).position(|cell| matches!(cell, Data::String(found) if found == text))?;
        Some(row[at..].to_vec())
    });
    found.unwrap_or_else(|| panic!("no row of {text}"))
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(number) => *number,
        Data::Int(number) => *number as f64,
        other => panic!("{other:?} is no number"),
    }
}

#[tokio::test]
async fn the_same_data_and_as_of_give_the_same_bytes() {
    let scratch = filled().await;
    let folder = tempfile::tempdir().unwrap();
    for ending in ["xlsx", "html", "md", "json"] {
        let first = written(&scratch, folder.path(), &format!("a.{ending}"));
        let second = written(&scratch, folder.path(), &format!("b.{ending}"));
        assert!(first.len() > 1000, "{ending}: {} bytes", first.len());
        assert!(first == second, "{ending}: the second time other bytes");
    }
}

#[tokio::test]
async fn the_cells_of_the_workbook_are_what_kpi_says() {
    let scratch = filled().await;
    let folder = tempfile::tempdir().unwrap();
    let mut compared = 0;
    for stream in ["grid", "hotline"] {
        let path = folder.path().join("a.xlsx");
        let ended = tongguan(&scratch, &format!("{ORDER} --stream {stream} --out {}", path.display()), &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let conventions = sheet(folder.path(), "口径说明");
        // The command knows the built-in ones only.
        let named = ["closure", "timeliness"].into_iter().flat_map(Figure::named);
        for figure in named.filter(|figure| !figure.is_own()) {
            let said = json(&scratch, &format!("{} {PERIOD} --stream {stream}", figure.id)).remove(0);
            let cells = row(&conventions, &figure.id);
            let (n, d) = (said["numerator"].as_u64().unwrap(), said["denominator"].as_u64().unwrap());
            assert_eq!((number(&cells[4]), number(&cells[5])), (n as f64, d as f64), "{}", figure.id);
            let floored = (n * 10_000 / d) as f64 / 10_000.0;
            assert_eq!(number(&cells[6]), floored, "{}", figure.id);
            compared += u32::from(n < d);
        }
        let units = sheet(folder.path(), "部门排名");
        let received = json(&scratch, &format!("received {PERIOD} --group-by unit --stream {stream}"));
        let timeliness = json(&scratch, &format!("K06b {PERIOD} --group-by unit --stream {stream}"));
        for received in received.iter().filter(|one| one["unit"] != "和风居委会" && one["numerator"] != 0) {
            let unit = received["unit"].as_str().unwrap();
            let cells = row(&units, if unit.is_empty() { "未派单位（自行处置等）" } else { unit });
            assert_eq!(number(&cells[1]), received["numerator"].as_f64().unwrap(), "{unit}");
            let Some(rate) = timeliness.iter().find(|one| one["unit"] == unit) else { continue };
            // After received, in time, late, not closed, overdue and the three of closure; nothing is without a due here.
            assert_eq!(number(&cells[9]), rate["numerator"].as_f64().unwrap(), "{unit}");
            assert_eq!(number(&cells[10]), rate["denominator"].as_f64().unwrap(), "{unit}");
        }
    }
    assert!(compared > 6, "almost every rate is a hundred percent: that shows nothing");
}

/// The report as JSON.
struct Printed(Value);

impl Printed {
    fn of(scratch: &Scratch, words: &str) -> Self {
        let ended = tongguan(scratch, &format!("{ORDER} --format json {words}"), &[]);
        Self(serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{ended:?}")))
    }

    fn blocks(&self, section: &str) -> &Vec<Value> {
        let sections = self.0["sections"].as_array().unwrap();
        let found = sections.iter().find(|one| one["key"] == section);
        found.unwrap_or_else(|| panic!("no section {section}"))["blocks"].as_array().unwrap()
    }

    /// The rows of a table, wherever it stands; none where nobody has any.
    fn rows(&self, key: &str) -> Vec<Value> {
        let sections = self.0["sections"].as_array().unwrap();
        let blocks = sections.iter().flat_map(|section| section["blocks"].as_array().unwrap());
        let found = blocks.map(|block| &block["table"]).find(|table| table["key"] == key);
        found.map_or(Vec::new(), |table| table["rows"].as_array().unwrap().clone())
    }

    fn row(&self, key: &str, stream: &str) -> Value {
        let title = if stream == "grid" { "城市网格案件" } else { "12345 热线工单" };
        let rows = self.rows(key);
        rows.into_iter().find(|row| row["stream"]["zh"] == title).unwrap_or_else(|| panic!("{key}: no row of {stream}"))
    }

    /// Every paragraph and note of a section, in Chinese.
    fn words(&self, section: &str) -> String {
        let text = |block: &Value| {
            ["paragraph", "note"].map(|kind| block[kind]["zh"].as_str().unwrap_or_default().to_owned()).concat()
        };
        self.blocks(section).iter().map(text).collect::<Vec<_>>().join("\n")
    }
}

fn count(row: &Value, key: &str) -> u64 {
    row[key].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn headline_tables_and_overdue_add_up_to_each_other() {
    let scratch = filled().await;
    let printed = Printed::of(&scratch, "");
    let parts = [
        "out_of_base",
        "on_time",
        "late",
        "closed_without_due",
        "answered",
        "not_due",
        "due_soon",
        "overdue",
        "suspended",
        "no_limit",
    ];
    for (stream, fates) in [("grid", [0, 13, 1, 0, 0, 0, 0, 0, 0, 0]), ("hotline", [0, 2, 0, 0, 0, 1, 0, 1, 1, 1])] {
        let row = printed.row("fates", stream);
        assert_eq!(parts.map(|key| count(&row, key)), fates, "{stream}");
        assert_eq!(count(&row, "received"), fates.iter().sum::<u64>());
        let asked = |words: &str| json(&scratch, &format!("{words} {PERIOD} --stream {stream}")).remove(0);
        assert_eq!(count(&row, "received"), asked("received")["numerator"].as_u64().unwrap());
        assert_eq!(count(&row, "need_close"), asked("K05b")["denominator"].as_u64().unwrap());

        let overview = printed.row("streams", stream);
        let not_closed: u64 = fates[4..].iter().sum();
        assert_eq!((count(&overview, "not_closed"), count(&overview, "overdue")), (not_closed, fates[7]));
        assert_eq!(count(&overview, "received"), count(&overview, "on_time") + count(&overview, "late") + not_closed);
        assert_eq!(overview["timeliness"]["denominator"], asked("K06b")["denominator"]);

        // Departments, communities and what nobody has are the whole, and so is where the cases lie.
        let units: Vec<Value> = ["departments", "communities"]
            .iter()
            .flat_map(|peers| printed.rows(&format!("{peers}_{stream}")))
            .collect();
        let places: Vec<Value> = printed.rows("places");
        let places = places.iter().filter(|place| place["stream"] == overview["stream"]);
        let places: Vec<Value> = places.cloned().collect();
        for key in ["received", "on_time", "late", "not_closed", "overdue"] {
            for rows in [&units, &places] {
                assert_eq!(
                    rows.iter().map(|row| count(row, key)).sum::<u64>(),
                    count(&overview, key),
                    "{stream} {key}"
                );
            }
        }
    }
    let outstanding = json(&scratch, &format!("K07 {PERIOD} --stream hotline")).remove(0);
    let listed = printed.rows("overdue_cases");
    let of = |population: &str| listed.iter().filter(|row| row["population"]["zh"] == population).count() as u64;
    assert_eq!((of("本期"), of("结转")), (1, 1));
    // The one of April is said and not listed.
    assert_eq!(outstanding["numerator"].as_u64().unwrap(), of("本期") + of("结转") + 1);
    assert_eq!(listed[0]["case_id"], "F2", "the longest first");
    let said = printed.words("overdue");
    assert!(
        said.contains("超期未结 2 件，其中本期受理 1 件") && said.contains("往期结转 1 件。另有期后受理的 1 件"),
        "{said}"
    );
    assert_eq!(printed.rows("departments_hotline")[0]["dissatisfied"], 1);
}

#[tokio::test]
async fn streams_are_told_apart_and_so_are_departments_and_communities() {
    let scratch = filled().await;
    let printed = Printed::of(&scratch, "");
    let names = |key: &str| {
        let rows = printed.rows(key);
        rows.iter().map(|row| (row["rank"].clone(), row["name"].as_str().unwrap_or("").to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(names("departments_grid"), [(Value::from(1), "市容所".to_owned())]);
    // One case is too few for a rank.
    assert_eq!(names("communities_grid"), [(Value::Null, "和风居委会".to_owned())]);
    // 18 together: a number that no page may show.
    let text = printed.0.to_string();
    assert!(!text.contains("合计") && !text.contains("\"total\":{"), "something is summed");
    let cards: Vec<String> = printed.blocks("overview")[0]["cards"]
        .as_array()
        .unwrap()
        .iter()
        .map(|card| card["key"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(cards[..4], ["grid_received", "grid_closure", "grid_timeliness", "grid_overdue"]);
    assert_eq!(cards.len(), 8);
}

#[tokio::test]
async fn a_due_at_the_months_end_is_said_at_both_edges() {
    let scratch = filled().await;
    let said = Printed::of(&scratch, "").words("overview");
    assert!(said.contains("12345 热线工单本期末 1 件计入下一期、上期末 1 件计入本期"), "{said}");
    assert!(said.contains("城市网格案件本期末 0 件计入下一期、上期末 0 件计入本期"), "{said}");
    // The same by the figure that goes by dues: H7 is not in March's cohort, F3 is.
    let due = json(&scratch, &format!("K06c {PERIOD} --stream hotline")).remove(0);
    assert_eq!((due["numerator"].as_u64(), due["denominator"].as_u64()), (Some(2), Some(3)));
}

#[tokio::test]
async fn what_stands_out_is_computed() {
    let scratch = filled().await;
    let said = Printed::of(&scratch, "").words("problems");
    for wanted in [
        "及时率最低的单位为市容所 92.30 % (12/13)",
        "诉求变化（环比）：增减最多的类别为暴露垃圾 12 件（+12）",
        "本期受理的案件中不满意 1 件，最多的为<script>",
        "超期未结：本期受理 1 件、往期结转 1 件，最久的为 F2",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}

#[tokio::test]
async fn a_report_speaks_the_language_that_is_asked_for() {
    let scratch = filled().await;
    let printed = |words: &str| tongguan(&scratch, &format!("{ORDER} --format html {words}"), &[]).stdout;
    let usual = printed("");
    assert_eq!(usual, printed("--lang zh"));
    let has = |page: &str| [page.contains("超期未结"), page.contains("Timeliness")];
    assert_eq!(
        [&usual, &printed("--lang en"), &printed("--lang both")].map(|page| has(page)),
        [[true, false], [false, true], [true, true]]
    );
    assert!(
        !usual.contains("<i lang=\"en\">")
            && !usual.contains("class=\"twin\"")
            && usual.contains("<html lang=\"zh-CN\">")
    );
    let english = tongguan(&scratch, &format!("{ORDER} --format md --lang en"), &[]).stdout;
    let ours = english.lines().filter(|line| line.starts_with('#') || line.starts_with('>'));
    for line in ours {
        assert!(line.is_ascii() || !line.contains('的'), "Chinese in English: {line}");
    }
    let refused = tongguan(&scratch, &format!("{ORDER} --lang fr"), &[]);
    assert!(refused.code == Some(2) && refused.stderr.contains("both"), "{refused:?}");
}

#[tokio::test]
async fn who_issues_it_stands_at_its_head_and_its_foot() {
    let scratch = filled().await;
    let settings = [
        ("REPORT__ISSUER", "庙行镇城运中心"),
        ("REPORT__NUMBER", "庙城运〔{year}〕{n}号"),
        ("REPORT__DATE", "2021-04-06"),
    ];
    let page = tongguan(&scratch, &format!("{ORDER} --format html"), &settings).stdout;
    assert!(page.contains("<span>庙城运〔2021〕3号</span><span>2021年4月6日</span>"), "{page:.2000}");
    assert_eq!(page.matches("庙行镇城运中心").count(), 2);
    // Not configured: the day of the as-of, or nothing at all.
    let dated = tongguan(&scratch, &format!("{ORDER} --format md"), &settings[..1]).stdout;
    assert!(dated.starts_with("庙行镇城运中心　　2021年4月2日\n"), "{dated:.200}");
    assert!(tongguan(&scratch, &format!("{ORDER} --format md"), &[]).stdout.starts_with("# "));
    let refused = tongguan(&scratch, ORDER, &[("REPORT__DATE", "soon")]);
    assert!(refused.code != Some(0) && refused.stderr.contains("report.date"), "{refused:?}");
}

#[tokio::test]
async fn a_text_that_no_cell_holds_is_cut_with_a_mark() {
    let scratch = Scratch::new("report_long").await;
    let long = "长".repeat(40_000);
    let case = of(lives::case("grid", "G1", "accepted 03-01 09:00 (due 03-02 18:00)"), &long, "", "垃圾");
    scratch.insert([case].iter(), 0).await;
    let folder = tempfile::tempdir().unwrap();
    written(&scratch, folder.path(), "a.xlsx");
    let units = sheet(folder.path(), "部门排名");
    let text = |cell: &Data| if let Data::String(text) = cell { Some(text.clone()) } else { None };
    let cut = units.rows().flatten().filter_map(text).find(|text| text.starts_with('长')).unwrap();
    assert!(cut.ends_with("…（已截断 cut）") && cut.chars().count() == 32_767, "{}", cut.chars().count());
}

#[tokio::test]
async fn a_name_is_never_markup_and_never_a_formula() {
    let scratch = filled().await;
    let folder = tempfile::tempdir().unwrap();
    let page = String::from_utf8(written(&scratch, folder.path(), "a.html")).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"), "not escaped");
    assert!(page.contains("default-src 'none'") && !page.contains(" style=") && !page.contains("http://"));
    let text = String::from_utf8(written(&scratch, folder.path(), "a.md")).unwrap();
    assert!(text.contains("&lt;script>") && text.contains("\\|&amp;"), "not escaped");
    written(&scratch, folder.path(), "a.xlsx");
    let cells = row(&sheet(folder.path(), "部门排名"), FORMULA);
    assert_eq!(cells[0], Data::String(FORMULA.to_owned()));
    let mut workbook: Xlsx<_> = open_workbook(folder.path().join("a.xlsx")).unwrap();
    assert_eq!(workbook.worksheet_formula("部门排名").unwrap().used_cells().count(), 0);
}

#[tokio::test]
async fn what_cannot_be_printed_is_refused_with_what_could() {
    let scratch = Scratch::new("report_refused").await;
    for (words, told) in [
        ("report month 2021-13", &["`2021-13`", "2021-06"][..]),
        ("report quarter 2021-06", &["`2021-06`", "2021-Q2"]),
        ("report month 2021-06 --as-of 2021-05-31", &["--as-of", "2021-06"]),
        ("report month 2021-06 --out report.doc", &["report.doc", "--format"]),
        ("report month 2021-06 --convention due", &["due", "need-close"]),
        ("report month 2021-06 --stream tickets", &["tickets", "hotline"]),
    ] {
        let ended = tongguan(&scratch, words, &[]);
        assert!(ended.code != Some(0) && ended.stdout.is_empty(), "{words}: {ended:?}");
        assert!(told.iter().all(|word| ended.stderr.contains(word)), "{words}: {ended:?}");
    }
    // Nothing is there: a report all the same, which says so.
    let empty = tongguan(&scratch, "report year 2021 --as-of 2022-01-05 --format md", &[]);
    assert_eq!(empty.code, Some(0), "{empty:?}");
    assert!(empty.stdout.contains("2021年没有受理案件。") && empty.stdout.contains("无"), "{}", empty.stdout);
}
