//! Lists in an order: the pages together are the list, whatever it is sorted by, in whichever direction, with ties, with what is
//! missing, and while cases come in between.

use std::cmp::Ordering;

use tongguan::{
    ask::NextPage,
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure, Grain, Period},
        time::Millis,
    },
    store::kpi::{CaseBehind, CaseOrder, CaseSort, LastCase, Page, Question, Side, answers, cases_behind},
};

use crate::{
    histories::{cases, runner, sample},
    lives,
    program::{json, printed},
    scratch::Scratch,
};

const CASES: usize = 300;
const EVER: Period = Period { from: Millis(0), to: Millis(4_102_444_800_000), as_of: Millis(4_102_444_800_000) };

async fn fill(scratch: &Scratch, numbers: std::ops::Range<usize>) {
    let (mut runner, strategy) = (runner(), cases());
    // Half of the numbers stand in two streams, so that there are ties of everything but the stream.
    let numbered = |index: usize| Case {
        case_id: format!("C'{{}}\\{:05}", index / 2).into(),
        stream: if index.is_multiple_of(2) { "hotline".into() } else { "grid".into() },
        ..sample(&mut runner, &strategy)
    };
    let drawn: Vec<Case> = numbers.map(numbered).collect();
    scratch.insert(drawn.iter(), 0).await;
}

fn questions() -> Vec<Question> {
    let of_grain = |grain| CATALOGUE.iter().find(|figure| figure.grain == grain && figure.has_cases());
    let grains = [Grain::Clock, Grain::Assignment, Grain::Check].map(of_grain);
    let named = ["K05a", "K16a"].map(Figure::by_id);
    let all = named.into_iter().chain(grains).flatten();
    all.map(|figure| Question::new(figure, EVER, "Asia/Shanghai")).collect()
}

fn orders() -> impl Iterator<Item = CaseOrder> {
    CaseSort::names().into_iter().flat_map(|name| {
        [false, true].map(|is_descending| CaseOrder { sort: CaseSort::from_name(name).unwrap(), is_descending })
    })
}

async fn page(
    scratch: &Scratch,
    question: &Question,
    order: CaseOrder,
    limit: u64,
    after: Option<&LastCase>,
) -> Vec<CaseBehind> {
    let page = Page { limit, order, after, side: Side::All };
    cases_behind(&scratch.store, question, page).await.unwrap()
}

/// Page by page, by what each says of the next.
async fn walked(scratch: &Scratch, question: &Question, order: CaseOrder, limit: u64) -> Vec<CaseBehind> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let rows = page(scratch, question, order, limit, after.as_ref()).await;
        let next = NextPage::after(question, Side::All, order, limit, &rows).map(|next| next.text());
        all.extend(rows);
        let Some(text) = next else { return all };
        let next = NextPage::parse(&text).unwrap().unwrap();
        next.check(question, Side::All, order).unwrap();
        after = Some(next.last);
    }
}

/// What the documents say: what is missing last, ties by stream and number upwards.
fn compared(a: &CaseBehind, b: &CaseBehind, order: CaseOrder) -> Ordering {
    fn keyed<T: Ord>(a: Option<T>, b: Option<T>, is_descending: bool) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if is_descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
    let unit = |case: &CaseBehind| {
        let unit = if case.unit.is_empty() { case.unit_name.clone() } else { case.unit.clone() };
        Some(unit).filter(|unit| !unit.is_empty())
    };
    let is_down = order.is_descending;
    let key = match order.sort {
        CaseSort::Case => keyed(Some(&a.case_id), Some(&b.case_id), is_down),
        CaseSort::Received => keyed(a.received_at, b.received_at, is_down),
        CaseSort::Due => keyed(a.due_at, b.due_at, is_down),
        CaseSort::Closed => keyed(a.closed_at, b.closed_at, is_down),
        CaseSort::Duration => keyed(a.duration_ms, b.duration_ms, is_down),
        CaseSort::Unit => keyed(unit(a), unit(b), is_down),
    };
    key.then_with(|| (&a.stream, &a.case_id).cmp(&(&b.stream, &b.case_id)))
}

