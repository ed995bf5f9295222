//! `tongguan send`: events from files to Kafka, each checked and answered as the inlet answers it.

use std::{collections::BTreeSet, io::Write, path::PathBuf};

use clap::Args;
use tokio::{sync::mpsc, task::JoinHandle};

use super::{Exit, event_files::each, setup::Setup};
use crate::feed::inlet::{EventAnswer, EventFate, EventSender, PostedEvent};

/// Put events from files on Kafka, checked as the service will check them; needs no other tool
#[derive(Debug, Args)]
pub struct SendArgs {
    /// One event as JSON, or lines of them (.jsonl, .ndjson); `-` or nothing is the standard input, line by line
    files: Vec<PathBuf>,
    /// The stream that they are of; needed where there are several
    #[arg(long)]
    stream: Option<String>,
}

/// Events that are waited for together. Order holds within a case among them: after one that is refused its later ones are not tried.
const TOGETHER: usize = 500;

/// Where it stands, and what it is.
type Found = (String, PostedEvent);

#[derive(Debug, Default)]
struct Count {
    taken: u64,
    known: u64,
    refused: u64,
    failed: u64,
    /// Fields that the contract does not name.
    unknown: BTreeSet<String>,
}

/// Others are only said to be there.
const UNKNOWN_MAX: usize = 200;

pub async fn run(args: &SendArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let stream = setup.stream_or_only(args.stream.as_deref())?;
    setup.may_feed(stream, None)?;
    setup.ensure_topics().await?;
    let inlet = setup.inlet()?;
    let (mut batches, reading) = read(args.files.clone());
    let mut count = Count::default();
    while let Some(batch) = batches.recv().await {
        let (places, events): (Vec<String>, Vec<PostedEvent>) = batch.into_iter().unzip();
        let sender = EventSender { name: None, may_speak_for: &|_| true };
        let answers = inlet.take(stream, sender, &events).await;
        for (place, answered) in places.iter().zip(&answers) {
            count.add(answered);
            if !answered.fate.is_taken() {
                writeln!(out, "{}", line(place, &answered.fate))?;
            }
        }
        // What comes behind it would only wait as long.
        if count.failed > 0 {
            break;
        }
    }
    // Who has stopped does not wait for the rest of what somebody may still be typing.
    if count.failed == 0 {
        reading.await??;
    }
    let Count { taken, known, refused, failed, unknown } = count;
    if !unknown.is_empty() {
        let mut fields: Vec<String> = unknown.into_iter().collect();
        // What is probably a mistake first, and last that there are more.
        fields.sort_by_key(|field| (field == EventAnswer::MORE_UNKNOWN, !field.ends_with("?)")));
        writeln!(out, "not in the contract, and not used: {}", fields.join(", "))?;
    }
    writeln!(out, "{taken} taken, {known} known already, {refused} refused, {failed} not acknowledged")?;
    Ok(match (refused, failed) {
        (0, 0) => Exit::Ok,
        (_, 0) => Exit::Rejected,
        _ => Exit::Unreachable,
    })
}

/// Read beside the sending, a little ahead of it.
fn read(files: Vec<PathBuf>) -> (mpsc::Receiver<Vec<Found>>, JoinHandle<anyhow::Result<()>>) {
    let (into, batches) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || {
        let mut batch: Vec<Found> = Vec::with_capacity(TOGETHER);
        let input = [PathBuf::from("-")];
        for file in if files.is_empty() { &input[..] } else { &files } {
            each(file, |at, bytes| {
                batch.push((at, PostedEvent::of_json(bytes)));
                if batch.len() == TOGETHER {
                    // Whoever does not take it has stopped, and says why.
                    let _ = into.blocking_send(std::mem::take(&mut batch));
                }
                Ok(())
            })?;
        }
        let _ = into.blocking_send(batch);
        Ok(())
    });
    (batches, reading)
}

impl Count {
    fn add(&mut self, answered: &EventAnswer) {
        *match answered.fate {
            EventFate::Taken { .. } => &mut self.taken,
            EventFate::Known => &mut self.known,
            EventFate::Failed(_) => &mut self.failed,
            _ => &mut self.refused,
        } += 1;
        for field in &answered.unknown {
            let is_told = self.unknown.contains(field) || self.unknown.len() < UNKNOWN_MAX;
            self.unknown.insert(if is_told { field.clone() } else { EventAnswer::MORE_UNKNOWN.to_owned() });
        }
    }
}

fn line(place: &str, fate: &EventFate) -> String {
    match fate {
        EventFate::Refused(rejection) => format!("{place}: {rejection}"),
        _ => format!("{place}: {}", fate.told()),
    }
}
