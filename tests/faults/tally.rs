//! What happened, as it happens, and the last line.

use std::time::Duration;

use tokio::time::Instant;

use super::oracle::Verdict;

#[derive(Debug)]
pub struct Tally {
    started: Instant,
    pub faults: u64,
    pub sent: u64,
    pub lost: u64,
    pub doubled: u64,
    pub wrong: u64,
    pub stuck: u64,
    /// What this machine could not do, or what is known to fail.
    pub not_done: Vec<String>,
}

impl Tally {
    pub fn new() -> Self {
        let started = Instant::now();
        Self { started, faults: 0, sent: 0, lost: 0, doubled: 0, wrong: 0, stuck: 0, not_done: Vec::new() }
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn say(&self, text: &str) {
        println!("{:8.2} s  {text}", self.started.elapsed().as_secs_f64());
    }

    pub fn fault(&mut self, what: &str, outcome: &str) {
        self.faults += 1;
        self.say(&format!("fault {:4}  {what}: {outcome}", self.faults));
    }

    pub fn stuck(&mut self, what: &str, last_words: &str) {
        self.stuck += 1;
        self.say(&format!("STUCK  {what}\n{last_words}"));
    }

    /// Said loudly, once, and never counted.
    pub fn leave_out(&mut self, what: &str, why: &str) {
        let text = format!("{what}: {why}");
        if !self.not_done.contains(&text) {
            self.say(&format!("NOT DONE  {text}"));
            self.not_done.push(text);
        }
    }

    pub fn judged(&mut self, sent: u64, verdict: &Verdict) {
        self.sent += sent;
        self.lost += verdict.lost;
        self.doubled += verdict.doubled;
        self.wrong += verdict.wrong;
        let Verdict { lost, doubled, wrong, .. } = verdict;
        self.say(&format!("judged: sent={sent} lost={lost} doubled={doubled} wrong={wrong}"));
        for detail in &verdict.details {
            println!("    {detail}");
        }
    }

    pub fn is_clean(&self) -> bool {
        self.lost + self.doubled + self.wrong + self.stuck == 0
    }

    pub fn last_line(&self) -> String {
        let Self { faults, sent, lost, doubled, wrong, stuck, .. } = self;
        format!("faults={faults} sent={sent} lost={lost} doubled={doubled} wrong={wrong} stuck={stuck}")
    }
}
