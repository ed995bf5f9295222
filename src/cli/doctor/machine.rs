//! This machine: descriptors, disk, the port, clocks.

use std::{io, net::SocketAddr, path::Path, time::Duration};

use rustix::fs::statvfs;
use tokio::net::TcpListener;

use super::finding::{DoctorCheck, DoctorFinding};
use crate::{
    cli::{
        asking,
        descriptors::{self, Descriptors},
    },
    domain::time::Millis,
    health::Readiness,
};

const MIB: u64 = 1 << 20;
/// Kafka, ClickHouse, files and the port together stay far below.
const DESCRIPTORS_ENOUGH: u64 = 1_024;
const DESCRIPTORS_LEAST: u64 = 256;
/// Clocks that differ by more make delays and "ahead of time" wrong.
const CLOCKS_APART_MS: u64 = 2_000;
const CLOCKS_WRONG_MS: u64 = 60_000;

/// `run` raises the soft limit to the hard one, so the hard one counts.
pub(super) fn descriptors(found: Descriptors, connections_max: usize) -> DoctorFinding {
    let check = DoctorCheck::Descriptors;
    let text = |limit: Option<u64>| limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string());
    let http = descriptors::connections(connections_max, found.hard);
    let said = format!("{} (run raises it to {}); {http} connections for http", text(found.soft), text(found.hard));
    let (zh, en) = (
        "调高 ulimit -n（systemd: LimitNOFILE=）至 1024 以上",
        "raise ulimit -n (systemd: LimitNOFILE=) to 1024 or more",
    );
    match found.hard {
        Some(hard) if hard < DESCRIPTORS_LEAST => DoctorFinding::no(check, said, zh, en),
        Some(hard) if hard < DESCRIPTORS_ENOUGH => DoctorFinding::warn(check, said, zh, en),
        _ => DoctorFinding::yes(check, said),
    }
}

/// Free space where the key lies; only that file is written here.
pub(super) fn disk(place: &Path) -> DoctorFinding {
    let there = place.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    match statvfs(there) {
        Ok(found) => {
            room(DoctorCheck::Disk, &there.display().to_string(), found.f_bavail * found.f_frsize, 10 * MIB, 100 * MIB)
        }
        Err(error) => DoctorFinding::warn(
            DoctorCheck::Disk,
            format!("{}: {error}", there.display()),
            "看不到该目录所在磁盘的剩余空间，请检查权限",
            "the free space there cannot be read; look at its permissions",
        ),
    }
}

/// Free bytes, against what is too little and what is little.
pub(super) fn room(check: DoctorCheck, place: &str, free: u64, least: u64, scarce: u64) -> DoctorFinding {
    let said = format!("{place}: {} MiB free", free / MIB);
    let (zh, en) =
        (format!("清理或扩容，至少留出 {} MiB", scarce / MIB), format!("make room: {} MiB at least", scarce / MIB));
    match free {
        free if free < least => DoctorFinding::no(check, said, zh, en),
        free if free < scarce => DoctorFinding::warn(check, said, zh, en),
        _ => DoctorFinding::yes(check, said),
    }
}

/// Who has the address in `http.listen`.
#[derive(Debug)]
pub(super) enum Port {
    Off,
    Free,
    /// One of ours, and whether it is ready.
    Running(bool),
    Stranger,
    Refused(io::Error),
}

pub(super) async fn who_listens(listen: Option<SocketAddr>, patience: Duration) -> Port {
    let Some(address) = listen else { return Port::Off };
    match TcpListener::bind(address).await {
        Ok(_) => Port::Free,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let Ok(base) = asking::base(None, listen) else { return Port::Stranger };
            let answer = asking::get(&format!("{base}/readyz"), patience).await;
            let body = answer.ok().and_then(|answer| serde_json::from_str::<Readiness>(&answer.body).ok());
            body.map_or(Port::Stranger, |readiness| Port::Running(readiness.ready))
        }
        Err(error) => Port::Refused(error),
    }
}

