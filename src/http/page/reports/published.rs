//! What a figure was in the editions of the period that is asked for.

use super::asked::{drift_cell, edition_path, titled};
use crate::{
    ask::unclear::AskError,
    domain::time::Millis,
    http::page::{
        account::{cell, number, of_all},
        asked::Wanted,
        frame::shown as at,
        part::{Panel, Row},
        sheet::{elsewhere, head_link, panel, row, said, table},
        site::Site,
        words::Lang,
    },
    report::{drift::text::signed, rate},
    store::{
        kpi::{Answer, Question},
        published::figures::{self, PublishedValue},
    },
};

/// One question. Of some of the cases only nothing was published.
pub(in crate::http::page) async fn values(site: &Site, question: &Question) -> Result<Vec<PublishedValue>, AskError> {
    if !question.only.is_empty() || question.is_assessed {
        return Ok(Vec::new());
    }
    let period = (question.period.from, question.period.to);
    Ok(figures::values(&site.store, &question.figure.id, period, question.stream.as_deref()).await?)
}

/// Only where there is an edition.
pub(in crate::http::page) fn of_figure(
    wanted: &Wanted,
    question: &Question,
    answer: &Answer,
    values: &[PublishedValue],
) -> Option<Panel> {
    if values.is_empty() {
        return None;
    }
    let lang = wanted.lang;
    let heads = [
        (lang.of("版次", "edition"), ""),
        (lang.of("截至", "as of"), ""),
        (lang.of("发布", "published"), ""),
        (lang.of("分子/分母", "n/d"), "n"),
        (lang.of("率", "rate"), "n"),
        (lang.of("本页减发布：分子", "this page less it: n"), "n"),
        (lang.of("分母", "d"), "n"),
        (lang.of("案件", "cases"), ""),
    ];
    let title = lang.of("已发布", "Published");
    let sub = lang.of(
        "同一时段的每一版；变动的案件和起因见“此后变动”",
        "every edition of this period; which cases moved and why, behind the link",
    );
    let rows = values.iter().map(|one| line(wanted, question, answer, one)).collect();
    Some(Panel { sub: sub.to_owned(), ..panel("editions", title, vec![table(title, &heads, rows)]) })
}

fn line(wanted: &Wanted, question: &Question, answer: &Answer, one: &PublishedValue) -> Row {
    let (lang, here, zone) = (wanted.lang, &wanted.here, &wanted.asked.zone);
    let denominator = one.denominator.map(i64::unsigned_abs);
    let report = titled(&one.report);
    let name = match lang {
        Lang::Zh => format!("{} 第 {} 版", said(lang, &report), one.edition),
        Lang::En => format!("{}, edition {}", said(lang, &report), one.edition),
    };
    let rate = match denominator {
        Some(_) => rate::of_figure(Some(question.figure), one.numerator.unsigned_abs(), denominator),
        None => String::new(),
    };
    let count = |of: Option<u64>| of.map_or(0, |count| count as i64);
    row(vec![
        head_link(&name, elsewhere(here, &edition_path(&one.report, one.edition)).href()),
        cell(&at(Millis(one.as_of), zone)),
        cell(&at(Millis(one.published_at), zone)),
        number(&of_all(one.numerator, denominator)),
        number(&rate),
        number(&signed(answer.numerator - one.numerator)),
        number(&match denominator {
            Some(_) => signed(count(answer.denominator) - count(denominator)),
            None => String::new(),
        }),
        drift_cell(lang, here, &one.report, one.edition),
    ])
}
