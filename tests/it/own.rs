//! A town with servers of its own, which may be killed, stopped and damaged.

use std::path::PathBuf;

use crate::{
    local::{self, Door, Ports, Server},
    town::Town,
};

/// In the order in which they go: the town asks no server that is not there any more.
pub struct Own {
    pub brokers: Vec<Server>,
    pub clickhouse: Option<Server>,
    pub doors: Vec<Door>,
    pub town: Town,
}

fn folder(name: &str) -> PathBuf {
    local::folder("it").join(name)
}

impl Own {
    /// So many brokers, each with a door, and the usual ClickHouse. The name is that of the test.
    pub fn kafka(name: &str, brokers: usize) -> Self {
        let (brokers, doors) = nodes(name, brokers);
        local::up(&brokers);
        let town = Town::on(direct(&brokers), None);
        Self { brokers, clickhouse: None, doors, town }
    }

    /// One of each.
    pub fn pair(name: &str) -> Self {
        let clickhouse = Server::clickhouse(folder(name).join("clickhouse"), Ports::default().next());
        let (brokers, doors) = nodes(name, 1);
        local::up(brokers.iter().chain([&clickhouse]));
        let town = Town::on(direct(&brokers), Some(format!("http://127.0.0.1:{}", clickhouse.port)));
        Self { brokers, clickhouse: Some(clickhouse), doors, town }
    }
}

fn nodes(name: &str, count: usize) -> (Vec<Server>, Vec<Door>) {
    let (brokers, doors) = local::brokers(&folder(name), count, 1, &mut Ports::default());
    let small = |broker: Server| broker.with("TONGGUAN_LOCAL_KAFKA_HEAP", "256m");
    (brokers.into_iter().map(small).collect(), doors)
}

/// Past the doors.
fn direct(brokers: &[Server]) -> String {
    let all: Vec<String> = brokers.iter().map(|broker| format!("127.0.0.1:{}", broker.port)).collect();
    all.join(",")
}
