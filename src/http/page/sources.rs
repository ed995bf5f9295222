//! What reports and words are made of besides the data.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use crate::{
    domain::{
        policy::PolicyExample,
        rules::{Limits, Rules},
    },
    report::{notice::NoticeBasis, streams::StreamTold},
};

/// Made from the configuration by the caller.
#[derive(Debug)]
pub struct PageSources {
    pub notice: NoticeBasis,
    pub streams: Vec<StreamTold>,
    /// Worked examples of the policy, each with the rules of its stream where there is such a stream.
    pub examples: Vec<(PolicyExample, Option<Rules>)>,
    pub limits: Arc<Limits>,
    /// Reports that are made at once: they ask for more than a figure does.
    pub making: Semaphore,
    /// How long somebody waits for one.
    pub patience: Duration,
}
