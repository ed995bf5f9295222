//! `tongguan kpi` as people and programs meet it: what it prints, for every figure, grouping, zone and list of cases.

use serde_json::{Value, json as value};
use tongguan::domain::{attributes::Attributes, case::Case, kpi::CATALOGUE};

use crate::{
    lives,
    program::{json, kpi_with, printed},
    scratch::Scratch,
};

const YEAR: &str = "--from 2021-01-01 --to 2022-01-01 --as-of 2022-01-05";

fn at(case: Case, town: &str, category: &str, unit: &str) -> Case {
    let attributes = Attributes { town: town.into(), category_name: category.into(), ..Attributes::default() };
    Case { attributes, unit: unit.into(), ..case }
}

/// Two hotline tickets, one late, and three grid cases of which one is open without a due.
fn cases() -> Vec<Case> {
    let hotline = |id, life| lives::case("hotline", id, life);
    let grid = |id, life| lives::case("grid", id, life);
    vec![
        at(
            hotline("H1", "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00"),
            "310113112",
            "噪声扰民",
            "城管中队",
        ),
        at(
            hotline("H2", "accepted 03-31 23:30 (due 04-06 18:00), closed 04-12 15:00"),
            "310113112",
            "暴露垃圾",
            "市容所",
        ),
        at(grid("G1", "accepted 03-10 09:00 (due 03-12 18:00), closed 03-12 18:00"), "310113111", "暴露垃圾", "市容所"),
        at(grid("G2", "accepted 04-01 00:00 (due 04-02 18:00), closed 04-02 10:00"), "310113111", "暴露垃圾", "市容所"),
        grid("G3", "accepted 04-20 09:00"),
    ]
}

async fn filled() -> Scratch {
    let scratch = Scratch::new("command").await;
    scratch.insert(cases().iter(), 0).await;
    scratch
}

/// Group, numerator and denominator of each answer.
fn groups(answers: &[Value], dimension: &str) -> Vec<(String, u64, Option<u64>)> {
    let one = |answer: &Value| {
        let group = answer[dimension].as_str().unwrap().to_owned();
        (group, answer["numerator"].as_u64().unwrap(), answer["denominator"].as_u64())
    };
    answers.iter().map(one).collect()
}

fn rows(table: &[(&str, u64, u64)]) -> Vec<(String, u64, Option<u64>)> {
    table.iter().map(|(group, n, d)| ((*group).to_owned(), *n, Some(*d))).collect()
}

#[tokio::test]
async fn every_figure_has_exactly_the_fields_that_are_promised_in_their_order() {
    let scratch = filled().await;
    for figure in CATALOGUE.iter() {
        for words in
            [figure.id.clone(), format!("{} --convention {}", figure.name, figure.convention), figure.id.to_lowercase()]
        {
            // Not every figure has groups here; ungrouped there is always an answer.
            let is_grouped = figure.name == "closure" || figure.name == "received";
            let (by, dimensions) = if is_grouped { ("--group-by town,stream", "town stream ") } else { ("", "") };
            let text = printed(&scratch, &format!("{words} {YEAR} {by} --json"));
            let names = text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next());
            let promised = format!("kpi convention cohort {dimensions}from to as_of numerator denominator rate");
            let names: Vec<&str> = names.take(promised.split(' ').count()).collect();
            assert_eq!(names.join(" "), promised, "{words}");
            let answers: Vec<Value> = serde_json::from_str(&text).unwrap();
            let fields = promised.split(' ').count() + if figure.has_durations() { 4 } else { 0 };
            assert!(answers.iter().all(|answer| answer.as_object().unwrap().len() == fields), "{text}");
            let first = &answers[0];
            assert_eq!(
                [&first["kpi"], &first["convention"], &first["cohort"]],
                [figure.id.as_str(), &figure.convention, figure.cohort.name()]
            );
            assert_eq!(first["from"], "2021-01-01T00:00:00+08:00");
            assert_eq!(first["to"], "2022-01-01T00:00:00+08:00");
            assert_eq!(first["as_of"], "2022-01-05T00:00:00+08:00");
        }
    }
}

