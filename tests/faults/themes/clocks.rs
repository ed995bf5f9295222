//! Clocks that jump: the instances' time of day is off by what a file says (`clock.c`).

use std::{
    fs::File,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use rand::Rng as _;
use tokio::time::sleep;

use crate::{known, round::Round, stream};

/// After one the group gives up whoever says nothing.
const TWO_SESSIONS: Duration = Duration::from_secs(25);

/// In seconds: an hour, a day, and what a time server corrects.
const JUMPS: [i64; 7] = [-3_600, 3_600, -86_400, 86_400, 0, -30, 30];

pub async fn jump(round: &mut Round<'_>, times: usize) {
    if let Some(why) = known::reason("clock jumps") {
        return round.tally.leave_out("clock jumps", why);
    }
    let file = round.servers.folder.join("clock");
    let offset = File::create(&file).unwrap();
    // Written in place: the instances look at the very bytes.
    let set = |seconds: i64| offset.write_all_at(&seconds.to_ne_bytes(), 0).unwrap();
    set(0);
    let settings = [("$LD_PRELOAD", path(&library(&round.servers.folder))), ("$CLOCK_OFFSET", path(&file))];
    for slot in round.live() {
        round.end(slot, true).await;
        round.run_with(slot, &settings);
    }
    round.settle().await;
    for _ in 0..times {
        let jump = JUMPS[round.random.random_range(0..JUMPS.len())];
        set(jump);
        let ms = round.random.random_range(300..1_500);
        sleep(Duration::from_millis(ms)).await;
        round.tally.fault("the clock jumps", &format!("{jump:+} s"));
        round.notice_ends();
    }
    set(0);
    round.settle().await;
    quiet(round, || set(-3_600)).await;
}

/// Set back by an hour when nothing comes that could wake anybody: who waits until a time of day would wait for an hour, be it a batch
/// that is not full or the client's own threads, whose signs of life the group misses.
async fn quiet(round: &mut Round<'_>, set_back: impl Fn()) {
    round.sender.stop();
    round.settle().await;
    let mut before = Vec::new();
    for slot in round.live() {
        before.push(round.rebalances(slot).await);
    }
    let begun = round.sender.mark(|stream, partition| stream::mark(stream, partition, 0)).await;
    assert!(!begun.is_empty() && before.iter().all(|lines| !lines.is_empty()), "{before:?}");
    sleep(Duration::from_millis(100)).await;
    set_back();
    sleep(TWO_SESSIONS).await;
    round.settle().await;
    for (slot, before) in round.live().into_iter().zip(before) {
        let now = round.rebalances(slot).await;
        if now != before {
            round.tally.stuck(&format!("instance {slot} was put out of its group"), &format!("{before:?}\n{now:?}"));
        }
    }
    round.tally.fault("the clock is set back while nothing comes", "-3600 s");
}

/// The C compiler is the one that built the Kafka client.
fn library(folder: &Path) -> PathBuf {
    let library = folder.join("clock.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/themes/clock.c");
    let done = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(source).status().unwrap();
    assert!(done.success(), "cc: {done}");
    library
}

fn path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
