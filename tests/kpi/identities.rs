//! What must hold between the figures whatever the cases, the period and the as-of: the list at the end of docs/kpi.md.
//! `parity` says that SQL and `domain::kpi` agree; this says that what they agree on makes sense.

use std::collections::{BTreeMap, BTreeSet};

use clickhouse::Row;
use serde::Deserialize;
use tongguan::{
    domain::{
        case::Case,
        kpi::{CATALOGUE, Figure, Grain, Part, Period, Seen, Shape, catalogue::Settles, rows},
        time::Millis,
    },
    store::kpi::{Dimension, Question, answers},
};

use crate::{
    histories::{cases, instants, periods, runner, sample},
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

/// `[n, d]` of every figure that counts cases, and how many cases received in the period are in each bucket.
#[derive(Row, Deserialize, Debug)]
struct Found {
    sums: Vec<Vec<u64>>,
    buckets: Vec<(String, u64)>,
}

#[derive(Debug)]
struct Sums {
    by_id: BTreeMap<String, [u64; 2]>,
    /// Of the cases in K05a's denominator.
    buckets: BTreeMap<String, u64>,
}

impl Sums {
    async fn of(scratch: &Scratch, period: &Period, filter: &str) -> Self {
        let figures: Vec<&Figure> =
            CATALOGUE.iter().filter(|figure| figure.grain == Grain::Case && figure.has_cases()).collect();
        let sums = figures.iter().map(|figure| {
            let id = figure.id.to_lowercase();
            let d = if figure.is_rate() { format!("sum({id}_d)") } else { "0".to_owned() };
            format!("[toUInt64(sum({id}_n)), toUInt64({d})]")
        });
        let at = |at: Millis| format!("fromUnixTimestamp64Milli({}, 'Asia/Shanghai')", at.0);
        let sql = format!(
            "SELECT [{}] AS sums,
                CAST(sumMapIf(map(bucket::String, toUInt64(1)), k05a_d), 'Array(Tuple(String, UInt64))') AS buckets
            FROM {{{{database}}}}_mart.kpi_flags(from = {}, to = {}, as_of = {})
            WHERE {filter}",
            sums.collect::<Vec<_>>().join(", "),
            at(period.from),
            at(period.to),
            at(period.as_of),
        );
        let found: Found = scratch.rows(&sql).await.remove(0);
        let by_id = figures
            .iter()
            .map(|figure| figure.id.clone())
            .zip(found.sums.iter().map(|sums| [sums[0], sums[1]]))
            .collect();
        Self { by_id, buckets: found.buckets.into_iter().collect() }
    }

    fn of_id(&self, id: &str) -> [u64; 2] {
        self.by_id[id]
    }
}

#[tokio::test]
async fn numerators_and_denominators_are_bound_to_each_other() {
    let scratch = filled("identities").await;
    let mut runner = runner();
    let strategy = periods();
    let mut met: BTreeMap<String, u64> = BTreeMap::new();
    for _ in 0..60 {
        let period = sample(&mut runner, &strategy);
        let sums = Sums::of(&scratch, &period, "true").await;
        let told = format!("{period:?} {sums:?}");
        let [n, d] = [0, 1].map(|side| move |sums: &Sums, id: &str| sums.of_id(id)[side]);
        let bucket = |name: &str| sums.buckets.get(name).copied().unwrap_or_default();
        assert_eq!(d(&sums, "K05a"), sums.buckets.values().sum::<u64>(), "every case is in one bucket: {told}");
        assert_eq!(d(&sums, "K05b"), bucket("closed") + bucket("overdue"), "{told}");
        assert_eq!([n(&sums, "K05a"), n(&sums, "K05b"), n(&sums, "K05d")], [bucket("closed"); 3], "{told}");
        assert!(n(&sums, "K06a") == n(&sums, "K06b") && n(&sums, "K06a") <= n(&sums, "K05a"), "{told}");
        assert_eq!(n(&sums, "K06b"), n(&sums, "K06h"), "{told}");
        // The conventions of one question, from the narrow to the wide.
        for [narrow, wide] in
            [["K05b", "K05a"], ["K05b", "K05d"], ["K06a", "K05a"], ["K06b", "K06a"], ["K06b", "K05b"], ["K06c", "K06g"]]
        {
            let may_exceed = narrow == "K06c"; // a due that is the very as-of is due, and not overdue
            assert!(may_exceed || d(&sums, narrow) <= d(&sums, wide), "{narrow} {wide} {told}");
        }
        assert_eq!(
            [d(&sums, "K10a"), d(&sums, "K10b"), d(&sums, "K11h")],
            ["K05b", "K05c", "K05c"].map(|id| d(&sums, id))
        );
        for id in ["K11a", "K11b", "K11c", "K11e", "K11f", "K11g"] {
            assert_eq!(d(&sums, id), n(&sums, "K01"), "{id} {told}");
        }
        assert_eq!(d(&sums, "K11d"), n(&sums, "K01") + n(&sums, "K11d"), "{told}");
        assert!(n(&sums, "K06f") <= n(&sums, "K05a") && d(&sums, "K06f") == d(&sums, "K05a"), "{told}");
        assert!(n(&sums, "K06d") <= n(&sums, "K13") && d(&sums, "K06d") <= d(&sums, "K13"), "{told}");
        assert_eq!(d(&sums, "K15"), d(&sums, "K18c"), "{told}");
        // Whoever was sent back to work was so at least once.
        assert_eq!(d(&sums, "K10c"), d(&sums, "K10a"), "{told}");
        assert!(n(&sums, "K10c") >= n(&sums, "K10a"), "{told}");
        let is_part = |figure: &&Figure| figure.is_rate() && figure.shape != Shape::PerCase;
        for figure in CATALOGUE.iter().filter(|figure| figure.grain == Grain::Case).filter(is_part) {
            assert!(n(&sums, &figure.id) <= d(&sums, &figure.id) * figure.scale(), "{} {told}", figure.id);
        }
        for (name, count) in sums.buckets {
            *met.entry(name).or_default() += count;
        }
    }
    let buckets = ["answered", "closed", "due_soon", "no_limit", "not_due", "overdue", "suspended"];
    assert!(
        buckets.iter().all(|bucket| met[*bucket] > 100) && met.len() == buckets.len(),
        "every part occurs: {met:?}"
    );
}

#[tokio::test]
async fn seen_from_far_ahead_with_dues_and_no_suspension_the_conventions_meet() {
    let scratch = filled("far").await;
    let mut runner = runner();
    let strategy = periods();
    for _ in 0..20 {
        let period = Period { as_of: Millis::parse("2200-01-01T00:00:00Z").unwrap(), ..sample(&mut runner, &strategy) };
        let sums = Sums::of(&scratch, &period, "has_due AND standing NOT IN ('suspended', 'answered')").await;
        assert_eq!([sums.of_id("K05a"), sums.of_id("K05d")], [sums.of_id("K05b"); 2], "{period:?}");
        assert_eq!([sums.of_id("K06a"), sums.of_id("K06h")], [sums.of_id("K06b"); 2], "{period:?}");
        assert_eq!(sums.of_id("K05a")[1], sums.of_id("K06a")[1], "{period:?}");
    }
}

#[tokio::test]
async fn the_groups_of_every_dimension_add_up_to_the_total() {
    let scratch = filled("sums").await;
    let mut runner = runner();
    let strategy = periods();
    for round in 0..2 {
        let period = sample(&mut runner, &strategy);
        for (index, figure) in CATALOGUE.iter().enumerate() {
            let total = asked(&scratch, figure, period, &[]).await;
            // Every figure by a quarter of the dimensions, every dimension by a quarter of the figures.
            let dimensions = Dimension::ALL.iter().enumerate().filter(|(n, _)| (n + index + round).is_multiple_of(4));
            for (_, (dimension, ..)) in dimensions {
                assert_eq!(asked(&scratch, figure, period, &[*dimension]).await, total, "{dimension:?} {period:?}");
            }
        }
    }
}

/// The sums over the groups.
async fn asked(scratch: &Scratch, figure: &'static Figure, period: Period, by: &[Dimension]) -> (i64, u64) {
    let question = Question { group_by: by.to_vec(), ..Question::new(figure, period, "America/New_York") };
    let rows = answers(&scratch.store, &question).await.unwrap();
    (rows.iter().map(|row| row.numerator).sum(), rows.iter().map(|row| row.denominator.unwrap_or(0)).sum())
}

/// By the reference: parity holds for SQL what holds for it.
#[test]
fn a_figure_that_settles_with_the_period_stays_while_nothing_more_happens() {
    let cases = drawn();
    let mut runner = runner();
    let strategy = periods();
    let (mut compared, mut in_one) = (0, 0);
    for _ in 0..40 {
        let ended = sample(&mut runner, &strategy);
        let at_end = Period { as_of: ended.to, ..ended };
        let later = Period { as_of: ended.to.max(ended.as_of), ..ended };
        for case in cases.iter().filter(|case| rests(case, &at_end, &later)) {
            compared += 1;
            for figure in CATALOGUE.iter().filter(|figure| figure.has_cases() && figure.settles != Settles::AsOf) {
                let (first, last) = (parts(figure, case, &at_end), parts(figure, case, &later));
                in_one += usize::from(first.iter().any(Part::is_in));
                // Until every one of its cases is closed or due, the others gain cases that become overdue.
                let may_fall_due = figure.settles != Settles::Period && first.iter().all(|part| !part.is_in());
                let overdue = last.iter().all(|part| part.numerator == 0 || figure.id.starts_with("K1"));
                assert!(first == last || (may_fall_due && overdue), "{}: {first:?} {last:?} {case:?}", figure.id);
            }
        }
    }
    assert!(compared > 10_000 && in_one > 10_000, "{compared} {in_one}");
}

fn parts(figure: &Figure, case: &Case, period: &Period) -> Vec<Part> {
    rows(figure, case, period).into_iter().map(|row| row.part).collect()
}

/// Nothing happens to the case between the two instants, and nothing that a correction foretold comes true.
fn rests(case: &Case, first: &Period, last: &Period) -> bool {
    let (Some(then), Some(now)) = (Seen::new(case, *first), Seen::new(case, *last)) else { return false };
    let is_foretold = |at: Option<Millis>| at.is_some_and(|at| at > first.as_of);
    let marks = &case.milestones;
    let happens = [marks.filed_at, marks.dispatched_at, marks.extended_at, marks.suspended_at, marks.returned_at]
        .into_iter()
        .chain([marks.reworked_at, marks.reported_at, marks.accepted_at, marks.misdispatched_at, marks.last_event_at])
        .any(is_foretold);
    then.step == now.step && !is_foretold(then.step.received_at) && !happens
}

/// What `kpi show` says of a figure's counts: those of two periods that meet add up, or a case may be in both.
#[test]
fn counts_of_periods_that_meet_add_up_exactly_where_the_figure_says_so() {
    let (cases, mut runner, ends) = (drawn(), runner(), instants());
    let mut apart = BTreeSet::new();
    for _ in 0..12 {
        let [as_of, mut ends @ ..]: [Millis; 4] = std::array::from_fn(|_| sample(&mut runner, &ends));
        ends.sort();
        let [a, b, c] = ends;
        for figure in CATALOGUE.iter().filter(|figure| figure.has_cases()) {
            let [first, second, both] = [(a, b), (b, c), (a, c)].map(|(from, to)| sum(figure, &cases, from, to, as_of));
            let together = [first[0] + second[0], first[1] + second[1]];
            if figure.cohort.adds_up_over_time() {
                assert_eq!(together, both, "{} {ends:?} {as_of:?}", figure.id);
            } else if together != both {
                apart.insert(figure.cohort.name());
            }
        }
    }
    assert_eq!(apart.into_iter().collect::<Vec<_>>(), ["DUE_CARRY", "PERIOD_END", "STOCK"]);
}

fn sum(figure: &Figure, cases: &[Case], from: Millis, to: Millis, as_of: Millis) -> [u64; 2] {
    let period = Period { from, to, as_of };
    let parts = cases.iter().flat_map(|case| rows(figure, case, &period)).map(|row| row.part);
    parts.fold([0, 0], |[n, d], part| [n + u64::from(part.numerator), d + u64::from(part.denominator)])
}
