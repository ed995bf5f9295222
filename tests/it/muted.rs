//! A broker that answers everything but fetches: a partition stands, is named, and runs again on a client made anew.

use std::{
    collections::HashMap,
    io::{self, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{
    local::{Door, local},
    messages::lives,
    own::Own,
    quarantine::every_offset_once,
    service::{Service, pause, wait_for},
};

/// Kafka's number for it.
const FETCH: i16 = 1;
const LONG: Duration = Duration::from_secs(60);

/// Before a broker; answers to fetches are swallowed on every connection whose number is below `muted`.
#[derive(Default)]
struct Line {
    connections: AtomicU64,
    muted: AtomicU64,
}

impl Line {
    fn before(door: &Door) -> Arc<Self> {
        let line = Arc::new(Self::default());
        let (shared, listener, server) = (Arc::clone(&line), door.listener.try_clone().unwrap(), door.server);
        thread::spawn(move || shared.take(&listener, server));
        line
    }

    fn take(self: Arc<Self>, listener: &TcpListener, server: u16) {
        for client in listener.incoming().flatten() {
            let Ok(broker) = TcpStream::connect(local(server)) else { continue };
            let number = self.connections.fetch_add(1, Ordering::SeqCst);
            let asked = Arc::new(Mutex::new(HashMap::new()));
            let (line, kinds) = (Arc::clone(&self), Arc::clone(&asked));
            let (from, to) = (client.try_clone().unwrap(), broker.try_clone().unwrap());
            thread::spawn(move || {
                pass(from, to, |frame| {
                    asked.lock().unwrap().insert(frame[8..12].to_vec(), i16::from_be_bytes([frame[4], frame[5]]));
                    true
                })
            });
            thread::spawn(move || {
                pass(broker, client, |frame| {
                    let kind = kinds.lock().unwrap().remove(&frame[4..8]);
                    kind != Some(FETCH) || number >= line.muted.load(Ordering::SeqCst)
                })
            });
        }
    }

    fn mute_all(&self) {
        self.muted.store(u64::MAX, Ordering::SeqCst);
    }

    /// Those that are made from now on are not muted.
    fn mute_old(&self) {
        self.muted.store(self.connections.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

/// Frame by frame, each with its length, until either side ends.
fn pass(mut from: TcpStream, mut to: TcpStream, may_pass: impl Fn(&[u8]) -> bool) {
    let mut passes = || -> io::Result<()> {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let mut frame = length.to_vec();
        frame.resize(4 + u32::from_be_bytes(length) as usize, 0);
        from.read_exact(&mut frame[4..])?;
        if may_pass(&frame) { to.write_all(&frame) } else { Ok(()) }
    };
    while passes().is_ok() {}
    for side in [from, to] {
        let _ = side.shutdown(std::net::Shutdown::Both);
    }
}

#[test]
fn a_partition_that_gives_nothing_is_named_and_runs_on_a_client_made_anew() {
    let own = Own::kafka("muted", 1);
    let town = &own.town;
    for stream in ["hotline", "grid"] {
        town.make_topic(stream, 4, 1);
    }
    let line = Line::before(&own.doors[0]);
    let address = own.doors[0].listener.local_addr().unwrap().to_string();
    let mut service = Service::start(town, &[("KAFKA__BROKERS", &address), ("KAFKA__STUCK_AFTER_S", "3")]);
    service.wait_until_ready();
    let written = "SELECT uniqExact(topic, partition, offset) FROM {db}.events";
    let mut sent = town.send("grid", &lives("before", 10));
    town.until(written, sent);

    line.mute_all();
    pause(300);
    sent += town.send("grid", &lives("muted", 10));
    let grid = town.topic("grid");
    let stands = |body: &str| body.contains(&format!("{grid}[0] has messages from offset"));
    wait_for("what stands to be named", LONG, || {
        let (status, body) = service.get("/readyz");
        status == 503 && stands(&body)
    });
    let (_, body) = service.get("/readyz");
    assert!(stands(&body) && body.contains("makes its consumer anew"), "{body}");
    assert!(body.contains(r#""name":"kafka","ok":true"#), "the broker answers: {body}");
    let stuck = format!("tongguan_partition_stuck{{topic=\"{grid}\",partition=\"0\"}}");
    assert_eq!(service.metric(&stuck), 1.0);
    assert_eq!(
        service.metric("tongguan_consumer_renewals_total"),
        0.0,
        "nobody gives anything: a new one would not help"
    );

    line.mute_old();
    wait_for("readiness by itself", LONG, || service.get("/readyz").0 == 200);
    assert!(service.metric("tongguan_consumer_renewals_total") >= 1.0);
    service.wait_for_log("and does not give it");
    wait_for("every message", LONG, || town.number(written) == sent);
    wait_for("nothing stuck", LONG, || service.metric(&stuck) == 0.0);
    sent += town.send("grid", &lives("after", 10));
    town.until(written, sent);
    every_offset_once(town, sent);
    town.until("SELECT countIf(rows = 4) FROM {db}.cases FINAL", 30);
    assert_eq!(service.stop().code, Some(0));
}
