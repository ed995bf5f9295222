//! A wrong use of the command line that only shows once the configuration is read.

use thiserror::Error;

#[derive(Debug, Error)]
#[error("{0}")]
pub struct UsageError(pub String);

pub fn is_usage_error(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<UsageError>())
}
