//! The two sides on lives by lot.

use std::{collections::BTreeMap, env, fmt::Write};

use super::{
    figures::FIGURES,
    generator,
    instant::{month_of, written},
    judge::judge,
    message::Life,
    opinion::Opinion,
    program::Program,
    rulebook::Rulebook,
    shrink::shrink,
    standing::Facts,
};

/// So many lives; fewer while one works on a fault.
const LIVES: u64 = 100_000;
/// So many of those that differ are told.
const TOLD: usize = 5;

pub struct Court {
    pub book: Rulebook,
    pub program: Program,
}

/// An instant, and a month that is asked about then.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub as_of: i64,
    pub month: (i64, i64),
}

impl Court {
    pub fn new() -> Self {
        Self { book: Rulebook::shipped(), program: Program::new() }
    }

    pub fn oracle(&self, life: &Life, question: Question) -> Opinion {
        let judged = judge(&self.book, life, question.as_of);
        judged.map_or_else(Opinion::default, |case| Facts::of(&case).opinion(question.month, &FIGURES))
    }

    pub fn differences(
        &mut self,
        life: &Life,
        questions: &[Question],
    ) -> Option<(Question, Vec<(String, String, String)>)> {
        let read = self.program.read(life);
        questions.iter().find_map(|question| {
            let ours = self.oracle(life, *question);
            let theirs = read.opinion(question.as_of, question.month, &FIGURES);
            (ours != theirs).then(|| (*question, ours.differences(&theirs)))
        })
    }

    /// Shrunk, as a line of lives.jsonl with both opinions below it.
    pub fn told(&mut self, life: Life, question: Question, names: &[String]) -> (String, Vec<String>) {
        let court = std::cell::RefCell::new(self);
        let still = |life: &Life| {
            let found = court.borrow_mut().differences(life, &[question]);
            found.is_some_and(|(_, differences)| differences.iter().any(|(name, ..)| names.contains(name)))
        };
        let small = shrink(life, still);
        let (_, differences) = court.into_inner().differences(&small, &[question]).expect("it differs");
        let mut text = small.line();
        let (from, _) = question.month;
        let _ = write!(text, "\n  as of {}, the month of {}", written(question.as_of), &written(from)[..7]);
        for event in &small.messages {
            let _ = write!(text, "\n    {} {} {}", written(event.at), event.kind, event.data);
        }
        for (name, ours, theirs) in &differences {
            let _ = write!(text, "\n  {name:<18} oracle {ours:<60} program {theirs}");
        }
        (text, differences.into_iter().map(|(name, ..)| name).collect())
    }
}

fn wanted(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn the_oracle_and_the_fold_say_the_same_of_lives_by_lot() {
    let mut court = Court::new();
    let (first, many, told) =
        (wanted("ORACLE_FIRST", 0), wanted("ORACLE_LIVES", LIVES), wanted("ORACLE_TOLD", TOLD as u64) as usize);
    let only = env::var("ORACLE_ONLY").ok();
    let mut kinds: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let mut differing = 0;
    for number in first..first + many {
        let (life, mut lot) = generator::life(number);
        let asked = lot.asked(&life);
        let questions: Vec<Question> =
            asked.iter().map(|as_of| Question { as_of: *as_of, month: month_of(lot.about(&life, *as_of)) }).collect();
        let Some((question, differences)) = court.differences(&life, &questions) else { continue };
        differing += 1;
        let name = differences[0].0.clone();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let known = kinds.entry(name.clone()).or_default();
        known.0 += 1;
        if known.1.len() < told * 1500 && (known.0 as usize) <= told {
            let (text, _) = court.told(life, question, &[name]);
            known.1 = format!("{}\n{text}", known.1);
        }
    }
    let mut report = String::new();
    for (name, (count, text)) in &kinds {
        let _ = write!(report, "\n=== {name}: {count} lives{text}\n");
    }
    assert!(differing == 0, "{differing} of {many} lives differ{report}");
}