#[tokio::test]
async fn counts_are_numbers_rates_are_fractions_and_nothing_by_nothing_is_null() {
    let scratch = filled().await;
    let fields = |words: &str| {
        let answers = json(&scratch, words);
        assert_eq!(answers.len(), 1, "{words}: {answers:?}");
        ["numerator", "denominator", "rate"].map(|name| answers[0][name].clone())
    };
    assert_eq!(fields(&format!("K05a {YEAR}")), [value!(4), value!(5), value!(0.8)]);
    assert_eq!(fields(&format!("K05b {YEAR}")), [value!(4), value!(4), value!(1.0)]);
    assert_eq!(fields(&format!("K06a {YEAR}")), [value!(3), value!(4), value!(0.75)]);
    // A count has no denominator; a rate of nothing has one that is 0. Neither has a rate.
    assert_eq!(fields(&format!("K01 {YEAR}")), [value!(5), Value::Null, Value::Null]);
    assert_eq!(fields("K05a --from 1999-01-01 --to 2000-01-01"), [value!(0), value!(0), Value::Null]);
    assert!(json(&scratch, "K05a --from 1999-01-01 --to 2000-01-01 --group-by town").is_empty());
}

#[tokio::test]
async fn a_name_is_answered_under_each_of_its_conventions() {
    let scratch = filled().await;
    for (name, conventions) in [
        ("received", &["accepted"][..]),
        ("closure", &["shanghai", "need-close", "carry", "mature"]),
        ("timeliness", &["shanghai", "need-close", "due", "closed", "original-due", "light", "carry", "mature"]),
        ("flow", &["opened", "closed", "net", "open-at-end"]),
    ] {
        let answers = json(&scratch, &format!("{name} {YEAR}"));
        let found: Vec<&str> = answers.iter().map(|answer| answer["convention"].as_str().unwrap()).collect();
        assert_eq!(found, conventions, "{name}");
    }
}

#[tokio::test]
async fn every_dimension_groups_by_what_the_cases_state() {
    let scratch = filled().await;
    let by = |dimension: &str| groups(&json(&scratch, &format!("K05a {YEAR} --group-by {dimension}")), dimension);
    assert_eq!(by("stream"), rows(&[("grid", 2, 3), ("hotline", 2, 2)]));
    assert_eq!(by("month"), rows(&[("2021-03", 3, 3), ("2021-04", 1, 2)]));
    assert_eq!(by("town"), rows(&[("", 0, 1), ("310113111", 2, 2), ("310113112", 2, 2)]));
    assert_eq!(by("category"), rows(&[("", 0, 1), ("噪声扰民", 1, 1), ("暴露垃圾", 3, 3)]));
    assert_eq!(by("unit"), rows(&[("", 0, 1), ("城管中队", 1, 1), ("市容所", 3, 3)]));
    // By the month of the due, and of the close.
    let months = |id: &str| groups(&json(&scratch, &format!("{id} {YEAR} --group-by month")), "month");
    assert_eq!(months("K06c"), rows(&[("2021-03", 2, 2), ("2021-04", 1, 2)]));
    assert_eq!(months("K06d"), rows(&[("2021-03", 2, 2), ("2021-04", 1, 2)]));
}

#[tokio::test]
async fn a_stream_narrows_and_one_that_is_not_there_is_a_wrong_call() {
    let scratch = filled().await;
    let counts = |stream: &str| {
        let answer = json(&scratch, &format!("K01 {YEAR} --stream {stream}")).remove(0);
        answer["numerator"].as_u64().unwrap()
    };
    assert_eq!([counts("hotline"), counts("grid")], [2, 3]);
    let nobody = kpi_with(&scratch, &format!("K01 {YEAR} --stream hotlin"), &[]);
    assert!(nobody.code == Some(2) && nobody.stderr.contains("`hotlin`; hotline?"), "{nobody:?}");
}

