//! The question that an address asks. Each parameter is looked at by itself first, so that a problem can name the one that is wrong.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Api, Said, problem::Refusal};
use crate::{
    ask::{
        Asked, LIST_PARAMETERS, ListTerms, PARAMETERS, Terms, check_dimensions, check_only, check_stream, figures,
        instant,
        span::{self, SpanKind},
        unclear::{PARAMETER, Unclear, no_such},
        zone,
    },
    http::auth,
    report::listed::{self, CaseColumn},
    store::kpi::Question,
};

/// Parameters that may stand without a value.
pub(super) const FLAGS: &[&str] = &["assessed", "desc"];

/// Those that may stand several times.
const SEVERAL: &[&str] = &["only", "group-by", "compare"];

/// How a list is shown, besides its part, order and place.
pub(super) const COLUMNS: &str = "columns";
pub(super) const FORMAT: &str = "format";

pub(super) struct ApiQuestion {
    pub(super) asked: Asked,
    pub(super) list: ListTerms,
    pub(super) columns: Vec<&'static CaseColumn>,
    /// Asked again later, it is the same question.
    pub(super) is_fixed: bool,
}

/// What an address may say.
pub(super) fn known(is_list: bool) -> Vec<&'static str> {
    let list = LIST_PARAMETERS.iter().map(|(name, _)| *name).chain([COLUMNS]).filter(|_| is_list);
    PARAMETERS.iter().map(|(name, _)| *name).chain(list).chain([FORMAT]).collect()
}

/// Nothing else may be said.
pub(super) fn only_known(said: &Said, known: &[&str]) -> Result<(), Refusal> {
    if let Some((name, _)) = said.pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        return Err(Refusal::of(name, no_such(PARAMETER, name, known)));
    }
    let names = || said.pairs.iter().map(|(name, _)| name.as_str());
    match names().find(|name| !SEVERAL.contains(name) && names().filter(|other| other == name).count() > 1) {
        Some(name) => Err(Refusal::of(name, Unclear::GivenTwice { parameter: name.to_owned() })),
        None => Ok(()),
    }
}

pub(super) async fn question(api: &Api, figure: &str, said: &Said, is_list: bool) -> Result<ApiQuestion, Refusal> {
    let site = &api.site;
    only_known(said, &known(is_list))?;
    let (mut terms, mut list) = (Terms::default(), ListTerms::default());
    for (name, text) in &said.pairs {
        let taken = terms.take(name, text).or_else(|| list.take(name, text));
        taken.unwrap_or(Ok(())).map_err(|unclear| Refusal::of(name, unclear))?;
    }
    check(api, figure, &terms)?;
    let of = |name: &str, unclear| Refusal::of(name, unclear);
    let columns = listed::chosen(said.get(COLUMNS).unwrap_or_default()).map_err(|unclear| of(COLUMNS, unclear))?;
    // All pages of a list are of one instant.
    let next = list.next_page().map_err(|unclear| of("after", unclear))?;
    let now = next.as_ref().map_or_else(site.now, |next| next.as_of);
    let is_fixed = terms.as_of.is_some() || next.is_some();
    let mut asked = Asked::read(figure, &terms, &site.zone, now)?;
    for question in &mut asked.questions {
        question.own = auth::own_cases();
    }
    check_only(&terms.only, &site.streams, &site.store).await.map_err(Refusal::asking("only"))?;
    Ok(ApiQuestion { asked, list, columns, is_fixed })
}

fn check(api: &Api, figure: &str, terms: &Terms) -> Result<(), Refusal> {
    let of = |name: &'static str| move |unclear| Refusal::of(name, unclear);
    figures(figure, None).map_err(|unclear| Refusal::missing("figure", &unclear))?;
    figures(figure, terms.convention.as_deref()).map_err(of("convention"))?;
    let zone = zone(terms.timezone.as_deref().unwrap_or(&api.site.zone)).map_err(of("timezone"))?;
    let times = [("from", &terms.from), ("to", &terms.to), ("as-of", &terms.as_of), ("due-by", &terms.due_by)];
    for (name, text) in times {
        if let Some(text) = text {
            instant(name, text, &zone).map_err(of(name))?;
        }
    }
    let spans = [
        ("month", SpanKind::Month, &terms.month),
        ("quarter", SpanKind::Quarter, &terms.quarter),
        ("year", SpanKind::Year, &terms.year),
    ];
    for (name, kind, text) in spans {
        if let Some(text) = text {
            span::named(kind, text).map_err(of(name))?;
        }
    }
    check_dimensions(&terms.group_by).map_err(of("group-by"))?;
    check_stream(terms.stream.as_deref(), &api.site.streams).map_err(of("stream"))?;
    if terms.known_by.is_some() {
        return Err(Refusal::of("known-by", Unclear::OnlyByCommand));
    }
    Ok(())
}

/// The question as it was understood, in the answer.
pub(super) fn understood(asked: &Asked) -> Value {
    let Some(first) = asked.questions.first() else { return Value::Null };
    let Question { figure: _, period, zone, group_by, stream, is_assessed, only, due_by, own } = first;
    let time = |at: crate::domain::time::Millis, zone: &TimeZone| at.rfc3339(zone);
    json!({
        "figures": asked.questions.iter().map(|question| &question.figure.id).collect::<Vec<_>>(),
        "from": time(period.from, &asked.zone),
        "to": time(period.to, &asked.zone),
        "as_of": time(period.as_of, &asked.zone),
        "timezone": zone,
        "group_by": group_by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>(),
        "compare": asked.compare.iter().map(|against| against.name()).collect::<Vec<_>>(),
        "stream": stream,
        "only": only.iter().map(|(dimension, value)| format!("{}={value}", dimension.name())).collect::<Vec<_>>(),
        "assessed": is_assessed,
        "own": own.iter().map(|(dimension, values)| json!({ dimension.name(): values })).collect::<Vec<_>>(),
        "due_by": due_by.map(|at| time(at, &asked.zone)),
    })
}
