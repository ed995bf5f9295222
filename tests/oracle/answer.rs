//! The oracle's opinion, written into the form that both sides fill in.

use super::{
    figures::Asked,
    line::Line,
    opinion::{Opinion, Part},
    standing::Facts,
    units::Assigned,
};

impl Facts<'_> {
    pub fn parts(&self) -> Vec<Part> {
        let part = |part: &Assigned| Part {
            unit: part.unit.clone(),
            at: part.at,
            clocks: self.clocks([&part.line].into_iter().chain(&part.more)),
            outcome: if ["returned", "withdrawn"].contains(&part.outcome) { part.outcome } else { "kept" },
        };
        self.case.units.parts.iter().map(part).collect()
    }

    pub fn opinion(&self, period: (i64, i64), figures: &[&'static str]) -> Opinion {
        let case = self.case;
        let counts = &case.counts;
        let asked = Asked::of(self, period);
        let figure = |id: &&'static str| {
            let (n, d) = asked.figure(id);
            (*id, n, d)
        };
        Opinion {
            bucket: self.bucket(),
            received_at: case.received_at,
            closed_at: case.closed_at,
            first_closed_at: case.first_closed_at,
            suspended_since: case.suspended_since,
            due: self.due(),
            original_due: case.line().original,
            is_on_time: self.is_on_time,
            is_in_base: self.is_in_base(),
            marks: self.marks(),
            counts: vec![
                ("events", counts.events),
                ("duplicates", counts.duplicates),
                ("conflicts", counts.conflicts),
                ("extensions", counts.extensions),
                ("late_extensions", counts.late_extensions),
                ("suspensions", counts.suspensions),
                ("paused_ms", counts.paused_ms),
                ("longest_pause_ms", counts.longest_pause_ms),
                ("reopens", counts.reopens),
                ("dispatches", counts.dispatches),
                ("returns", counts.returns),
                ("refused_returns", counts.refused_returns),
                ("supervisions", counts.supervisions),
                ("urges", counts.urges),
                ("corrections", counts.corrections),
                ("reworks", case.reworks.len() as i64),
            ],
            assignments: self.parts(),
            figures: figures.iter().map(figure).collect(),
        }
    }

    /// Due and verdict of each clock that somebody is judged by; of a void case nobody is.
    pub fn clocks<'b>(&self, lines: impl Iterator<Item = &'b Line>) -> Vec<(i64, &'static str)> {
        let judged = lines.filter(|line| !self.case.is_void && !self.case.is_excluded && line.verdict() != "neither");
        let mut judged: Vec<(i64, &'static str)> =
            judged.map(|line| (line.due.expect("it is judged"), line.verdict())).collect();
        judged.sort_unstable();
        judged
    }
}
