//! Puts the poll thread and the writer together, and takes them apart again within a deadline.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    batch::Limits,
    receive::{Received, Receiver},
    writer::{Done, Writer},
};
use crate::{
    domain::stream::Stream,
    feed::{
        consumer::{Consumer, FeedError},
        decode,
        door::Door,
    },
    health::Health,
};

/// What a run is made of.
#[derive(Debug)]
pub struct Parts {
    pub consumer: Consumer,
    pub streams: Vec<Arc<Stream>>,
    pub door: Door,
    pub times: decode::Limits,
    pub limits: Limits,
    pub writer: Writer,
    pub until_caught_up: bool,
    pub health: Health,
    pub drain_timeout: Duration,
}

/// How a run ended.
#[derive(Debug)]
pub enum Ended {
    /// Everything taken was written and committed.
    Clean { messages: u64 },
    /// The deadline passed first. What was not written is not committed: the next run takes it again.
    Undrained { messages: u64, waited: Duration },
}

pub async fn run(parts: Parts, stop: CancellationToken) -> Result<Ended, FeedError> {
    // One batch waits while one is written and one is collected: that is all there ever is.
    let (work, works) = mpsc::channel(1);
    let done: Arc<Done> = Arc::clone(&parts.writer.done);
    let receiver = Receiver {
        consumer: parts.consumer,
        streams: parts.streams,
        door: parts.door,
        times: parts.times,
        limits: parts.limits,
        until_caught_up: parts.until_caught_up,
        health: parts.health,
        stop: stop.clone(),
        work,
        busy: Arc::clone(&parts.writer.busy),
    };
    let mut writer = tokio::spawn(parts.writer.run(works));
    let mut receiving = tokio::task::spawn_blocking(|| receiver.run());
    let received = tokio::select! {
        received = &mut receiving => received,
        // From the stop on, receiving has the deadline as well: it may be waiting for a writer that waits for ClickHouse.
        () = stop.cancelled() => match tokio::time::timeout(parts.drain_timeout, &mut receiving).await {
            Ok(received) => received,
            Err(_) => return Ok(give_up(&writer, &done, parts.drain_timeout)),
        },
    };
    let received = received.unwrap_or(Ok(Received::Stopped));
    let drained = match received {
        // Nobody is in a hurry: the writer may wait for ClickHouse as long as it takes, until a stop is asked for.
        Ok(Received::CaughtUp) => tokio::select! {
            _ = &mut writer => true,
            () = stop.cancelled() => tokio::time::timeout(parts.drain_timeout, &mut writer).await.is_ok(),
        },
        _ => tokio::time::timeout(parts.drain_timeout, &mut writer).await.is_ok(),
    };
    let messages = done.messages.load(Ordering::Relaxed);
    received?;
    if drained { Ok(Ended::Clean { messages }) } else { Ok(give_up(&writer, &done, parts.drain_timeout)) }
}

fn give_up(writer: &JoinHandle<()>, done: &Done, waited: Duration) -> Ended {
    writer.abort();
    Ended::Undrained { messages: done.messages.load(Ordering::Relaxed), waited }
}
