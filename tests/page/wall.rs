//! The wall with a map of the town's own: its areas are the groups of the command, and what does not fit is told and not guessed.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    messages::{Message, event},
    served::Served,
    service::wait_for,
    town::Town,
};

const HOSTILE: &str = "<script>hostile()</script>\"'&";
const ASKED: [&str; 8] = ["kpi", "K06b", "--month", "2021-06", "--as-of", "2021-07-05", "--group-by", "community"];

/// Closed on the second day, and due on that or on the day before.
fn closed(community: &str, n: usize, is_late: bool) -> Vec<Message> {
    let day = |day: u8| format!("2021-06-{day:02}T09:00:00+08:00");
    let case = format!("{community}-{n}-{is_late}");
    let due = if is_late { day(1) } else { day(3) };
    let place = json!({ "town": "310113112", "community": community });
    vec![
        event(&case, "accepted", &day(1), json!({ "due_at": due, "place": place })),
        event(&case, "closed", &day(2), json!({})),
    ]
}

fn filled() -> Town {
    let town = Town::new();
    let some = |community: &str, in_time: usize, late: usize| {
        let one = |n: usize| closed(community, n, n >= in_time);
        (0..in_time + late).flat_map(one).collect::<Vec<_>>()
    };
    // 95.00 %, 3 of 4, a hostile name in time, one that no map has, and two that name none.
    let all = [some("A1", 19, 1), some("B2", 3, 1), some(HOSTILE, 12, 0), some("Z9", 2, 0), some("", 2, 0)];
    town.send("hotline", &all.concat());
    town.run_until_caught_up();
    town
}

fn area(code: &str, west: f64) -> Value {
    let (east, south, north) = (west + 0.02, 31.30, 31.32);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({
        "type": "Feature", "properties": { "code": code },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    })
}

fn map(town: &Town, features: &[Value]) -> String {
    let path = town.folder.path().join("map.json");
    std::fs::write(&path, json!({ "type": "FeatureCollection", "features": features }).to_string()).unwrap();
    path.display().to_string()
}

#[test]
fn each_area_shows_the_rate_of_its_community_and_what_does_not_fit_is_counted() {
    let town = filled();
    let features = [area("A1", 121.40), area("B2", 121.42), area(HOSTILE, 121.44), area("PARK", 121.46)];
    let file = map(&town, &features);
    let served = Served::with(&town, &[("PAGE__MAP_FILE", &file)]);
    let page = served.page("/wall?month=2021-06&as-of=2021-07-05");
    let told: Value = serde_json::from_str(&town.tongguan(&[&ASKED[..], &["--json"]].concat(), &[]).stdout).unwrap();
    let group = |code: &str| told.as_array().unwrap().iter().find(|one| one["community"] == code).unwrap().clone();
    let counts = |code: &str| (group(code)["numerator"].clone(), group(code)["denominator"].clone());
    assert_eq!([counts("A1"), counts("B2")], [(json!(19), json!(20)), (json!(3), json!(4))], "as the command counts");
    for (cls, text) in [("on-m3", "95.00"), ("on-few", "3/4"), ("on-m1", "100.00"), ("on-none", "0")] {
        let is_so = |rest: &str| rest.split("</text>").next().unwrap().ends_with(&format!(">{text}"));
        let marked = page.split("<text ").filter(|rest| rest.split('>').next().unwrap().contains(cls));
        assert!(marked.into_iter().any(is_so), "{cls} {text}: {page}");
    }
    assert_eq!(page.matches("<path class=\"m3\"").count(), 1);
    assert!(page.contains("only=community%3DA1") && page.contains("aria-label=\"A1 95.00 %\""), "{page}");
    assert!(!page.contains("<script>hostile") && page.contains("&#60;script&#62;hostile()"), "{page}");
    for words in ["图上 1 个区块没有对应的村居", "1 个村居不在图上（2 件）", "2 件未填村居", "不足 10 件，只列件数"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let english = served.page("/wall?month=2021-06&as-of=2021-07-05&lang=en");
    assert!(english.contains("areas of the map without a community: 1"), "{english}");
    // A month without a case: no area has one, and none but the strange one is strange.
    let empty = served.page("/wall?month=2020-01&as-of=2021-07-05");
    assert_eq!(empty.matches("\"value on-none\"").count(), 4, "{empty}");
    assert!(empty.contains("图上 1 个区块没有对应的村居"), "{empty}");
    let plain = Served::of(&town).page("/wall?month=2021-06");
    assert!(!plain.contains("w-map"), "without a map the ranks only");
    let says_as_of = |page: &str| page.contains("<span class=\"k\">截至</span>");
    assert!(says_as_of(&page) && !says_as_of(&plain), "a wall of now has a clock instead: {plain}");

    let towns = map(&town, &[area("310113112", 121.40)]);
    let of_towns = Served::with(&town, &[("PAGE__MAP_FILE", &towns), ("PAGE__MAP_BY", "town")]);
    let page = of_towns.page("/wall?month=2021-06&as-of=2021-07-05");
    assert!(page.contains("only=town%3D310113112") && page.contains(">95.00</text>"), "38 of 40: {page}");
}

/// A wall asks for nothing else once it is open, and nobody may open another page.
#[test]
fn a_wall_that_nobody_else_looks_beside_says_how_new_the_data_are() {
    let town = filled();
    let served = Served::of(&town);
    let heard = || served.get("/events/wall.json?month=2021-06").1;
    wait_for("how new they are", Duration::from_secs(20), || heard().contains("数据截至"));
}

#[test]
fn a_map_that_cannot_be_drawn_is_told_before_anybody_looks() {
    let town = Town::without_schema();
    let mut point = area("B2", 121.42);
    point["geometry"] = json!({ "type": "Point", "coordinates": [121.4, 31.3] });
    let file = map(&town, &[area("A1", 121.40), point]);
    let settings = [("PAGE__MAP_FILE", file.as_str()), ("PAGE__LISTEN", "127.0.0.1:0")];
    for words in [&["serve"][..], &["config", "check"]] {
        let ended = town.tongguan(words, &settings);
        assert_eq!(ended.code, Some(3), "{words:?}: {}", ended.stderr);
        // As a line of the log its quotes are escaped.
        let said = ended.stderr.replace("\\\"", "\"");
        assert!(ended.stdout.is_empty(), "no address of a page that does not begin: {}", ended.stdout);
        for part in ["map.json, feature 2 (\"code\" \"B2\")", "a \"Point\"", "MultiPolygon"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
    let ended = town.tongguan(&["config", "check"], &[("PAGE__MAP_BY", "comunity")]);
    assert!(ended.stderr.contains("page.map_by") && ended.stderr.contains("community or town"), "{}", ended.stderr);
}
