//! What a case is about, each value leading to the cases that share it, and what was said of it at length.

use super::{
    super::{address::Address, words::Lang},
    Attribute, LongText,
    figures::month_of,
};
use crate::{
    domain::{case::Case, fact::Fact},
    report::{
        case::{CaseTold, words},
        listed::either,
    },
    store::kpi::Dimension,
};

/// A title that is longer stands among the texts.
pub(super) const TITLE_MAX: usize = 60;

/// What was said of it, and no free text.
pub(super) fn attributes(told: &CaseTold<'_>, here: &Address, lang: Lang) -> Vec<Attribute> {
    let case = &told.watched.case;
    let stated = all(case, lang).into_iter().filter(|(_, shown, _)| !shown.is_empty());
    let attribute = |(k, v, by): (&str, &str, Option<(Dimension, &str)>)| {
        let href = by.and_then(|by| others(told, here, by));
        Attribute { k: k.to_owned(), v: v.to_owned(), has_href: href.is_some(), href: href.unwrap_or_default() }
    };
    stated.map(attribute).collect()
}

type About<'a> = (&'a str, &'a str, Option<(Dimension, &'a str)>);

/// Name, value, and the dimension and its key by which others share it.
fn all<'a>(case: &'a Case, lang: Lang) -> [About<'a>; 11] {
    let of = &case.attributes;
    let (category, code) = (of.category_name.as_str(), of.category_code.as_str());
    let (name, unit) = (case.unit_name.as_str(), case.unit.as_str());
    let of_itself = |dimension, value: &'a str| Some((dimension, value));
    [
        (lang.of("类型", "kind"), of.kind.as_str(), of_itself(Dimension::Kind, &of.kind)),
        (lang.of("分类", "category"), either(category, code), of_itself(Dimension::Category, either(code, category))),
        (lang.of("来源", "channel"), &of.channel, of_itself(Dimension::Channel, &of.channel)),
        (lang.of("紧急程度", "urgency"), &of.urgency, of_itself(Dimension::Urgency, &of.urgency)),
        (lang.of("街镇", "town"), &of.town, of_itself(Dimension::Town, &of.town)),
        (lang.of("村居", "community"), &of.community, of_itself(Dimension::Community, &of.community)),
        (lang.of("责任单位", "unit"), either(name, unit), of_itself(Dimension::Unit, either(unit, name))),
        (lang.of("结案方式", "how closed"), &case.how, of_itself(Dimension::How, &case.how)),
        (lang.of("办理结果", "result"), &case.result, of_itself(Dimension::Result, &case.result)),
        (lang.of("立案条件", "filing condition"), &case.filing_condition, None),
        (lang.of("外部编号", "external no"), &of.external_no, None),
    ]
}

/// The cases of its stream and of the month of its receipt that share it.
fn others(told: &CaseTold<'_>, here: &Address, (dimension, value): (Dimension, &str)) -> Option<String> {
    let (month, _) = month_of(told)?;
    let list = here.at("/figures/K01/cases").with("month", &month).with("stream", &told.watched.case.stream);
    Some(list.and("only", &format!("{}={value}", dimension.name())).href())
}

/// What people wrote, scrubbed at the door: closed until somebody wants to read it.
pub(super) fn texts(told: &CaseTold<'_>, lang: Lang) -> Vec<LongText> {
    let case = &told.watched.case;
    let text = |k: String, v: &str| LongText { k, v: v.to_owned() };
    let mut all = Vec::new();
    if case.title.chars().count() > TITLE_MAX {
        all.push(text(lang.of("标题", "title").to_owned(), &case.title));
    }
    for (index, taken) in told.watched.facts.iter().enumerate() {
        let said = match &taken.event.fact {
            Fact::Reported(intake) | Fact::Accepted(intake) => &intake.description,
            _ => continue,
        };
        if !said.is_empty() {
            let kind = taken.event.fact.kind();
            let (name, word) = (lang.of(words::fact(kind), kind.name()), lang.of("描述", "description"));
            all.push(text(format!("{} {name}：{word}", index + 1), said));
        }
    }
    all
}
