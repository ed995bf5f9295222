//! Why a pass came to nothing, by what can be done about it.

use crate::{
    cli::Exit,
    feed::{producer::ProduceError, topics::TopicError},
    health::HealthCheck,
    pull::{KeptError, PullError, TableError},
};

#[derive(Debug, thiserror::Error)]
pub enum PullStop {
    /// The task, the mapping, the account or the state has to be another.
    #[error("{said}")]
    Mistake { said: String },
    /// It may be well by itself, when this is.
    #[error("{said}")]
    Waits { check: HealthCheck, said: String, exit: Exit },
    /// Another process has what we need.
    #[error("{said}")]
    Busy { said: String },
}

impl PullStop {
    pub(super) fn kafka(said: String) -> Self {
        Self::Waits { check: HealthCheck::Kafka, said, exit: Exit::Unreachable }
    }

    pub(super) fn disk(said: String) -> Self {
        Self::Waits { check: HealthCheck::Disk, said, exit: Exit::Failed }
    }

    pub(super) fn mistake(error: impl std::fmt::Display) -> Self {
        Self::Mistake { said: error.to_string() }
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Mistake { .. } => Exit::Config,
            Self::Waits { exit, .. } => *exit,
            Self::Busy { .. } => Exit::Failed,
        }
    }
}

impl From<PullError> for PullStop {
    fn from(error: PullError) -> Self {
        let waits = |said, exit| Self::Waits { check: HealthCheck::Database, said, exit };
        match error {
            PullError::Away(said) => waits(format!("the database is away: {said}"), Exit::Unreachable),
            PullError::Refused(said) => Self::Mistake { said },
            PullError::Broken(_) => waits(error.to_string(), Exit::Failed),
        }
    }
}

impl From<TableError> for PullStop {
    fn from(error: TableError) -> Self {
        Self::mistake(error)
    }
}

impl From<KeptError> for PullStop {
    fn from(error: KeptError) -> Self {
        let said = error.to_string();
        match error {
            KeptError::Locked { .. } => Self::Busy { said },
            KeptError::Damaged { .. } | KeptError::OfAnother { .. } => Self::Mistake { said },
            KeptError::Io { .. } => Self::disk(said),
        }
    }
}

impl From<ProduceError> for PullStop {
    fn from(error: ProduceError) -> Self {
        Self::kafka(error.to_string())
    }
}

impl From<TopicError> for PullStop {
    fn from(error: TopicError) -> Self {
        Self::kafka(error.to_string())
    }
}
