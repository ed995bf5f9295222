//! What is wrong with a command line as such: nobody else could ask so, so it is said in English only. What a page could ask too is
//! [`Unclear`](crate::ask::unclear::Unclear).

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

pub(super) fn usage(what: impl Into<String>) -> UsageError {
    UsageError(what.into())
}
