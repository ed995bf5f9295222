//! `tongguan kpi explain`: a figure taken apart, and held against its other conventions.

use std::io::Write;

use super::{
    kpi::{Ask, write_note},
    setup::Setup,
    usage::{UsageError, usage},
};
use crate::{
    ask::{Asked, check_only, total},
    domain::time::Millis,
    report::explain::{Cases, Explained, write_json, write_text},
    store::{Store, kpi::Question},
};

/// `now` is the as-of where none is given.
pub async fn run(args: &Ask, setup: &Setup, store: &Store, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    check(args)?;
    let asked = args.asked(setup, now)?;
    check_only(&args.only, &setup.streams, store).await?;
    if args.cases {
        asked.only_question()?;
    }
    let mut all = Vec::with_capacity(asked.questions.len());
    for question in &asked.questions {
        all.push(explained(args, setup, store, (&asked, question)).await?);
    }
    if args.json {
        return Ok(write_json(&all, &asked.zone, out)?);
    }
    let names = setup.group_names(&args.group_by, store).await?;
    for (index, explained) in all.iter_mut().enumerate() {
        if index > 0 {
            writeln!(out, "\n{}\n", "─".repeat(80))?;
        }
        explained.told.answers.iter_mut().for_each(|answer| names.name(&mut answer.group));
        let whole = Question { group_by: Vec::new(), ..explained.told.question.clone() };
        let total = total(store, &asked.compare, &explained.told, &whole).await?;
        write_text(explained, total.as_ref(), &asked.zone, out)?;
    }
    write_note(setup, &asked, out)
}

/// What `kpi` takes and an explanation cannot.
fn check(args: &Ask) -> Result<(), UsageError> {
    if args.csv {
        return Err(usage("kpi explain is text or --json; for a table use kpi --csv"));
    }
    if args.known_by.is_some() {
        let why = "its cases lie in a scratch database that is gone afterwards, so its SQL could not be run";
        return Err(usage(format!("kpi explain cannot take --known-by: {why}; use kpi --known-by")));
    }
    Ok(())
}

async fn explained<'a>(
    args: &Ask,
    setup: &Setup,
    store: &Store,
    (asked, question): (&Asked, &'a Question),
) -> anyhow::Result<Explained<'a>> {
    let explained = Explained::of(store, &asked.compare, question, setup.limits.workday_ms()).await?;
    let cases = match args.cases {
        true => Some(cases(args, store, question).await?),
        false => None,
    };
    Ok(Explained { cases, ..explained })
}

async fn cases(args: &Ask, store: &Store, question: &Question) -> anyhow::Result<Cases> {
    let (rows, next) = args.listed(store, question).await?;
    Ok(Cases { rows, next })
}
