//! How a time is written, without saying which it is; and by which formats it could be read.

use super::clock::Format;

/// What stands in times beside digits.
const BESIDE: &str = "-/.:, TZ+APM年月日时分秒点上下午号";

/// Those in use, as a proposal; nothing is read by them unless the mapping says so.
pub(super) const FORMATS: [&str; 26] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y",
    "%d/%m/%Y",
];

/// `9999/9/9 9:99` and formats that read it; none where it may be something else than a time.
pub(super) fn shape(text: &str) -> Option<(String, Vec<&'static str>)> {
    let masked = masked(text)?;
    let reads =
        |format: &&'static str| Format::new(format).is_ok_and(|read| read.civil(text).is_some_and(is_of_our_days));
    let mut formats: Vec<&'static str> = FORMATS.iter().copied().filter(reads).collect();
    if formats.is_empty() && Format::new("excel").is_ok_and(|read| read.civil(text).is_some_and(is_of_our_days)) {
        formats.push("excel");
    }
    Some((masked, formats))
}

/// `9999/9/9 9:99`; none where it may be something else than a time.
pub(super) fn masked(text: &str) -> Option<String> {
    let is_time = text.chars().count() <= 30
        && text.chars().any(|letter| letter.is_ascii_digit())
        && text.chars().all(|letter| letter.is_ascii_digit() || BESIDE.contains(letter));
    is_time.then(|| text.chars().map(|letter| if letter.is_ascii_digit() { '9' } else { letter }).collect())
}

pub(super) fn is_of_our_days((at, _): (jiff::civil::DateTime, bool)) -> bool {
    (1990..2100).contains(&at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_by_its_shape_with_the_formats_that_read_it() {
        let of = |text| shape(text).unwrap();
        assert_eq!(of("2021/3/1 8:30"), ("9999/9/9 9:99".to_owned(), vec!["%Y/%m/%d %H:%M"]));
        assert_eq!(of("2021年3月1日"), ("9999年9月9日".to_owned(), vec!["%Y年%m月%d日"]));
        assert_eq!(of("44256.354166"), ("99999.999999".to_owned(), vec!["excel"]));
        assert_eq!(of("03/04/2021"), ("99/99/9999".to_owned(), vec!["%m/%d/%Y", "%d/%m/%Y"]));
        assert_eq!(of("13800138000").1, Vec::<&str>::new());
        assert_eq!(shape("张三 13800138000"), None);
        assert_eq!(shape("soon"), None);
    }
}
