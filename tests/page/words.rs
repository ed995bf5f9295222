//! Figures and words on the page: each is what the command of the same name tells.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{served::Served, town::Town};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/calendar_vectors.csv");
const ROWS: usize = 144;

fn parsed(served: &Served, address: &str) -> Value {
    serde_json::from_str(&served.page(address)).unwrap()
}

fn told(town: &Town, words: &[&str]) -> Value {
    let ended = town.tongguan(words, &[]);
    assert_eq!(ended.code, Some(0), "{words:?}: {}", ended.stderr);
    serde_json::from_str(&ended.stdout).unwrap()
}

#[test]
fn the_catalogue_is_the_one_of_the_command() {
    let town = Town::without_schema();
    let served = Served::of(&town);
    let all = parsed(&served, "/words.json");
    assert_eq!(all, told(&town, &["kpi", "list", "--json"]));
    let page = served.page("/words");
    for figure in all.as_array().unwrap() {
        let id = figure["kpi"].as_str().unwrap();
        assert!(page.contains(&format!("/words/figures/{id}\"")), "{id}");
    }
    assert_eq!(served.page("/words.csv").lines().count(), all.as_array().unwrap().len() + 1);
    assert_eq!(parsed(&served, "/words/figures/K05a.json"), told(&town, &["kpi", "show", "K05a", "--json"]));
    let figure = served.page("/words/figures/K05a");
    let of_command = town.tongguan(&["kpi", "show", "K05a"], &[]).stdout;
    for line in
        of_command.lines().filter(|line| line.starts_with("公式 formula: ") || line.starts_with("计入 counts: "))
    {
        let said = line.split_once(": ").unwrap().1;
        assert!(figure.contains(said), "{said}: {figure}");
    }
    assert!(figure.contains("/words/glossary#term-"), "its words lead to the glossary: {figure}");
    served.refused("/words/figures/closur", 400, &["是 closure 吗"]);
    served.refused("/words?x=1", 400, &["没有名为“x”的参数"]);
}

#[test]
fn a_towns_own_figures_stand_in_the_catalogue_with_their_version_and_examples() {
    let town = Town::without_schema();
    let own = [("FIGURES__DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/config/figures"))];
    let served = Served::with(&town, &own);
    let listed = town.tongguan(&["kpi", "list", "--json"], &own);
    assert_eq!(parsed(&served, "/words.json"), serde_json::from_str::<Value>(&listed.stdout).unwrap());
    let page = served.page("/words");
    assert!(page.contains("自定指标") && page.contains("/words/figures/kept_by_receipt\""), "{page}");
    let figure = served.page("/words/figures/kept_by_receipt");
    assert!(figure.contains("2026-1") && figure.contains("算例"), "{figure}");
}

#[test]
fn a_stream_is_told_as_the_command_tells_it() {
    let town = Town::without_schema();
    let served = Served::of(&town);
    let list = served.page("/words/streams");
    assert!(list.contains("/words/streams/hotline") && list.contains("/words/streams/grid"), "{list}");
    let page = served.page("/words/streams/hotline");
    let of_command = town.tongguan(&["streams", "show", "hotline"], &[]).stdout;
    for line in of_command.lines().filter(|line| !line.starts_with("维度")).skip(1) {
        let (_, words) = line.split_once(": ").unwrap();
        assert!(page.contains(words), "{words}: {page}");
    }
    let hotline = parsed(&served, "/words/streams/hotline.json");
    assert_eq!(hotline["stream"], "hotline");
    assert!(hotline["means"]["received"].as_array().is_some_and(|words| !words.is_empty()), "{hotline}");
    served.refused("/words/streams/hotlin", 400, &["是 hotline 吗"]);
}

#[test]
fn the_policy_is_shown_and_its_examples_are_tried() {
    let town = Town::without_schema();
    let served = Served::of(&town);
    let mut shown = parsed(&served, "/words/policy.json");
    let examples = shown.as_object_mut().unwrap().remove("examples").unwrap();
    assert_eq!(shown, told(&town, &["policy", "show", "--json"]));
    let examples = examples.as_array().unwrap();
    assert_eq!(examples.len(), 5, "as docs/policy.md has them");
    assert!(examples.iter().all(|one| one["holds"] == true), "{examples:?}");
    let page = served.page("/words/policy");
    assert_eq!(page.matches("✓ 成立").count(), 5, "{page}");
    assert!(page.contains("5 工作日，至当日24时") && page.contains("rule-hotline"), "{page}");

    // One day less, and the example that says otherwise does not hold.
    let built_in =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/policy/shanghai-town.toml")).unwrap();
    let wrong = built_in.replace("03-08 10:00\"", "03-08 11:00\"");
    assert_ne!(wrong, built_in);
    let file = town.folder.path().join("own.toml");
    fs::write(&file, wrong).unwrap();
    let served = Served::with(&town, &[("POLICY__FILE", file.to_str().unwrap())]);
    let page = served.page("/words/policy");
    assert!(page.contains("✕ 不成立"), "{page}");
}

