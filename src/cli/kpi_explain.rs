//! `tongguan kpi explain`: a figure taken apart, and held against its other conventions.

use std::io::Write;

use super::{
    kpi::{self, Ask},
    kpi_names::GroupNames,
    kpi_only::check_only,
    kpi_told::{told_of, total},
    setup::Setup,
    usage::UsageError,
};
use crate::{
    domain::time::Millis,
    report::explain::{Cases, Explained, write_json, write_text},
    store::{
        Store,
        kpi::{Question, account, beside, cases_behind, pasted},
    },
};

/// `now` is the as-of where none is given.
pub async fn run(args: &Ask, setup: &Setup, store: &Store, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    check(args)?;
    let zone = kpi::zone(args.timezone.as_deref().unwrap_or(setup.settings.zone_name()))?;
    let questions = kpi::questions(args, &zone, now)?;
    check_only(args, setup, store).await?;
    if args.cases && questions.len() > 1 {
        let what = "--cases lists the cases of one convention; give --convention or an id";
        return Err(UsageError(what.to_owned()).into());
    }
    let mut all = Vec::with_capacity(questions.len());
    for question in &questions {
        all.push(explained(args, setup, store, question).await?);
    }
    if args.json {
        return write_json(&all, &zone, out);
    }
    let names = GroupNames::read(&args.group_by, setup, store).await?;
    for (index, explained) in all.iter_mut().enumerate() {
        if index > 0 {
            writeln!(out, "\n{}\n", "─".repeat(80))?;
        }
        explained.told.answers.iter_mut().for_each(|answer| names.name(&mut answer.group));
        let whole = Question { group_by: Vec::new(), ..explained.told.question.clone() };
        let total = total(args, setup, store, &explained.told, &whole).await?;
        write_text(explained, total.as_ref(), &zone, out)?;
    }
    kpi::write_note(args, setup, &questions, &zone, out)
}

/// What `kpi` takes and an explanation cannot.
fn check(args: &Ask) -> Result<(), UsageError> {
    if args.csv {
        return Err(UsageError("kpi explain is text or --json; for a table use kpi --csv".to_owned()));
    }
    if args.known_by.is_some() {
        let why = "its cases lie in a scratch database that is gone afterwards, so its SQL could not be run";
        return Err(UsageError(format!("kpi explain cannot take --known-by: {why}; use kpi --known-by")));
    }
    Ok(())
}

async fn explained<'a>(
    args: &Ask,
    setup: &Setup,
    store: &Store,
    question: &'a Question,
) -> anyhow::Result<Explained<'a>> {
    let figure = question.figure;
    let account = async {
        match figure.has_cases() {
            true => account(store, question).await.map(Some),
            false => Ok(None),
        }
    };
    let asked = tokio::try_join!(told_of(args, setup, store, question), account, beside(store, question));
    let (mut told, account, others) = asked?;
    told.left_out = account.map(|account| account.left_out);
    let cases = match args.cases {
        true => Some(cases(args, store, question).await?),
        false => None,
    };
    Ok(Explained { told, sql: pasted(store, question), account, others, cases })
}

async fn cases(args: &Ask, store: &Store, question: &Question) -> anyhow::Result<Cases> {
    kpi::can_list(args, question)?;
    let rows = cases_behind(store, question, args.page()).await?;
    Ok(Cases { rows, limit: args.limit })
}
