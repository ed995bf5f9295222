//! The lives that once failed.

use super::{
    compare::{Court, Question},
    instant::{DAY, month_of},
    message::Life,
};

#[test]
fn both_say_the_same_of_every_known_life_at_every_instant() {
    let mut court = Court::new();
    let mut report = String::new();
    for line in include_str!("known.jsonl").lines() {
        let life = Life::parse(line);
        let last = life.messages.iter().map(|message| message.at).max().unwrap();
        let first = life.messages.iter().map(|message| message.at).min().unwrap();
        let questions = (first..last + 40 * DAY).step_by(DAY as usize / 8);
        let questions: Vec<Question> = questions.map(|as_of| Question { as_of, month: month_of(first) }).collect();
        if let Some((question, differences)) = court.differences(&life, &questions) {
            let names: Vec<String> = differences.iter().map(|(name, ..)| name.clone()).collect();
            report.push_str(&format!("\n\n{}", court.told(life, question, &names)));
        }
    }
    assert!(report.is_empty(), "{report}");
}
