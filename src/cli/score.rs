//! `tongguan score`: a score of the town's own files, for each group the points of every part, their sum and the grade.

use std::io::Write;

use super::{kpi::Ask, lines::write_json, setup::Setup, usage::usage};
use crate::{
    ask::{Asked, check_only, unclear::no_such},
    config::figures,
    domain::{
        kpi::{Figure, score::Score},
        time::Millis,
    },
    report::score,
    store::Store,
};

/// `now` is the as-of where none is given. What is asked is read as for a figure, and the word is a score's id.
pub async fn run(args: &Ask, setup: &Setup, store: &Store, now: Millis, out: &mut impl Write) -> anyhow::Result<()> {
    if args.cases || args.csv || args.convention.is_some() || !args.compare.is_empty() || args.known_by.is_some() {
        let what = "a score takes a period, --as-of, --group-by, --stream, --only, --assessed, --timezone and --json; for its parts ask `tongguan kpi`";
        return Err(usage(what).into());
    }
    let score = named(&args.figure, setup)?;
    let figures: Vec<&'static Figure> = score.parts.iter().filter_map(|part| Figure::by_id(&part.figure)).collect();
    let asked = Asked::of(&figures, &args.terms(), setup.settings.zone_name(), now)?;
    check_only(&args.only, &setup.streams, store).await?;
    let mut all = score::scored(store, &score, &figures, &asked.questions[0]).await?;
    if args.json {
        return write_json(&score::json(&score, &figures, &args.group_by, &all), out);
    }
    let names = setup.group_names(&args.group_by, store).await?;
    all.iter_mut().for_each(|one| names.name(&mut one.group));
    Ok(score::write_text(&score, &figures, &args.group_by, &all, out)?)
}

fn named(id: &str, setup: &Setup) -> anyhow::Result<Score> {
    let all = figures::scores(setup.settings.figures.dir.as_deref())?;
    let ids: Vec<String> = all.iter().map(|score| score.id.clone()).collect();
    let found = all.into_iter().find(|score| score.id == id);
    found.ok_or_else(|| {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        no_such(("综合得分", "score"), id, if ids.is_empty() { &["none: figures.dir has no [[score]]"] } else { &ids })
            .into()
    })
}
