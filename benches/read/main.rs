//! What a question costs: the figures beside the SQL that a person would write for them by hand, the month's report, one case and
//! the list of overdue ones, over merged and over just rebuilt cases, alone and while the service takes events in; and how long
//! the command itself takes. `make bench-read` prepares the cases and runs it; quote the ratios, the machine is noisy.
//!
//! `BENCH_ROUNDS` (5) is how often each takes its turn, `BENCH_FIGURES` (all of closure and timeliness) which figures are asked,
//! `BENCH_PARTS` what is measured: figures, report and cases, in the states merged and rebuilt; command; load. `BENCH_LOAD_S` (30)
//! is how long it is watched under load.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints, watches the clock, and stops where it cannot go on"
)]

mod bare;
mod bench;
mod cases;
mod command;
mod feeder;
mod figures;
mod forwarder;
mod load;
mod readers;
mod report;
mod rounds;
mod state;

use bench::Bench;

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(measure(&Bench::new()));
}

async fn measure(bench: &Bench) {
    state::merged(bench).await;
    if bench.measures("merged") {
        println!("{}", state::described(bench).await);
        asked(bench).await;
    }
    if bench.measures("command") {
        command::measure(bench).await;
    }
    if bench.measures("rebuilt") {
        state::rebuilt(bench).await;
        println!("\n{}", state::described(bench).await);
        asked(bench).await;
        state::merged(bench).await;
    }
    if bench.measures("load") {
        load::measure(bench).await;
    }
}

/// What is measured in each state of the table.
async fn asked(bench: &Bench) {
    if bench.measures("figures") {
        figures::measure(bench).await;
    }
    if bench.measures("report") {
        report::measure(bench).await;
    }
    if bench.measures("cases") {
        cases::measure(bench).await;
    }
}
