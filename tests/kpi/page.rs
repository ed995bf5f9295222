//! The page, asked as a browser asks it: every figure shows the counts of the command, and every list has as many cases as its figure
//! counts, for every convention and every part.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure, Period},
        time::Millis,
    },
    http::{page::Site, site_router},
    report::count::{counts, grouped},
    store::kpi::{Question, Side, account, answers, beside},
};
use tower_service::Service as _;

use crate::{
    histories::{cases, periods, runner, sample},
    scratch::Scratch,
    site::site,
};

const CASES: usize = 700;
const HOSTILE: &str = "<script>alert(1)</script>\"'&";

fn served(scratch: &Scratch) -> Router {
    site_router(Arc::new(Site { town: HOSTILE.to_owned(), ..site(scratch.store.clone()) }))
}

async fn get(router: &Router, address: &str) -> (StatusCode, String) {
    let request = Request::get(address).header("host", "localhost").body(Body::empty()).unwrap();
    let answer = router.clone().call(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 16 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn filled(scratch: &Scratch) -> Period {
    let mut runner = runner();
    let strategy = cases();
    let numbered = |index| Case { case_id: format!("{HOSTILE}{index:05}").into(), ..sample(&mut runner, &strategy) };
    let drawn: Vec<Case> = (0..CASES).map(numbered).collect();
    scratch.insert(drawn.iter(), 0).await;
    sample(&mut runner, &periods())
}

fn asked(period: Period) -> String {
    let at = |at: Millis| at.rfc3339(&jiff::tz::TimeZone::UTC).replace("+00:00", "Z");
    format!("from={}&to={}&as-of={}", at(period.from), at(period.to), at(period.as_of))
}

#[tokio::test]
async fn every_list_has_as_many_cases_as_its_figure_counts() {
    let scratch = Scratch::new("page").await;
    let period = filled(&scratch).await;
    let (router, asked) = (served(&scratch), asked(period));
    let mut listed = 0;
    for figure in CATALOGUE.iter().filter(|figure| figure.has_cases()) {
        let sides: &[(Side, &str)] = if figure.is_rate() { &Side::ALL } else { &Side::ALL[..1] };
        for (side, part) in sides {
            let address = format!("/figures/{}/cases?{asked}&part={part}", figure.id);
            let (status, page) = get(&router, &address).await;
            assert_eq!(status, StatusCode::OK, "{address}: {page}");
            assert!(!page.contains('≠'), "{address}");
            let sums = figure.numerator_sums.is_some() || figure.denominator_sums.is_some();
            assert!(page.contains(" = 指标 ") || (sums && *side == Side::NotMet), "{address}");
            let is_numerator = *side == Side::Numerator || !figure.is_rate();
            let counted = if is_numerator { &figure.numerator_sums } else { &figure.denominator_sums };
            let is_no_count = counted.is_some() && *side != Side::NotMet;
            assert_eq!(page.contains("不是件数"), is_no_count, "{address}: what is summed is no number of cases");
            assert!(!page.contains(HOSTILE) && !page.contains("<script>alert"), "{address}");
            let (_, all) = get(&router, &address.replace("/cases?", "/cases.json?limit=1000&")).await;
            let rows = serde_json::from_str::<Vec<serde_json::Value>>(&all).unwrap().len();
            assert!(page.contains(&format!("共 {rows} 件")), "{address}: {rows}");
            listed += rows;
        }
    }
    assert!(listed > 1_000, "too few cases to show anything: {listed}");
}

#[tokio::test]
async fn every_figure_shows_what_the_command_shows_and_its_groups_lead_to_as_many_cases() {
    let scratch = Scratch::new("page_figures").await;
    let period = filled(&scratch).await;
    let (router, asked) = (served(&scratch), asked(period));
    for figure in CATALOGUE.iter() {
        let question = Question::new(figure, period, "Asia/Shanghai");
        let answer = answers(&scratch.store, &question).await.unwrap().remove(0);
        for lang in ["", "&lang=en"] {
            let address = format!("/figures/{}?{asked}{lang}", figure.id);
            let (status, page) = get(&router, &address).await;
            assert_eq!(status, StatusCode::OK, "{address}: {page}");
            if let Some(d) = answer.denominator.filter(|_| figure.has_cases()) {
                let number = |n: u64| format!(">{}</a>", grouped(n));
                assert!(page.contains(&number(answer.numerator.unsigned_abs())), "{address}");
                assert!(page.contains(&number(d)), "{address}: {}", counts(answer.numerator, answer.denominator));
            }
        }
        let (_, json) = get(&router, &format!("/figures/{}.json?{asked}", figure.id)).await;
        let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
        assert_eq!(rows[0]["numerator"], answer.numerator, "{}", figure.id);
        assert_eq!(rows[0]["denominator"], serde_json::json!(answer.denominator), "{}", figure.id);
    }
    let by_name = get(&router, &format!("/figures/closure?{asked}")).await.1;
    let rows: Vec<&str> = by_name.split("<tr").filter_map(|row| row.split("</tr>").next()).collect();
    for figure in Figure::named("closure") {
        let answer = answers(&scratch.store, &Question::new(figure, period, "Asia/Shanghai")).await.unwrap().remove(0);
        let told = format!(">{}/{}<", grouped(answer.numerator.unsigned_abs()), grouped(answer.denominator.unwrap()));
        let is_row = |row: &&str| row.contains(&format!("/figures/{}?", figure.id)) && row.contains(&told);
        assert_eq!(rows.iter().copied().filter(is_row).count(), 1, "{}: {told}: {by_name}", figure.id);
    }
    let page = get(&router, &format!("/figures/K05a?{asked}&group-by=kind")).await.1;
    let question = Question::new(Figure::by_id("K05a").unwrap(), period, "Asia/Shanghai");
    let account = account(&scratch.store, &question).await.unwrap();
    assert!(page.contains(&format!(" = {}</p>", grouped(account.everything))), "the account adds up: {page}");
    let others = beside(&scratch.store, &question).await.unwrap();
    assert!(others.len() > 1);
    for other in others {
        assert!(page.contains(&format!("/figures/{}?", other.figure.id)), "{}", other.figure.id);
        let d = grouped(other.denominator.unwrap());
        assert!(page.contains(&format!("{}/{d}", grouped(other.numerator.unsigned_abs()))), "{}", other.figure.id);
    }
    assert!(page.contains("<path class=\"s1\" d=\"M"), "the line of the months is drawn");
    let links: Vec<String> = page
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.contains("/cases?") && href.contains("only=kind"))
        .map(|href| href.replace("&amp;", "&").replace("&#38;", "&"))
        .collect();
    assert!(links.len() > 1, "the groups are links");
    for link in links {
        let (status, list) = get(&router, &link).await;
        assert_eq!(status, StatusCode::OK, "{link}");
        assert!(list.contains(" = 指标 ") && !list.contains('≠'), "{link}");
    }
}

#[tokio::test]
async fn a_list_is_sorted_by_its_heads_narrowed_by_its_form_and_shows_the_columns_that_are_chosen() {
    let scratch = Scratch::new("page_lists").await;
    filled(&scratch).await;
    let (router, asked) = (served(&scratch), "from=2000-01-01&to=2030-01-01&as-of=2030-01-01");
    let hrefs = |page: &str| -> Vec<String> {
        let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        all.map(|href| href.replace("&amp;", "&").replace("&#38;", "&")).collect()
    };
    let address = format!("/figures/K05a/cases?{asked}&limit=150");
    let (_, page) = get(&router, &address).await;
    let by_due = hrefs(&page).into_iter().find(|href| href.contains("sort=due")).unwrap();
    let (_, sorted) = get(&router, &by_due).await;
    assert!(
        sorted.contains("aria-sort=\"ascending\"")
            && hrefs(&sorted).iter().any(|href| href.contains("sort=due&desc=1"))
    );
    // Page by page, by the link to the next one, every case of the figure comes once.
    let (mut here, mut ids) = (by_due.replace("/cases?", "/cases.json?"), Vec::new());
    loop {
        let rows: Vec<serde_json::Value> = serde_json::from_str(&get(&router, &here).await.1).unwrap();
        ids.extend(rows.iter().map(|row| format!("{} {}", row["stream"], row["case_id"])));
        let (_, page) = get(&router, &here.replace("/cases.json?", "/cases?")).await;
        assert!(page.contains(" = 指标 ") && !page.contains('≠'), "{here}");
        // Every other link of a page keeps where it begins.
        let is_next = |link: &&str| link.contains("rel=\"next\"") && link.contains("after=next-1.");
        let Some(link) = page.split("<a ").map(|rest| rest.split('>').next().unwrap()).find(is_next) else { break };
        let next = hrefs(link).remove(0);
        here = next.replace("/cases?", "/cases.json?");
    }
    let all = get(&router, &address.replace("&limit=150", "").replace("/cases?", "/cases.csv?")).await.1;
    let (mut once, rows) = (ids.clone(), ids.len());
    once.sort();
    once.dedup();
    assert_eq!((once.len(), rows), (rows, csv::Reader::from_reader(all.as_bytes()).records().count()));
    assert!(rows > 40, "too few to show anything: {rows}");

    let (_, few) = get(&router, &format!("{address}&columns=case,due,n")).await;
    assert_eq!(few.matches("<th scope=\"col\"").count(), 3);
    assert!(few.contains("计入分子"), "a column that is not usual");
    let option = page.split("<option value=\"kind=").nth(1).unwrap().split('"').next().unwrap();
    let only: String = form_urlencoded::byte_serialize(format!("kind={option}").as_bytes()).collect();
    let (_, narrowed) = get(&router, &format!("{address}&only={only}")).await;
    assert!(narrowed.contains(" = 指标 ") && !narrowed.contains('≠'), "{option}");
    assert!(narrowed.contains(&format!("<option value=\"kind={option}\" selected>")), "the form says what is asked");
    let (_, english) = get(&router, &format!("{address}&lang=en&sort=unit")).await;
    assert!(english.contains("grid cell") && english.contains("duty grid"), "{english}");
}

#[tokio::test]
async fn what_cannot_be_understood_is_told_with_the_nearest_word() {
    let scratch = Scratch::new("page_refusals").await;
    let router = served(&scratch);
    for (address, status, words) in [
        ("/figures/K05a?mnth=2021-06", 400, "month"),
        ("/figures/K05a?month=2021-13", 400, "2021-06"),
        ("/figures/K05a", 400, "统计哪一时段"),
        ("/figures/K99?month=2021-06", 400, "K99"),
        ("/figures/closure/cases?month=2021-06", 400, "convention"),
        ("/figures/K05a/cases?month=2021-06&part=not-mett", 400, "not-met"),
        ("/figures/K05a/cases?month=2021-06&limit=0", 400, "1 以上的整数"),
        ("/figures/K05a/cases?month=2021-06&limit=1001", 400, "1000"),
        ("/figures/K05a/cases?month=2021-06&sort=deu", 400, "是 due 吗"),
        ("/figures/K05a/cases?month=2021-06&columns=unti", 400, "是 unit 吗"),
        ("/figures/K05a/cases?month=2021-06&sort=due&after=G1", 400, "after 与给出时不同"),
        ("/figures/K17c/cases?month=2021-06", 400, "K17a"),
        ("/figures/K05a/lists?month=2021-06", 404, "没有这个地址"),
        ("/nothing?lang=en", 404, "nothing at this address"),
        ("/figures/K05a?month=2021-06&lang=fr", 400, "zh"),
    ] {
        let (found, page) = get(&router, address).await;
        assert_eq!((found.as_u16(), page.contains(words)), (status, true), "{address}: {page}");
        assert!(page.starts_with("<!doctype html>"), "{address}");
    }
    let (status, problem) = get(&router, "/figures/K05a.json?mnth=2021-06").await;
    let problem: serde_json::Value = serde_json::from_str(&problem).unwrap();
    assert_eq!((status.as_u16(), problem["status"].as_u64()), (400, Some(400)));
    assert!(problem["detail"].as_str().unwrap().contains("month?"));
}

/// The links of a page, each with its text.
fn links(page: &str) -> Vec<(String, String)> {
    let link = |rest: &str| {
        let (href, rest) = rest.split_once('"')?;
        let (_, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</a>")?;
        Some((href.replace("&#38;", "&").replace("&amp;", "&"), text.to_owned()))
    };
    page.split("<a href=\"").skip(1).filter_map(link).collect()
}

/// `3,680` as a number; nothing else.
fn whole(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.chars().all(|char| char.is_ascii_digit() || char == ',');
    is_plain.then(|| text.replace(',', "").parse().unwrap())
}

#[tokio::test]
async fn every_number_of_the_overview_opens_a_list_of_as_many_cases() {
    let scratch = Scratch::new("page_overview").await;
    let period = filled(&scratch).await;
    let (router, asked) = (served(&scratch), asked(period));
    for convention in ["need-close", "carry"] {
        let (status, page) = get(&router, &format!("/overview?{asked}&convention={convention}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(!page.contains(HOSTILE) && !page.contains("<script>alert"), "a text is shown as text");
        let mut followed = 0;
        for (href, text) in links(&page).iter().filter(|(href, _)| href.contains("/cases?")) {
            let Some(number) = whole(text) else { continue };
            let (status, list) = get(&router, href).await;
            assert_eq!(status, StatusCode::OK, "{href}: {list}");
            assert!(!list.contains('≠'), "{href}: {list}");
            let counted = format!(" = 指标 {}", grouped(number));
            assert!(list.contains(&counted) || list.contains(&format!("共 {text} 件")), "{href} says {text}: {list}");
            followed += 1;
        }
        assert!(followed > 30, "{followed} numbers lead to a list");
    }
}

#[tokio::test]
async fn what_was_received_stands_in_exactly_one_fate_and_the_overview_is_the_figures() {
    let scratch = Scratch::new("page_fates").await;
    let period = filled(&scratch).await;
    let (router, asked) = (served(&scratch), asked(period));
    let (status, told) = get(&router, &format!("/overview.json?{asked}")).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    for figure in told["figures"].as_array().unwrap() {
        let known = Figure::by_id(figure["id"].as_str().unwrap()).unwrap();
        let alone = answers(&scratch.store, &Question::new(known, period, "Asia/Shanghai")).await.unwrap();
        assert_eq!(figure["now"]["numerator"], alone[0].numerator, "{}", known.id);
        assert_eq!(figure["now"]["denominator"], serde_json::to_value(alone[0].denominator).unwrap(), "{}", known.id);
    }
    let received = told["figures"][2]["now"]["numerator"].as_i64().unwrap();
    assert!(received > 10, "{received}");
    for by in ["fate", "category", "channel", "weekday_hour"] {
        let groups = told["received"][by].as_array().unwrap();
        let sum: i64 = groups.iter().map(|group| group["numerator"].as_i64().unwrap()).sum();
        assert_eq!(sum, received, "by {by}");
    }
    let (status, _) = get(&router, "/").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "a month is named in the address");
    let (status, refused) = get(&router, &format!("/overview?{asked}&convention=need-clos")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(refused.contains("是 need-close 吗"), "{refused}");
}
