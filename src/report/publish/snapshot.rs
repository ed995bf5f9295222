//! The cases of one instant, for as long as a question takes, while the service goes on writing.

use std::future::Future;

use crate::{
    domain::time::Millis,
    store::{Store, StoreError, migrate::drop_all, scratch},
};

/// Asks a copy of `live` that nobody writes to, and drops it whatever the answer. What a kill leaves behind, the next use
/// after a day drops.
pub async fn frozen<T, E, F>(
    live: &Store,
    now: Millis,
    id: u32,
    stop: impl Future<Output = ()>,
    ask: impl FnOnce(Store) -> F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: From<StoreError> + From<PublishStopped>,
{
    let copy = scratch::create(live, now, id).await?;
    let asked = async {
        scratch::link_cases(live, &copy).await?;
        ask(copy.clone()).await
    };
    let outcome = tokio::select! {
        biased;
        () = stop => Err(PublishStopped.into()),
        outcome = asked => outcome,
    };
    let dropped = drop_all(&copy).await;
    let answer = outcome?;
    dropped?;
    Ok(answer)
}

/// Asked to stop, in good order: nothing is left behind but what the next use drops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stopped; nothing was published or changed")]
pub struct PublishStopped;
