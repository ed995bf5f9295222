//! Passwords are looked at on threads of their own, few at once: each takes 19 MiB and some 20 ms of a processor.

use std::sync::Arc;

use tokio::{sync::Semaphore, task};

use super::password::{self, NoHash};

const AT_ONCE: usize = 2;
/// Under way and waiting; whoever comes then is told to come again.
const WAITING_MAX: usize = 32;

#[derive(Debug)]
pub(super) struct Hashing {
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// Too many at once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HashingBusy;

impl Hashing {
    pub(super) fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(WAITING_MAX)), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// An unknown name has no hash, and takes as long.
    pub(super) async fn is_right(&self, hash: Option<String>, password: String) -> Result<bool, HashingBusy> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| password::NOBODYS.to_owned());
        let is_right = self.apart(move || password::is_right(&hash, &password)).await?;
        Ok(is_right && is_known)
    }

    pub(super) async fn hash(&self, password: String) -> Result<Result<String, NoHash>, HashingBusy> {
        self.apart(move || password::hash(&password)).await
    }

    /// Whoever asked may go away meanwhile: the work goes on, and holds its place and its turn until it is done.
    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingBusy> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashingBusy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| HashingBusy)?;
        let held = move || {
            let _held = (place, turn);
            work()
        };
        task::spawn_blocking(held).await.map_err(|_| HashingBusy)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn who_goes_away_frees_no_turn_before_the_work_is_done() {
        let hashing = Hashing::new();
        let (end, ended) = mpsc::channel::<()>();
        let asked = timeout(Duration::from_millis(10), hashing.apart(move || ended.recv()));
        assert!(asked.await.is_err(), "gone before it is done");
        let free = || (hashing.places.available_permits(), hashing.turns.available_permits());
        assert_eq!(free(), (WAITING_MAX - 1, AT_ONCE - 1));
        drop(end);
        let all = hashing.turns.acquire_many(u32::try_from(AT_ONCE).unwrap());
        drop(timeout(Duration::from_secs(10), all).await.unwrap().unwrap());
        assert_eq!(free(), (WAITING_MAX, AT_ONCE));
    }
}
