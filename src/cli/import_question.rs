//! The one question that matters after an import: what is most probably wrong, and whom to ask.

use super::import_text::{rows, values};
use crate::{feed::import::Summary, report::count::grouped};

/// Every row failed in the same way at the same column: it is not the rows.
pub fn is_the_mapping_at_fault(summary: &Summary) -> bool {
    common_reason(summary).is_some_and(|(name, ..)| name != "missing")
}

/// The reason of all the rows that are there.
fn common_reason(summary: &Summary) -> Option<(&'static str, &str, &str)> {
    let kept = summary.rows - summary.filtered;
    let mut reasons = summary.reasons.iter().filter(|(_, reason)| reason.rows == kept && kept > 0);
    reasons.next().map(|((name, column), reason)| (*name, column.as_str(), reason.text.as_str()))
}

pub fn question(summary: &Summary) -> Option<String> {
    let asked = nothing(summary)
        .or_else(|| most_rejected(summary))
        .or_else(|| passed_over(summary))
        .or_else(|| unknown(summary));
    asked.or_else(|| empty(summary)).map(|question| format!("Question 问题: {question}"))
}

fn nothing(summary: &Summary) -> Option<String> {
    if summary.rows == 0 {
        return Some(
            "there is a header and not one row below it. Is it the right file? 只有表头，没有数据行：文件对吗？"
                .to_owned(),
        );
    }
    if summary.filtered == summary.rows {
        return Some(format!(
            "all of it, {}, was filtered out. Are the [[filter]] conditions right? 所有行都被过滤：过滤条件对吗？",
            rows(summary.rows)
        ));
    }
    if !summary.took_nothing() {
        return None;
    }
    let (name, column, text) = common_reason(summary)?;
    Some(match name {
        "not_a_time" => of_format(summary, column, "all the"),
        _ if column.is_empty() => format!(
            "every row was rejected: {text}. Is the mapping made for this file? 所有行都被拒绝：映射适用于本文件吗？"
        ),
        _ => format!(
            "every row was rejected at {column}: {text}. Is that the right column? 所有行都在“{column}”被拒绝：列对吗？"
        ),
    })
}

/// A tenth of the rows that fail at one date is a format that is missing, not so many slips.
fn most_rejected(summary: &Summary) -> Option<String> {
    let of_time = summary.reasons.iter().filter(|((name, _), _)| *name == "not_a_time");
    let ((_, column), reason) = of_time.max_by_key(|(_, reason)| reason.rows)?;
    (reason.rows * 10 >= summary.rows).then(|| of_format(summary, column, &grouped(reason.rows)))
}

fn of_format(summary: &Summary, column: &str, rows: &str) -> String {
    let written = summary.shape.as_ref().map_or_else(String::new, |(shape, formats)| {
        let reads: Vec<String> = formats.iter().map(|format| format!("\"{format}\"")).collect();
        match reads.is_empty() {
            true => format!(", the first written like {shape}"),
            false => format!(", the first written like {shape}, which {} would read", reads.join(" or ")),
        }
    });
    format!(
        "{rows} dates of {column} fit none of time.formats{written}. Is it the mapping's format? \
         “{column}”的日期不符合 time.formats：是格式写错了吗？"
    )
}

fn passed_over(summary: &Summary) -> Option<String> {
    let passed = summary.passed_over.first()?;
    let (column, asked, rows) = (&passed.column, &passed.asked, rows(passed.rows));
    Some(format!(
        "{column} is filled in {rows} of which no {} was made, because {asked} is{}. Do those mean it too? \
         “{column}”有值而条件不成立：这些“{asked}”也算吗？",
        passed.type_name,
        values(&passed.values)
    ))
}

fn unknown(summary: &Summary) -> Option<String> {
    let column = summary.columns.iter().filter(|column| column.unknown.total * 10 >= column.rows.max(1));
    let column = column.max_by_key(|column| column.unknown.total)?;
    let rows = rows(column.unknown.total);
    Some(format!(
        "{} has in {rows} values that no map or condition names{}. Should they mean something? \
         “{}”的这些值没有对应：需要补充吗？",
        column.name,
        values(&column.unknown),
        column.name
    ))
}

fn empty(summary: &Summary) -> Option<String> {
    let column = summary.columns.iter().find(|column| column.rows > 0 && column.empty == column.rows)?;
    Some(format!("{} is empty in every row. Is it the right column? “{}”全部为空：列对吗？", column.name, column.name))
}
