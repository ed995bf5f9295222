//! What an address asks: the question as on the command line, and how it is shown.

use super::{address::Address, site::Site, words::Lang};
use crate::{
    ask::{
        Asked, ListTerms, PARAMETERS, Terms, check_only, check_stream,
        unclear::{AskError, PARAMETER, Unclear, no_such},
    },
    http::auth,
    report::listed::{self, CaseColumn},
    store::kpi::Question,
};

/// How an answer is shown: in which language, and what is of lists. Everything else is the question's.
pub(super) const SHOWN: &[&str] = &["lang", "part", "sort", "desc", "limit", "after", "columns"];

/// What is only of a list, and is left behind where a link leads elsewhere.
pub(super) const OF_LISTS: &[&str] = SHOWN.split_at(1).1;

/// Cases on a page.
const LIMIT: u64 = 100;
const LIMIT_MAX: u64 = 1_000;

#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) lang: Lang,
    pub(super) here: Address,
    pub(super) asked: Asked,
    pub(super) list: ListTerms,
    /// Chosen; none: the usual ones.
    pub(super) columns: Vec<&'static CaseColumn>,
}

impl Wanted {
    pub(super) async fn read(site: &Site, figure: &str, here: &Address) -> Result<Self, AskError> {
        let (mut terms, mut list) = (Terms::default(), ListTerms::default());
        for (name, text) in here.pairs() {
            match terms.take(name, text).or_else(|| list.take(name, text)) {
                Some(taken) => taken?,
                None if SHOWN.contains(&name) => {}
                None => {
                    let known: Vec<&str> =
                        PARAMETERS.iter().map(|(name, _)| *name).chain(SHOWN.iter().copied()).collect();
                    return Err(no_such(PARAMETER, name, &known).into());
                }
            }
        }
        list.limit(LIMIT, LIMIT_MAX)?;
        // All pages of a list are of one instant.
        let now = list.next_page()?.map_or_else(|| site.as_of(), |next| next.as_of);
        let mut asked = Asked::read(figure, &terms, &site.zone, now)?;
        // A list of cases is of those that the asker may see, by the same question as its figure.
        for question in &mut asked.questions {
            question.own = auth::own_cases();
        }
        check_stream(terms.stream.as_deref(), &site.streams)?;
        if asked.known_by.is_some() {
            return Err(Unclear::OnlyByCommand.into());
        }
        check_only(&terms.only, &site.streams, &site.store).await?;
        Ok(Self {
            lang: lang(here)?,
            columns: listed::chosen(here.get("columns").unwrap_or_default())?,
            list,
            asked,
            here: here.clone(),
        })
    }

    pub(super) fn limit(&self) -> u64 {
        self.list.limit.unwrap_or(LIMIT)
    }

    /// A page is about one convention.
    pub(super) fn question(&self) -> Result<&Question, Unclear> {
        self.asked.only_question()
    }
}

pub(super) fn lang(here: &Address) -> Result<Lang, Unclear> {
    let name = here.get("lang").unwrap_or("zh");
    Lang::from_name(name).ok_or_else(|| no_such(("语言", "language"), name, &["zh", "en"]))
}
