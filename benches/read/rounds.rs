//! Several rounds of the one and its peer in turn, and what is said of them: minimum, median and maximum, and the ratio of medians.

use std::{
    fmt,
    time::{Duration, Instant},
};

#[derive(Clone, Debug)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        Self(all)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// In milliseconds; the nearest that was measured.
    pub fn quantile(&self, level: f64) -> f64 {
        let last = self.0.len().checked_sub(1).expect("something was measured");
        self.0[(level * last as f64).round() as usize].as_secs_f64() * 1e3
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7.1} {:>7.1} {:>7.1}", self.quantile(0.0), self.median(), self.quantile(1.0))
    }
}

pub async fn time<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let began = Instant::now();
    let done = work.await;
    (began.elapsed(), done)
}

/// One round is not counted, and every other round the peer comes first.
pub async fn beside<A, B>(
    rounds: usize,
    mut ours: impl AsyncFnMut() -> A,
    mut peer: impl AsyncFnMut() -> B,
    mut check: impl FnMut(A, B),
) -> (Times, Times) {
    let (mut of_ours, mut of_peer) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let ((our_time, answer), (peer_time, other)) = if round % 2 == 0 {
            let first = time(ours()).await;
            (first, time(peer()).await)
        } else {
            let first = time(peer()).await;
            (time(ours()).await, first)
        };
        check(answer, other);
        if round > 0 {
            of_ours.push(our_time);
            of_peer.push(peer_time);
        }
    }
    (Times::of(of_ours), Times::of(of_peer))
}

pub async fn alone<A>(rounds: usize, mut ours: impl AsyncFnMut() -> A) -> Times {
    let mut all = Vec::new();
    for round in 0..=rounds {
        let (took, _) = time(ours()).await;
        if round > 0 {
            all.push(took);
        }
    }
    Times::of(all)
}

pub fn head(title: &str, ours: &str, peer: &str) {
    println!("\n{title}");
    println!("{:<44} {ours:>23}   {peer:>23}   ratio", "milliseconds: min, median, max");
}

pub fn show(name: &str, ours: &Times, peer: &Times) {
    println!("{name:<44} {ours}   {peer}   {:>5.2}", ours.median() / peer.median());
}

pub fn show_alone(name: &str, ours: &Times) {
    println!("{name:<44} {ours}");
}