#[tokio::test]
async fn a_zone_places_dates_months_and_the_times_shown() {
    let scratch = filled().await;
    let march = "K01 --from 2021-03-01 --to 2021-04-01 --as-of 2022-01-05";
    let numerator = |words: &str| json(&scratch, words)[0]["numerator"].as_u64().unwrap();
    assert_eq!(numerator(march), 3);
    // Midnight in Shanghai on 1 April is still March in New York.
    assert_eq!(numerator(&format!("{march} --timezone America/New_York")), 4);
    let answers = json(&scratch, &format!("K01 {YEAR} --timezone America/New_York --group-by month"));
    assert_eq!(answers[0]["from"], "2021-01-01T00:00:00-05:00");
    assert_eq!(answers[0]["month"], "2021-03");
    assert_eq!(answers[0]["numerator"], 4);
    // The configured zone is the default, and the option wins over it.
    let ended = kpi_with(&scratch, &format!("{march} --json"), &[("TIMEZONE", "America/New_York")]);
    assert!(ended.stdout.contains("\"from\": \"2021-03-01T00:00:00-05:00\""), "{ended:?}");
    // An RFC 3339 time is itself in any zone.
    let exact = "K01 --from 2021-03-31T23:30:00+08:00 --to 2021-03-31T23:30:01+08:00 --as-of 2022-01-05";
    assert_eq!([numerator(exact), numerator(&format!("{exact} --timezone UTC"))], [1, 1]);
}

#[tokio::test]
async fn what_had_not_happened_by_the_as_of_does_not_count_and_the_default_is_now() {
    let scratch = filled().await;
    let counts = |as_of: &str| {
        let answer = json(&scratch, &format!("K05b --from 2021-03-01 --to 2021-04-01 {as_of}")).remove(0);
        (answer["numerator"].as_u64().unwrap(), answer["denominator"].as_u64().unwrap())
    };
    assert_eq!(counts("--as-of 2021-03-05"), (0, 0));
    assert_eq!(counts("--as-of 2021-04-08"), (2, 3));
    assert_eq!(counts(""), (3, 3));
    assert_eq!(counts("--as-of 2021-03-12T18:00:00+08:00"), (2, 2));
}

#[tokio::test]
async fn text_is_aligned_where_a_chinese_character_takes_two_places() {
    let scratch = filled().await;
    let text = printed(&scratch, &format!("K06b {YEAR} --group-by unit,category"));
    let wanted = "\
K06b 及时率（应结口径） | Timeliness rate, over those that should be closed
口径 convention need-close, 人群 cohort CREATED, 时段 period [2021-01-01T00:00:00+08:00, 2022-01-01T00:00:00+08:00), \
截至 as of 2022-01-05T00:00:00+08:00, 时区 zone Asia/Shanghai
unit         category     分子 n  分母 d   率 rate
(未填 none)  (未填 none)       0       0         —
城管中队     噪声扰民          1       1  100.00 %
市容所       暴露垃圾          2       3   66.66 %
合计 total                     3       4   75.00 %
未计入 left out: 1 无时限 without a due
";
    assert_eq!(text, wanted);
}

#[tokio::test]
async fn text_names_the_stream_asked_for_and_says_when_there_is_nothing() {
    let scratch = filled().await;
    let text = printed(&scratch, &format!("closure {YEAR} --stream grid"));
    assert_eq!(text.matches(", 时区 zone Asia/Shanghai, 业务流 stream grid\n").count(), 4, "{text}");
    assert!(text.contains("\n\nK05b "), "an empty line between the conventions:\n{text}");
    let text = printed(&scratch, "K05a --from 1999-01-01 --to 2000-01-01 --group-by town");
    assert!(text.ends_with("没有案件 no cases\n"), "{text}");
    let text = printed(&scratch, "K05a --from 1999-01-01 --to 2000-01-01");
    assert!(text.ends_with("     0       0        —\n"), "{text}");
}

