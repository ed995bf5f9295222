//! What is asked, in words.

use super::unclear::{Unclear, no_such};
use crate::store::kpi::{Against, Dimension};

/// What may be said of a question besides the figure. A time is a text until the zone is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The beginning of the period, in it; a date is its 00:00 in the zone of the question.
    pub from: Option<String>,
    /// The end of the period, no longer in it.
    pub to: Option<String>,
    /// `2021-06`, instead of `from` and `to`; so are `quarter` and `year`, and only one of all may be given.
    pub month: Option<String>,
    /// `2021-Q2`.
    pub quarter: Option<String>,
    /// `2021`.
    pub year: Option<String>,
    /// 统计时点: how the cases stood then. None: now.
    pub as_of: Option<String>,
    /// 所知截至: what could be known then. None: all that is known now. Only the command line can do it.
    pub known_by: Option<String>,
    /// 口径, as the catalogue names it (`need-close`). None: every one of the figure.
    pub convention: Option<String>,
    /// One row for each combination of their values that occurs.
    pub group_by: Vec<Dimension>,
    /// 同比 `yoy`, 环比 `pop`.
    pub compare: Vec<Against>,
    /// 业务流 by its name. None: all streams together.
    pub stream: Option<String>,
    /// Cases that stand at all of these values (`kind=投诉`).
    pub only: Vec<(Dimension, String)>,
    /// Only what is assessed (是否考核), appeals upheld left out as well.
    pub is_assessed: bool,
    /// IANA name. None: the zone of the configuration.
    pub timezone: Option<String>,
    /// Only what is due then or earlier; what has no due is not there.
    pub due_by: Option<String>,
}

type Set = fn(&mut Terms, &str) -> Result<(), Unclear>;

/// By the names that the command line and an address have for them.
#[rustfmt::skip]
pub const PARAMETERS: &[(&str, Set)] = &[
    ("from", |terms, text| once("from", &mut terms.from, text)),
    ("to", |terms, text| once("to", &mut terms.to, text)),
    ("month", |terms, text| once("month", &mut terms.month, text)),
    ("quarter", |terms, text| once("quarter", &mut terms.quarter, text)),
    ("year", |terms, text| once("year", &mut terms.year, text)),
    ("as-of", |terms, text| once("as-of", &mut terms.as_of, text)),
    ("known-by", |terms, text| once("known-by", &mut terms.known_by, text)),
    ("convention", |terms, text| once("convention", &mut terms.convention, text)),
    ("group-by", |terms, text| several(&mut terms.group_by, text, dimension)),
    ("compare", |terms, text| several(&mut terms.compare, text, against)),
    ("stream", |terms, text| once("stream", &mut terms.stream, text)),
    ("only", |terms, text| only(text).map(|only| terms.only.push(only))),
    ("due-by", |terms, text| once("due-by", &mut terms.due_by, text)),
    ("assessed", |terms, text| flag("assessed", text).map(|is| terms.is_assessed = is)),
    ("timezone", |terms, text| once("timezone", &mut terms.timezone, text)),
];

impl Terms {
    /// Takes one, if it is one of [`PARAMETERS`].
    pub fn take(&mut self, name: &str, text: &str) -> Option<Result<(), Unclear>> {
        let (_, set) = PARAMETERS.iter().find(|(known, _)| *known == name)?;
        Some(set(self, text))
    }
}

fn once(name: &str, place: &mut Option<String>, text: &str) -> Result<(), Unclear> {
    match place.replace(text.to_owned()) {
        None => Ok(()),
        Some(_) => Err(Unclear::GivenTwice { parameter: name.to_owned() }),
    }
}

fn several<T>(place: &mut Vec<T>, text: &str, one: fn(&str) -> Result<T, Unclear>) -> Result<(), Unclear> {
    for word in text.split(',').filter(|word| !word.is_empty()) {
        place.push(one(word)?);
    }
    Ok(())
}

/// `?assessed`, or with a word for it.
pub fn flag(name: &str, text: &str) -> Result<bool, Unclear> {
    match text {
        "" | "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(Unclear::NotFlag { parameter: name.to_owned(), text: text.to_owned() }),
    }
}

/// By its name on the command line and in addresses; what there is not, is told with the nearest.
pub fn dimension(name: &str) -> Result<Dimension, Unclear> {
    let names = || Dimension::names().collect::<Vec<_>>();
    Dimension::from_name(name).ok_or_else(|| no_such(("维度", "dimension"), name, &names()))
}

/// `kind=投诉`.
pub fn only(text: &str) -> Result<(Dimension, String), Unclear> {
    let (name, value) = text.split_once('=').ok_or(Unclear::NotPair)?;
    match dimension(name)? {
        time if time.is_time() => Err(Unclear::TimeDimension { name: name.to_owned() }),
        dimension => Ok((dimension, value.to_owned())),
    }
}

/// By `yoy` or `pop`.
pub fn against(name: &str) -> Result<Against, Unclear> {
    let names = Against::ALL.map(|(_, name)| name);
    Against::from_name(name).ok_or_else(|| no_such(("对比方式", "comparison"), name, &names))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &[(&str, &str)]) -> Result<Terms, String> {
        let mut terms = Terms::default();
        for (name, text) in address {
            terms.take(name, text).ok_or(format!("no {name}"))?.map_err(|unclear| unclear.to_string())?;
        }
        Ok(terms)
    }

    #[test]
    fn an_address_says_what_a_command_line_says() {
        let terms = read(&[
            ("month", "2021-06"),
            ("group-by", "town,unit"),
            ("only", "kind=投诉"),
            ("only", "how="),
            ("compare", "yoy"),
            ("assessed", ""),
        ]);
        let wanted = Terms {
            month: Some("2021-06".to_owned()),
            group_by: vec![Dimension::Town, Dimension::Unit],
            only: vec![(Dimension::Kind, "投诉".to_owned()), (Dimension::How, String::new())],
            compare: vec![Against::YearBefore],
            is_assessed: true,
            ..Terms::default()
        };
        assert_eq!(terms, Ok(wanted));
    }

    #[test]
    fn what_cannot_be_understood_is_told_with_the_nearest_word() {
        for (address, told) in [
            (&[("group-by", "twon")][..], "town?"),
            (&[("compare", "yox")], "yoy?"),
            (&[("only", "knd=x")], "kind?"),
            (&[("only", "month=2021-06")], "--from"),
            (&[("assessed", "maybe")], "`maybe`"),
            (&[("from", "a"), ("from", "b")], "--from is given twice"),
            (&[("form", "a")], "no form"),
        ] {
            let said = read(address).unwrap_err();
            assert!(said.contains(told), "{address:?}: {said}");
        }
    }
}
