//! Why a pass came to nothing, by what can be done about it.

use crate::{
    cli::Exit,
    feed::{producer::ProduceError, topics::TopicError},
    pull::{KeptError, PullError, TableError},
};

#[derive(Debug, thiserror::Error)]
pub enum PullStop {
    /// The task, the mapping, the account or the state has to be another.
    #[error("{said}")]
    Mistake { said: String },
    /// It may be well by itself.
    #[error("{said}")]
    Waits { said: String, exit: Exit },
    /// Another process has what we need.
    #[error("{said}")]
    Busy { said: String },
}

impl PullStop {
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
        match error {
            PullError::Away(said) => {
                Self::Waits { said: format!("the database is away: {said}"), exit: Exit::Unreachable }
            }
            PullError::Refused(said) => Self::Mistake { said },
            PullError::Broken(_) => Self::Waits { said: error.to_string(), exit: Exit::Failed },
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
            KeptError::Io { .. } => Self::Waits { said, exit: Exit::Failed },
        }
    }
}

impl From<ProduceError> for PullStop {
    fn from(error: ProduceError) -> Self {
        Self::Waits { said: error.to_string(), exit: Exit::Unreachable }
    }
}

impl From<TopicError> for PullStop {
    fn from(error: TopicError) -> Self {
        Self::Waits { said: error.to_string(), exit: Exit::Unreachable }
    }
}
