//! How commands write what they found: a label and a text on a line, or JSON.

use std::io::Write;

use serde_json::Value;

pub(super) use crate::report::table::write_line;
use crate::{config::Problem, report::json};

/// The faults of a file one by one, for programs.
pub(super) fn problems(all: &[Problem]) -> Vec<Value> {
    let told = |one: &Problem| serde_json::json!({"place": one.place, "what": one.what, "remedy": one.remedy});
    all.iter().filter(|one| one.more() == 0).map(told).collect()
}

/// How many faults of it are not among them.
pub(super) fn more(all: &[Problem]) -> usize {
    all.iter().map(Problem::more).sum()
}

pub(super) fn write_json(value: &Value, out: &mut impl Write) -> anyhow::Result<()> {
    Ok(json::write(value, out)?)
}

#[cfg(test)]
mod tests {
    use crate::document::{Problem, Problems};

    #[test]
    fn how_many_faults_are_not_told_is_no_fault_for_programs() {
        let mut all = Problems::default();
        (0..60).for_each(|at| all.add(at, || Problem::new("f.toml", "is wrong", "mend it")));
        let told = all.told("f.toml");
        assert_eq!((super::problems(&told).len(), super::more(&told)), (50, 10));
    }
}
