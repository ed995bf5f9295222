//! How long, as people say it.

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// By the clock on the wall, `1 天 3 时 20 分` and `1 d 3 h 20 min`; seconds only where it is short.
pub fn wall(ms: i64) -> (String, String) {
    let ms = ms.abs();
    let parts = [
        (ms / DAY, "天", "d"),
        (ms % DAY / HOUR, "时", "h"),
        (ms % HOUR / MINUTE, "分", "min"),
        (ms % MINUTE / SECOND, "秒", "s"),
    ];
    let shown = parts.iter().filter(|(count, _, en)| *count > 0 && (ms < HOUR || *en != "s"));
    let (zh, en): (Vec<String>, Vec<String>) =
        shown.map(|(count, zh, en)| (format!("{count} {zh}"), format!("{count} {en}"))).unzip();
    match zh.is_empty() {
        true => ("不足 1 秒".to_owned(), "less than 1 s".to_owned()),
        false => (zh.join(" "), en.join(" ")),
    }
}

/// Working time, whose days are not 24 hours long: `30:01:07`.
pub fn work(ms: i64) -> String {
    let seconds = ms / SECOND;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The same in working days of so many hours, floored: `3.75`.
pub fn workdays(ms: i64, day_ms: i64) -> String {
    let hundredths = i128::from(ms) * 100 / i128::from(day_ms.max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_need_no_seconds_and_short_ones_have_them() {
        let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        assert_eq!(wall(DAY + 3 * HOUR + 20 * MINUTE + 5 * SECOND), both("1 天 3 时 20 分", "1 d 3 h 20 min"));
        assert_eq!(wall(-90 * SECOND), both("1 分 30 秒", "1 min 30 s"));
        assert_eq!(wall(2 * DAY), both("2 天", "2 d"));
        assert_eq!(wall(1), both("不足 1 秒", "less than 1 s"));
        assert_eq!(work(30 * HOUR + MINUTE + 7 * SECOND), "30:01:07");
        assert_eq!(workdays(30 * HOUR + MINUTE, 8 * HOUR), "3.75");
    }
}
