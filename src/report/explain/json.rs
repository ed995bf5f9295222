//! A figure explained, as JSON: one object for each figure asked for.

use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{Cases, Explained, words};
use crate::{
    domain::kpi::{Figure, catalogue::Lacks},
    report::{
        json,
        kpi::{fields, fraction},
        kpi_catalogue, kpi_json,
    },
    store::kpi::{Account, Beside, ConventionGap, Question},
};

pub fn write_json(all: &[Explained<'_>], zone: &TimeZone, out: &mut impl Write) -> io::Result<()> {
    let all: Vec<Value> = all.iter().map(|explained| object(explained, zone)).collect();
    json::write(&all, out)
}

/// One figure.
pub fn object(explained: &Explained<'_>, zone: &TimeZone) -> Value {
    let question = explained.question();
    let answer =
        |index: usize| -> Value { fields(&explained.told, index, zone).into_iter().collect::<Map<_, _>>().into() };
    json!({
        "kpi": question.figure.id,
        "definition": kpi_catalogue::definition(question.figure),
        "answers": (0..explained.told.answers.len()).map(answer).collect::<Vec<_>>(),
        "sql": explained.sql,
        "account": explained.account.as_ref().map(|account| accounted(account, question.figure)),
        "others": explained.others.iter().map(|one| other(one, question)).collect::<Vec<_>>(),
        "cases": explained.cases.as_ref().map(|cases| listed(cases, zone)),
        "next_after": explained.cases.as_ref().and_then(|cases| cases.next.as_deref()),
    })
}

/// `counted`, `not_yet` and the sum of `left_out` are `everything`.
fn accounted(account: &Account, figure: &Figure) -> Value {
    let left = account.left_out;
    let lacks = match &figure.lacks {
        Some(Lacks::Other(text)) => json!({"zh": text.zh, "en": text.en}),
        _ => Value::Null,
    };
    json!({
        "counted": account.counted,
        "not_yet": account.not_yet,
        "everything": account.everything,
        "left_out": {
            "void": left.void,
            "excluded": left.excluded,
            "pending": left.pending,
            "out_of_base": left.out_of_base,
            "unassessed": left.unassessed,
            "no_due": left.no_due,
            "suspended": left.suspended,
            "not_due": left.not_due,
            "answered": left.answered,
            "other": left.other,
        },
        "other_means": lacks,
    })
}

fn other(other: &Beside, question: &Question) -> Value {
    let asked = Question { figure: other.figure, ..question.clone() };
    let gap = |gap: &ConventionGap| {
        let text = |of: &Figure| {
            let (zh, en) = words::reason(&gap.reason, of);
            json!({"zh": zh, "en": en})
        };
        // The one that leaves it out says why; where both do for one reason, they say it in one way.
        let of = if gap.only_here > 0 { other.figure } else { question.figure };
        json!({
            "side": gap.side,
            "reason": gap.reason,
            "text": text(of),
            "only_here": gap.only_here,
            "only_there": gap.only_there,
        })
    };
    json!({
        "kpi": other.figure.id,
        "convention": other.figure.convention,
        "cohort": other.figure.cohort.name(),
        "title": {"zh": other.figure.title.zh, "en": other.figure.title.en},
        "numerator": other.numerator,
        "denominator": other.denominator,
        "rate": fraction(&asked, &other.answer()),
        "differences": other.gaps.as_ref().map(|gaps| gaps.iter().map(gap).collect::<Vec<_>>()),
    })
}

fn listed(cases: &Cases, zone: &TimeZone) -> Vec<Value> {
    let object = |case| kpi_json::case_fields(case, zone).into_iter().collect::<Map<_, _>>().into();
    cases.rows.iter().map(object).collect()
}
