//! `tongguan kpi explain`: what it leaves out makes up the rest, and its conventions differ by as much as it says, case by case.
//! Its SQL: `pasted.rs`.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Value, json as value};
use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure, Grain, Period, figures_of_case},
    },
    store::kpi::{Answer, Question, account, answers, beside},
};

use crate::{
    histories::{cases, periods, runner, sample},
    lives,
    program::{json, kpi, printed},
    scratch::Scratch,
};

pub const YEAR: &str = "--from 2021-01-01 --to 2022-01-01 --as-of 2022-01-05";

pub async fn drawn(purpose: &str) -> (Scratch, Vec<Case>) {
    let scratch = Scratch::new(purpose).await;
    let mut runner = runner();
    let strategy = cases();
    let numbered = |index| Case { case_id: format!("C{index:05}").into(), ..sample(&mut runner, &strategy) };
    let cases: Vec<Case> = (0..2000).map(numbered).collect();
    scratch.insert(cases.iter(), 0).await;
    (scratch, cases)
}

pub async fn filled(purpose: &str) -> Scratch {
    let scratch = Scratch::new(purpose).await;
    let life = |id, life| lives::case("hotline", id, life);
    let cases = [
        life("A", "accepted 03-03 09:00 (due 03-09 18:00), closed 03-08 10:00"),
        // Early, with a due in April.
        life("B", "accepted 03-29 09:00 (due 04-06 18:00), closed 03-30 10:00"),
        // Late by its first due, on time by an extension.
        life("C", "accepted 03-04 09:00 (due 03-10 18:00), extended 03-09 09:00 (due 03-16 18:00), closed 03-12 10:00"),
        life("D", "accepted 03-05 09:00 (due 03-11 18:00), suspended 03-08 09:00"),
        life("E", "accepted 03-30 09:00 (due 04-07 18:00)"),
        life("F", "accepted 02-26 09:00 (due 03-05 18:00), closed 03-03 10:00"),
        life("G", "accepted 03-10 09:00"),
        life("H", "accepted 03-10 10:00 (due 03-16 18:00), voided 03-11 10:00"),
        life("I", "accepted 03-15 10:00 (due 03-19 18:00), closed 03-22 10:00"),
    ];
    scratch.insert(cases.iter(), 0).await;
    scratch
}

#[tokio::test]
async fn what_is_counted_and_what_is_left_out_is_everything_of_every_figure_at_any_time() {
    let (scratch, _) = drawn("account").await;
    let mut runner = runner();
    let strategy = periods();
    let mut seen = 0;
    for (turn, figure) in CATALOGUE.iter().filter(|figure| figure.has_cases()).enumerate() {
        let period = sample(&mut runner, &strategy);
        let question = Question { is_assessed: turn % 2 == 1, ..Question::new(figure, period, "Asia/Shanghai") };
        let account = account(&scratch.store, &question).await.unwrap();
        let sum = account.counted + account.left_out.sum() + account.not_yet;
        assert_eq!(sum, account.everything, "{} {period:?} {account:?}", figure.id);
        seen += account.everything;
    }
    assert!(seen > 5_000, "{seen}");
}

#[tokio::test]
async fn the_reasons_add_up_to_the_difference_of_any_two_conventions_at_any_time() {
    let (scratch, cases) = drawn("beside").await;
    let mut runner = runner();
    let strategy = periods();
    let mut reasons = BTreeSet::new();
    let figures: Vec<&Figure> = CATALOGUE.iter().filter(|figure| Figure::named(&figure.name).len() > 1).collect();
    for (turn, figure) in figures.into_iter().enumerate() {
        let period = sample(&mut runner, &strategy);
        let question = Question { is_assessed: turn % 2 == 1, ..Question::new(figure, period, "Asia/Shanghai") };
        let here = only(&scratch, &question).await;
        let others = beside(&scratch.store, &question).await.unwrap();
        assert_eq!(others.len() + 1, Figure::named(&figure.name).len());
        for other in others {
            let there = only(&scratch, &Question { figure: other.figure, ..question.clone() }).await;
            assert_eq!((other.numerator, other.denominator), (there.numerator, there.denominator), "{other:?}");
            let Some(gaps) = &other.gaps else { continue };
            let differ = |side: &str| -> i64 {
                let of_side = gaps.iter().filter(|gap| gap.side == side);
                of_side.map(|gap| gap.only_there as i64 - gap.only_here as i64).sum()
            };
            let told = format!("{} {} {period:?} {gaps:?}", figure.id, other.figure.id);
            assert_eq!(differ("n"), there.numerator - here.numerator, "{told}");
            let denominator = |answer: &Answer| answer.denominator.unwrap_or_default() as i64;
            assert_eq!(differ("d"), denominator(&there) - denominator(&here), "{told}");
            if !question.is_assessed && [figure, other.figure].iter().all(|one| one.grain == Grain::Case) {
                let by_sql =
                    gaps.iter().map(|gap| ((gap.side.clone(), gap.reason.clone()), (gap.only_here, gap.only_there)));
                assert_eq!(by_sql.collect::<Gaps>(), by_reference(&cases, [figure, other.figure], period), "{told}");
            }
            reasons.extend(gaps.iter().map(|gap| gap.reason.clone()));
        }
    }
    for common in
        ["received_before", "closed_early", "not_due", "suspended", "no_due", "late_by_original_due", "due_moved"]
    {
        assert!(reasons.contains(common), "{common} never occurred: {reasons:?}");
    }
}

/// By side and reason: what the one counts alone, and what the other.
type Gaps = BTreeMap<(String, String), (u64, u64)>;

