//! Passwords are looked at on threads of their own, few at once: each takes 19 MiB and some 20 ms of a processor.

use tokio::{sync::Semaphore, task};

use super::password::{self, NoHash};

const AT_ONCE: usize = 2;
/// Under way and waiting; whoever comes then is told to come again.
const WAITING_MAX: usize = 32;

#[derive(Debug)]
pub(super) struct Hashing {
    places: Semaphore,
    turns: Semaphore,
}

/// Too many at once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct HashingBusy;

impl Hashing {
    pub(super) fn new() -> Self {
        Self { places: Semaphore::new(WAITING_MAX), turns: Semaphore::new(AT_ONCE) }
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

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashingBusy> {
        let _place = self.places.try_acquire().map_err(|_| HashingBusy)?;
        let _turn = self.turns.acquire().await.map_err(|_| HashingBusy)?;
        task::spawn_blocking(work).await.map_err(|_| HashingBusy)
    }
}
