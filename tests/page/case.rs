//! A case as a picture: whatever its life was, what the axis shows is what `case explain` tells.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Value, json};
use tongguan::domain::time::Millis;

use crate::{
    messages::{Message, event, event_of},
    served::Served,
    town::Town,
};

const AS_OF: &str = "2021-11-01";
const HOSTILE: &str = "<script>alert(1)</script>\"'&\u{202e}";

fn time(text: &str) -> String {
    format!("2021-{}:00+08:00", text.replace(' ', "T"))
}

/// `04-30 10:00 dispatched {"unit":"U"}`, in order.
fn life(case: &str, facts: &[(&str, &str, Value)]) -> Vec<Message> {
    facts.iter().map(|(at, kind, data)| event(case, kind, &time(at), data.clone())).collect()
}

/// Lives with everything that moves a due or a clock.
#[allow(clippy::too_many_lines, reason = "a table: one row for each life")]
fn made() -> Vec<(&'static str, Vec<Message>)> {
    let unit = |unit: &str| json!({ "unit": unit, "unit_name": format!("{unit}所") });
    let none = || json!({});
    let begin = |due: &str| {
        vec![
            ("04-30 09:00", "reported", json!({ "title": HOSTILE, "description": HOSTILE, "category_name": HOSTILE })),
            ("04-30 09:30", "accepted", if due.is_empty() { json!({}) } else { json!({ "due_at": time(due) }) }),
            ("04-30 09:40", "filed", json!({ "filing_condition": "一般" })),
        ]
    };
    let with = |due: &str, more: Vec<(&'static str, &'static str, Value)>| [begin(due), more].concat();
    let all = vec![
        (
            "extension",
            with(
                "05-08 18:00",
                vec![
                    ("04-30 10:00", "dispatched", unit("MH-01")),
                    ("05-06 09:00", "extension_requested", json!({ "due_at": time("05-20 18:00") })),
                    ("05-06 10:00", "extension_decided", json!({ "approved": true, "due_at": time("05-20 18:00") })),
                    ("05-12 15:00", "submitted", unit("MH-01")),
                    ("05-12 16:00", "closed", none()),
                ],
            ),
        ),
        (
            "pause",
            with(
                "",
                vec![
                    ("04-30 10:00", "dispatched", unit("MH-01")),
                    ("04-30 11:00", "suspended", json!({ "reason": "等配件" })),
                    ("08-30 11:00", "resumed", none()),
                    ("08-31 15:00", "submitted", unit("MH-01")),
                    ("08-31 16:00", "closed", none()),
                ],
            ),
        ),
        (
            "rework",
            with(
                "05-08 18:00",
                vec![
                    ("04-30 10:00", "dispatched", unit("MH-01")),
                    ("05-06 15:00", "submitted", unit("MH-01")),
                    ("05-06 15:10", "check_requested", none()),
                    ("05-06 16:00", "checked", json!({ "passed": false })),
                    ("05-07 15:00", "submitted", unit("MH-01")),
                    ("05-07 16:00", "closed", none()),
                ],
            ),
        ),
        (
            "return",
            with(
                "05-08 18:00",
                vec![
                    ("04-30 10:00", "dispatched", unit("MH-01")),
                    ("04-30 15:00", "return_decided", json!({ "accepted": true, "unit": "MH-01" })),
                    ("04-30 16:00", "dispatched", unit("MH-02")),
                ],
            ),
        ),
        (
            "correction",
            with(
                "05-08 18:00",
                vec![
                    ("04-30 10:00", "dispatched", unit("MH-01")),
                    ("05-06 10:00", "corrected", json!({ "field": "due_at", "value": time("05-06 12:00") })),
                    ("05-07 15:00", "submitted", unit("MH-01")),
                    ("05-07 16:00", "closed", none()),
                ],
            ),
        ),
        (
            "reopened",
            with(
                "05-08 18:00",
                vec![
                    ("04-30 10:00", "dispatched", unit("MH-01")),
                    ("05-06 15:00", "submitted", unit("MH-01")),
                    ("05-06 16:00", "closed", none()),
                    ("05-07 09:00", "reopened", json!({ "due_at": time("05-14 18:00") })),
                    ("05-13 15:00", "submitted", unit("MH-01")),
                    ("05-13 16:00", "closed", none()),
                ],
            ),
        ),
        (
            "two",
            with(
                "05-08 18:00",
                vec![
                    (
                        "04-30 10:00",
                        "dispatched",
                        json!({ "unit": "MH-01", "role": "lead", "due_at": time("05-07 12:00") }),
                    ),
                    ("04-30 10:05", "dispatched", json!({ "unit": "MH-02", "role": "support", "unit_name": HOSTILE })),
                    ("05-06 15:00", "submitted", unit("MH-02")),
                    ("05-07 15:00", "submitted", unit("MH-01")),
                ],
            ),
        ),
        ("nothing-due", vec![("04-30 09:00", "reported", none())]),
        (
            "minutes",
            vec![
                ("04-30 09:00", "accepted", json!({ "due_at": time("04-30 09:05") })),
                ("04-30 09:03", "closed", none()),
            ],
        ),
    ];
    all.into_iter().map(|(name, facts)| (name, life(name, &facts))).collect()
}

