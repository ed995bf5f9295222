//! (f) What a command takes beyond the time for which ClickHouse is asked.

use std::time::{Duration, Instant};

use super::{bench::Bench, cases, forwarder::Forwarder, rounds::Times};

pub async fn measure(bench: &Bench) {
    let forwarder = Forwarder::before(&bench.url);
    let case_id = cases::a_case(bench).await;
    println!("\nthe command itself");
    println!(
        "{:<44} {:>23}   {:>23}   {:>23}",
        "milliseconds: min, median, max", "in all", "ClickHouse is asked", "besides"
    );
    for words in [
        &["kpi", "list"][..],
        &["kpi", "K01", "--month", "2021-06", "--json"],
        &["kpi", "K01", "--month", "2021-06"],
        &["kpi", "closure", "--month", "2021-06"],
        &["kpi", "timeliness", "--month", "2021-06", "--group-by", "unit"],
        &["kpi", "K07", "--month", "2021-06", "--cases"],
        &["case", "show", &case_id],
        &["report", "month", "2021-06"],
    ] {
        one(bench, &forwarder, words);
    }
}

fn one(bench: &Bench, forwarder: &Forwarder, words: &[&str]) {
    let mut rounds: Vec<(Duration, Duration)> = Vec::new();
    let mut questions = 0;
    for _ in 0..=bench.rounds {
        let mut command = bench.command(words);
        command.env("TONGGUAN__CLICKHOUSE__URL", &forwarder.url);
        let began = Instant::now();
        assert!(command.status().unwrap().success(), "tongguan {}", words.join(" "));
        let took = began.elapsed();
        let (asking, asked) = forwarder.take();
        questions = asked;
        rounds.push((took, asking));
    }
    let of = |time: fn(&(Duration, Duration)) -> Duration| Times::of(rounds[1..].iter().map(time).collect());
    let (all, asking, besides) = (of(|round| round.0), of(|round| round.1), of(|round| round.0 - round.1));
    println!("{:<44} {all}   {asking}   {besides}   {questions} questions", words.join(" "));
}