pub(super) fn port(listen: Option<SocketAddr>, found: &Port) -> DoctorFinding {
    let check = DoctorCheck::Listen;
    let address = listen.map(|address| address.to_string()).unwrap_or_default();
    match found {
        Port::Off => DoctorFinding::warn(
            check,
            "http.listen is empty",
            "未开放健康检查与指标；需要监控时请设置 http.listen",
            "nobody can ask for health and metrics; set http.listen to watch the service",
        ),
        Port::Free => DoctorFinding::yes(check, format!("{address} is free: no instance runs here")),
        Port::Running(true) => DoctorFinding::yes(check, format!("{address}: an instance runs and is ready")),
        Port::Running(false) => DoctorFinding::warn(
            check,
            format!("{address}: an instance runs and is not ready"),
            "运行 tongguan status 查看原因",
            "`tongguan status` says why",
        ),
        Port::Stranger => DoctorFinding::no(
            check,
            format!("{address} is taken by another program"),
            "换一个 http.listen 端口，或停掉占用该端口的程序",
            "give http.listen another port, or stop the program that has this one",
        ),
        Port::Refused(error) => DoctorFinding::no(
            check,
            format!("{address}: {error}"),
            "http.listen 的地址须属于本机，端口须允许本用户使用",
            "the address in http.listen must be one of this machine, and the port one that this user may take",
        ),
    }
}

/// Theirs against ours.
pub(super) fn clock(check: DoctorCheck, ours: Millis, theirs: Millis) -> DoctorFinding {
    let apart = theirs.since(ours);
    let ahead = if apart >= 0 { "ahead" } else { "behind" };
    let said = format!("{:.1} s {ahead} of this machine", apart.unsigned_abs() as f64 / 1e3);
    let (zh, en) = ("在各台机器上启用 NTP/chrony 校时", "let all machines keep their time by NTP (chrony)");
    match apart.unsigned_abs() {
        apart if apart > CLOCKS_WRONG_MS => DoctorFinding::no(check, said, zh, en),
        apart if apart > CLOCKS_APART_MS => DoctorFinding::warn(check, said, zh, en),
        _ => DoctorFinding::yes(check, said),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::DoctorVerdict, *};

    #[test]
    fn few_descriptors_are_said_and_too_few_refused() {
        for (hard, verdict) in [
            (None, DoctorVerdict::Yes),
            (Some(1_024), DoctorVerdict::Yes),
            (Some(512), DoctorVerdict::Warn),
            (Some(255), DoctorVerdict::No),
        ] {
            let found = Descriptors { soft: Some(100), hard };
            assert_eq!(descriptors(found, 128).verdict, verdict, "{hard:?}");
        }
    }

    #[test]
    fn clocks_may_differ_by_two_seconds_either_way() {
        for (theirs, verdict) in [
            (0, DoctorVerdict::Yes),
            (2_000, DoctorVerdict::Yes),
            (-2_001, DoctorVerdict::Warn),
            (2_001, DoctorVerdict::Warn),
            (-60_001, DoctorVerdict::No),
            (28_800_000, DoctorVerdict::No),
        ] {
            assert_eq!(clock(DoctorCheck::ServerClock, Millis(0), Millis(theirs)).verdict, verdict, "{theirs}");
        }
        assert!(clock(DoctorCheck::ServerClock, Millis(0), Millis(-3_000)).found.contains("3.0 s behind"));
    }

    #[test]
    fn a_disk_that_fills_is_said_before_it_is_full() {
        for (free, verdict) in
            [(9, DoctorVerdict::No), (10, DoctorVerdict::Warn), (99, DoctorVerdict::Warn), (100, DoctorVerdict::Yes)]
        {
            assert_eq!(room(DoctorCheck::Disk, "/", free * MIB, 10 * MIB, 100 * MIB).verdict, verdict, "{free}");
        }
    }

    #[test]
    fn the_port_may_be_free_or_ours() {
        let at = Some("127.0.0.1:9600".parse().unwrap());
        let refused = Port::Refused(io::Error::from(io::ErrorKind::PermissionDenied));
        for (found, verdict) in [
            (Port::Off, DoctorVerdict::Warn),
            (Port::Free, DoctorVerdict::Yes),
            (Port::Running(true), DoctorVerdict::Yes),
            (Port::Running(false), DoctorVerdict::Warn),
            (Port::Stranger, DoctorVerdict::No),
            (refused, DoctorVerdict::No),
        ] {
            assert_eq!(port(at, &found).verdict, verdict, "{found:?}");
        }
    }
}
