//! How a report names its month, quarter or year.

use super::paper::Text;
use crate::ask::span::{CalendarSpan, SpanKind};

/// 月度.
pub fn adjective(kind: SpanKind) -> Text {
    let (zh, en) = [("月度", "Monthly"), ("季度", "Quarterly"), ("年度", "Annual")][kind as usize];
    Text::new(zh, en)
}

/// 2021年6月 | June 2021.
pub fn title(span: &CalendarSpan) -> Text {
    let (year, month) = (span.first.year(), span.first.month());
    match span.kind {
        SpanKind::Month => Text::new(format!("{year}年{month}月"), span.first.strftime("%B %Y").to_string()),
        SpanKind::Quarter => {
            let quarter = span.quarter();
            let chinese = ["一", "二", "三", "四"][usize::from(month.unsigned_abs() - 1) / 3];
            Text::new(format!("{year}年第{chinese}季度"), format!("Q{quarter} {year}"))
        }
        SpanKind::Year => Text::new(format!("{year}年"), year.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_its_name_in_both_languages() {
        for (kind, name, zh, en) in [
            (SpanKind::Month, "2021-06", "2021年6月", "June 2021"),
            (SpanKind::Month, "2021-12", "2021年12月", "December 2021"),
            (SpanKind::Quarter, "2021-Q1", "2021年第一季度", "Q1 2021"),
            (SpanKind::Quarter, "2021-Q4", "2021年第四季度", "Q4 2021"),
            (SpanKind::Year, "2021", "2021年", "2021"),
        ] {
            assert_eq!(title(&CalendarSpan::parse(kind, name).unwrap()), Text::new(zh, en));
        }
    }
}
