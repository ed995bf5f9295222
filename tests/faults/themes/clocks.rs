//! Clocks that jump: the instances' time is that of a file, under libfaketime.

use std::{fs, path::Path, time::Duration};

use rand::Rng as _;
use tokio::time::sleep;

use crate::{known, round::Round};

const LIBRARIES: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];

pub async fn jump(round: &mut Round<'_>, times: usize) {
    let Some(library) = LIBRARIES.iter().find(|path| Path::new(path).exists()) else {
        return round.tally.leave_out("clock jumps", "libfaketime is not here: apt-get install faketime");
    };
    if let Some(why) = known::reason("clock jumps") {
        return round.tally.leave_out("clock jumps", why);
    }
    let file = round.servers.folder.join("time");
    fs::write(&file, "+0s\n").unwrap();
    let settings = [
        ("$LD_PRELOAD", (*library).to_owned()),
        ("$FAKETIME_TIMESTAMP_FILE", file.to_str().unwrap().to_owned()),
        ("$FAKETIME_NO_CACHE", "1".to_owned()),
        ("$FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    for slot in round.live() {
        round.end(slot, true).await;
        round.run_with(slot, &settings);
    }
    round.settle().await;
    for _ in 0..times {
        let jump = ["-3600s", "+3600s", "-86400s", "+86400s", "+0s", "-30s", "+30s"][round.random.random_range(0..7)];
        fs::write(&file, format!("{jump}\n")).unwrap();
        let ms = round.random.random_range(300..1_500);
        sleep(Duration::from_millis(ms)).await;
        round.tally.fault("the clock jumps", jump);
        round.notice_ends();
    }
    fs::write(&file, "+0s\n").unwrap();
    round.settle().await;
}