#[tokio::test]
async fn cases_are_listed_with_their_flags_a_page_at_a_time() {
    let scratch = filled().await;
    let all = json(&scratch, &format!("K06b {YEAR} --cases"));
    let flags = |case: &Value| (case["numerator"].as_bool().unwrap(), case["denominator"].as_bool().unwrap());
    let ids = |cases: &[Value]| -> Vec<String> {
        cases.iter().map(|case| case["case_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&all), ["G1", "G2", "H1", "H2"]);
    assert_eq!(all.iter().map(flags).collect::<Vec<_>>(), [(true, true), (true, true), (true, true), (false, true)]);
    let late = &all[3];
    assert_eq!([&late["stream"], &late["town"], &late["category_name"]], ["hotline", "310113112", "暴露垃圾"]);
    assert_eq!([&late["unit"], &late["standing"]], ["市容所", "closed"]);
    assert_eq!(late["received_at"], "2021-03-31T23:30:00+08:00");
    assert_eq!(late["due_at"], "2021-04-06T18:00:00+08:00");
    assert_eq!(late["closed_at"], "2021-04-12T15:00:00+08:00");
    let open = json(&scratch, &format!("K05a {YEAR} --cases --after G2 --limit 1"));
    assert_eq!(
        (ids(&open), &open[0]["due_at"], &open[0]["closed_at"]),
        (vec!["G3".to_owned()], &Value::Null, &Value::Null)
    );
    assert_eq!(ids(&json(&scratch, &format!("K05a {YEAR} --cases --after G3 --stream hotline"))), ["H1", "H2"]);
}

#[tokio::test]
async fn a_full_page_says_how_to_go_on_and_the_last_says_nothing() {
    let scratch = filled().await;
    let first = printed(&scratch, &format!("K05a {YEAR} --cases --limit 3"));
    assert!(first.ends_with("还有 there may be more: --after G3\n"), "{first}");
    let second = printed(&scratch, &format!("K05a {YEAR} --cases --limit 3 --after G3"));
    let lines: Vec<&str> = second.lines().skip(2).collect();
    assert_eq!(lines.len(), 3, "{second}");
    let head = "case_id  stream   town       category  unit      standing  received_at                \
                due_at                     closed_at                  n  d";
    assert_eq!(lines[0], head);
    assert_eq!(
        lines[1],
        "H1       hotline  310113112  噪声扰民  城管中队  closed    2021-03-03T09:00:00+08:00  \
         2021-03-09T18:00:00+08:00  2021-03-08T10:00:00+08:00  1  1"
    );
    let none = printed(&scratch, "K05a --from 1999-01-01 --to 2000-01-01 --cases");
    assert!(none.ends_with("没有案件 no cases\n"), "{none}");
}

#[tokio::test]
async fn a_comparison_puts_the_year_and_the_period_before_beside_each_value() {
    let scratch = Scratch::new("compare").await;
    let life = |id, life| lives::case("hotline", id, life);
    let cases = [
        life("F1", "accepted 02-03 09:00 (due 02-09 18:00), closed 02-08 10:00"),
        life("F2", "accepted 02-04 09:00 (due 02-10 18:00), closed 02-12 10:00"),
        life("F3", "accepted 02-05 09:00 (due 02-11 18:00)"),
        life("M1", "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00"),
        life("M2", "accepted 03-04 09:00 (due 03-10 18:00), closed 04-02 10:00"),
    ];
    scratch.insert(cases.iter(), 0).await;
    let march = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-04-01";
    let closure = json(&scratch, &format!("K05a {march} --compare pop,yoy")).remove(0);
    // On 1 April one of two is closed; on 1 March two of February's three were.
    assert_eq!([&closure["numerator"], &closure["denominator"]], [1, 2]);
    assert_eq!([&closure["pop_numerator"], &closure["pop_denominator"]], [2, 3]);
    let difference = closure["pop_difference"].as_f64().unwrap();
    assert!((difference - (0.5 - 2.0 / 3.0)).abs() < 1e-12, "{difference}");
    assert_eq!(
        [&closure["yoy_numerator"], &closure["yoy_denominator"], &closure["yoy_rate"]],
        [&value!(0), &value!(0), &Value::Null]
    );
    let received = json(&scratch, &format!("K01 {march} --compare pop")).remove(0);
    assert_eq!([&received["pop_numerator"], &received["pop_difference"]], [&value!(3), &value!(-1.0)]);
    assert!((received["pop_growth"].as_f64().unwrap() + 1.0 / 3.0).abs() < 1e-12, "{received}");
    // By month, each stands beside the one before it.
    let months =
        json(&scratch, "K01 --from 2021-02-01 --to 2021-04-01 --as-of 2021-05-01 --group-by month --compare pop");
    let before: Vec<_> =
        months.iter().map(|month| (month["month"].as_str().unwrap(), month["pop_numerator"].clone())).collect();
    assert_eq!(before, [("2021-02", Value::Null), ("2021-03", value!(3))]);
    let text = printed(&scratch, &format!("K05a {march} --compare pop"));
    assert!(
        text.contains("环比值 pop  环比 change\n") && text.contains("50.00 %     66.66 %    -16.66 pp\n"),
        "{text}"
    );
}

#[tokio::test]
async fn csv_has_the_names_and_values_of_the_json() {
    let scratch = filled().await;
    let text = printed(&scratch, &format!("K16a {YEAR} --group-by stream --csv"));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "kpi,convention,cohort,stream,from,to,as_of,numerator,denominator,rate,median_s,p90_s,mean_s,max_s"
    );
    let times = "2021-01-01T00:00:00+08:00,2022-01-01T00:00:00+08:00,2022-01-05T00:00:00+08:00";
    assert_eq!(lines[1], format!("K16a,wall,CLOSED,grid,{times},2,,,163800,196920,163800,205200"));
    assert_eq!(lines.len(), 3, "{text}");
    let cases = printed(&scratch, &format!("K05a {YEAR} --cases --csv"));
    assert!(cases.starts_with("case_id,stream,kind,") && cases.lines().count() == 6, "{cases}");
}

#[tokio::test]
async fn a_net_flow_is_what_came_in_minus_what_was_closed_by_its_own_month() {
    let scratch = filled().await;
    let flow = |words: &str| json(&scratch, &format!("{words} {YEAR} --group-by month"));
    let net: Vec<_> = flow("K17c")
        .iter()
        .map(|one| (one["month"].as_str().unwrap().to_owned(), one["numerator"].as_i64().unwrap()))
        .collect();
    assert_eq!(net, [("2021-03".to_owned(), 1), ("2021-04".to_owned(), 0)]);
    let open = json(&scratch, "K17d --from 2021-03-01 --to 2021-04-01 --as-of 2022-01-05").remove(0);
    assert_eq!((&open["numerator"], &open["denominator"]), (&value!(1), &Value::Null));
}

#[tokio::test]
async fn the_catalogue_is_listed_and_shown_without_a_database() {
    let scratch = Scratch::new("catalogue").await;
    let silent = [("CLICKHOUSE__URL", "http://127.0.0.1:1")];
    let list = kpi_with(&scratch, "list", &silent);
    assert_eq!((list.code, list.stdout.lines().count()), (Some(0), CATALOGUE.len() + 1), "{list:?}");
    let listed: Vec<Value> = serde_json::from_str(&kpi_with(&scratch, "list --json", &silent).stdout).unwrap();
    let ids: Vec<&str> = listed.iter().map(|figure| figure["kpi"].as_str().unwrap()).collect();
    assert_eq!(ids, CATALOGUE.iter().map(|figure| figure.id.as_str()).collect::<Vec<_>>());
    let shown = kpi_with(&scratch, "show k06C", &silent).stdout;
    let figure = tongguan::domain::kpi::Figure::by_id("K06c").unwrap();
    for text in
        [&figure.question.zh, &figure.question.en, &figure.formula.zh, &figure.formula.en, &figure.leaves_out.en]
    {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert_eq!(kpi_with(&scratch, "show closure", &silent).stdout.matches("公式 formula").count(), 4);
    assert_eq!(kpi_with(&scratch, "show happiness", &silent).code, Some(2));
}

#[tokio::test]
async fn every_figure_answers_as_text_as_json_and_as_csv() {
    let scratch = filled().await;
    for figure in CATALOGUE.iter() {
        let words = format!("{} {YEAR}", figure.id);
        assert!(printed(&scratch, &words).starts_with(figure.id.as_str()), "{}", figure.id);
        let answers = json(&scratch, &words);
        assert_eq!((answers.len(), &answers[0]["kpi"]), (1, &value!(figure.id)));
        assert_eq!(printed(&scratch, &format!("{words} --csv")).lines().count(), 2, "{}", figure.id);
    }
}
