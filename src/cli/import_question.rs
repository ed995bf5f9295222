//! The one question that matters after an import: what is most probably wrong, and whom to ask.

use super::import_text::{rows, values};
use crate::{
    feed::import::{ColumnTally, ImportQuestion, PassedOver, Summary},
    report::count::grouped,
};

pub fn question(summary: &Summary) -> Option<String> {
    let asked = match ImportQuestion::of(summary)? {
        ImportQuestion::NoRows => {
            "there is a header and not one row below it. Is it the right file? 只有表头，没有数据行：文件对吗？"
                .to_owned()
        }
        ImportQuestion::AllFiltered => format!(
            "all of it, {}, was filtered out. Are the [[filter]] conditions right? 所有行都被过滤：过滤条件对吗？",
            rows(summary.rows)
        ),
        ImportQuestion::EveryRow { column: "", text, .. } => format!(
            "every row was rejected: {text}. Is the mapping made for this file? 所有行都被拒绝：映射适用于本文件吗？"
        ),
        ImportQuestion::EveryRow { column, text, .. } => format!(
            "every row was rejected at {column}: {text}. Is that the right column? 所有行都在“{column}”被拒绝：列对吗？"
        ),
        ImportQuestion::Format { column, rows } => {
            of_format(summary, column, &rows.map_or_else(|| "all the".to_owned(), grouped))
        }
        ImportQuestion::PassedOver(passed) => passed_over(passed),
        ImportQuestion::Unknown(column) => unknown(column),
        ImportQuestion::Empty(column) => {
            format!("{column} is empty in every row. Is it the right column? “{column}”全部为空：列对吗？")
        }
    };
    Some(format!("Question 问题: {asked}"))
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

fn passed_over(passed: &PassedOver) -> String {
    let (column, asked, rows) = (&passed.column, &passed.asked, rows(passed.rows));
    format!(
        "{column} is filled in {rows} of which no {} was made, because {asked} is{}. Do those mean it too? \
         “{column}”有值而条件不成立：这些“{asked}”也算吗？",
        passed.type_name,
        values(&passed.values)
    )
}

fn unknown(column: &ColumnTally) -> String {
    let rows = rows(column.unknown.total);
    format!(
        "{} has in {rows} values that no map or condition names{}. Should they mean something? \
         “{}”的这些值没有对应：需要补充吗？",
        column.name,
        values(&column.unknown),
        column.name
    )
}
