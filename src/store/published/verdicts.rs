//! Verdicts: those that hold now, those that are kept, and how the first become the second.

use super::PublishedVerdict;
use crate::{
    domain::kpi::{Figure, Grain, Period},
    store::{
        answer::Rows,
        client::Store,
        error::StoreError,
        kpi::{denominator, numerator},
        literal::instant,
        query::{Patience, Query},
        relation::{self, Source},
    },
};

/// Cases in the order of (stream, number).
pub struct Verdicts {
    rows: Rows<PublishedVerdict>,
}

impl std::fmt::Debug for Verdicts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Verdicts").field(&self.rows).finish()
    }
}

impl Verdicts {
    fn open(store: &Store, query: Query) -> Result<Self, StoreError> {
        Ok(Self { rows: store.rows(bounded(query))? })
    }

    pub(crate) async fn next(&mut self) -> Result<Option<PublishedVerdict>, StoreError> {
        self.rows.next(|row| row).await
    }
}

/// Those that hold in `frozen`, to which nobody writes. The bits are in the order of the figures.
pub(crate) async fn now(frozen: &Store, figures: &[&Figure], period: Period) -> Result<Verdicts, StoreError> {
    let source = frozen.source_at(period.as_of).await?;
    let sql = format!("{}ORDER BY stream, case_id", text(figures, "", source));
    Verdicts::open(frozen, asked(frozen, &sql, period))
}

/// Those that an attempt kept.
pub(crate) fn kept(store: &Store, attempt: &str) -> Result<Verdicts, StoreError> {
    let query = store.query(include_str!("../queries/edition_verdicts_kept.sql")).param("attempt", attempt);
    Verdicts::open(store, query)
}

/// Keeps those that hold in `frozen` under an attempt of `live`.
pub(crate) async fn keep(
    live: &Store,
    frozen: &Store,
    attempt: &str,
    figures: &[&Figure],
    period: Period,
) -> Result<(), StoreError> {
    let insert = include_str!("../queries/edition_verdicts_keep.sql").replace("{{live}}", live.database());
    let source = frozen.source_at(period.as_of).await?;
    let sql = insert + &text(figures, "{attempt:String} AS attempt, ", source);
    let query = bounded(asked(frozen, &sql, period).param("attempt", attempt));
    frozen.run(query).await
}

fn asked(store: &Store, sql: &str, period: Period) -> Query {
    store
        .query(sql)
        .param("from", instant(period.from))
        .param("to", instant(period.to))
        .param("as_of", instant(period.as_of))
}

/// As long as it takes, in memory that does not grow with the cases: what does not fit goes to disk.
fn bounded(query: Query) -> Query {
    query
        .patience(Patience::AsLongAsItTakes)
        .with_setting("join_algorithm", "grace_hash")
        .with_setting("max_bytes_before_external_group_by", "536870912")
        .with_setting("max_bytes_before_external_sort", "536870912")
}

fn text(figures: &[&Figure], attempt: &str, source: Source) -> String {
    let text = include_str!("../queries/edition_verdicts.sql").replace("{{attempt}}", attempt);
    relation::CASES_AT
        .fill("{{cases_at}}", &text, source, "")
        .replace("{{of_cases}}", &parts(source, figures, Grain::Case))
        .replace("{{of_clocks}}", &parts(source, figures, Grain::Clock))
        .replace("{{of_assignments}}", &parts(source, figures, Grain::Assignment))
        .replace("{{of_checks}}", &parts(source, figures, Grain::Check))
}

/// The bits and amounts of the figures of a grain.
fn parts(source: Source, figures: &[&Figure], grain: Grain) -> String {
    let of_grain: Vec<(usize, &Figure)> =
        figures.iter().copied().enumerate().filter(|(_, one)| one.grain == grain).collect();
    let (n, d) = (numerator, denominator);
    let bit = |bit: usize, column: String| format!("bitShiftLeft(toUInt64({column} > 0), {bit})");
    let bits = |all: Vec<String>| if all.is_empty() { "toUInt64(0)".to_owned() } else { all.join(" + ") };
    let numerators = of_grain.iter().map(|(at, one)| bit(*at, n(one))).collect();
    let denominators = of_grain.iter().filter(|(_, one)| one.is_rate()).map(|(at, one)| bit(*at, d(one))).collect();
    let amount = |(at, one): &(usize, &Figure)| format!("({at}, toUInt64({}), toUInt64({}))", n(one), d(one));
    let amounts = format!("[{}]", of_grain.iter().map(amount).collect::<Vec<_>>().join(", "));
    // Few cases add more than one anywhere, and only for these are the amounts worth what they cost.
    let columns = of_grain.iter().flat_map(|(_, one)| [n(one), d(one)]).collect::<Vec<_>>().join(", ");
    let amounts = match grain {
        Grain::Case => format!("if(greatest({columns}) > 1, {amounts}, [])"),
        Grain::Clock | Grain::Assignment | Grain::Check => amounts,
    };
    let text = include_str!("../queries/edition_parts.sql")
        .trim_end()
        .replace("{{numerators}}", &bits(numerators))
        .replace("{{denominators}}", &bits(denominators))
        .replace("{{amounts}}", &amounts);
    relation::of(grain).fill("{{flags}}", &text, source, "")
}