/// A life by lot: of an hour or of months, in order or not.
fn by_lot(rng: &mut StdRng, number: usize) -> (String, Vec<Message>) {
    const KINDS: [&str; 18] = [
        "dispatched",
        "dispatched",
        "signed",
        "contacted",
        "submitted",
        "submitted",
        "suspended",
        "resumed",
        "extension_decided",
        "checked",
        "closed",
        "reopened",
        "return_decided",
        "withdrawn",
        "corrected",
        "rework_ordered",
        "urged",
        "voided",
    ];
    let case = format!("lot-{number}");
    let mut at = Millis::parse("2021-03-01T08:00:00+08:00").unwrap().0 + rng.random_range(0..30 * 86_400_000_i64);
    let longest = *[600_000, 7_200_000, 86_400_000, 12 * 86_400_000_i64].choose(rng).unwrap();
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let written = |at: i64| Millis(at / 1000 * 1000).rfc3339(&zone);
    let due = |rng: &mut StdRng, at: i64| json!(written(at + rng.random_range(-86_400_000..9 * 86_400_000_i64)));
    let intake = if rng.random_bool(0.6) { json!({ "due_at": due(rng, at) }) } else { json!({ "kind": "投诉" }) };
    let mut messages = vec![event(&case, "accepted", &written(at), intake)];
    for step in 0..rng.random_range(0..16) {
        at += rng.random_range(0..longest);
        let kind = *KINDS.choose(rng).unwrap();
        let unit = ["MH-01", "MH-02", "MH-03"].choose(rng).unwrap();
        let data = match kind {
            "extension_decided" => json!({ "approved": rng.random_bool(0.8), "due_at": due(rng, at) }),
            "reopened" | "resumed" if rng.random_bool(0.4) => json!({ "due_at": due(rng, at) }),
            "corrected" => json!({ "field": "due_at", "value": due(rng, at) }),
            "return_decided" => json!({ "accepted": true, "unit": unit }),
            "checked" => json!({ "passed": rng.random_bool(0.5) }),
            "contacted" => json!({ "contacted": true }),
            "dispatched" | "signed" | "submitted" | "withdrawn" => json!({ "unit": unit }),
            _ => json!({}),
        };
        messages.push(event_of(&format!("{case}/{step}"), &case, kind, &written(at), data));
    }
    (case, messages)
}

fn attributes<'a>(page: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    page.match_indices(&start)
        .map(|(at, _)| at + start.len())
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(|at| page[at..].split('"').next())
}

/// When each due that is drawn is, and how far to the right it stands, in the order of time.
fn marks_of_dues(page: &str) -> Vec<(i64, f64)> {
    let mark = |rest: &str| {
        let (ms, rest) = rest.split_once("\" d=\"M").unwrap();
        (ms.parse().unwrap(), rest.split_once(' ').unwrap().0.parse().unwrap())
    };
    let mut marks: Vec<(i64, f64)> = page.split(" data-due=\"").skip(1).map(mark).collect();
    marks.sort_by_key(|(ms, _)| *ms);
    marks
}

/// Of each clock that is drawn, the working time of its bars together.
fn worked(page: &str) -> BTreeMap<usize, i64> {
    let mut sums = BTreeMap::new();
    for link in page.split("<a href=\"#clock-").skip(1) {
        let (number, rest) = link.split_once('"').unwrap();
        let link = rest.split("</a>").next().unwrap();
        let sum: i64 = attributes(link, "data-worked").map(|ms| ms.parse::<i64>().unwrap()).sum();
        *sums.entry(number.parse().unwrap()).or_default() += sum;
    }
    sums
}

