//! A figure explained, as text for people.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{Explained, words};
use crate::{
    ask::Told,
    domain::kpi::Figure,
    report::{
        kpi::percent,
        kpi_catalogue, kpi_text,
        rate::NO_RATE,
        table::{Align, TextTable},
    },
    store::kpi::{Account, Answer, Beside, ConventionGap, Question},
};

/// `whole` is the same question without groups, where those do not add up.
pub fn write_text(
    explained: &Explained<'_>,
    whole: Option<&Told<'_>>,
    zone: &TimeZone,
    out: &mut impl Write,
) -> io::Result<()> {
    let figure = explained.question().figure;
    kpi_text::write_answers(&explained.told, whole, zone, out)?;
    if let Some(account) = &explained.account {
        write_account(account, out)?;
    }
    writeln!(out, "\n定义 definition")?;
    kpi_catalogue::write_meaning(figure, out)?;
    writeln!(out, "\nSQL\n{}", explained.sql)?;
    writeln!(out, "\n其他口径 other conventions")?;
    write_others(explained, out)?;
    if let Some(cases) = &explained.cases {
        writeln!(out, "\n案件 cases")?;
        kpi_text::write_cases(explained.question(), &cases.rows, cases.next.as_deref(), zone, out)?;
    }
    Ok(())
}

fn write_account(account: &Account, out: &mut impl Write) -> io::Result<()> {
    let Account { counted, left_out, not_yet, everything } = account;
    let not_yet =
        if *not_yet > 0 { format!(" + 截至时刻尚未受理 received later {not_yet}") } else { String::new() };
    let left = left_out.sum();
    writeln!(
        out,
        "核对 adds up: 计入 counted {counted} + 未计入 left out {left}{not_yet} = 时段内全部 all of the period {everything}"
    )
}

fn write_others(explained: &Explained<'_>, out: &mut impl Write) -> io::Result<()> {
    let question = explained.question();
    let figure = question.figure;
    if explained.others.is_empty() {
        return writeln!(out, "{} 只有这一种口径 has no other convention", figure.name);
    }
    let heads = [
        ("编号 id", Align::Left),
        ("口径 convention", Align::Left),
        ("分子 n", Align::Right),
        ("分母 d", Align::Right),
        ("率 rate", Align::Right),
        ("指标 figure", Align::Left),
    ];
    let mut table = TextTable::new(heads);
    if let Some(whole) = whole(explained) {
        table.push(line(question, figure, &whole));
    }
    for other in &explained.others {
        let asked = Question { figure: other.figure, ..question.clone() };
        table.push(line(&asked, other.figure, &other.answer()));
    }
    table.write(out)?;
    explained.others.iter().try_for_each(|other| write_gaps(figure, other, out))
}

/// The answer over all groups.
fn whole(explained: &Explained<'_>) -> Option<Answer> {
    explained.told.answers.first().filter(|_| explained.question().group_by.is_empty()).cloned()
}

fn line(question: &Question, figure: &Figure, answer: &Answer) -> Vec<String> {
    vec![
        figure.id.clone(),
        figure.convention.clone(),
        answer.numerator.to_string(),
        answer.denominator.map_or(NO_RATE.to_owned(), |d| d.to_string()),
        percent(question, answer),
        figure.title.zh.clone(),
    ]
}

/// Each number is counted by one of the two, and stands with the reason for which the other leaves it out.
fn write_gaps(figure: &Figure, other: &Beside, out: &mut impl Write) -> io::Result<()> {
    write!(out, "\n{} → {} {}: ", figure.id, other.figure.id, other.figure.title.zh)?;
    let Some(gaps) = &other.gaps else {
        return writeln!(out, "两数之差，没有自己的案件 a difference of two counts, without cases of its own");
    };
    let sides = [("n", "分子 n"), ("d", "分母 d")];
    let has_denominator = figure.is_rate() || other.figure.is_rate();
    let sides = if has_denominator { &sides[..] } else { &sides[..1] };
    let difference = |side: &str| -> i64 {
        let of_side = gaps.iter().filter(|gap| gap.side == side);
        of_side.map(|gap| gap.only_there as i64 - gap.only_here as i64).sum()
    };
    let told: Vec<String> = sides.iter().map(|(side, label)| format!("{label} {:+}", difference(side))).collect();
    writeln!(out, "{}", told.join("，"))?;
    let heads =
        [("  ", Align::Left), ("差", Align::Right), ("只计于 only in", Align::Left), ("因 because", Align::Left)];
    let mut table = TextTable::new(heads);
    for (side, label) in sides {
        for gap in gaps.iter().filter(|gap| gap.side == *side) {
            for row in rows(gap, label, figure, other.figure) {
                table.push(row);
            }
        }
    }
    if gaps.is_empty() { Ok(()) } else { table.write(out) }
}

fn rows(gap: &ConventionGap, label: &str, figure: &Figure, other: &Figure) -> impl Iterator<Item = Vec<String>> {
    let sides = [(gap.only_here, '-', figure, other), (gap.only_there, '+', other, figure)];
    let row = |(count, sign, by, of): (u64, char, &Figure, &Figure)| {
        let (zh, en) = words::reason(&gap.reason, of);
        vec![format!("  {label}"), format!("{sign}{count}"), by.id.clone(), format!("{zh} {en}")]
    };
    sides.into_iter().filter(|(count, ..)| *count > 0).map(row).collect::<Vec<_>>().into_iter()
}