/// As the page of a case has it.
fn by_reference(cases: &[Case], figures: [&'static Figure; 2], period: Period) -> Gaps {
    let mut all = Gaps::new();
    for case in cases {
        let told = figures_of_case(case, period, &[&figures[0].name]);
        let [Some(here), Some(there)] = figures.map(|figure| told.iter().find(|one| one.figure.id == figure.id)) else {
            continue;
        };
        for (side, ours, theirs) in [("n", here.n, there.n), ("d", here.d, there.d)] {
            let reason = match ours.cmp(&theirs) {
                Ordering::Equal => continue,
                _ if ours > 0 && theirs > 0 => "several",
                Ordering::Greater => there.reason,
                Ordering::Less => here.reason,
            };
            let gap = all.entry((side.to_owned(), reason.to_owned())).or_default();
            gap.0 += u64::from(ours.saturating_sub(theirs));
            gap.1 += u64::from(theirs.saturating_sub(ours));
        }
    }
    all
}

async fn only(scratch: &Scratch, question: &Question) -> Answer {
    answers(&scratch.store, question).await.unwrap().remove(0)
}

#[tokio::test]
async fn each_difference_has_its_reason() {
    let scratch = filled("reasons").await;
    let march = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-04-01";
    let explained = json(&scratch, &format!("explain K06a {march}")).remove(0);
    assert_eq!(
        (&explained["answers"][0]["numerator"], &explained["answers"][0]["denominator"]),
        (&value!(3), &value!(6))
    );
    let account = &explained["account"];
    assert_eq!((&account["counted"], &account["everything"]), (&value!(6), &value!(8)));
    assert_eq!((&account["left_out"]["void"], &account["left_out"]["no_due"]), (&value!(1), &value!(1)));
    let gaps = |id: &str, side: &str| -> Vec<(String, u64, u64)> {
        let others = explained["others"].as_array().unwrap();
        let other = others.iter().find(|other| other["kpi"] == id).unwrap();
        let gaps = other["differences"].as_array().unwrap().iter().filter(|gap| gap["side"] == side);
        gaps.map(|gap| {
            let count = |name: &str| gap[name].as_u64().unwrap();
            (gap["reason"].as_str().unwrap().to_owned(), count("only_here"), count("only_there"))
        })
        .collect()
    };
    let all = |rows: &[(&str, u64, u64)]| {
        rows.iter().map(|(reason, a, b)| ((*reason).to_owned(), *a, *b)).collect::<Vec<_>>()
    };
    assert_eq!(gaps("K06b", "d"), all(&[("not_due", 1, 0), ("suspended", 1, 0)]));
    assert_eq!(gaps("K06b", "n"), []);
    let due = all(&[("closed_early", 1, 0), ("not_due", 1, 0), ("received_before", 0, 1), ("suspended", 1, 0)]);
    assert_eq!(gaps("K06c", "d"), due);
    assert_eq!(gaps("K06c", "n"), all(&[("closed_early", 1, 0), ("received_before", 0, 1)]));
    assert_eq!(gaps("K06d", "d"), all(&[("not_closed", 1, 0), ("received_before", 0, 1), ("suspended", 1, 0)]));
    let original = all(&[("closed_early", 1, 0), ("late_by_original_due", 1, 0), ("received_before", 0, 1)]);
    assert_eq!(gaps("K06e", "n"), original);
    assert_eq!(gaps("K06f", "d"), all(&[("no_due", 0, 1)]));
    let text = printed(&scratch, &format!("explain K06a {march}"));
    for part in [
        "核对 adds up: 计入 counted 6 + 未计入 left out 2 = 时段内全部 all of the period 8",
        "公式 formula: 按时结案 / 时段内受理且有时限",
        "_mart.kpi_flags(",
        "K06e     original-due",
        "K06a → K06e 及时率（原时限）: 分子 n -1，分母 d -1",
        "按原时限超期，因延期或顺延才按时 late by the original due, on time by an extension or a pause",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[tokio::test]
async fn the_cases_are_paged_with_their_flags_and_what_cannot_be_explained_says_so() {
    let scratch = filled("explain_cases").await;
    let page = json(&scratch, &format!("explain K06b {YEAR} --cases --limit 2")).remove(0);
    let ids = |page: &Value| -> Vec<String> {
        let cases = page["cases"].as_array().unwrap();
        cases.iter().map(|case| case["case_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((ids(&page), &page["next_after"]), (vec!["A".to_owned(), "B".to_owned()], &value!("B")));
    assert_eq!((&page["cases"][0]["numerator"], &page["cases"][0]["d"]), (&value!(true), &value!(1)));
    let last = json(&scratch, &format!("explain K06b {YEAR} --cases --after F")).remove(0);
    assert_eq!((ids(&last), &last["next_after"]), (vec!["I".to_owned()], &Value::Null));
    assert_eq!(json(&scratch, &format!("explain closure {YEAR}")).len(), 4);
    let refused = |words: &str, code: i32, part: &str| {
        let ended = kpi(&scratch, &format!("explain {words} {YEAR}"));
        assert!(ended.code == Some(code) && ended.stderr.contains(part), "{words}: {ended:?}");
    };
    refused("closure --cases", 2, "--convention");
    refused("K17c --cases", 2, "K17a and K17b");
    refused("K05a --csv", 2, "--json");
    refused("K05a --known-by 2021-06-01", 2, "kpi --known-by");
    refused("happiness", 2, "kpi list");
    let net = printed(&scratch, &format!("explain flow --convention net {YEAR}"));
    assert!(net.contains("两数之差，没有自己的案件"), "{net}");
    let single = printed(&scratch, &format!("explain K01 {YEAR}"));
    assert!(single.contains("received 只有这一种口径 has no other convention"), "{single}");
}