#[test]
fn a_year_is_what_the_command_shows_and_one_without_a_notice_is_refused() {
    let town = Town::without_schema();
    let served = Served::of(&town);
    assert_eq!(parsed(&served, "/words/calendar.json?year=2021"), told(&town, &["calendar", "show", "2021", "--json"]));
    let page = served.page("/words/calendar?year=2021");
    // 2021 had 250 working days; October had 17, with 9 October made up.
    for words in ["全年工作日</span> 250", "10 月<span>17 个工作日", "国庆节", "year=2020", "year=2022"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("class=\"makeup\" title=\"国庆节\">9<"), "{page}");
    for year in ["2017", "2027", "2035"] {
        served.refused(&format!("/words/calendar?year={year}"), 400, &[year, "2018-01-01", "2026-12-31"]);
    }
    served.refused("/words/calendar?year=%3Cb%3E", 400, &["&#60;b&#62;"]);
    assert!(served.page("/words/calendar?year=2018").contains("2018-12-29"), "worked, by a notice of the year after");
}

/// The file lies beside the project; where it is missing on purpose, `TONGGUAN_WITHOUT_SHARED=1` says so.
#[test]
fn every_known_due_comes_out_of_the_form() {
    let town = Town::without_schema();
    let served = Served::of(&town);
    let asked = ["calendar", "due", "--start", "2021-03-06 10:00", "--limit", "1", "--unit", "WORK_DAY", "--json"];
    let shown = parsed(&served, "/words/due.json?start=2021-03-06+10:00&limit=1&unit=work_day");
    assert_eq!(shown, told(&town, &asked));
    let page = served.page("/words/due?start=2021-03-06T10:00&limit=1&unit=WORK_DAY&convention=&windows=");
    assert!(page.contains("2021-03-09T00:00:00+08:00 周二，即 2021-03-08 结束前"), "{page}");
    for (query, words) in [
        ("start=2021-03-06&limit=1&unit=WORK_DAY", &["“2021-03-06”不是时刻"][..]),
        ("start=2021-03-06+10:00&limit=x&unit=WORK_DAY", &["limit 要写整数"]),
        ("start=2021-03-06+10:00&limit=1&unit=WORKDAY", &["是 WORK_DAY 吗"]),
        ("start=2021-03-06+10:00&unit=WORK_DAY", &["缺少 limit"]),
        ("start=2021-03-06+10:00&limit=1&unit=MINUTE&convention=END_OF_DAY", &["按分钟计的时限没有"]),
        ("start=2021-03-06+10:00&limit=1&unit=WORK_DAY&windows=U9", &["没有名为“U9”的作息"]),
        ("start=%3Cscript%3E&limit=1&unit=WORK_DAY", &["&#60;script&#62;"]),
    ] {
        served.refused(&format!("/words/due?{query}"), 400, words);
    }
    if !Path::new(VECTORS).exists() {
        let excused = std::env::var("TONGGUAN_WITHOUT_SHARED").is_ok_and(|value| value == "1");
        assert!(excused, "{VECTORS} is not there; set TONGGUAN_WITHOUT_SHARED=1 to do without it");
        return;
    }
    let text = fs::read_to_string(VECTORS).unwrap();
    for row in text.lines().skip(1) {
        let [start, unit, count, due] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
        let (unit, convention) = unit.split_once('/').unwrap_or((unit, ""));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("start", start), ("limit", count), ("unit", unit), ("convention", convention)])
            .finish();
        let found = parsed(&served, &format!("/words/due.json?{query}"));
        assert_eq!(found["due"], format!("{}:00+08:00", due.replace(' ', "T")), "{row}");
    }
    assert_eq!(text.lines().skip(1).count(), ROWS);
}

#[test]
fn the_glossary_is_searched_and_hostile_words_are_text() {
    let town = Town::without_schema();
    let served = Served::of(&town);
    let all = parsed(&served, "/words/glossary.json");
    assert!(all.as_array().unwrap().len() > 250, "{}", all.as_array().unwrap().len());
    let found = served.page("/words/glossary?q=LEDGER");
    assert!(found.contains("账本") && !found.contains("督办"), "{found}");
    assert!(served.page("/words/glossary").contains("id=\"term-账本\""));
    let nothing = served.page("/words/glossary?q=%3Cscript%3Ealert(1)%3C/script%3E");
    assert!(nothing.contains("没有这个词") && !nothing.contains("<script>alert"), "{nothing}");
    for (address, heading) in [
        ("/words?lang=en", "Catalogue of figures"),
        ("/words/streams?lang=en", "Streams"),
        ("/words/policy?lang=en", "Policy"),
        ("/words/calendar?lang=en&year=2021", "Working days of 2021"),
        ("/words/due?lang=en", "When is it due?"),
        ("/words/glossary?lang=en", "Glossary"),
    ] {
        let page = served.page(address);
        assert!(page.contains(&format!("<h1>{heading}</h1>")), "{address}: {page}");
    }
    let (head, _) = served.get("/words/nothing");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
}
