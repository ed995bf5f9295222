//! What stands in the dimensions of the cases, and what the cases call it.

use clickhouse::Row;
use serde::Deserialize;

use super::Dimension;
use crate::{
    domain::time::Millis,
    store::{client::Store, error::StoreError, literal::instant, relation::Source},
};

#[derive(Row, Deserialize)]
struct Called {
    code: String,
    name: String,
}

/// The names of a dimension's codes, where events carry names; by code.
pub(crate) async fn names(store: &Store, dimension: Dimension) -> Result<Vec<(String, String)>, StoreError> {
    let (code, name) = match dimension {
        Dimension::Unit => ("unit", "unit_name"),
        Dimension::Category => ("category_code", "category_name"),
        _ => return Ok(Vec::new()),
    };
    let sql = include_str!("../queries/names.sql").replace("{code}", code).replace("{name}", name);
    let sql = sql.replace("{cases}", cases(store.source().await?));
    let rows: Vec<Called> = store.fetch_all(store.query(&sql)).await?;
    Ok(rows.into_iter().map(|row| (row.code, row.name)).collect())
}

/// The newest of each, as our account may read it.
fn cases(source: Source) -> &'static str {
    match source {
        Source::Tables | Source::Resting => "{{database}}.cases",
        Source::Mart => "{{database}}_mart.cases",
    }
}

#[derive(Row, Deserialize)]
struct Stands {
    stands: bool,
}

/// Does the value stand there in any case? Who may not read the lists of the cases is not contradicted.
pub(crate) async fn stands(store: &Store, dimension: Dimension, value: &str) -> Result<bool, StoreError> {
    if !dimension.fixed().is_empty() {
        return Ok(dimension.fixed().iter().any(|fixed| fixed.name == value));
    }
    if store.source().await? == Source::Mart {
        return Ok(true);
    }
    let sql = include_str!("../queries/stands.sql").replace("{key}", dimension.key());
    let found: Stands = store.fetch_one(store.query(&sql).param("value", value)).await?;
    Ok(found.stands)
}

#[derive(Row, Deserialize)]
struct Values {
    values: Vec<Vec<String>>,
}

/// The values that do, up to ten thousand, in no order.
pub(crate) async fn values(store: &Store, dimension: Dimension) -> Result<Vec<String>, StoreError> {
    if !dimension.fixed().is_empty() {
        return Ok(dimension.fixed().iter().map(|value| value.name.to_owned()).collect());
    }
    Ok(values_of(store, &[dimension]).await?.pop().unwrap_or_default())
}

/// Of several, none of them with values of its own, in one reading.
pub(crate) async fn values_of(store: &Store, dimensions: &[Dimension]) -> Result<Vec<Vec<String>>, StoreError> {
    let one = |dimension: &Dimension| {
        let text = format!("toString({})", dimension.key());
        format!("groupUniqArrayIf(10000)({text}, {text} != '')")
    };
    let lists: Vec<String> = dimensions.iter().map(one).collect();
    let sql = include_str!("../queries/values.sql").replace("{{lists}}", &lists.join(", "));
    let sql = sql.replace("{cases}", cases(store.source().await?));
    let found: Values = store.fetch_one(store.query(&sql)).await?;
    Ok(found.values)
}

#[derive(Row, Deserialize)]
struct LastReceived {
    at: i64,
}

/// When the newest case was received that is not of the future; none where there is no case.
pub(crate) async fn last_received(store: &Store, now: Millis) -> Result<Option<Millis>, StoreError> {
    let sql = include_str!("../queries/last_received.sql").replace("{cases}", cases(store.source().await?));
    let found: LastReceived = store.fetch_one(store.query(&sql).param("now", instant(now))).await?;
    Ok((found.at > 0).then_some(Millis(found.at)))
}
