//! A score (综合评分): points for figures by weight, summed up, and a grade for the sum. Every part stays what it was: a figure with its
//! counts.

use serde::Deserialize;

use super::{Figure, catalogue::Text};

/// 综合评分 as a town's file defines it (docs/figures.md).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// As `tongguan score` takes it.
    pub id: String,
    /// 名称.
    pub title: Text,
    /// What it is made of; the order is that of the table.
    pub parts: Vec<ScorePart>,
    /// From the best to the worst; whoever has less than the last is below all of them.
    pub grades: Vec<Grade>,
}

/// One figure, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScorePart {
    /// Its id.
    pub figure: String,
    /// How its value becomes points.
    pub points: Points,
    /// Points for a full rate or the whole share; for each one that is deducted.
    pub weight: u32,
    /// Of a rate that nothing is asked of: as if it were full, or nothing.
    #[serde(default)]
    pub if_none: IfNone,
}

/// How the value of a figure becomes points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Points {
    /// Weight times the rate.
    Rate,
    /// Weight times the share that the group's numerator has in that of all groups.
    Share,
    /// Weight off for each one in the numerator.
    Minus,
}

/// What a rate is worth in a group that has nothing of the kind: no return, no check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfNone {
    /// No points.
    #[default]
    Zero,
    /// All of them.
    Full,
}

/// 等级.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// As it is printed: A, 优秀.
    pub name: String,
    /// Points that it takes.
    pub from: u32,
}

impl Points {
    /// As the file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Share => "share",
            Self::Minus => "minus",
        }
    }
}

/// What a group has of a figure, and all groups together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfGroup {
    /// Of the group.
    pub numerator: i64,
    /// None for a count.
    pub denominator: Option<u64>,
    /// Of all groups together.
    pub numerator_of_all: i64,
}

const HUNDREDTHS: i128 = 100;

impl ScorePart {
    /// Hundredths of a point, never rounded up, so that the parts as they are printed add up to the sum.
    pub fn hundredths(&self, figure: &Figure, of: OfGroup) -> i64 {
        let weight = i128::from(self.weight) * HUNDREDTHS;
        let floored = |n: i128, d: i128| if d > 0 { (weight * n).div_euclid(d) } else { 0 };
        let points = match self.points {
            Points::Rate => match of.denominator.unwrap_or_default() {
                0 if self.if_none == IfNone::Full => weight,
                d => floored(of.numerator.into(), i128::from(d) * i128::from(figure.scale())),
            },
            Points::Share => floored(of.numerator.into(), of.numerator_of_all.into()),
            Points::Minus => -weight * i128::from(of.numerator),
        };
        i64::try_from(points).unwrap_or(i64::MIN)
    }
}

impl Score {
    /// None below the last.
    pub fn grade(&self, hundredths: i64) -> Option<&Grade> {
        self.grades.iter().find(|grade| hundredths >= i64::from(grade.from) * HUNDREDTHS as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(points: Points, weight: u32) -> ScorePart {
        ScorePart { figure: "K14".to_owned(), points, weight, if_none: IfNone::Zero }
    }

    fn counted(numerator: i64, denominator: u64, numerator_of_all: i64) -> OfGroup {
        OfGroup { numerator, denominator: Some(denominator), numerator_of_all }
    }

    #[test]
    fn points_are_floored_and_deducted() {
        let figure = Figure::by_id("K14").unwrap();
        let of = |points, weight, of| part(points, weight).hundredths(figure, of);
        assert_eq!(of(Points::Rate, 30, counted(2, 3, 0)), 2000);
        assert_eq!(of(Points::Rate, 20, counted(2, 3, 0)), 1333);
        assert_eq!(of(Points::Share, 5, counted(10, 0, 400)), 12);
        assert_eq!(of(Points::Minus, 1, counted(3, 0, 0)), -300);
        assert_eq!(of(Points::Rate, 20, counted(0, 0, 0)), 0);
        let full = ScorePart { if_none: IfNone::Full, ..part(Points::Rate, 20) };
        assert_eq!(full.hundredths(figure, counted(0, 0, 0)), 2000);
        // Satisfaction counts hundredths in its numerator.
        let satisfaction = Figure::by_id("K15").unwrap();
        assert_eq!(part(Points::Rate, 40).hundredths(satisfaction, counted(180, 2, 0)), 3600);
    }

    #[test]
    fn a_grade_begins_at_its_points() {
        let grade = |name: &str, from| Grade { name: name.to_owned(), from };
        let score = Score {
            id: "town".to_owned(),
            title: Text::new("评分", "score"),
            parts: Vec::new(),
            grades: vec![grade("A", 90), grade("B", 75), grade("E", 0)],
        };
        let name = |hundredths| score.grade(hundredths).map(|grade| grade.name.as_str());
        assert_eq!((name(9000), name(8999), name(7499), name(-1)), (Some("A"), Some("B"), Some("E"), None));
    }
}
