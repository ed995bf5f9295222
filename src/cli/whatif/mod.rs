//! `tongguan whatif`: what closure and timeliness of a period would be under another policy or calendar, and whose verdict
//! would change. Folded in a database of its own; the live tables are only read.

pub mod door;

use std::{io::Write, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use super::{kpi, lines, setup::Setup, usage::usage};
use crate::{
    ask::{
        GroupNames, check_dimensions, instant,
        unclear::{Unclear, ensure},
    },
    config::{calendar, policy},
    domain::{kpi::Period, rules::Limits},
    pipeline::{clock, scratch::ScratchFold},
    report::{
        count::grouped,
        whatif::{self, WhatifAsked, WhatifPage},
    },
    shutdown::Shutdown,
    store::{Store, kpi::Dimension},
};

/// Closure and timeliness of a period under another policy or calendar, beside today's; nothing is changed
#[derive(Debug, clap::Args)]
pub struct WhatifArgs {
    /// The policy to try [default: the configured one]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The calendar to try [default: the configured one]
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
    /// Beginning of the period: a date (its midnight in the zone) or an RFC 3339 time
    #[arg(long, value_name = "TIME")]
    from: String,
    /// End of the period, not part of it
    #[arg(long, value_name = "TIME")]
    to: String,
    /// What had happened by that time counts, nothing later [default: now]
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Only cases of this stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// Up to three dimensions, with commas between them
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', value_parser = kpi::dimension())]
    group_by: Vec<Dimension>,
    /// List the cases whose verdict would change instead
    #[arg(long, conflicts_with = "group_by")]
    cases: bool,
    /// With --cases: also those of which only the due would be another
    #[arg(long, requires = "cases")]
    dues: bool,
    /// Cases on a page
    #[arg(long, value_name = "N", requires = "cases", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,
    /// Go on after this case
    #[arg(long, value_name = "CASE_ID", requires = "cases")]
    after: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What is asked, and of what.
struct Asked<'a> {
    args: &'a WhatifArgs,
    asked: WhatifAsked,
    /// What is tried.
    limits: Arc<Limits>,
    live: Store,
    names: GroupNames,
}

pub async fn run(args: &WhatifArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<()> {
    if args.policy.is_none() && args.calendar.is_none() {
        return Err(usage("nothing to try: give --policy FILE, --calendar FILE or both").into());
    }
    let asked = Asked::new(args, setup).await?;
    let shutdown = Shutdown::on_signals().context("signals")?;
    let fold = ScratchFold {
        live: asked.live.clone(),
        selection: asked.asked.selection(),
        rules: setup.rules_under(&asked.limits),
        retry: setup.retry(),
    };
    let bar = ProgressBar::new_spinner();
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {human_pos} 条消息 messages, {msg} 件案件 cases  {elapsed}")
    {
        bar.set_style(style);
    }
    let told = |tally: &crate::pipeline::refold::RefoldTally| {
        bar.set_position(tally.events);
        bar.set_message(grouped(tally.cases));
    };
    let answered = fold.ask(shutdown.requested(), told, async |scratch| asked.answer(&scratch, out).await).await;
    bar.finish_and_clear();
    answered
}

impl<'a> Asked<'a> {
    async fn new(args: &'a WhatifArgs, setup: &Setup) -> anyhow::Result<Self> {
        let zone = setup.settings.timezone.clone();
        let time = |option, text: &str| instant(option, text, &zone);
        let (from, to) = (time("from", &args.from)?, time("to", &args.to)?);
        ensure(from < to, || Unclear::EmptyPeriod { from: args.from.clone(), to: args.to.clone() })?;
        let as_of = args.as_of.as_deref().map_or(Ok(clock::now()), |text| time("as-of", text))?;
        check_dimensions(&args.group_by)?;
        if let Some(name) = &args.stream {
            setup.stream(name)?;
        }
        let policy = match &args.policy {
            Some(file) => policy::load(Some(file))?,
            None => setup.limits.policy.clone(),
        };
        let calendar = match &args.calendar {
            Some(file) => calendar::load(Some(file))?,
            None => setup.limits.calendar.clone(),
        };
        let limits = Arc::new(Limits::new(policy, calendar));
        let live = setup.store()?;
        let names = setup.group_names(&args.group_by, &live).await?;
        let asked = WhatifAsked {
            stream: args.stream.clone(),
            group_by: args.group_by.clone(),
            ..WhatifAsked::new(Period { from, to, as_of }, zone, &limits)
        };
        Ok(Self { args, asked, limits, live, names })
    }

    async fn answer(&self, scratch: &Store, out: &mut impl Write) -> anyhow::Result<()> {
        if self.args.cases { self.cases(scratch, out).await } else { self.figures(scratch, out).await }
    }

    async fn figures(&self, scratch: &Store, out: &mut impl Write) -> anyhow::Result<()> {
        let pairs = whatif::figures(&self.live, scratch, &self.asked).await?;
        if self.args.json {
            return self.write_json("figures", whatif::figures_json(&self.asked, &pairs), out);
        }
        self.asked.write_heading(out)?;
        writeln!(out)?;
        Ok(whatif::write_figures(&self.asked, &pairs, &self.names, out)?)
    }

    async fn cases(&self, scratch: &Store, out: &mut impl Write) -> anyhow::Result<()> {
        let after = self.args.after.as_deref().unwrap_or_default();
        let page = WhatifPage { limit: self.args.limit, after, with_dues: self.args.dues };
        let rows = whatif::cases(&self.live, scratch, &self.asked, page).await?;
        if self.args.json {
            return self.write_json("cases", whatif::cases_json(&self.asked, &rows), out);
        }
        self.asked.write_heading(out)?;
        writeln!(out)?;
        Ok(whatif::write_cases(&self.asked, &rows, self.args.limit, out)?)
    }

    fn write_json(&self, name: &str, rows: serde_json::Value, out: &mut impl Write) -> anyhow::Result<()> {
        let mut told = self.asked.heading_json();
        told.insert(name.to_owned(), rows);
        lines::write_json(&told.into(), out)
    }
}
