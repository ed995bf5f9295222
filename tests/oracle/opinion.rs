//! What one side says of a case at an instant; both sides fill in the same form.

use super::instant::{clock, written};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opinion {
    /// In one word; none while nothing of the case had happened.
    pub bucket: &'static str,
    pub received_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub first_closed_at: Option<i64>,
    pub suspended_since: Option<i64>,
    pub due: Option<i64>,
    pub original_due: Option<i64>,
    pub is_on_time: bool,
    pub is_in_base: bool,
    pub marks: Vec<&'static str>,
    pub counts: Vec<(&'static str, i64)>,
    pub assignments: Vec<Part>,
    /// Numerator and denominator of every figure asked, for the month asked about.
    pub figures: Vec<(&'static str, i64, i64)>,
}

/// One dispatch to one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub unit: String,
    pub at: i64,
    /// Due and `in_time`, `late` or `open` of each of its clocks; one that nobody is judged by is left out.
    pub clocks: Vec<(i64, &'static str)>,
    /// `kept`, `returned` or `withdrawn`.
    pub outcome: &'static str,
}

/// What the two do not say alike.
pub struct Difference {
    pub name: String,
    pub oracle: String,
    pub program: String,
}

impl Opinion {
    /// Name and value, line by line.
    pub fn lines(&self) -> Vec<(String, String)> {
        let mut lines = vec![
            ("bucket".into(), self.bucket.into()),
            ("received_at".into(), time(self.received_at)),
            ("closed_at".into(), time(self.closed_at)),
            ("first_closed_at".into(), time(self.first_closed_at)),
            ("suspended_since".into(), time(self.suspended_since)),
            ("due".into(), due(self.due)),
            ("original_due".into(), due(self.original_due)),
            ("is_on_time".into(), self.is_on_time.to_string()),
            ("is_in_base".into(), self.is_in_base.to_string()),
            ("marks".into(), self.marks.join(" ")),
        ];
        lines.extend(self.counts.iter().map(|(name, count)| ((*name).into(), count.to_string())));
        for (number, part) in self.assignments.iter().enumerate() {
            let clocks: Vec<String> =
                part.clocks.iter().map(|(at, verdict)| format!("due {} {verdict}", due(Some(*at)))).collect();
            let text = format!("{} {}: {}", part.unit, &time(Some(part.at))[5..16], clocks.join(", "));
            lines.push((format!("assignment {}", number + 1), text));
            lines.push((format!("outcome {}", number + 1), part.outcome.into()));
        }
        lines.extend(self.figures.iter().map(|(name, n, d)| ((*name).into(), format!("{n}/{d}"))));
        lines
    }

    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let (ours, theirs) = (self.lines(), other.lines());
        let other = |lines: &[(String, String)], name: &str| {
            lines.iter().find(|(known, _)| known == name).map_or("—".to_owned(), |(_, value)| value.clone())
        };
        let mut names: Vec<&String> = ours.iter().map(|(name, _)| name).collect();
        names.extend(theirs.iter().map(|(name, _)| name).filter(|name| !ours.iter().any(|(known, _)| known == *name)));
        let sides = names.into_iter().map(|name| Difference {
            name: name.clone(),
            oracle: other(&ours, name),
            program: other(&theirs, name),
        });
        sides.filter(|sides| sides.oracle != sides.program).collect()
    }
}

fn time(instant: Option<i64>) -> String {
    instant.map_or("—".into(), written)
}

/// Midnight is the end of the day before.
fn due(instant: Option<i64>) -> String {
    match instant {
        Some(at) if clock(at) == 0 => format!("{} (24:00)", written(at).trim_end_matches("+08:00")),
        other => time(other).trim_end_matches("+08:00").to_owned(),
    }
}
