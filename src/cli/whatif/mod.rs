//! `tongguan whatif`: what closure and timeliness of a period would be under another policy or calendar, and whose verdict
//! would change. Folded in a database of its own; the live tables are only read.

mod changes;
mod figures;

use std::{io::Write, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;

use super::{kpi, lines::write_line, setup::Setup};
use crate::{
    ask::{
        GroupNames, check_dimensions, instant,
        unclear::{Unclear, ensure},
    },
    config::{calendar, policy},
    domain::{kpi::Period, rules::Limits},
    pipeline::{clock, scratch::ScratchFold},
    report::{count::grouped, kpi_text::period_text},
    shutdown::Shutdown,
    store::{
        Store,
        kpi::Dimension,
        ledger_stream::{Chosen, LedgerSelection},
    },
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
    period: Period,
    zone: TimeZone,
    /// What is tried.
    limits: Arc<Limits>,
    live: Store,
    names: GroupNames,
}

pub async fn run(args: &WhatifArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<()> {
    if args.policy.is_none() && args.calendar.is_none() {
        return Err(Unclear("nothing to try: give --policy FILE, --calendar FILE or both".to_owned()).into());
    }
    let asked = Asked::new(args, setup).await?;
    let shutdown = Shutdown::on_signals().context("signals")?;
    let Period { from, to, .. } = asked.period;
    let fold = ScratchFold {
        live: asked.live.clone(),
        selection: LedgerSelection { chosen: Chosen::Around { from, to }, stream: args.stream.clone(), known_by: None },
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
        let (from, to) = (time("--from", &args.from)?, time("--to", &args.to)?);
        ensure(from < to, || format!("the period is empty: --from {} is not before --to {}", args.from, args.to))?;
        let as_of = args.as_of.as_deref().map_or(Ok(clock::now()), |text| time("--as-of", text))?;
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
        Ok(Self { args, period: Period { from, to, as_of }, zone, limits, live, names })
    }

    async fn answer(&self, scratch: &Store, out: &mut impl Write) -> anyhow::Result<()> {
        if self.args.cases {
            changes::list(self, scratch, out).await
        } else {
            figures::compare(self, scratch, out).await
        }
    }

    fn write_heading(&self, out: &mut impl Write) -> std::io::Result<()> {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        write_line("时段 period", &period_text(self.period, &self.zone, zone), out)?;
        let tried =
            format!("时限规则 policy {}, 日历 calendar {}", self.limits.policy_version, self.limits.calendar_version);
        write_line("试用 tried", &tried, out)
    }

    fn heading_json(&self) -> serde_json::Value {
        serde_json::json!({
            "from": self.period.from.rfc3339(&self.zone),
            "to": self.period.to.rfc3339(&self.zone),
            "as_of": self.period.as_of.rfc3339(&self.zone),
            "stream": self.args.stream,
            "policy": self.limits.policy_version,
            "calendar": self.limits.calendar_version,
        })
    }
}
