//! The time in which this instance sends.

use std::sync::Arc;

use smol_str::SmolStr;
use tokio::time::{Duration, Instant};

use super::{AlertParts, ReignError, remembered::Remembered, repair::repair};
use crate::{
    domain::{
        alert::{Alert, AlertPlace, SentAlert},
        time::Millis,
    },
    feed::alerts::{AlertEvent, AlertSendError, AlertSender},
    health::HealthCheck,
    metrics,
    store::alerts::{self, AlertReached},
};

/// How long Kafka may take for a step.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Reign<'a> {
    pub(super) parts: &'a AlertParts,
    sender: Arc<AlertSender>,
    pub(super) reached: AlertReached,
    /// When all of the last day was last looked at.
    pub(super) wide_at: Option<Instant>,
    pub(super) remembered: Remembered,
    noted: Instant,
}

impl<'a> Reign<'a> {
    /// Fences whoever sent before, and learns what was sent.
    pub(super) async fn begin(parts: &'a AlertParts) -> Result<Self, ReignError> {
        let health = &parts.retry.health;
        let (cluster, name) = (parts.connection.cluster.clone(), parts.name.clone());
        let sender = tokio::task::spawn_blocking(move || AlertSender::open(&cluster, &name, PATIENCE)).await??;
        health.set(HealthCheck::Kafka, Ok("answers"));
        repair(parts).await?;
        health.set(HealthCheck::Partitions, Ok("the topic of the alerts is read back"));
        let known = alerts::reached(&parts.store, &parts.topic).await?;
        // Higher than whoever sent before, so that he sees it in the notes also while there is nothing to send.
        let me = (known.map_or(0, |known| known.sender >> 32) + 1) << 32 | u64::from(rand::random::<u32>());
        let reached = match known {
            Some(reached) => AlertReached { sender: me, ..reached },
            None => first(parts, me).await?,
        };
        alerts::note_reached(&parts.store, &parts.topic, &reached).await?;
        health.set(HealthCheck::Assignment, Ok("this instance sends the alerts"));
        metrics::alerts_sending(true);
        let since = reached.since.rfc3339(&parts.zone);
        tracing::info!(topic = parts.topic, since, "this instance sends the alerts");
        let (sender, noted) = (Arc::new(sender), Instant::now());
        Ok(Self { parts, sender, reached, wide_at: None, remembered: Remembered::default(), noted })
    }

    /// In a pass that takes long: those who stand by must not take us for dead.
    pub(super) async fn still_here(&mut self) -> Result<(), ReignError> {
        if self.noted.elapsed() < self.parts.take_over_after / 4 { Ok(()) } else { self.note().await }
    }

    pub(super) async fn note(&mut self) -> Result<(), ReignError> {
        let known = alerts::reached(&self.parts.store, &self.parts.topic).await?;
        if known.is_some_and(|known| known.sender > self.reached.sender) {
            return Err(AlertSendError::Fenced.into());
        }
        alerts::note_reached(&self.parts.store, &self.parts.topic, &self.reached).await?;
        self.noted = Instant::now();
        self.parts.retry.answered();
        Ok(())
    }

    /// In one transaction; before anything else is sent they are written down.
    pub(super) async fn send(&mut self, sent: Vec<SentAlert>) -> Result<(), ReignError> {
        let parts = self.parts;
        let sender = Arc::clone(&self.sender);
        let (topic, source, zone) = (parts.topic.clone(), parts.source.clone(), parts.zone.clone());
        let task = tokio::task::spawn_blocking(move || {
            let payload = |one: &SentAlert| {
                let event = AlertEvent::of(one, &source, &zone);
                serde_json::to_vec(&event).unwrap_or_else(|_| unreachable!("texts and numbers are JSON"))
            };
            let messages: Vec<(&str, Vec<u8>)> = sent.iter().map(|one| (one.alert.subject(), payload(one))).collect();
            let places = sender.send(&topic, &messages)?;
            drop(messages);
            Ok::<_, ReignError>(sent.into_iter().zip(places).collect::<Vec<(SentAlert, AlertPlace)>>())
        });
        let placed = task.await??;
        parts.retry.until_done("alerts", || alerts::insert(&parts.store, &parts.topic, &placed)).await;
        for (sent, _) in placed {
            metrics::alert_sent(sent.alert.kind.name());
            self.remembered.add(sent.alert.id);
        }
        Ok(())
    }

    /// Of these, the ones of which it is not known that they were sent.
    pub(super) async fn unsent(&mut self, found: &[&Alert]) -> Result<Vec<SmolStr>, ReignError> {
        let known = alerts::known(&self.parts.store, found).await?;
        let mut unsent = Vec::new();
        for alert in found {
            match known.contains(&alert.id) {
                true => self.remembered.add(alert.id.clone()),
                false => unsent.push(alert.id.clone()),
            }
        }
        Ok(unsent)
    }
}

/// History is not alerted: from now on.
async fn first(parts: &AlertParts, sender: u64) -> Result<AlertReached, ReignError> {
    let now = parts.now();
    let taken_in_at = alerts::taken_in(&parts.store, Millis(i64::MIN)).await?;
    Ok(AlertReached { since: now, clock_at: now, taken_in_at, sender, noted_at: Millis(0) })
}
