//! The form of an act on messages in quarantine.

use crate::{
    http::page::{address::Address, words::Lang},
    report::count::grouped,
};

/// What a form asks for, as the page writes it.
#[derive(Clone, Debug, Default)]
pub(super) struct ActForm {
    pub(super) action: String,
    /// Of messages that it is about; empty for one.
    pub(super) count: String,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) replay: String,
    pub(super) discard: String,
}

impl ActForm {
    pub(super) fn of_one(here: &Address, lang: Lang) -> Self {
        Self { title: lang.of("处理这条消息", "This message").to_owned(), ..Self::new(here, lang) }
    }

    pub(super) fn of_all(here: &Address, lang: Lang, total: u64) -> Self {
        let n = grouped(total);
        Self {
            count: total.to_string(),
            title: match lang {
                Lang::Zh => format!("处理以上条件下全部 {n} 条消息"),
                Lang::En => format!("All {n} messages that meet this question"),
            },
            ..Self::new(&here.without(&["after", "limit"]), lang)
        }
    }

    fn new(here: &Address, lang: Lang) -> Self {
        Self {
            action: here.href(),
            note: lang.of("说明（丢弃时必填）", "note (needed to discard)").to_owned(),
            replay: lang.of("重放", "Replay").to_owned(),
            discard: lang.of("丢弃", "Discard").to_owned(),
            ..Self::default()
        }
    }
}
