//! What is done after an answer: the table of docs/alerts.md.

use std::time::Duration;

/// What came of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HookAnswer {
    Status {
        code: u16,
        retry_after: Option<Duration>,
    },
    /// No connection, or no answer in time.
    Nothing(String),
}

impl HookAnswer {
    /// Without what the receiver wrote.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Status { code, .. } => code.to_string(),
            Self::Nothing(why) => why.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HookStep {
    Taken,
    /// Later, or after what the address asks for. `counts`: towards the tries.
    Again {
        counts: bool,
        after: Option<Duration>,
    },
    PassOver,
    Off,
}

/// Who asks for longer is asked again after this.
const AFTER_MAX: Duration = Duration::from_secs(3600);

/// After so many refusals before this answer.
pub(super) fn step(answer: &HookAnswer, refusals: u32, tries_max: u32) -> HookStep {
    let HookAnswer::Status { code, retry_after } = answer else {
        return HookStep::Again { counts: false, after: None };
    };
    let after = retry_after.map(|after| after.min(AFTER_MAX));
    match code {
        200..=299 => HookStep::Taken,
        410 => HookStep::Off,
        408 | 429 | 500..=599 => HookStep::Again { counts: false, after },
        _ if refusals + 1 >= tries_max => HookStep::PassOver,
        _ => HookStep::Again { counts: true, after },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_the_step_of_the_table() {
        let again = |counts| HookStep::Again { counts, after: None };
        for (code, refusals, wanted) in [
            (200, 0, HookStep::Taken),
            (204, 9, HookStep::Taken),
            (410, 0, HookStep::Off),
            (408, 99, again(false)),
            (429, 99, again(false)),
            (500, 99, again(false)),
            (503, 99, again(false)),
            (301, 0, again(true)),
            (307, 2, HookStep::PassOver),
            (400, 0, again(true)),
            (404, 1, again(true)),
            (422, 2, HookStep::PassOver),
        ] {
            assert_eq!(step(&HookAnswer::Status { code, retry_after: None }, refusals, 3), wanted, "{code}");
        }
        assert_eq!(step(&HookAnswer::Nothing("silent".into()), 99, 3), again(false));
        for (asked, wanted) in [(5, 5), (100_000, 3600)] {
            let answer = HookAnswer::Status { code: 429, retry_after: Some(Duration::from_secs(asked)) };
            let after = Some(Duration::from_secs(wanted));
            assert_eq!(step(&answer, 0, 3), HookStep::Again { counts: false, after });
        }
    }
}