fn instants(told: &Value, into: &mut BTreeSet<i64>) {
    match told {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match (name.as_str(), value) {
            ("at" | "due_at" | "original_due_at", Value::String(at)) => drop(into.insert(Millis::parse(at).unwrap().0)),
            _ => instants(value, into),
        }),
        Value::Array(all) => all.iter().for_each(|one| instants(one, into)),
        _ => {}
    }
}

/// Every due that the explanation names.
fn dues(told: &Value) -> BTreeSet<i64> {
    let mut all = BTreeSet::new();
    for part in [&told["due"], &told["original_due"], &told["policy_due"]] {
        instants(part, &mut all);
    }
    told["dues"].as_array().unwrap().iter().for_each(|one| instants(&one["due"], &mut all));
    for clock in told["clocks"].as_array().unwrap() {
        instants(&json!([{ "due_at": clock["due_at"] }, { "due_at": clock["original_due_at"] }]), &mut all);
        clock["moves"]
            .as_array()
            .unwrap()
            .iter()
            .for_each(|one| instants(&json!({ "due_at": one["due_at"] }), &mut all));
    }
    all
}

/// How many facts the marks stand for: `7` is one, `8–12` five.
fn marked(page: &str) -> usize {
    let marks =
        page.split("<text class=\"no\"").skip(1).map(|rest| rest.split_once('>').unwrap().1.split('<').next().unwrap());
    let count = |mark: &str| match mark.split_once('–') {
        Some((first, last)) => last.parse::<usize>().unwrap() + 1 - first.parse::<usize>().unwrap(),
        None => usize::from(mark.parse::<usize>().is_ok()),
    };
    marks.map(count).sum()
}

fn compare(served: &Served, stream: &str, case: &str) -> Value {
    let (_, told) = served.get(&format!("/cases/{stream}/{case}.json?as-of={AS_OF}"));
    let told: Value = serde_json::from_str(&told).unwrap();
    for lang in ["zh", "en"] {
        let page = served.page(&format!("/cases/{stream}/{case}?as-of={AS_OF}&lang={lang}"));
        let clocks = told["clocks"].as_array().unwrap();
        let wanted: BTreeMap<usize, i64> =
            clocks.iter().map(|clock| clock["sums"]["worked_ms"].as_i64().unwrap()).enumerate().collect();
        assert_eq!(worked(&page), wanted, "{case}: the bars of each clock are its working time\n{page}");
        let (named, drawn) =
            (dues(&told), attributes(&page, "data-due").map(|ms| ms.parse().unwrap()).collect::<BTreeSet<i64>>());
        assert!(drawn.is_subset(&named), "{case}: dues drawn and not told: {:?}", drawn.difference(&named));
        let mut of_case = BTreeSet::new();
        told["dues"].as_array().unwrap().iter().for_each(|one| instants(&one["due"], &mut of_case));
        assert!(of_case.is_subset(&drawn), "{case}: dues told and not drawn: {:?}", of_case.difference(&drawn));
        assert_eq!(marked(&page), told["facts"].as_array().unwrap().len(), "{case}: every fact is in one mark");
        for x in attributes(&page, "x").filter_map(|x| x.parse::<f64>().ok()) {
            assert!((0.0..=1200.0).contains(&x), "{case}: {x} is outside");
        }
        assert!(!page.contains("NaN") && !page.contains("inf\"") && !page.contains("<script>alert"), "{case}");
    }
    told
}

