//! A database of its own beside the live one, for what nobody should see in it: cases as they would be under other rules,
//! or as they were known at an instant. Made by the migrations, so that every query over cases answers on it.

use clickhouse::Row;
use serde::Deserialize;

use super::{
    client::Store,
    error::StoreError,
    ledger_stream::Chosen,
    migrate::{drop_all, migrate},
    query::Patience,
};
use crate::domain::time::Millis;

/// Whoever made one that is older is gone without having dropped it.
const STALE_MS: i64 = 24 * 3600 * 1000;

#[derive(Row, Deserialize)]
struct Name {
    name: String,
}

/// Makes one, empty, and drops those that were left behind. `id` tells two of one moment apart.
pub async fn create(live: &Store, now: Millis, id: u32) -> Result<Store, StoreError> {
    drop_stale(live, now).await?;
    let scratch = live.beside(&format!("{}{}_{id:08x}", prefix(live), now.0))?;
    if let Err(error) = migrate(&scratch).await {
        // Half of it may be there.
        let _ = drop_all(&scratch).await;
        return Err(error);
    }
    Ok(scratch)
}

/// Copies the cases that are not chosen; those that are will be folded.
pub async fn copy_others(live: &Store, scratch: &Store, chosen: Chosen) -> Result<(), StoreError> {
    let sql = include_str!("queries/copy_cases.sql").replace("{{scratch}}", scratch.database());
    let sql = sql.replace("{{chosen}}", chosen.sql());
    let query = chosen.fill(live.query(&sql)).patience(Patience::AsLongAsItTakes);
    live.run(query).await
}

/// All cases as they are at one instant, whoever goes on writing. The files are linked, not copied.
pub async fn link_cases(live: &Store, scratch: &Store) -> Result<(), StoreError> {
    let sql = include_str!("queries/link_cases.sql").replace("{{scratch}}", scratch.database());
    live.execute(&sql).await
}

async fn drop_stale(live: &Store, now: Millis) -> Result<(), StoreError> {
    let sql = "SELECT name FROM system.databases WHERE startsWith(name, {prefix:String})";
    let prefix = prefix(live);
    let found: Vec<Name> = live.fetch_all(live.query(sql).param("prefix", &prefix)).await?;
    for Name { name } in found {
        if is_stale(&name, &prefix, now) {
            drop_all(&live.beside(&name)?).await?;
        }
    }
    Ok(())
}

fn prefix(live: &Store) -> String {
    format!("{}_scratch_", live.database())
}

/// By the time in its name; the mart of one goes with it.
fn is_stale(name: &str, prefix: &str, now: Millis) -> bool {
    let made = name.strip_prefix(prefix).and_then(|rest| rest.split_once('_'));
    let made = made.filter(|(_, id)| id.len() == 8).and_then(|(at, _)| at.parse().ok());
    made.is_some_and(|at| now.since(Millis(at)) > STALE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_older_than_a_day_and_was_made_here_is_stale() {
        let stale = |name: &str| is_stale(name, "t_scratch_", Millis(100_000_000));
        assert!(stale("t_scratch_13599999_0000abcd"));
        assert!(!stale("t_scratch_13600000_0000abcd"));
        for other in ["t_scratch_1_0000abcd_mart", "t_scratch_my_own", "t_scratch_", "t_scratch_x_0000abcd"] {
            assert!(!stale(other), "{other}");
        }
    }
}
