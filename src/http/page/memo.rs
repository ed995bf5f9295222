//! What many readers ask at once is asked once: an answer is kept for some seconds, by the question it answers, and whoever asks the
//! same while it is being found waits for it.

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, OnceCell},
    time::Instant,
};

use crate::ask::unclear::AskError;

/// Answers that are kept at once.
const KEPT: usize = 64;

#[derive(Debug)]
pub(super) struct Memo<T> {
    life: Duration,
    kept: Mutex<Vec<Kept<T>>>,
}

#[derive(Debug)]
struct Kept<T> {
    question: String,
    since: Instant,
    answer: Arc<OnceCell<Arc<T>>>,
}

impl<T> Memo<T> {
    pub(super) fn of(life: Duration) -> Self {
        Self { life, kept: Mutex::new(Vec::new()) }
    }

    /// The answer that is kept, or else the one that `find` finds. What could not be found is not kept.
    pub(super) async fn get(
        &self,
        question: &str,
        find: impl Future<Output = Result<T, AskError>>,
    ) -> Result<Arc<T>, AskError> {
        let answer = self.place(question).await;
        let found = answer.get_or_try_init(|| async { Ok(Arc::new(find.await?)) }).await;
        found.map(Arc::clone)
    }

    async fn place(&self, question: &str) -> Arc<OnceCell<Arc<T>>> {
        let mut kept = self.kept.lock().await;
        let now = Instant::now();
        kept.retain(|one| now < one.since + self.life);
        if let Some(one) = kept.iter().find(|one| one.question == question) {
            return Arc::clone(&one.answer);
        }
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        let answer = Arc::new(OnceCell::new());
        kept.push(Kept { question: question.to_owned(), since: now, answer: Arc::clone(&answer) });
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::ask::unclear::Unclear;

    #[tokio::test]
    async fn who_asks_the_same_waits_for_the_one_answer() {
        let found = AtomicU32::new(0);
        let find = || async {
            tokio::task::yield_now().await;
            Ok(found.fetch_add(1, Ordering::Relaxed))
        };
        let memo = Memo::of(Duration::from_secs(600));
        let both = tokio::join!(memo.get("a", find()), memo.get("a", find()));
        assert_eq!((*both.0.unwrap(), *both.1.unwrap()), (0, 0));
        assert_eq!(*memo.get("b", find()).await.unwrap(), 1);
        let old = Memo::of(Duration::ZERO);
        assert_eq!([*old.get("a", find()).await.unwrap(), *old.get("a", find()).await.unwrap()], [2, 3]);
    }

    #[tokio::test]
    async fn what_could_not_be_found_is_asked_again() {
        let memo = Memo::of(Duration::from_secs(10));
        let fails = async { Err::<u32, _>(AskError::from(Unclear::NoPeriod)) };
        assert!(memo.get("a", fails).await.is_err());
        assert_eq!(*memo.get("a", async { Ok(7) }).await.unwrap(), 7);
        for question in 0..200 {
            memo.get(&question.to_string(), async { Ok(question) }).await.unwrap();
        }
        assert_eq!(memo.kept.lock().await.len(), KEPT);
    }
}
