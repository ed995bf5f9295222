//! Commands that write, killed in the middle and started again: rebuild, replay, publish.

use std::time::Duration;

use rand::Rng as _;
use tokio::time::sleep;

use crate::{
    known,
    proxy::Act,
    round::{COMES_WITHIN, Round, To},
    servers::SLOTS,
    stream::{Expected, Message},
};

const PATIENCE: Duration = Duration::from_secs(300);

/// A gate that no instance goes through.
const SLOT: usize = SLOTS - 1;

/// In which messages that came too early are in quarantine.
const SETTLED: Duration = Duration::from_secs(5);

const PUBLISH: Command = (&["report", "publish", "--month", "2025-03", "--as-of", "2025-04-05"], &["other"]);
const REBUILD: Command = (&["rebuild", "--all"], &["generation", "cases", "other"]);
const REPLAY: Command = (&["quarantine", "replay"], &["events", "look-up", "cases", "quarantine", "generation"]);

/// What it is called with, and the requests that it is killed at.
type Command = (&'static [&'static str], &'static [&'static str]);

pub async fn killed_in_the_middle(round: &mut Round<'_>) {
    // The replay last: a rebuild would put right what it leaves.
    for (number, command) in [PUBLISH, REBUILD, REBUILD, REPLAY].into_iter().enumerate() {
        some_killed(round, number, command).await;
    }
    if !round.command(SLOT, &["report", "verify"], 300).await {
        round.tally.stuck("what was published is not as it was", "report verify");
    }
}

/// Without those that have to wait.
pub async fn rebuild_killed(round: &mut Round<'_>) {
    some_killed(round, 0, REBUILD).await;
}

async fn some_killed(round: &mut Round<'_>, number: usize, (arguments, kinds): Command) {
    for (index, kind) in kinds.iter().enumerate() {
        if arguments[1] == "replay" && known::reason(&killed_at(arguments, kind)).is_none() {
            ahead(round, number * kinds.len() + index).await;
        }
        kill(round, arguments, kind).await;
    }
    finish(round, arguments).await;
    round.settle().await;
}

fn killed_at(arguments: &[&str], kind: &str) -> String {
    format!("{} killed at {kind}", arguments[..2].join(" "))
}

async fn kill(round: &mut Round<'_>, arguments: &[&str], kind: &'static str) {
    let name = killed_at(arguments, kind);
    if let Some(why) = known::reason(&name) {
        return round.tally.leave_out(&name, why);
    }
    let act = if round.random.random_bool(0.5) { Act::KillBefore } else { Act::KillAfter };
    let gate = round.gate(SLOT, To::ClickHouse);
    gate.set_trap(kind, act.clone());
    let mut command = None;
    let came = gate
        .has_caught(COMES_WITHIN, async {
            let spawned = round.spawn(SLOT, arguments);
            gate.set_pid(Some(spawned.pid()));
            command = Some(spawned);
        })
        .await;
    let mut command = command.expect("it was started");
    if came {
        round.tally.fault(&name, &format!("{act:?}"));
    }
    gate.set_pid(None);
    if command.end(PATIENCE).await.is_none() {
        round.tally.stuck(&name, &command.last_words(10));
        command.kill().await;
    }
}

/// Started again it must come to its end.
async fn finish(round: &mut Round<'_>, arguments: &[&str]) {
    let mut arguments = arguments.to_vec();
    if arguments[..2] == ["quarantine", "replay"] {
        arguments.extend(["--reason", "impossible_time"]);
    }
    let mut command = round.spawn(SLOT, &arguments);
    let ended = command.end(PATIENCE).await;
    // 5: something stays in quarantine, as it must.
    if !ended.is_some_and(|status| matches!(status.code(), Some(0 | 5))) {
        round.tally.stuck(&format!("{arguments:?} ended with {ended:?}"), &command.last_words(10));
    }
}

/// Messages that are too early under the instances' limit, and right under that of the replay; in quarantine for a while.
async fn ahead(round: &mut Round<'_>, number: usize) {
    let at = tongguan::pipeline::clock::now().plus(4 * 3_600_000).rfc3339(&jiff::tz::TimeZone::UTC);
    for one in 0..20 {
        let case_id = format!("ahead-{number}-{}", one % 7);
        let text = format!(
            r#"{{"specversion":"1.0","id":"{number}-{one}","source":"urn:faults:ahead","type":"case.submitted.v1","subject":"{case_id}","time":"{at}","data":{{}}}}"#
        );
        let message = Message { expected: Expected::Either, ..Message::bare(one % 2, &case_id, text) };
        round.sender.send(message);
    }
    round.sender.flush().await;
    sleep(SETTLED).await;
}
