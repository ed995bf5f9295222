//! The two sides on lives by lot.

use std::{collections::BTreeMap, env, fmt::Write, thread};

use super::{
    figures::FIGURES,
    generator,
    instant::{month_of, written},
    judge::judge,
    message::Life,
    opinion::{Difference, Opinion},
    program::Program,
    rulebook::Rulebook,
    shrink::shrink,
    standing::Facts,
};

/// So many lives; fewer while one works on a fault, and in a build for debugging, which is slow.
const LIVES: u64 = if cfg!(debug_assertions) { 20_000 } else { 100_000 };
/// So many of those that differ are told.
const TOLD: u64 = 3;

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

    pub fn differences(&mut self, life: &Life, questions: &[Question]) -> Option<(Question, Vec<Difference>)> {
        let read = self.program.read(life);
        questions.iter().find_map(|question| {
            let ours = self.oracle(life, *question);
            let theirs = read.opinion(question.as_of, question.month, &FIGURES);
            (ours != theirs).then(|| (*question, ours.differences(&theirs)))
        })
    }

    /// Shrunk, as a line of lives.jsonl with both opinions below it.
    pub fn told(&mut self, life: Life, question: Question, names: &[String]) -> String {
        let court = std::cell::RefCell::new(self);
        let still = |life: &Life| {
            let found = court.borrow_mut().differences(life, &[question]);
            found.is_some_and(|(_, differences)| differences.iter().any(|difference| names.contains(&difference.name)))
        };
        let small = shrink(life, still);
        let (_, differences) = court.into_inner().differences(&small, &[question]).expect("it differs");
        let mut text = small.line();
        let (from, _) = question.month;
        let _ = write!(text, "\n  as of {}, the month of {}", written(question.as_of), &written(from)[..7]);
        for event in &small.messages {
            let _ = write!(
                text,
                "\n    {} {} {} {}",
                written(event.at),
                event.kind,
                event.data,
                event.sequence.map_or(String::new(), |sequence| format!("#{sequence}"))
            );
        }
        for Difference { name, oracle, program } in &differences {
            let _ = write!(text, "\n  {name:<18} oracle {oracle:<60} program {program}");
        }
        text
    }
}

/// What a run is asked for by the environment.
#[derive(Clone)]
struct Wanted {
    first: u64,
    lives: u64,
    told: usize,
    only: Option<String>,
}

impl Wanted {
    fn read() -> Self {
        let number =
            |name: &str, otherwise: u64| env::var(name).map_or(otherwise, |text| text.parse().expect("a number"));
        Self {
            first: number("ORACLE_FIRST", 0),
            lives: number("ORACLE_LIVES", LIVES),
            told: number("ORACLE_TOLD", TOLD) as usize,
            only: env::var("ORACLE_ONLY").ok(),
        }
    }
}

/// What differs of a part of the lives.
#[derive(Default)]
struct Found {
    many: u64,
    /// How many, and those that are told, by what differs first.
    kinds: BTreeMap<String, (u64, Vec<String>)>,
}

/// Every so-manieth life: how many differ, and those that are told, by what differs first.
fn differing(wanted: &Wanted, from: u64, step: u64) -> Found {
    let mut court = Court::new();
    let mut found = Found::default();
    for number in (wanted.first + from..wanted.first + wanted.lives).step_by(step as usize) {
        let (life, mut lot) = generator::life(number);
        let asked = lot.asked(&life);
        let question = |as_of: i64| Question { as_of, month: month_of(lot.about(&life, as_of)) };
        let questions: Vec<Question> = asked.into_iter().map(question).collect();
        let Some((question, differences)) = court.differences(&life, &questions) else { continue };
        found.many += 1;
        let name = differences[0].name.clone();
        if wanted.only.as_ref().is_none_or(|only| *only == name) {
            let (count, told) = found.kinds.entry(name.clone()).or_default();
            *count += 1;
            if told.len() < wanted.told {
                told.push(court.told(life, question, &[name]));
            }
        }
    }
    found
}

#[test]
fn the_oracle_and_the_fold_say_the_same_of_lives_by_lot() {
    let wanted = Wanted::read();
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let parts = thread::scope(|scope| {
        let wanted = &wanted;
        let parts: Vec<_> = (0..threads).map(|from| scope.spawn(move || differing(wanted, from, threads))).collect();
        parts.into_iter().map(|part| part.join().expect("a part")).collect::<Vec<_>>()
    });
    let many: u64 = parts.iter().map(|part| part.many).sum();
    println!("{} lives compared, {many} differ", wanted.lives);
    let mut found: BTreeMap<String, (u64, Vec<String>)> = BTreeMap::new();
    for (name, (count, told)) in parts.into_iter().flat_map(|part| part.kinds) {
        let sum = found.entry(name).or_default();
        sum.0 += count;
        sum.1.extend(told);
    }
    let mut report = String::new();
    for (name, (count, told)) in found {
        let _ = write!(report, "\n\n=== {name}: {count} lives\n{}", told.join("\n\n"));
    }
    assert!(many == 0, "{many} of {} lives differ{report}", wanted.lives);
}
