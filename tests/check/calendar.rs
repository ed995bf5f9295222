//! The dues that were worked out beside the project, row by row, by the built-in calendar.

use std::{fs, path::Path};

use jiff::civil::DateTime;
use tongguan::{
    config::calendar,
    domain::{
        calendar::{Calendar, Convention, Limit, Unit},
        time::Millis,
    },
};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/calendar_vectors.csv");
const ROWS: usize = 144;

/// The file lies beside the project; where it is missing on purpose, `TONGGUAN_WITHOUT_SHARED=1` says so, and
/// `src/domain/calendar/tests` holds a good part of it.
#[test]
fn every_known_due_comes_out() {
    if !Path::new(VECTORS).exists() {
        let excused = std::env::var("TONGGUAN_WITHOUT_SHARED").is_ok_and(|value| value == "1");
        assert!(excused, "{VECTORS} is not there; set TONGGUAN_WITHOUT_SHARED=1 to do without it");
        return;
    }
    let calendar = calendar::load(None).unwrap();
    let text = fs::read_to_string(VECTORS).unwrap();
    let wrong: Vec<String> = text.lines().skip(1).filter_map(|row| fault(&calendar, row)).collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(text.lines().skip(1).count(), ROWS);
}

/// What is wrong with the row `start,unit/convention,count,due`.
fn fault(calendar: &Calendar, row: &str) -> Option<String> {
    let [start, unit, count, due] = row.split(',').collect::<Vec<_>>()[..] else { panic!("{row}") };
    let (unit, convention) = unit.split_once('/').map_or((unit, None), |(unit, how)| (unit, Some(how)));
    let convention = convention.map(|how| Convention::from_name(&how.to_uppercase()).unwrap());
    let limit = Limit::new(count.parse().unwrap(), Unit::from_name(unit).unwrap(), convention).unwrap();
    let found = calendar.working().due(instant(calendar, start), limit);
    let is_right = found.due.at == instant(calendar, due)
        && found.due.is_exclusive == due.ends_with("00:00")
        && !found.is_provisional;
    (!is_right).then(|| format!("{row}: {found:?}"))
}

fn instant(calendar: &Calendar, text: &str) -> Millis {
    let shown: DateTime = text.parse().unwrap();
    Millis(calendar.zone.to_timestamp(shown).unwrap().as_millisecond())
}
