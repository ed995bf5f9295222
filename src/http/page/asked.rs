//! What an address asks: the question as on the command line, and how it is shown.

use super::{address::Address, site::Site, words::Lang};
use crate::{
    ask::{
        Asked, PARAMETERS, Terms, check_only,
        unclear::{AskError, Unclear, no_such},
    },
    http::auth,
    store::kpi::{Question, Side},
};

/// How an answer is shown; everything else is the question's.
pub(super) const SHOWN: &[&str] = &["lang", "part", "after", "limit"];

/// Cases on a page.
const LIMIT: u64 = 100;
const LIMIT_MAX: u64 = 1_000;

#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) lang: Lang,
    pub(super) here: Address,
    pub(super) asked: Asked,
    pub(super) side: Side,
    pub(super) after: String,
    pub(super) limit: u64,
}

impl Wanted {
    pub(super) async fn read(site: &Site, figure: &str, here: &Address) -> Result<Self, AskError> {
        let mut terms = Terms::default();
        for (name, text) in here.pairs() {
            match terms.take(name, text) {
                Some(taken) => taken?,
                None if SHOWN.contains(&name) => {}
                None => {
                    let known: Vec<&str> =
                        PARAMETERS.iter().map(|(name, _)| *name).chain(SHOWN.iter().copied()).collect();
                    return Err(no_such("parameter", name, &known).into());
                }
            }
        }
        let mut asked = Asked::read(figure, &terms, &site.zone, (site.now)())?;
        // A list of cases is of those that the asker may see, by the same question as its figure.
        for question in &mut asked.questions {
            question.own = auth::own_cases();
        }
        if let Some(stream) = &terms.stream {
            let names: Vec<&str> = site.streams.iter().map(|stream| stream.name.as_str()).collect();
            if !names.contains(&stream.as_str()) {
                return Err(no_such("stream", stream, &names).into());
            }
        }
        if asked.known_by.is_some() {
            let what = "--known-by folds the cases again, which only the command does: tongguan kpi --known-by";
            return Err(Unclear(what.to_owned()).into());
        }
        check_only(&terms.only, &site.streams, &site.store).await?;
        Ok(Self {
            lang: lang(here)?,
            side: side(here)?,
            after: here.get("after").unwrap_or_default().to_owned(),
            limit: limit(here)?,
            asked,
            here: here.clone(),
        })
    }

    /// A page is about one convention.
    pub(super) fn question(&self) -> Result<&Question, Unclear> {
        self.asked.only_question()
    }
}

pub(super) fn lang(here: &Address) -> Result<Lang, Unclear> {
    let name = here.get("lang").unwrap_or("zh");
    Lang::from_name(name).ok_or_else(|| no_such("language", name, &["zh", "en"]))
}

fn side(here: &Address) -> Result<Side, Unclear> {
    let Some(name) = here.get("part") else { return Ok(Side::default()) };
    Side::from_name(name).ok_or_else(|| no_such("part", name, &Side::ALL.map(|(_, name)| name)))
}

fn limit(here: &Address) -> Result<u64, Unclear> {
    let Some(text) = here.get("limit") else { return Ok(LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| Unclear(format!("--limit is a number from 1 to {LIMIT_MAX}, not `{text}`")))
}
