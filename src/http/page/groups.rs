//! A figure by a dimension, each group with its counts; the total is asked, not summed.

use super::{
    account::{cell, head, number, of_all},
    asked::Wanted,
    part::{Cell, Chip, Chips, Panel, Row, Table},
    site::Site,
    words::Lang,
};
use crate::{
    ask::unclear::AskError,
    report::{notice::RANKED_FROM, rate},
    store::kpi::{self, Answer, Dimension, Question},
};

/// What a panel offers.
const OFFERED: [(Dimension, &str, &str); 8] = [
    (Dimension::Unit, "责任单位", "unit"),
    (Dimension::Town, "街镇", "town"),
    (Dimension::Community, "村居", "community"),
    (Dimension::Category, "类别", "category"),
    (Dimension::Channel, "来源", "channel"),
    (Dimension::Kind, "类型", "kind"),
    (Dimension::Urgency, "紧急程度", "urgency"),
    (Dimension::Stream, "业务流", "stream"),
];

/// What its groups are called.
pub(super) fn title(by: Dimension, lang: Lang) -> &'static str {
    OFFERED.iter().find(|(dimension, ..)| *dimension == by).map_or(by.name(), |&(_, zh, en)| lang.of(zh, en))
}

pub(super) async fn by_dimension(
    site: &Site,
    wanted: &Wanted,
    question: &Question,
    asked: &[Dimension],
) -> Result<Panel, AskError> {
    let by = asked.first().copied().unwrap_or(Dimension::Unit);
    let group_by = if asked.is_empty() { vec![by] } else { asked.to_vec() };
    let grouped = Question { group_by, ..question.clone() };
    let (mut answers, names) = tokio::try_join!(
        async { kpi::answers(&site.store, &grouped).await.map_err(AskError::from) },
        site.group_names(&grouped)
    )?;
    answers.sort_by_key(|answer| std::cmp::Reverse(answer.denominator.unwrap_or(answer.numerator.unsigned_abs())));
    let lang = wanted.lang;
    let chip = |(dimension, zh, en): &(Dimension, &str, &str)| Chip {
        href: wanted.here.with("group-by", dimension.name()).href(),
        text: lang.of(zh, en).to_owned(),
        is_here: *dimension == by,
        ..Chip::default()
    };
    let row = |answer: &Answer| {
        let mut group = answer.group.clone();
        names.name(&mut group);
        row(wanted, question, (&grouped.group_by, answer), &group.join(" · "))
    };
    let cols = [(title(by, lang), ""), (lang.of("分子/分母", "n/d"), "n"), (lang.of("率", "rate"), "n")];
    Ok(Panel {
        id: "groups".to_owned(),
        title: lang.of("按维度分列", "By dimension").to_owned(),
        chips: vec![Chips {
            label: lang.of("分列：", "by: ").to_owned(), chips: OFFERED.iter().map(chip).collect()
        }],
        tables: vec![Table {
            caption: lang.of("按维度分列", "By dimension").to_owned(),
            is_caption_hidden: true,
            cols: cols.map(|(text, cls)| head(text, cls)).into(),
            rows: answers.iter().take(SHOWN).map(row).collect(),
            notes: [small(wanted)].into_iter().chain(cut(wanted, answers.len())).collect(),
            ..Table::default()
        }],
        ..Panel::default()
    })
}

/// Rows of a page; the JSON and the CSV at its address have all of them.
const SHOWN: usize = 500;

fn cut(wanted: &Wanted, groups: usize) -> Option<String> {
    (groups > SHOWN).then(|| match wanted.lang {
        Lang::Zh => format!("共 {groups} 组，本页列出最大的 {SHOWN} 组；全部见 JSON、CSV。"),
        Lang::En => {
            format!("{SHOWN} of {groups} groups, the largest; all of them are in the JSON and the CSV.")
        }
    })
}

fn small(wanted: &Wanted) -> String {
    match wanted.lang {
        Lang::Zh => format!("分母不足 {RANKED_FROM} 的只列件数，不给率。"),
        Lang::En => format!("Of fewer than {RANKED_FROM} only the counts are shown."),
    }
}

fn row(wanted: &Wanted, question: &Question, (by, answer): (&[Dimension], &Answer), name: &str) -> Row {
    let lang = wanted.lang;
    let list =
        wanted.here.at(&format!("/figures/{}/cases", question.figure.id)).without(&["group-by", "after", "limit"]);
    // A time narrows a list by its period, not by a word.
    let is_told = !by.iter().any(|one| one.is_time());
    let narrowed = by.iter().zip(&answer.group);
    let href = narrowed.fold(list, |list, (one, value)| list.and("only", &format!("{}={value}", one.name()))).href();
    let rate = match answer.denominator {
        Some(d) if d < RANKED_FROM => rate::NO_RATE.to_owned(),
        _ => rate::of_figure(Some(question.figure), answer.numerator.unsigned_abs(), answer.denominator),
    };
    let name = if name.is_empty() { lang.of("（未填）", "(none)") } else { name };
    let has_href = is_told && question.figure.has_cases();
    Row {
        cells: vec![
            Cell { is_head: true, ..cell(name) },
            Cell { has_href, href, ..number(&of_all(answer.numerator, answer.denominator)) },
            number(if answer.denominator.is_some() { &rate } else { "" }),
        ],
        ..Row::default()
    }
}