#[test]
fn the_axis_of_any_life_shows_the_times_of_its_explanation_and_no_others() {
    let town = Town::new();
    let mut rng = StdRng::seed_from_u64(18);
    let lots: Vec<(String, Vec<Message>)> = (0..36).map(|number| by_lot(&mut rng, number)).collect();
    let made = made();
    town.send("grid", made.iter().flat_map(|(_, messages)| messages));
    town.send("grid", lots[..18].iter().flat_map(|(_, messages)| messages));
    town.send("hotline", lots[18..].iter().flat_map(|(_, messages)| messages));
    town.run_until_caught_up();
    let served = Served::of(&town);
    let mut segments = 0;
    for (index, (case, _)) in lots.iter().enumerate() {
        let told = compare(&served, if index < 18 { "grid" } else { "hotline" }, case);
        segments += told["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|clock| clock["segments"].as_array().unwrap().len())
            .sum::<usize>();
    }
    assert!(segments > 300, "too little to show anything: {segments}");
    for (case, _) in &made {
        let told = compare(&served, "grid", case);
        let own = town.tongguan(&["case", "explain", case, "--json", "--as-of", AS_OF], &[]);
        assert_eq!(told, serde_json::from_str::<Value>(&own.stdout).unwrap(), "{case}: page and command say the same");
    }
    let page = |case: &str| served.page(&format!("/cases/grid/{case}?as-of={AS_OF}"));
    for (case, words) in [
        ("extension", &["延期审批至 2021-05-20 18:00", "原时限"][..]),
        ("pause", &["暂停", "时间轴缩短", "<rect class=\"seg-paused\" data-worked=\""]),
        ("rework", &["返工", "待签收"]),
        ("return", &["退单", "MH-02所", "第 2 次派遣"]),
        ("correction", &["更正至 2021-05-06 12:00", "▲ 超时"]),
        ("reopened", &["重新打开至 2021-05-14 18:00"]),
        ("two", &["第 1 次派遣", "第 2 次派遣", "▲ 超时"]),
        ("minutes", &["09:03", "2021-04-30 周五"]),
    ] {
        let page = page(case);
        for word in words {
            assert!(page.contains(word), "{case}: {word}\n{page}");
        }
    }
    let extension = page("extension");
    let marks = marks_of_dues(&extension);
    assert!(
        marks.is_sorted_by(|(_, left), (_, right)| left <= right),
        "dues stand in the order of their time: {marks:?}"
    );
    assert!(marks.first().unwrap().1 < marks.last().unwrap().1, "{marks:?}");
    // The arcs as a table: when, to which due, because of what, by which message.
    let table = extension.split(">时限的变化</caption>").nth(1).unwrap().split("</table>").next().unwrap();
    for words in ["2021-05-08 18:00", "2021-05-06 10:00", "2021-05-20 18:00", "延期审批", "]@"] {
        assert!(table.contains(words), "{words}\n{table}");
    }
    assert!(!page("nothing-due").contains("案件时限") && !page("minutes").contains("时间轴缩短"));
}

#[test]
fn three_hundred_events_and_more_dispatches_than_lanes_are_drawn_within_bounds_and_listed_in_full() {
    let town = Town::new();
    let mut messages = vec![event("many", "accepted", &time("03-01 09:00"), json!({}))];
    for n in 0..60 {
        let at = |minute: i64| {
            let at = Millis::parse(&time("03-01 10:00")).unwrap().plus((n * 20 * 60 + minute) * 60_000);
            at.rfc3339(&jiff::tz::TimeZone::get("Asia/Shanghai").unwrap())
        };
        let unit =
            json!({ "unit": format!("MH-{n}"), "unit_name": format!("第{n}中队，名称很长很长很长很长很长很长") });
        messages.push(event("many", "dispatched", &at(0), unit.clone()));
        messages.push(event("many", "signed", &at(10), unit.clone()));
        messages.push(event("many", "urged", &at(20), json!({})));
        messages.push(event("many", "supervised", &at(21), json!({})));
        messages.push(event("many", "return_decided", &at(30), json!({ "accepted": true, "unit": format!("MH-{n}") })));
    }
    town.send("grid", &messages);
    town.run_until_caught_up();
    let served = Served::of(&town);
    let page = served.page(&format!("/cases/grid/many?as-of={AS_OF}"));
    let (_, told) = served.get(&format!("/cases/grid/many.json?as-of={AS_OF}"));
    let told: Value = serde_json::from_str(&told).unwrap();
    let (clocks, assignments) =
        (told["clocks"].as_array().unwrap().len(), told["assignments"].as_array().unwrap().len());
    assert!(clocks > 50 && assignments > 12, "{clocks} {assignments}");
    assert_eq!((worked(&page).len(), marked(&page)), (50, 301));
    for words in [
        format!("另有 {} 次派遣未画出", assignments - 12),
        format!("另有 {} 个计时未画出", clocks - 50),
        "id=\"f301\"".to_owned(),
        format!("id=\"clock-{}\"", clocks - 1),
    ] {
        assert!(page.contains(&words), "{words}");
    }
    let axis = page.split("<figure class=\"axis\">").nth(1).unwrap().split("</figure>").next().unwrap();
    assert!(axis.len() < 1_000_000, "{} bytes", axis.len());
}

#[test]
fn why_not_the_other_rules_and_in_which_figures_is_what_the_commands_say() {
    let town = Town::new();
    let due = |day: &str| json!({ "due_at": time(day), "kind": "投诉", "place": { "town": "310113112" } });
    for (case, end) in [("on-time", "04-05 09:00"), ("late", "04-20 09:00"), ("elsewhere", "05-06 09:00")] {
        let facts = [
            ("04-01 09:00", "accepted", due("04-08 18:00")),
            ("04-01 10:00", "dispatched", json!({ "unit": "MH-01", "unit_name": "市容所" })),
            (end, "submitted", json!({ "unit": "MH-01" })),
            (end, "closed", json!({ "result": "实际解决" })),
        ];
        town.send("hotline", &life(case, &facts));
    }
    town.run_until_caught_up();
    let served = Served::of(&town);
    for case in ["on-time", "late", "elsewhere"] {
        let page = served.page(&format!("/cases/hotline/{case}?as-of={AS_OF}"));
        let (_, told) = served.get(&format!("/cases/hotline/{case}.json?as-of={AS_OF}"));
        let told: Value = serde_json::from_str(&told).unwrap();
        let which = town.tongguan(&["policy", "which", case, "--json"], &[]);
        let which: Value = serde_json::from_str(&which.stdout).unwrap();
        let of_stream: Vec<&Value> = told["other_rules"].as_array().unwrap().iter().collect();
        assert!(!of_stream.is_empty());
        for other in of_stream {
            let same = which["others"].as_array().unwrap().iter().find(|one| one["id"] == other["id"]).unwrap();
            assert_eq!((&same["reason"], &same["zh"]), (&other["reason"], &other["zh"]));
            assert!(page.contains(other["zh"].as_str().unwrap()), "{page}");
        }
        let text = town.tongguan(&["case", "explain", case], &[]).stdout;
        assert!(text.contains("不适用 not by") && text.contains("hotline-inquiry"), "{text}");
        // In or out of a figure as its list has it.
        for id in ["K01", "K05a", "K06a", "K06c", "K06d", "K16a"] {
            let list = format!("/figures/{id}/cases.json?month=2021-04&as-of={AS_OF}");
            let rows: Vec<Value> = serde_json::from_str(&served.get(&list).1).unwrap();
            let listed = rows.iter().find(|row| row["case_id"] == case);
            let flag = |name: &str| listed.is_some_and(|row| row[name] == true);
            let wanted = match (flag("numerator"), flag("denominator")) {
                (true, _) if id == "K01" || id == "K16a" => "计入",
                (true, _) => "在分子",
                (false, true) => "只在分母：",
                (false, false) => "未计入：",
            };
            let row = page.split("<tr").find(|row| row.contains(&format!(">{id}<"))).unwrap();
            assert!(row.contains(wanted), "{case} {id}: {wanted}\n{row}");
        }
    }
    let elsewhere = served.page(&format!("/cases/hotline/elsewhere?as-of={AS_OF}"));
    assert!(elsewhere.contains("未计入：时段后结案"), "{elsewhere}");
    // What a case is about leads to a list that has it.
    let unit = attributes(&elsewhere, "href").find(|href| href.contains("only=unit")).unwrap();
    let unit = unit.replace("&amp;", "&").replace("&#38;", "&");
    let list = served.page(&unit);
    assert!(
        list.contains("elsewhere") && list.contains("on-time") && list.contains("清单 3 = 指标 3"),
        "{unit}: {list}"
    );
}

#[test]
fn a_case_that_cannot_be_read_is_refused_in_words_and_clickhouse_away_is_said() {
    let town = Town::without_topics();
    let served = Served::of(&town);
    for (address, status, words) in [
        ("/cases/hotline/none", 404, "没有这个案件"),
        ("/cases/hotlin/none", 400, "是 hotline 吗"),
        ("/cases/hotline/none?asof=2021-01-01", 400, "是 as-of 吗"),
        ("/cases/hotline/none?as-of=yesterday", 400, "yesterday"),
        ("/cases/hotline/%3Cscript%3Ealert%281%29%3C%2Fscript%3E", 404, "没有这个案件"),
    ] {
        served.refused(address, status, &[words]);
        assert!(!served.get(address).1.contains("<script>alert"), "{address}");
    }
    let away = Served::with(&town, &[("CLICKHOUSE__URL", "http://127.0.0.1:9")]);
    let (head, body) = away.get("/cases/hotline/none");
    assert!(head.starts_with("HTTP/1.1 503") && body.contains("暂时查不到数据"), "{head}\n{body}");
}
