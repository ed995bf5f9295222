//! The columns of a sheet: a column of rates of the paper is three in the annex, numerator, denominator and rate, so that whoever
//! gets the file can reckon on. In the notice, which is read and printed, it is one text with its counts.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::{
    fitting,
    formats::{Formats, Number},
};
use crate::report::{
    paper::{PaperCell, PaperColumn, PaperTable, Text, words},
    rate::NO_RATE,
    table::{printable, width},
};

/// Wider texts are wrapped; of a few columns each may be wider.
const WIDEST: usize = 40;
const WIDEST_OF_FEW: usize = 64;
const FEW: usize = 5;
const NARROWEST: usize = 8;
/// Up to so many places both languages stand on one line.
const ONE_LINE: usize = 36;

/// One column of the sheet.
#[derive(Clone, Copy, Debug)]
struct Physical<'a> {
    column: &'a PaperColumn,
    /// Its place in the rows of the table.
    index: usize,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Numerator,
    Denominator,
    Rate,
    /// All three, as a text.
    Told,
}

/// What stands in one cell of the sheet.
#[derive(Clone, Debug, PartialEq)]
enum Content {
    Empty,
    Text(String),
    Number(f64, Number),
}

#[derive(Debug)]
pub struct Columns<'a> {
    table: &'a PaperTable,
    all: Vec<Physical<'a>>,
}

impl<'a> Columns<'a> {
    pub fn of(table: &'a PaperTable, is_told: bool) -> Self {
        let parts = |column: &PaperColumn| match column.counts {
            Some(_) if is_told => &[Part::Told],
            Some(_) => &[Part::Numerator, Part::Denominator, Part::Rate][..],
            None => &[Part::Whole],
        };
        let physical = |(index, column)| parts(column).iter().map(move |part| Physical { column, index, part: *part });
        Self { table, all: table.columns.iter().enumerate().flat_map(physical).collect() }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Of each, as wide as its widest line.
    pub fn widths(&self) -> Vec<usize> {
        let widest = if self.len() <= FEW { WIDEST_OF_FEW } else { WIDEST };
        let of = |one: &Physical<'_>| {
            let cells = self.table.rows.iter().filter_map(|row| row.get(one.index)).map(|cell| shown(one.part, cell));
            let cells = cells.map(|content| content.width()).max().unwrap_or(0);
            // A long head may break, a short number may not.
            let head = one.head();
            let head = width(&head.zh).max(width(&head.en)).min(16);
            (cells.max(head) + 2).clamp(NARROWEST, widest)
        };
        self.all.iter().map(of).collect()
    }

    pub fn write_heads(&self, sheet: &mut Worksheet, row: u32, formats: &Formats) -> Result<(), XlsxError> {
        for (column, one) in (0..).zip(&self.all) {
            sheet.write_string_with_format(row, column, fitting(&one.head().both("\n")), &formats.head)?;
        }
        Ok(())
    }

    /// How many lines the heads take, in columns of these widths.
    pub fn head_lines(&self, widths: &[usize]) -> usize {
        let lines = |(one, wide): (&Physical<'_>, &usize)| {
            let head = one.head();
            lines(&head.zh, *wide) + if head.en == head.zh { 0 } else { lines(&head.en, *wide) }
        };
        self.all.iter().zip(widths).map(lines).max().unwrap_or(1)
    }

    /// Writes a row and says how many lines it takes.
    pub fn write_row(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        index: usize,
        widths: &[usize],
        formats: &Formats,
    ) -> Result<usize, XlsxError> {
        let is_total = self.table.has_total && index + 1 == self.table.rows.len();
        let mut most = 1;
        for ((column, one), wide) in (0..).zip(&self.all).zip(widths) {
            let content = self.table.rows[index].get(one.index).map_or(Content::Empty, |cell| shown(one.part, cell));
            match content {
                Content::Empty => sheet.write_blank(row, column, &formats.text(is_total))?,
                Content::Text(text) => {
                    let text = fitting(&text);
                    most = most.max(lines(&text, *wide));
                    let format = self.aligned(one, &text, formats.text(is_total));
                    sheet.write_string_with_format(row, column, text, &format)?
                }
                Content::Number(number, kind) => {
                    sheet.write_number_with_format(row, column, number, &formats.number(kind, is_total))?
                }
            };
        }
        Ok(most)
    }

    /// A rate, and a dash among numbers, stand where numbers do.
    fn aligned(&self, one: &Physical<'_>, text: &str, format: Format) -> Format {
        let is_dash = text == NO_RATE && (one.part != Part::Whole || !self.table.is_text(one.index));
        if is_dash || one.part == Part::Told { format.set_align(rust_xlsxwriter::FormatAlign::Right) } else { format }
    }
}

