//! One (source, event id) in more than one case. The ledger is not in the order of its identities, so that they are looked through in
//! parts, by hash, each as large as memory allows.

use clickhouse::Row;
use serde::Deserialize;

use super::{Count, all, long};
use crate::{
    domain::time::Millis,
    store::{Store, StoreError, query::Query},
};

/// Identities in a part: some half a gigabyte of ClickHouse's memory.
const IDENTITIES: u64 = 8_000_000;

/// Which identities.
#[derive(Clone, Copy, Debug)]
pub struct IdentitiesPart {
    pub part: u64,
    pub parts: u64,
    pub since: Option<Millis>,
}

impl IdentitiesPart {
    /// All parts of the ledger, or of what was taken in since.
    pub async fn all(store: &Store, since: Option<Millis>) -> Result<Vec<Self>, StoreError> {
        let sql =
            "SELECT count() AS n FROM {{database}}.events WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64})";
        let query = store.query(sql).param("since", since.map_or(0, |since| since.0));
        let rows = store.fetch_one::<Count>(long(query)).await?.n;
        let parts = rows.div_ceil(IDENTITIES).max(1);
        Ok((0..parts).map(|part| Self { part, parts, since }).collect())
    }

    fn query(&self, store: &Store, template: &str) -> Query {
        let touched = match self.since {
            None => "",
            Some(_) => {
                "\n    AND cityHash64(source, event_id) IN\n(\n    SELECT cityHash64(source, event_id) FROM {{database}}.events\n    \
                 WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}) AND cityHash64(source, event_id) % {parts:UInt64} = {part:UInt64}\n)"
            }
        };
        let query = store.query(&template.replace("{{touched}}", touched));
        let query = query.param("part", self.part).param("parts", self.parts);
        match self.since {
            None => query,
            Some(since) => query.param("since", since.0),
        }
    }
}

#[derive(Row, Deserialize)]
struct Class {
    class: u32,
}

/// An identity, and up to six of its cases by stream and number.
#[derive(Row, Deserialize, Clone, Debug)]
pub struct Across {
    pub source: String,
    pub event_id: String,
    pub cases: Vec<(String, String)>,
}

/// Tells `each` of those of a part.
pub async fn across(store: &Store, part: &IdentitiesPart, mut each: impl FnMut(Across)) -> Result<(), StoreError> {
    let classes: Vec<Class> = all(store, part.query(store, include_str!("../queries/verify_classes.sql"))).await?;
    for Class { class } in classes {
        let query = part.query(store, include_str!("../queries/verify_across.sql")).param("class", class);
        let mut rows = store.rows::<Across>(long(query))?;
        while let Some(row) = rows.next(|row| row).await? {
            each(row);
        }
    }
    Ok(())
}
