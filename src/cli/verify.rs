//! `tongguan verify`: is every message there, once, and folded?

use std::{io::Write, sync::Arc, time::Duration};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, tz::TimeZone};

use super::{
    Exit,
    lines::write_json,
    setup::Setup,
    usage::{UsageError, usage},
};
use crate::{
    ask::instant,
    domain::{time::Millis, verify::Verdict},
    pipeline::{
        clock,
        generation::Judges,
        refold::RefoldError,
        scratch::Stopped,
        verify::{Verify, VerifyError, VerifyPart, VerifyProgress, VerifyRefold},
    },
    report::verify,
    shutdown::Shutdown,
    store::migrate,
};

/// Compare Kafka with the ledger and the quarantine, and the ledger with the cases; `run` may go on meanwhile
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// Only what was taken in since, and the cases that it touched: 2026-11-01, 2026-11-01T08:00:00+08:00, or 24h, 7d
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only cases and the topic of this stream
    #[arg(long, value_name = "NAME", conflicts_with = "topic")]
    stream: Option<String>,
    /// Only offsets of this topic, as Kafka names it; no cases
    #[arg(long, value_name = "NAME")]
    topic: Option<String>,
    /// Fold every case afresh as well, and compare its row; takes as long as `rebuild --all`
    #[arg(long, conflicts_with = "topic")]
    refold: bool,
    /// List at most so many findings of each kind; counts are complete in any case
    #[arg(long, default_value_t = 100, value_name = "N")]
    most: u64,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &VerifyArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let verify = asked(args, setup)?;
    migrate::check(&verify.store).await?;
    let shutdown = Shutdown::on_signals().context("signals")?;
    let bar = ProgressBar::new(0);
    let template = "{msg} {bar:40} {human_pos}/{human_len}  {elapsed}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let outcome = verdict(&verify, args.refold.then(|| refold(setup)), &shutdown, &bar).await;
    bar.finish_and_clear();
    let verdict = outcome.map_err(plain)?;
    if args.json {
        write_json(&verify::json(&verdict, &setup.settings.timezone), out)?;
    } else {
        verify::write(&verdict, &setup.settings.timezone, out)?;
    }
    Ok(if verdict.tally.is_clean() { Exit::Ok } else { Exit::Failed })
}

async fn verdict(
    verify: &Verify,
    refold: Option<VerifyRefold>,
    shutdown: &Shutdown,
    bar: &ProgressBar,
) -> Result<Verdict, VerifyError> {
    let mut verdict = tokio::select! {
        verdict = verify.compare(|at| show(bar, at)) => verdict?,
        () = shutdown.requested() => return Err(Stopped.into()),
    };
    if let Some(refold) = refold {
        verify.refold(refold, shutdown.requested(), &mut verdict, |at| show(bar, at)).await?;
    }
    verify.close(&mut verdict).await?;
    Ok(verdict)
}

fn refold(setup: &Setup) -> VerifyRefold {
    VerifyRefold { rules: setup.rules(), judges: Judges::of(&setup.limits) }
}

fn asked(args: &VerifyArgs, setup: &Setup) -> anyhow::Result<Verify> {
    let streams = match &args.stream {
        Some(name) => vec![Arc::clone(setup.stream(name)?)],
        None => setup.streams.clone(),
    };
    let since = args.since.as_deref().map(|text| since(text, clock::now(), &setup.settings.timezone)).transpose()?;
    Ok(Verify {
        store: setup.store()?,
        connection: setup.connection(),
        streams,
        topics: args.topic.iter().cloned().collect(),
        is_every_stream: args.stream.is_none(),
        since,
        most: args.most,
        grace: Duration::from_secs(setup.settings.sweep.grace_s),
        times: setup.times(),
        retry: setup.retry(),
    })
}

/// An instant, a day in the configured zone, or so long ago.
fn since(text: &str, now: Millis, zone: &TimeZone) -> Result<Millis, UsageError> {
    if let Ok(at) = instant("since", text, zone) {
        return Ok(at);
    }
    let ago = match text.strip_suffix('d') {
        Some(days) => days.parse().ok().map(|days: u16| SignedDuration::from_hours(i64::from(days) * 24)),
        None => text.parse::<SignedDuration>().ok(),
    };
    let ago = ago.filter(|ago| ago.is_positive());
    let no_time = || usage(format!("`{text}` is no time: write 2026-11-01, 2026-11-01T08:00:00+08:00, 24h or 7d"));
    let ms = ago.and_then(|ago| i64::try_from(ago.as_millis()).ok());
    ms.map(|ms| now.plus(-ms)).ok_or_else(no_time)
}

fn show(bar: &ProgressBar, at: VerifyProgress) {
    bar.set_length(at.all);
    bar.set_position(at.done);
    bar.set_message(match at.part {
        VerifyPart::Places => "清点位移 counting places",
        VerifyPart::Holes => "核对位移 looking into holes",
        VerifyPart::Cases => "核对案件 comparing cases",
        VerifyPart::Identities => "核对编号 comparing ids",
        VerifyPart::Refold => "重新折叠 folding afresh",
    });
}

/// As the exit codes look for it.
fn plain(error: VerifyError) -> anyhow::Error {
    match error {
        VerifyError::Store(error) | VerifyError::Refold(RefoldError::Store(error)) => error.into(),
        VerifyError::Kafka(error) => error.into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_an_instant_a_day_of_the_zone_or_a_while_ago() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now = Millis::parse("2026-11-28T12:00:00+08:00").unwrap();
        for (text, wanted) in [
            ("2026-11-01", Some("2026-11-01T00:00:00+08:00")),
            ("2026-11-01T08:00:00Z", Some("2026-11-01T16:00:00+08:00")),
            ("24h", Some("2026-11-27T12:00:00+08:00")),
            ("90m", Some("2026-11-28T10:30:00+08:00")),
            ("7d", Some("2026-11-21T12:00:00+08:00")),
            ("yesterday", None),
            ("-24h", None),
            ("", None),
            ("9000000000000000d", None),
            ("9223372036854775807s", None),
        ] {
            assert_eq!(since(text, now, &zone).ok(), wanted.and_then(Millis::parse), "{text}");
        }
    }
}