impl Physical<'_> {
    fn head(&self) -> Text {
        match (&self.column.counts, self.part) {
            (Some([numerator, _]), Part::Numerator) => numerator.clone(),
            (Some([_, denominator]), Part::Denominator) => denominator.clone(),
            _ => self.column.title.clone(),
        }
    }
}

impl Content {
    fn width(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Text(text) => text.lines().map(width).max().unwrap_or(0),
            Self::Number(number, Number::Count) => words::count(*number as i64).len(),
            Self::Number(_, Number::Points | Number::Decimal) => 11,
            Self::Number(_, Number::Hours) => 13,
            Self::Number(..) => 9,
        }
    }
}

/// A count in a column of rates stands where counts do, everything else where the rate does.
fn shown(part: Part, cell: &PaperCell) -> Content {
    match (part, cell) {
        (Part::Numerator, PaperCell::Rate(rate)) if rate.scale() == 1 => {
            Content::Number(rate.numerator as f64, Number::Count)
        }
        (Part::Numerator, PaperCell::Rate(rate)) => {
            Content::Number(rate.numerator as f64 / rate.scale() as f64, Number::Decimal)
        }
        (Part::Denominator, PaperCell::Rate(rate)) => Content::Number(rate.denominator as f64, Number::Count),
        (Part::Numerator, PaperCell::Count(count)) => Content::Number(*count as f64, Number::Count),
        (Part::Numerator | Part::Denominator, _) | (Part::Rate, PaperCell::Count(_)) => Content::Empty,
        (Part::Told, PaperCell::Rate(rate)) => {
            Content::Text(format!("{} ({})", rate.shown(), words::counts(cell).unwrap_or_default()))
        }
        (_, PaperCell::Rate(rate)) => match rate.floored() {
            Some(floored) if rate.is_percentage() => Content::Number(floored, Number::Percent),
            Some(floored) => Content::Number(floored, Number::Decimal),
            None => Content::Text(NO_RATE.to_owned()),
        },
        (_, PaperCell::Count(count)) => Content::Number(*count as f64, Number::Count),
        (_, PaperCell::Duration(ms)) => Content::Number(*ms as f64 / 86_400_000.0, Number::Hours),
        (_, PaperCell::Growth(hundredths)) => Content::Number(*hundredths as f64 / 10_000.0, Number::Growth),
        (_, PaperCell::Points(hundredths)) => Content::Number(*hundredths as f64 / 100.0, Number::Points),
        (_, PaperCell::Nothing) => Content::Text(NO_RATE.to_owned()),
        (_, PaperCell::Given(text)) => Content::Text(printable(text)),
        (_, PaperCell::Said(text)) if text.zh != text.en && width(&text.zh) + width(&text.en) < ONE_LINE => {
            Content::Text(format!("{} {}", text.zh, text.en))
        }
        (_, PaperCell::Said(text)) => Content::Text(text.both("\n")),
    }
}

/// How many lines a text takes in a column so wide.
pub fn lines(text: &str, wide: usize) -> usize {
    text.lines().map(|line| width(line).div_ceil(wide.max(2) - 1).max(1)).sum::<usize>().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::kpi::Figure, report::paper::Rate};

    #[test]
    fn a_rate_is_three_cells_and_never_rounded_up() {
        let rate = PaperCell::Rate(Rate::share(99_999, 100_000));
        assert_eq!(shown(Part::Numerator, &rate), Content::Number(99_999.0, Number::Count));
        assert_eq!(shown(Part::Denominator, &rate), Content::Number(100_000.0, Number::Count));
        assert_eq!(shown(Part::Rate, &rate), Content::Number(0.9999, Number::Percent));
        assert_eq!(shown(Part::Rate, &PaperCell::share(0, 0)), Content::Text("—".into()));
        assert_eq!(shown(Part::Rate, &PaperCell::Count(5)), Content::Empty);
        assert_eq!(shown(Part::Told, &rate), Content::Text("99.99 % (99,999/100,000)".into()));
        assert_eq!(shown(Part::Told, &PaperCell::Count(5)), Content::Number(5.0, Number::Count));
    }

    #[test]
    fn so_many_a_case_is_no_percentage() {
        let reworks = Rate { figure: Figure::by_id("K10c"), ..Rate::share(5, 3) };
        assert_eq!(shown(Part::Rate, &PaperCell::Rate(reworks)), Content::Number(1.66, Number::Decimal));
        assert_eq!(reworks.shown(), "1.66");
    }

    #[test]
    fn a_chinese_character_is_two_wide() {
        assert_eq!(lines("结案率及时率", 13), 1);
        assert_eq!(lines("结案率及时率", 7), 2);
        assert_eq!(lines("a\nb", 10), 2);
    }
}
