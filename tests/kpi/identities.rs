//! What must hold between the figures whatever the cases, the period and the as-of: the list at the end of docs/kpi.md.
//! `parity` says that SQL and `domain::kpi` agree; this says that what they agree on makes sense.

use clickhouse::Row;
use serde::Deserialize;
use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure, Flags, Period, flags},
        time::Millis,
    },
    store::kpi::{Answer, Dimension, Question, answers},
};

use crate::{
    histories::{cases, periods, runner, sample},
    scratch::Scratch,
};

const CASES: usize = 3000;

fn drawn() -> Vec<Case> {
    let mut runner = runner();
    let strategy = cases();
    let numbered = |index| Case { case_id: format!("C{index:05}").into(), ..sample(&mut runner, &strategy) };
    (0..CASES).map(numbered).collect()
}

async fn filled(purpose: &str) -> Scratch {
    let scratch = Scratch::new(purpose).await;
    scratch.insert(drawn().iter(), 0).await;
    scratch
}

/// `[n, d]` of every figure, and the parts of K05a's denominator, by the columns of the view alone.
#[derive(Row, Deserialize, Debug)]
struct Sums {
    k01_n: u64,
    k05a: [u64; 2],
    k05b: [u64; 2],
    k06a: [u64; 2],
    k06b: [u64; 2],
    k06c: [u64; 2],
    k06d: [u64; 2],
    /// Closed; overdue and open; open and not yet due; open without a due; suspended.
    parts: [u64; 5],
}

impl Sums {
    async fn of(scratch: &Scratch, period: &Period, filter: &str) -> Self {
        let figures = ["k05a", "k05b", "k06a", "k06b", "k06c", "k06d"];
        let figures = figures.map(|id| format!("CAST((sum({id}_n), sum({id}_d)), 'Tuple(UInt64, UInt64)') AS {id}"));
        let at = |at: Millis| format!("fromUnixTimestamp64Milli({}, 'Asia/Shanghai')", at.0);
        let sql = format!(
            "SELECT sum(k01_n) AS k01_n, {},
                (countIf(k01_n AND standing = 'closed'),
                 countIf(k01_n AND is_overdue_open),
                 countIf(k01_n AND standing = 'open' AND has_due AND NOT is_overdue_open),
                 countIf(k01_n AND standing = 'open' AND NOT has_due),
                 countIf(k01_n AND standing = 'suspended')) AS parts
            FROM {{{{database}}}}_mart.kpi_flags(from = {}, to = {}, as_of = {})
            WHERE {filter}
            SETTINGS prefer_column_name_to_alias = 1",
            figures.join(", "),
            at(period.from),
            at(period.to),
            at(period.as_of),
        );
        scratch.rows(&sql).await.remove(0)
    }
}

#[tokio::test]
async fn numerators_and_denominators_are_bound_to_each_other() {
    let scratch = filled("identities").await;
    let mut runner = runner();
    let strategy = periods();
    let mut met = [0; 5];
    for _ in 0..60 {
        let period = sample(&mut runner, &strategy);
        let sums = Sums::of(&scratch, &period, "true").await;
        let Sums { k01_n, k05a, k05b, k06a, k06b, k06c, k06d, parts } = &sums;
        let told = format!("{period:?} {sums:?}");
        assert_eq!(k05a[1], *k01_n, "{told}");
        assert_eq!(k05a[1], parts.iter().sum::<u64>(), "{told}");
        assert_eq!(k05b[1], parts[0] + parts[1], "{told}");
        assert_eq!([k05a[0], k05b[0]], [parts[0]; 2], "{told}");
        assert!(k06a[0] == k06b[0] && k06a[0] <= k05a[0], "{told}");
        assert!(k05b[1] <= k05a[1] && k06a[1] <= k05a[1] && k06b[1] <= k06a[1] && k06b[1] <= k05b[1], "{told}");
        assert!([k05a, k05b, k06a, k06b, k06c, k06d].iter().all(|[n, d]| n <= d), "{told}");
        for (met, part) in met.iter_mut().zip(parts) {
            *met += part;
        }
    }
    assert!(met.iter().all(|part| *part > 500), "every part occurs: {met:?}");
}

#[tokio::test]
async fn seen_from_far_ahead_with_dues_and_no_suspension_the_conventions_meet() {
    let scratch = filled("far").await;
    let mut runner = runner();
    let strategy = periods();
    for _ in 0..20 {
        let period = Period { as_of: Millis::parse("2200-01-01T00:00:00Z").unwrap(), ..sample(&mut runner, &strategy) };
        let Sums { k05a, k05b, k06a, k06b, .. } =
            Sums::of(&scratch, &period, "has_due AND standing != 'suspended'").await;
        assert_eq!((k05a, k06a), (k05b, k06b), "{period:?}");
        assert_eq!(k05a[1], k06a[1], "{period:?}");
    }
}

#[tokio::test]
async fn the_groups_of_every_dimension_add_up_to_the_total() {
    let scratch = filled("sums").await;
    let mut runner = runner();
    let strategy = periods();
    for _ in 0..3 {
        let period = sample(&mut runner, &strategy);
        for figure in &CATALOGUE {
            let total = asked(&scratch, figure, period, &[]).await;
            for dimension in [
                Dimension::Stream,
                Dimension::Month,
                Dimension::Town,
                Dimension::Community,
                Dimension::Category,
                Dimension::Unit,
                Dimension::Channel,
                Dimension::Kind,
            ] {
                assert_eq!(asked(&scratch, figure, period, &[dimension]).await, total, "{dimension:?} {period:?}");
            }
        }
    }
}

/// The sums over the groups.
async fn asked(scratch: &Scratch, figure: &'static Figure, period: Period, by: &[Dimension]) -> (u64, u64) {
    let (zone, group_by) = ("America/New_York".to_owned(), by.to_vec());
    let rows = answers(&scratch.store, &Question { figure, period, zone, group_by, stream: None }).await.unwrap();
    let sum = |of: fn(&Answer) -> u64| rows.iter().map(of).sum();
    (sum(|row| row.numerator), sum(|row| row.denominator.unwrap_or(0)))
}

/// By the reference: parity holds for SQL what holds for it.
#[test]
fn after_the_end_of_the_period_a_figure_moves_only_as_its_page_says() {
    let cases = drawn();
    let mut runner = runner();
    let strategy = periods();
    let mut compared = 0;
    for _ in 0..40 {
        let ended = sample(&mut runner, &strategy);
        let at_end = Period { as_of: ended.to, ..ended };
        let later = Period { as_of: ended.to.max(ended.as_of), ..ended };
        for case in cases.iter().filter(|case| case.history.at(at_end.as_of) == case.history.at(later.as_of)) {
            // Received or due later than it was known: the correction has yet to come true.
            if case.history.at(at_end.as_of).is_some_and(|step| step.received_at.is_some_and(|at| at > at_end.as_of)) {
                continue;
            }
            let (first, last) = (flags(&case.history, &at_end), flags(&case.history, &later));
            compared += 1;
            for (figure, (first, last)) in CATALOGUE.iter().zip(first.into_iter().zip(last)) {
                let may_fall_due = matches!(figure.id, "K05b" | "K06b");
                let overdue_now = last == Flags { numerator: false, denominator: true } && first == Flags::default();
                assert!(first == last || (may_fall_due && overdue_now), "{}: {first:?} {last:?} {case:?}", figure.id);
            }
        }
    }
    assert!(compared > 10_000, "{compared}");
}
