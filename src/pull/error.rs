//! Why a database gave no rows, by what can be done about it. Never with a value of a row.

#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// It will do so when it is back: wait.
    #[error("{0}")]
    Away(String),
    /// The task, the account or its rights have to be others.
    #[error("{0}")]
    Refused(String),
    /// An error of the server in the middle of the rows.
    #[error("the database stopped in the middle of the rows: {0}")]
    Broken(String),
}

impl PullError {
    pub(super) fn slow(seconds: u64) -> Self {
        Self::Away(format!("the database said nothing for {seconds} s"))
    }
}

/// What a server said, without what it may quote of a row: everything from the first quote or colon on.
pub(super) fn without_values(said: &str) -> &str {
    let line = said.lines().next().unwrap_or_default();
    line.split(['"', '\'', ':', '`', '“', '(']).next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_row_is_repeated() {
        let said = "invalid input syntax for type integer: \"13800001111\"\nDETAIL: more";
        assert_eq!(without_values(said), "invalid input syntax for type integer");
        assert_eq!(
            without_values("Conversion failed when converting the varchar value '张三' to data type int."),
            "Conversion failed when converting the varchar value"
        );
        assert_eq!(
            without_values("canceling statement due to statement timeout"),
            "canceling statement due to statement timeout"
        );
    }
}