/// Rows of one case, such as its clocks, come in no order among themselves.
fn written(rows: &[CaseBehind]) -> Vec<String> {
    let mut all: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_pages_together_are_the_unsorted_list_in_every_order() {
    let scratch = Scratch::new("sorted").await;
    fill(&scratch, 0..CASES).await;
    let (mut missing, mut ties) = (0, 0);
    for question in questions() {
        let id = &question.figure.id;
        let all = page(&scratch, &question, CaseOrder::default(), 100_000, None).await;
        assert!(all.len() > 20, "{id} has too few rows to show anything: {}", all.len());
        for order in orders() {
            let limit = all.len() as u64 / 7 + 1;
            let found = walked(&scratch, &question, order, limit).await;
            assert_eq!(written(&found), written(&all), "{id} {order:?}");
            for pair in found.windows(2) {
                let is_right = compared(&pair[0], &pair[1], order) != Ordering::Greater;
                assert!(is_right, "{id} {order:?}: {:?} before {:?}", pair[0], pair[1]);
            }
            missing += found.iter().filter(|row| order.sort == CaseSort::Closed && row.closed_at.is_none()).count();
            ties += found.windows(2).filter(|two| two[0].case_id == two[1].case_id).count();
        }
    }
    assert!(missing > 10 && ties > 10, "{missing} rows without the key, {ties} ties");
}

#[tokio::test]
async fn rows_that_come_between_two_pages_move_no_other_row_to_a_second_page_or_out_of_the_list() {
    let scratch = Scratch::new("sorted_meanwhile").await;
    fill(&scratch, 0..CASES).await;
    let question = Question::new(Figure::by_id("K05a").unwrap(), EVER, "Asia/Shanghai");
    for (round, order) in orders().enumerate() {
        let before = page(&scratch, &question, order, 100_000, None).await;
        let limit = before.len() as u64 / 2;
        let first = page(&scratch, &question, order, limit, None).await;
        fill(&scratch, CASES + round * 20..CASES + round * 20 + 20).await;
        let next = NextPage::after(&question, Side::All, order, limit, &first).unwrap();
        let rest = page(&scratch, &question, order, 100_000, Some(&next.last)).await;
        let both: Vec<String> =
            first.iter().chain(&rest).map(|row| format!("{} {}", row.stream, row.case_id)).collect();
        for row in &before {
            let name = format!("{} {}", row.stream, row.case_id);
            assert_eq!(both.iter().filter(|one| **one == name).count(), 1, "{order:?}: {name}");
        }
    }
}

const YEAR: &str = "--from 2021-01-01 --to 2022-01-01 --as-of 2021-03-20";

async fn lived() -> Scratch {
    let scratch = Scratch::new("due_by").await;
    let life = |id, life| lives::case("hotline", id, life);
    let cases = [
        life("A", "accepted 03-03 09:00 (due 03-09 18:00)"),
        life("B", "accepted 03-04 09:00 (due 03-10 18:00)"),
        life("C", "accepted 03-02 09:00 (due 03-12 18:00), closed 03-05 10:00"),
        life("D", "accepted 03-01 09:00"),
    ];
    scratch.insert(cases.iter(), 0).await;
    scratch
}

fn ids(rows: &[serde_json::Value]) -> String {
    rows.iter().map(|row| row["case_id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_command_sorts_and_goes_on_where_it_says() {
    let scratch = lived().await;
    for (words, wanted) in [
        ("", "ABCD"),
        ("--desc", "DCBA"),
        ("--sort due", "ABCD"),
        ("--sort due --desc", "CBAD"),
        ("--sort received", "DCAB"),
        ("--sort closed", "CABD"),
    ] {
        assert_eq!(ids(&json(&scratch, &format!("K01 {YEAR} --cases {words}"))), wanted, "{words}");
        let first = printed(&scratch, &format!("K01 {YEAR} --cases --limit 2 {words}"));
        let next = first.trim_end().rsplit_once("--after ").unwrap().1.to_owned();
        let rest = json(&scratch, &format!("K01 {YEAR} --cases {words} --after {next}"));
        assert_eq!(ids(&rest), wanted[2..], "{words}: {next}");
    }
    assert_eq!(ids(&json(&scratch, &format!("K01 {YEAR} --cases --desc --after C"))), "BA");
}

#[tokio::test]
async fn due_by_an_instant_is_kept_by_the_figure_and_by_its_list() {
    let scratch = lived().await;
    for (by, wanted) in [
        ("2021-03-09T17:59:59", ""),
        ("2021-03-09T18:00", "A"),
        ("2021-03-11", "AB"),
        ("2021-03-12T18:00:00+08:00", "ABC"),
        ("2030-01-01", "ABC"),
    ] {
        let asked = format!("K01 {YEAR} --due-by {by}");
        let figure = json(&scratch, &asked).remove(0);
        assert_eq!(figure["numerator"], wanted.len(), "{by}");
        assert_eq!(ids(&json(&scratch, &format!("{asked} --cases"))), wanted, "{by}");
    }
    let closed = json(&scratch, &format!("K05a {YEAR} --due-by 2021-03-12T18:00")).remove(0);
    assert_eq!([&closed["numerator"], &closed["denominator"]], [1, 3]);
    let text = printed(&scratch, &format!("K05a {YEAR} --due-by 2021-03-11"));
    assert!(text.contains(", 时限不晚于 due by 2021-03-11T00:00:00+08:00"), "{text}");
    // Beside a year before, seen from the same distance.
    let asked = "K01 --from 2022-03-01 --to 2022-04-01 --as-of 2022-04-01 --due-by 2022-03-11 --compare yoy";
    assert_eq!(json(&scratch, asked)[0]["yoy_numerator"], 2);
    // Every figure takes it, whatever it counts.
    for figure in CATALOGUE.iter() {
        let question = Question { due_by: Some(Millis(0)), ..Question::new(figure, EVER, "UTC") };
        for answer in answers(&scratch.store, &question).await.unwrap() {
            assert_eq!(answer.numerator, 0, "{}", figure.id);
        }
    }
}
